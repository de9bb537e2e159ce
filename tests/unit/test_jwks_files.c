/* Key sources of the configuration: what is refused at start, and what is read again. */
#include "unit.h"

#include <glib/gstdio.h>

#include "auth/keys.h"
#include "base/error.h"
#include "base/settings.h"
#include "make_token.h"

static EVP_PKEY *rsa, *p256;

static void
configure(const char *variable, const char *value)
{
  const char *const all[] = {"JWT_SECRET", "JWT_PUBLIC_KEY_FILE", "JWT_JWKS_FILE", "JWT_JWKS_URL"};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_unsetenv(all[i]);
  g_setenv(variable, value, TRUE);
  assert_true(settings_load(NULL));
}

static void
assert_refused_naming(const char *variable)
{
  g_autoptr(GError) error = NULL;
  assert_false(keys_check(&error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_NOT_CONFIGURED));
  assert_non_null(strstr(error->message, variable));
}

static void
test_a_program_without_any_key_source_is_refused(G_GNUC_UNUSED void **state)
{
  configure("JWT_SECRET", "");
  assert_refused_naming("JWT_JWKS_URL");
  configure("JWT_SECRET", "x");
  assert_true(keys_check(NULL));
}

static void
test_a_key_set_is_fetched_over_https_only(G_GNUC_UNUSED void **state)
{
  configure("JWT_JWKS_URL", "http://issuer.example/jwks.json");
  assert_refused_naming("JWT_JWKS_URL");
  configure("JWT_JWKS_URL", "https://issuer.example/jwks.json");
  assert_true(keys_check(NULL));
}

static void
write_file(const char *path, const char *text)
{
  assert_true(g_file_set_contents(path, text, -1, NULL)); /* replaces: a new inode */
}

static void
test_a_key_file_is_read_and_read_again_when_it_changed(G_GNUC_UNUSED void **state)
{
  g_autofree char *directory = g_dir_make_tmp("keys-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(directory, "key.pem", NULL);
  g_autofree char *first = public_pem(rsa), *second = public_pem(p256);
  JwtKeys keys;
  configure("JWT_PUBLIC_KEY_FILE", path);
  assert_refused_naming("JWT_PUBLIC_KEY_FILE");
  write_file(path, "no key");
  assert_refused_naming("JWT_PUBLIC_KEY_FILE");
  write_file(path, first);
  assert_true(keys_check(NULL));
  assert_true(keys_current(JWK_RS256, NULL, &keys, NULL));
  const Jwk *read_first = keys.public_key;
  assert_int_equal(read_first->algorithm, JWK_RS256);
  assert_true(keys_check(NULL));
  assert_true(keys_current(JWK_RS256, NULL, &keys, NULL));
  assert_ptr_equal(keys.public_key, read_first); /* unchanged: not parsed again */
  write_file(path, second);
  assert_true(keys_check(NULL));
  assert_true(keys_current(JWK_RS256, NULL, &keys, NULL));
  assert_int_equal(keys.public_key->algorithm, JWK_ES256);
  g_unlink(path);
  g_rmdir(directory);
}

static void
test_a_key_set_file_without_a_usable_key_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *directory = g_dir_make_tmp("keys-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(directory, "jwks.json", NULL);
  g_autofree char *jwk = public_jwk(p256, ",\"kid\":\"a\"");
  g_autofree char *document = g_strdup_printf("{\"keys\":[%s]}", jwk);
  JwtKeys keys;
  configure("JWT_JWKS_FILE", path);
  assert_refused_naming("JWT_JWKS_FILE");
  write_file(path, "{\"keys\":[]}");
  assert_refused_naming("JWT_JWKS_FILE");
  write_file(path, document);
  assert_true(keys_check(NULL));
  assert_true(keys_current(JWK_ES256, NULL, &keys, NULL));
  assert_int_equal(keys.sets[0]->len, 1);
  g_unlink(path);
  g_rmdir(directory);
}

static int
make_keys(G_GNUC_UNUSED void **state)
{
  rsa = EVP_RSA_gen(2048);
  p256 = EVP_EC_gen("P-256");
  return rsa != NULL && p256 != NULL ? 0 : -1;
}

static int
free_keys(G_GNUC_UNUSED void **state)
{
  EVP_PKEY_free(rsa);
  EVP_PKEY_free(p256);
  return 0;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_program_without_any_key_source_is_refused),
      cmocka_unit_test(test_a_key_set_is_fetched_over_https_only),
      cmocka_unit_test(test_a_key_file_is_read_and_read_again_when_it_changed),
      cmocka_unit_test(test_a_key_set_file_without_a_usable_key_is_refused),
  };
  return cmocka_run_group_tests(tests, make_keys, free_keys) != 0;
}

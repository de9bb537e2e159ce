/* Public keys of tokens: a PEM file, a key set as a file, a key set fetched by _jwks (fin.md 2.4,
 * DESIGN "Access"). */
#include "harness.h"

#include <glib/gstdio.h>
#include <string.h>

static guint
status_of(const char *token)
{
  g_autoptr(Answer) answer = call("GET", SYNC, .token = token);
  return answer->status;
}

static char *
token_of(EVP_PKEY *key, const char *kid)
{
  g_autofree char *claims = token_claims("fin", NULL);
  return token_by_key(key, kid, claims);
}

static char *
setting_line(const char *name, const char *value)
{
  return g_strdup_printf("%s=%s", name, value);
}

/* A key set of one or two keys, written where tests and the file server find it. */
static char *
write_key_set(const char *name, const char *first, const char *second)
{
  g_autofree char *text = second != NULL ? g_strdup_printf("{\"keys\":[%s,%s]}", first, second)
                                         : g_strdup_printf("{\"keys\":[%s]}", first);
  return harness_write(name, text);
}

static void
check_pem(EVP_PKEY *key, EVP_PKEY *other)
{
  g_autofree char *pem = key_public_pem(key);
  g_autofree char *path = harness_write("public.pem", pem);
  g_autofree char *file = setting_line("JWT_PUBLIC_KEY_FILE", path);
  program_restart(SYNC_PROGRAM, "JWT_SECRET=", file);
  g_autofree char *good = token_of(key, NULL);
  g_autofree char *strange = token_of(other, NULL);
  assert_int_equal(status_of(good), 200);
  assert_int_equal(status_of(strange), 401);
}

static void
test_a_pem_file_with_an_rsa_key_verifies_rs256(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_rsa();
  g_autoptr(EVP_PKEY) other = key_new_rsa();
  check_pem(key, other);
}

static void
test_a_pem_file_with_an_ec_key_verifies_es256(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_ec();
  g_autoptr(EVP_PKEY) other = key_new_ec();
  check_pem(key, other);
}

static void
test_secret_and_public_key_serve_side_by_side(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_rsa();
  g_autofree char *pem = key_public_pem(key);
  g_autofree char *path = harness_write("public.pem", pem);
  g_autofree char *file = setting_line("JWT_PUBLIC_KEY_FILE", path);
  program_restart(SYNC_PROGRAM, file);
  g_autofree char *symmetric = token_for_role("fin");
  g_autofree char *asymmetric = token_of(key, NULL);
  assert_int_equal(status_of(symmetric), 200);
  assert_int_equal(status_of(asymmetric), 200);
}

static void
test_a_key_set_file_serves_each_key_by_its_id(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) rsa = key_new_rsa();
  g_autoptr(EVP_PKEY) ec = key_new_ec();
  g_autofree char *first = key_jwk(rsa, "um"), *second = key_jwk(ec, "dois");
  g_autofree char *path = write_key_set("keys.json", first, second);
  g_autofree char *file = setting_line("JWT_JWKS_FILE", path);
  program_restart(SYNC_PROGRAM, "JWT_SECRET=", file);
  g_autofree char *by_rsa = token_of(rsa, "um"), *by_ec = token_of(ec, "dois");
  g_autofree char *crossed = token_of(rsa, "dois"), *unknown = token_of(rsa, "tres");
  assert_int_equal(status_of(by_rsa), 200);
  assert_int_equal(status_of(by_ec), 200);
  assert_int_equal(status_of(crossed), 401);
  assert_int_equal(status_of(unknown), 401);
}

/* The file is replaced while the program runs */
static void
test_a_key_set_file_that_changes_is_read_anew(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) old = key_new_ec();
  g_autoptr(EVP_PKEY) fresh = key_new_ec();
  g_autofree char *old_jwk = key_jwk(old, "velha"), *fresh_jwk = key_jwk(fresh, "nova");
  g_autofree char *path = write_key_set("keys.json", old_jwk, NULL);
  g_autofree char *file = setting_line("JWT_JWKS_FILE", path);
  program_restart(SYNC_PROGRAM, "JWT_SECRET=", "JWT_JWKS_REFRESH_S=5", "ROUTE_WORKERS=1", file);
  g_autofree char *by_old = token_of(old, "velha"), *by_fresh = token_of(fresh, "nova");
  assert_int_equal(status_of(by_old), 200);
  assert_int_equal(status_of(by_fresh), 401);
  g_free(write_key_set("keys.json", fresh_jwk, NULL));
  WAIT_FOR(status_of(by_fresh) == 200);
  assert_int_equal(status_of(by_old), 401);
}

/* _jwks fetches the set at its start; an unknown key makes it fetch again */
static void
test_a_key_set_of_an_address_is_fetched_and_rotated(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) old = key_new_rsa();
  g_autoptr(EVP_PKEY) fresh = key_new_ec();
  g_autofree char *old_jwk = key_jwk(old, "velha"), *fresh_jwk = key_jwk(fresh, "nova");
  g_free(write_key_set("keys.json", old_jwk, NULL));
  g_autofree char *base = file_server_start();
  g_autofree char *url = g_strdup_printf("JWT_JWKS_URL=%s/keys.json", base);
  sql("truncate ponte.jwks");
  program_restart("_jwks", url);
  program_restart(SYNC_PROGRAM, "JWT_SECRET=", "ROUTE_WORKERS=1", "JWT_JWKS_ASK_S=1", url);
  g_autofree char *by_old = token_of(old, "velha"), *by_fresh = token_of(fresh, "nova");
  WAIT_FOR(status_of(by_old) == 200);

  g_free(write_key_set("keys.json", fresh_jwk, NULL));
  WAIT_FOR(status_of(by_fresh) == 200);
  assert_int_equal(status_of(by_old), 401);
  g_autofree char *symmetric = token_for_role("fin");
  assert_int_equal(status_of(symmetric), 401);
}

/* Whoever sends tokens with invented key ids cannot make us call out each time */
static void
test_invented_key_ids_do_not_cause_a_fetch_each(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_ec();
  g_autofree char *jwk = key_jwk(key, "certa");
  g_free(write_key_set("keys.json", jwk, NULL));
  g_autofree char *base = file_server_start();
  g_autofree char *url = g_strdup_printf("JWT_JWKS_URL=%s/keys.json", base);
  sql("truncate ponte.jwks");
  program_restart("_jwks", url);
  program_restart(SYNC_PROGRAM, "JWT_SECRET=", url);
  g_autofree char *good = token_of(key, "certa");
  WAIT_FOR(status_of(good) == 200);
  for (guint i = 0; i < 10; i++) {
    g_autofree char *kid = g_strdup_printf("inventada-%u", i);
    g_autofree char *token = token_of(key, kid);
    assert_int_equal(status_of(token), 401);
  }
  assert_in_range(file_server_hits("/keys.json"), 1, 3);
  assert_int_equal(status_of(good), 200);
}

/* The issuer is away: the keys that were read keep serving */
static void
test_known_keys_serve_on_while_the_issuer_is_away(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_ec();
  g_autofree char *jwk = key_jwk(key, "certa");
  g_autofree char *path = write_key_set("keys.json", jwk, NULL);
  g_autofree char *base = file_server_start();
  g_autofree char *url = g_strdup_printf("JWT_JWKS_URL=%s/keys.json", base);
  sql("truncate ponte.jwks");
  program_restart("_jwks", url, "JWT_JWKS_REFRESH_S=5");
  program_restart(SYNC_PROGRAM, "JWT_SECRET=", "JWT_JWKS_REFRESH_S=5", url);
  g_autofree char *good = token_of(key, "certa");
  WAIT_FOR(status_of(good) == 200);
  gint64 hits = file_server_hits("/keys.json");
  g_remove(path);
  WAIT_FOR(file_server_hits("/keys.json") > hits); /* the timer asked, and got 404 */
  assert_int_equal(status_of(good), 200);
}

/* 1.9 */
static void
test_a_program_without_any_key_refuses_to_start_and_says_why(G_GNUC_UNUSED void **state)
{
  g_auto(GStrv) environment = program_environment();
  environment = g_environ_setenv(g_steal_pointer(&environment), "JWT_SECRET", "", TRUE);
  environment = g_environ_setenv(g_steal_pointer(&environment), "REQUEST_METHOD", "GET", TRUE);
  g_autofree char *path =
      g_build_filename(harness_env("PONTE_BUILD"), "bin", "fin", "erp", "sync", NULL);
  g_autofree char *output = NULL, *errors = NULL;
  int status = run_command((const char *const[]){path, NULL}, environment, NULL, &output, &errors);
  assert_int_not_equal(status, 0);
  assert_non_null(strstr(errors, "JWT_SECRET"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_pem_file_with_an_rsa_key_verifies_rs256),
      CASE(test_a_pem_file_with_an_ec_key_verifies_es256),
      CASE(test_secret_and_public_key_serve_side_by_side),
      CASE(test_a_key_set_file_serves_each_key_by_its_id),
      CASE(test_a_key_set_file_that_changes_is_read_anew),
      CASE(test_a_key_set_of_an_address_is_fetched_and_rotated),
      CASE(test_invented_key_ids_do_not_cause_a_fetch_each),
      CASE(test_known_keys_serve_on_while_the_issuer_is_away),
      CASE(test_a_program_without_any_key_refuses_to_start_and_says_why),
  };
  return RUN("token keys", tests);
}

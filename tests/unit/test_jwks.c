/* Which keys of a key set and which PEM files are taken. */
#include "unit.h"

#include "auth/base64url.h"
#include "auth/jwk.h"
#include "make_token.h"

static EVP_PKEY *rsa, *weak_rsa, *p256, *p384;

/* The number of usable keys of a set with this one; -1: no set. */
static int
count_usable(const char *jwk)
{
  g_autofree char *document = g_strdup_printf("{\"keys\":[%s]}", jwk);
  g_autoptr(GPtrArray) set = jwk_set_parse(document, strlen(document));
  return set != NULL ? (int)set->len : -1;
}

static int
count_with(EVP_PKEY *key, const char *more)
{
  g_autofree char *jwk = public_jwk(key, more);
  return count_usable(jwk);
}

static void
test_a_key_for_another_purpose_is_passed_over(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *members;
    int usable;
  } cases[] = {
      {"", 1},
      {",\"use\":\"sig\"", 1},
      {",\"use\":\"enc\"", 0},
      {",\"use\":1", 0},
      {",\"alg\":\"RS256\"", 1},
      {",\"alg\":\"RS512\"", 0},
      {",\"alg\":\"HS256\"", 0},
      {",\"alg\":\"ES256\"", 0},
      {",\"alg\":\"none\"", 0},
      {",\"key_ops\":[\"verify\"]", 1},
      {",\"key_ops\":[\"encrypt\",\"wrapKey\"]", 0},
      {",\"key_ops\":[]", 0},
      {",\"kid\":\"a\"", 1},
      {",\"kid\":7", 0},
      {",\"x5t\":\"whatever\"", 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_int_equal(count_with(rsa, cases[i].members), cases[i].usable);
  assert_int_equal(count_with(p256, ",\"alg\":\"ES256\""), 1);
  assert_int_equal(count_with(p256, ",\"alg\":\"RS256\""), 0);
}

static void
test_a_weak_or_foreign_key_is_passed_over(G_GNUC_UNUSED void **state)
{
  g_autofree char *n = number_of(rsa, OSSL_PKEY_PARAM_RSA_N);
  g_autofree char *x = number_of(p256, OSSL_PKEY_PARAM_EC_PUB_X);
  g_autofree char *exponent_one = g_strdup_printf("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQ\"}", n);
  g_autofree char *exponent_even =
      g_strdup_printf("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"Ag\"}", n);
  g_autofree char *off_curve =
      g_strdup_printf("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", x, x);
  assert_int_equal(count_with(rsa, ""), 1);
  assert_int_equal(count_with(weak_rsa, ""), 0);
  assert_int_equal(count_with(p384, ""), 0);
  assert_int_equal(count_usable(exponent_one), 0);
  assert_int_equal(count_usable(exponent_even), 0);
  assert_int_equal(count_usable(off_curve), 0);
}

static void
test_a_key_that_cannot_be_read_is_passed_over(G_GNUC_UNUSED void **state)
{
  const char *const keys[] = {
      "{}",
      "{\"kty\":1}",
      "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
      "{\"kty\":\"RSA\"}",
      "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}",
      "{\"kty\":\"RSA\",\"n\":\"a=\",\"e\":\"AQAB\"}",
      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
      "{\"kty\":\"EC\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    assert_int_equal(count_usable(keys[i]), 0);
}

static void
test_one_odd_key_does_not_take_the_others_away(G_GNUC_UNUSED void **state)
{
  g_autofree char *good = public_jwk(rsa, ",\"kid\":\"a\"");
  g_autofree char *both = g_strdup_printf("{\"kty\":\"oct\",\"k\":\"AAAA\"},%s", good);
  assert_int_equal(count_usable(both), 1);
}

static void
test_what_is_no_key_set_is_refused(G_GNUC_UNUSED void **state)
{
  const char *const documents[] = {"",
                                   "not json",
                                   "[]",
                                   "{}",
                                   "{\"keys\":{}}",
                                   "{\"keys\":[1]}",
                                   "{\"keys\":[],\"keys\":[]}",
                                   "{\"keys\":[]} x",
                                   "<html></html>"};
  for (guint i = 0; i < G_N_ELEMENTS(documents); i++)
    assert_null(jwk_set_parse(documents[i], strlen(documents[i])));
}

static void
test_a_set_of_more_than_100_keys_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) keys = g_string_new("{}");
  for (guint i = 1; i < 100; i++)
    g_string_append(keys, ",{}");
  assert_int_equal(count_usable(keys->str), 0);
  g_string_append(keys, ",{}");
  assert_int_equal(count_usable(keys->str), -1);
}

static Jwk *
from_pem_of(EVP_PKEY *key)
{
  g_autofree char *pem = public_pem(key);
  return jwk_from_pem(pem, strlen(pem));
}

static void
test_the_type_of_a_pem_key_decides_the_algorithm(G_GNUC_UNUSED void **state)
{
  g_autoptr(Jwk) a = from_pem_of(rsa);
  g_autoptr(Jwk) b = from_pem_of(p256);
  assert_int_equal(a->algorithm, JWK_RS256);
  assert_int_equal(b->algorithm, JWK_ES256);
}

static void
test_a_pem_that_is_no_strong_public_key_is_refused(G_GNUC_UNUSED void **state)
{
  BIO *bio = BIO_new(BIO_s_mem());
  char *private_pem;
  PEM_write_bio_PrivateKey(bio, rsa, NULL, NULL, 0, NULL, NULL);
  gsize length = (gsize)BIO_get_mem_data(bio, &private_pem);
  assert_null(jwk_from_pem(private_pem, length));
  BIO_free(bio);
  assert_null(from_pem_of(weak_rsa));
  assert_null(from_pem_of(p384));
  assert_null(jwk_from_pem("", 0));
  assert_null(jwk_from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", 56));
}

static void
test_base64url_has_one_spelling(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *text, *bytes;
  } cases[] = {
      {"", ""},         {"Zg", "f"},     {"Zm8", "fo"}, {"Zm9v", "foo"}, {"_-8", "\xFF\xEF"},
      {"Zh", NULL},     {"Zm9", NULL},   {"Z", NULL},   {"Zg==", NULL},  {"/+8", NULL},
      {"Zm9v\n", NULL}, {"Zm9vA", NULL}, {"Z g", NULL}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    gsize length;
    g_autofree guchar *bytes = base64url_decode(cases[i].text, strlen(cases[i].text), &length);
    if (cases[i].bytes == NULL)
      assert_null(bytes);
    else {
      assert_int_equal(length, strlen(cases[i].bytes));
      assert_string_equal((const char *)bytes, cases[i].bytes);
    }
  }
}

static int
make_keys(G_GNUC_UNUSED void **state)
{
  rsa = EVP_RSA_gen(2048);
  weak_rsa = EVP_RSA_gen(1024);
  p256 = EVP_EC_gen("P-256");
  p384 = EVP_EC_gen("P-384");
  return rsa != NULL && weak_rsa != NULL && p256 != NULL && p384 != NULL ? 0 : -1;
}

static int
free_keys(G_GNUC_UNUSED void **state)
{
  EVP_PKEY *const keys[] = {rsa, weak_rsa, p256, p384};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    EVP_PKEY_free(keys[i]);
  return 0;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_key_for_another_purpose_is_passed_over),
      cmocka_unit_test(test_a_weak_or_foreign_key_is_passed_over),
      cmocka_unit_test(test_a_key_that_cannot_be_read_is_passed_over),
      cmocka_unit_test(test_one_odd_key_does_not_take_the_others_away),
      cmocka_unit_test(test_what_is_no_key_set_is_refused),
      cmocka_unit_test(test_a_set_of_more_than_100_keys_is_refused),
      cmocka_unit_test(test_the_type_of_a_pem_key_decides_the_algorithm),
      cmocka_unit_test(test_a_pem_that_is_no_strong_public_key_is_refused),
      cmocka_unit_test(test_base64url_has_one_spelling),
  };
  return cmocka_run_group_tests(tests, make_keys, free_keys) != 0;
}

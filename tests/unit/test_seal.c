/* Secrets at rest. */
#include "unit.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"
#include "net/seal.h"

#define KEY       "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define OTHER_KEY "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="

static void
use_key(const char *key)
{
  g_setenv("ERP_TOKEN_KEY", key, TRUE);
  assert_true(settings_load(NULL));
}

static void
test_a_sealed_text_opens_in_its_place(G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = {"token", "", "çãé \"\\"};
  use_key(KEY);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *sealed = seal(texts[i], "MERCOS/contaazul/refresh");
    char *opened = unseal(sealed, "MERCOS/contaazul/refresh");
    assert_string_equal(opened, texts[i]);
    assert_true(*texts[i] == '\0' || strstr(sealed, texts[i]) == NULL);
    secret_free(opened);
  }
}

static void
test_a_long_token_opens_again(G_GNUC_UNUSED void **state)
{
  use_key(KEY);
  g_autofree char *text = g_strnfill(8192, 'x');
  g_autofree char *sealed = seal(text, "place");
  char *opened = unseal(sealed, "place");
  assert_string_equal(opened, text);
  secret_free(opened);
}

static void
test_the_same_text_is_sealed_differently_each_time(G_GNUC_UNUSED void **state)
{
  use_key(KEY);
  g_autofree char *once = seal("token", "place"), *again = seal("token", "place");
  assert_string_not_equal(once, again);
}

static void
test_it_does_not_open_in_another_rows_place(G_GNUC_UNUSED void **state)
{
  use_key(KEY);
  g_autofree char *sealed = seal("token", "MERCOS/contaazul/refresh");
  assert_null(unseal(sealed, "MUNDDI/contaazul/refresh"));
}

static void
test_it_does_not_open_with_another_key(G_GNUC_UNUSED void **state)
{
  use_key(KEY);
  g_autofree char *sealed = seal("token", "place");
  use_key(OTHER_KEY);
  assert_null(unseal(sealed, "place"));
  use_key("");
  assert_null(unseal(sealed, "place"));
}

static void
test_a_damaged_one_does_not_open(G_GNUC_UNUSED void **state)
{
  use_key(KEY);
  g_autofree char *sealed = seal("token", "place"); /* 33 bytes: no padding */
  gsize length = strlen(sealed);
  for (gsize i = 0; i < length; i++) {
    g_autofree char *damaged = g_strdup(sealed);
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    assert_null(unseal(damaged, "place"));
  }
  assert_null(unseal("", "place"));
  assert_null(unseal("AAAA", "place"));
  assert_null(unseal("no base64 at all!", "place"));
}

static void
test_a_key_that_is_none_is_told_by_its_name(G_GNUC_UNUSED void **state)
{
  static const char *const keys[] = {"", "c2hvcnQ=", "not base64", KEY "AAAA"};
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    g_autoptr(GError) error = NULL;
    use_key(keys[i]);
    assert_false(seal_is_ready(&error));
    assert_true(g_error_matches(error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED));
    assert_non_null(strstr(error->message, "ERP_TOKEN_KEY"));
  }
  use_key(KEY);
  assert_true(seal_is_ready(NULL));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_sealed_text_opens_in_its_place),
      cmocka_unit_test(test_a_long_token_opens_again),
      cmocka_unit_test(test_the_same_text_is_sealed_differently_each_time),
      cmocka_unit_test(test_it_does_not_open_in_another_rows_place),
      cmocka_unit_test(test_it_does_not_open_with_another_key),
      cmocka_unit_test(test_a_damaged_one_does_not_open),
      cmocka_unit_test(test_a_key_that_is_none_is_told_by_its_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

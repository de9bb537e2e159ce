/* What a person is shown, and brings back, when an ERP is authorized. */
#include "unit.h"

#include <string.h>

#include "base/error.h"
#include "net/oauth_code.h"
#include "net/seal.h"

#define STATE "0123456789abcdef0123456789abcdef"

static void
test_the_page_gets_what_is_known_escaped(G_GNUC_UNUSED void **state)
{
  g_autofree char *whole = oauth_authorize_url("https://erp.example/authorize", "id&1",
                                               "https://ponte.example/volta?a=b", "a b", STATE);
  assert_string_equal(whole, "https://erp.example/authorize?response_type=code&client_id=id%261"
                             "&redirect_uri=https%3A%2F%2Fponte.example%2Fvolta%3Fa%3Db"
                             "&scope=a%20b&state=" STATE);
  g_autofree char *least =
      oauth_authorize_url("https://erp.example/login?tenant=1", "id", NULL, NULL, "s");
  assert_string_equal(least,
                      "https://erp.example/login?tenant=1&response_type=code&client_id=id&state=s");
}

static void
test_no_two_states_are_the_same(G_GNUC_UNUSED void **state)
{
  g_autofree char *one = oauth_state_new(), *other = oauth_state_new();
  assert_int_equal(strlen(one), 32);
  assert_string_not_equal(one, other);
}

static void
test_a_code_is_read_from_what_people_paste(G_GNUC_UNUSED void **state)
{
  static const char *const cases[][2] = {
      {"abc", "abc"},
      {"  abc==\r\n", "abc=="},
      {"https://ponte.example/?code=abc&state=" STATE, "abc"},
      {"http://localhost:1234/volta?state=" STATE "&code=a%2Fb%2Bc&scope=x#top", "a/b+c"},
      {"?code=abc&state=" STATE "\n", "abc"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    char *code = oauth_code_read(cases[i][0], STATE, &error);
    assert_non_null(code);
    assert_string_equal(code, cases[i][1]);
    secret_free(code);
  }
}

static void
test_what_is_no_code_is_refused(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text, *why;
    int error;
  } cases[] = {
      {"", "Nenhum código", ERROR_INVALID_PARAMETER},
      {" \n", "Nenhum código", ERROR_INVALID_PARAMETER},
      {"two words", "caracteres", ERROR_INVALID_PARAMETER},
      {"c\xc3\xb3"
       "digo",
       "caracteres", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/volta", "não pode ser lido", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?code=%zz&state=" STATE, "não pode ser lido",
       ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?code=abc", "state diferente", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?code=abc&state=other", "state diferente", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?state=" STATE, "não tem código", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?code=&state=" STATE, "Nenhum código", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?code=a%0Ab&state=" STATE, "caracteres", ERROR_INVALID_PARAMETER},
      {"https://ponte.example/?error=access_denied&state=" STATE, "autorizou: access_denied.",
       ERROR_ERP_AUTHENTICATION},
      {"https://ponte.example/?error=%1b[2J&state=" STATE, "autorizou.", ERROR_ERP_AUTHENTICATION}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    assert_null(oauth_code_read(cases[i].text, STATE, &error));
    assert_int_equal(error->code, cases[i].error);
    if (strstr(error->message, cases[i].why) == NULL)
      fail_msg("%s: %s", cases[i].text, error->message);
  }
}

static void
test_a_code_without_end_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *longest = g_strnfill(4097, 'a');
  assert_null(oauth_code_read(longest, STATE, &error));
  assert_string_equal(error->message, "O código é longo demais.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_page_gets_what_is_known_escaped),
      cmocka_unit_test(test_no_two_states_are_the_same),
      cmocka_unit_test(test_a_code_is_read_from_what_people_paste),
      cmocka_unit_test(test_what_is_no_code_is_refused),
      cmocka_unit_test(test_a_code_without_end_is_refused),
  };
  return cmocka_run_group_tests_name("codes of authorizations", tests, NULL, NULL);
}

/* Account types, codes and currencies (erp-connectors.md 5.1, 5.2). */
#include "unit.h"

#include <stdlib.h>

#include "erp/values.h"

static void
assert_type(const char *text, AccountType wanted)
{
  AccountType type = ACCOUNT_UNTYPED;
  gboolean is_known = account_type_parse(text, &type);
  if (is_known != (wanted != ACCOUNT_UNTYPED) || type != wanted)
    fail_msg("\"%s\": %s", text, is_known ? account_type_name(type) : "unknown");
}

/* AC-1 */
static void
test_the_standard_types_are_themselves(G_GNUC_UNUSED void **state)
{
  for (AccountType type = ACCOUNT_ASSET; type <= ACCOUNT_EXPENSE; type++)
    assert_type(account_type_name(type), type);
  assert_null(account_type_name(ACCOUNT_UNTYPED));
}

/* AC-2 */
static void
test_types_are_known_by_their_portuguese_names(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text;
    AccountType type;
  } cases[] = {{"ATIVO", ACCOUNT_ASSET},
               {"Passivo", ACCOUNT_LIABILITY},
               {"PATRIMÔNIO", ACCOUNT_EQUITY},
               {"receita", ACCOUNT_REVENUE},
               {"DESPESA", ACCOUNT_EXPENSE},
               {" Patrimônio  Líquido ", ACCOUNT_EQUITY},
               {"ativo não-circulante", ACCOUNT_ASSET},
               {"Ativo_-_Circulante", ACCOUNT_ASSET},
               {"net worth", ACCOUNT_EQUITY},
               {"Shareholders Equity", ACCOUNT_EQUITY},
               {"a", ACCOUNT_ASSET},
               {"P", ACCOUNT_LIABILITY},
               {"pl", ACCOUNT_EQUITY},
               {"R", ACCOUNT_REVENUE},
               {"D", ACCOUNT_EXPENSE},
               {"Exigível", ACCOUNT_LIABILITY},
               {"INCOME", ACCOUNT_REVENUE},
               {"custos", ACCOUNT_EXPENSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_type(cases[i].text, cases[i].type);
}

/* AC-3 AC-4 */
static void
test_other_words_are_no_type(G_GNUC_UNUSED void **state)
{
  static const char *const words[] = {"INVALID",
                                      "",
                                      "   ",
                                      "_",
                                      "1",
                                      "2",
                                      "ATIV",
                                      "ATIVO X",
                                      "PASSIVO ATIVO",
                                      "ativo ativos",
                                      "REC",
                                      "current asset non current asset",
                                      "C",
                                      "\xFF\xFE"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    assert_type(words[i], ACCOUNT_UNTYPED);
}

/* AC-5 AC-6 */
static void
test_codes_of_the_usual_shapes_pass_without_a_warning(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"1.01.001", "A1.01.001", "1",         "110101",
                                      "12010203", "CAIXA",     "1.01      "};
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    gboolean usual = FALSE;
    assert_true(account_code_check(codes[i], &usual));
    assert_true(usual);
  }
  static const char *const others[] = {"a1",  "1..2",   "1.",          ".1",
                                       "1-2", "CC:123", "CAIXA GERAL", "CONTÁBIL"};
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    gboolean usual = TRUE;
    assert_true(account_code_check(others[i], &usual));
    assert_false(usual);
  }
}

/* AC-7 */
static void
test_codes_that_are_none_are_refused(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"",
                                      "   ",
                                      "1\t2",
                                      "1\n2",
                                      "1\x7F",
                                      "1\xC2\x85",
                                      "123456789012345678901234567890123456789012345678901"};
  gboolean usual;
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    assert_false(account_code_check(codes[i], &usual));
  assert_true(account_code_check("12345678901234567890123456789012345678901234567890", &usual));
}

static int
by_code(const void *a, const void *b)
{
  return account_code_compare(*(const char *const *)a, *(const char *const *)b);
}

static void
test_codes_are_in_the_order_of_their_segments(G_GNUC_UNUSED void **state)
{
  static const char *const sorted[] = {"1",    "1.01", "1.1", "1.01.001", "1.2", "1.2.1",
                                       "1.10", "1.A",  "2",   "9",        "10",  "10.1",
                                       "1a",   "A",    "A.2", "A.10",     "AB",  "CC:1"};
  for (gsize i = 0; i < G_N_ELEMENTS(sorted); i++)
    for (gsize j = 0; j < G_N_ELEMENTS(sorted); j++) {
      int order = account_code_compare(sorted[i], sorted[j]);
      int reverse = account_code_compare(sorted[j], sorted[i]);
      if ((order < 0) != (reverse > 0) || (order == 0) != (i == j))
        fail_msg("%s and %s", sorted[i], sorted[j]);
    }
  const char *codes[] = {"1.10", "2", "1.2", "10", "1"};
  qsort(codes, G_N_ELEMENTS(codes), sizeof codes[0], by_code);
  static const char *const wanted[] = {"1", "1.2", "1.10", "2", "10"};
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
    assert_string_equal(codes[i], wanted[i]);
}

static void
test_currencies_are_three_capital_letters(G_GNUC_UNUSED void **state)
{
  gboolean usual;
  assert_true(currency_check("BRL", &usual) && usual);
  assert_true(currency_check("CHF", &usual) && usual);
  assert_true(currency_check("ARS", &usual) && !usual);
  assert_false(currency_check("brl", &usual));
  assert_false(currency_check("R$", &usual));
  assert_false(currency_check("BRLX", &usual));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_standard_types_are_themselves),
      cmocka_unit_test(test_types_are_known_by_their_portuguese_names),
      cmocka_unit_test(test_other_words_are_no_type),
      cmocka_unit_test(test_codes_of_the_usual_shapes_pass_without_a_warning),
      cmocka_unit_test(test_codes_that_are_none_are_refused),
      cmocka_unit_test(test_codes_are_in_the_order_of_their_segments),
      cmocka_unit_test(test_currencies_are_three_capital_letters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Telephone numbers, comparable and shown (data-collecting.md 4.3, 3.8). */
#include "unit.h"

#include "erp/phone.h"

/* DC 33: every line of the table of 4.3, and what lies between them */
static void
test_a_number_is_compared_by_area_and_last_eight_digits(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *in, *base, *display;
  } cases[] = {
      {"(11) 98765-4321", "1187654321", "(11) 98765-4321"},
      {"11 3333-4444", "1133334444", "(11) 3333-4444"},
      {"+55 11 98765-4321", "1187654321", "(11) 98765-4321"},
      {"551133334444", "1133334444", "(11) 3333-4444"},
      {"551187654321", "1187654321", "(11) 8765-4321"},
      {"55 99999-8888", "5599998888", "(55) 99999-8888"},
      {"011987654321", "1187654321", "(11) 98765-4321"},
      {"11887654321", "1187654321", "(11) 88765-4321"},
      {"119876543210", "1176543210", "(11) 98765-4321"},
      {"987654321", "", "(98) 765-4321"},
      {"", "", ""},
      {NULL, "", ""},
      {"sem telefone", "", ""},
      {"01133334444", "1133334444", "(11) 3333-4444"},
      {"55011987654321", "1187654321", "(11) 98765-4321"},
      {"1", "", "1"},
      {"11", "", "11"},
      {"119", "", "(11) 9"},
      {"119876", "", "(11) 9876"},
      {"1198765", "", "(11) 9-8765"},
      {"11987654321098765432109876", "1132109876", "(11) 98765-4321"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Phone phone = phone_read(cases[i].in);
    assert_string_equal(phone.base, cases[i].base);
    assert_string_equal(phone.display, cases[i].display);
  }
}

/* 3.8 */
static void
test_a_number_of_another_country_keeps_its_code(G_GNUC_UNUSED void **state)
{
  g_autofree char *portugal = phone_foreign("+351", "912 345 678");
  assert_string_equal(portugal, "+351912345678");
  g_autofree char *paraguay = phone_foreign("595", "(981) 555-123");
  assert_string_equal(paraguay, "+595981555123");
}

static void
test_brazils_code_and_none_are_no_foreign_number(G_GNUC_UNUSED void **state)
{
  assert_null(phone_foreign("55", "11987654321"));
  assert_null(phone_foreign("+55", "11987654321"));
  assert_null(phone_foreign("", "11987654321"));
  assert_null(phone_foreign(NULL, "11987654321"));
  assert_null(phone_foreign("351", NULL));
  assert_null(phone_foreign("351", "-"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_number_is_compared_by_area_and_last_eight_digits),
      cmocka_unit_test(test_a_number_of_another_country_keeps_its_code),
      cmocka_unit_test(test_brazils_code_and_none_are_no_foreign_number),
  };
  return cmocka_run_group_tests_name("phone", tests, NULL, NULL) != 0;
}

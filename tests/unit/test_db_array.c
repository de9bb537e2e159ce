/* Array literals as Postgres reads them. */
#include "unit.h"

#include "db/db.h"

static void
test_an_empty_array(G_GNUC_UNUSED void **state)
{
  g_auto(DbArray) array;
  db_array_init(&array);
  assert_string_equal(db_array_text(&array), "{}");
  assert_string_equal(db_array_text(&array), "{}"); /* closing twice changes nothing */
}

static void
test_each_value_is_quoted(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *value, *literal;
  } cases[] = {
      {"a", "{\"a\"}"},
      {"", "{\"\"}"},
      {NULL, "{NULL}"},
      {"NULL", "{\"NULL\"}"},
      {"a,b", "{\"a,b\"}"},
      {"{}", "{\"{}\"}"},
      {"}", "{\"}\"}"},
      {" a ", "{\" a \"}"},
      {"a\"b", "{\"a\\\"b\"}"},
      {"a\\b", "{\"a\\\\b\"}"},
      {"\\", "{\"\\\\\"}"},
      {"\"", "{\"\\\"\"}"},
      {"São Paulo\n", "{\"São Paulo\n\"}"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(DbArray) array;
    db_array_init(&array);
    db_array_add(&array, cases[i].value);
    assert_string_equal(db_array_text(&array), cases[i].literal);
  }
}

static void
test_values_keep_their_order(G_GNUC_UNUSED void **state)
{
  g_auto(DbArray) array;
  db_array_init(&array);
  db_array_add(&array, "a");
  db_array_add(&array, NULL);
  db_array_add(&array, "");
  db_array_add(&array, "}");
  assert_string_equal(db_array_text(&array), "{\"a\",NULL,\"\",\"}\"}");
  assert_string_equal(db_array_text(&array), "{\"a\",NULL,\"\",\"}\"}");
}

static void
test_an_array_can_be_cleared_twice(G_GNUC_UNUSED void **state)
{
  DbArray array;
  db_array_init(&array);
  db_array_clear(&array);
  db_array_clear(&array);
  assert_null(array.text);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_empty_array),
      cmocka_unit_test(test_each_value_is_quoted),
      cmocka_unit_test(test_values_keep_their_order),
      cmocka_unit_test(test_an_array_can_be_cleared_twice),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

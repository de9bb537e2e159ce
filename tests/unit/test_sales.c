/* What the connectors tell of themselves (data-collecting.md 1.4, 1.5, 1.13). */
#include "online_fixture.h"

/* DC 24 */
static void
test_the_id_is_found_without_mapping(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *record, *id;
  } cases[] = {{SALE, "123"},
               {"{\"itens\":[{\"id\":\"9\"}],\"id\": 12 }", "12"},
               {"{\"idsw\":\"8\",\"id\":\" 7 \"}", "7"},
               {"{\"id\":null,\"idsw\":\"8\"}", "8"},
               {"{\"idsw\":\"8\"}", "8"},
               {"{\"id\":\"\"}", NULL},
               {"{\"x\":{\"id\":\"1\"}}", NULL},
               {"[]", NULL},
               {"{\"id\"", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *id = online_software.id_of(cases[i].record, strlen(cases[i].record));
    assert_text(id, cases[i].id);
  }
}

/* 1.4 */
static void
test_a_configuration_needs_a_token(G_GNUC_UNUSED void **state)
{
  static const char *const fine[] = {"{\"token\":\"T\"}",
                                     "{\"token\":\"T\",\"tipo\":\"ONLINE-SOFTWARE\"}"};
  static const char *const wrong[] = {"{}",
                                      "[]",
                                      "x",
                                      "{\"token\":\"\"}",
                                      "{\"token\":\" \"}",
                                      "{\"token\":1}",
                                      "{\"token\":null}",
                                      "{\"token\":\"T\",\"tipo\":\"CARDAPIO-WEB\"}"};
  char *none = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(fine); i++)
    assert_true(online_software.check(fine[i], &none));
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *detail = NULL;
    assert_false(online_software.check(wrong[i], &detail));
    assert_non_null(detail);
  }
  assert_null(none);
}

/* DC 10 */
static void
test_the_window_is_written_as_it_is_sent(G_GNUC_UNUSED void **state)
{
  DateRange days;
  assert_true(date_parse_iso("2026-03-05", &days.first) &&
              date_parse_iso("2026-03-05", &days.last));
  g_autoptr(GString) text = g_string_new(NULL);
  online_software.write_window(&days, text);
  assert_text(text->str, "05032026");
  days.last = date_plus(&days.last, 1);
  g_string_truncate(text, 0);
  online_software.write_window(&days, text);
  assert_text(text->str, "05032026/06032026");
}

static void
test_a_connector_is_found_by_its_type(G_GNUC_UNUSED void **state)
{
  assert_ptr_equal(sales_connector("ONLINE-SOFTWARE"), &online_software);
  assert_ptr_equal(sales_connector("CARDAPIO-WEB"), &cardapio_web);
  assert_null(sales_connector("OUTRO"));
  assert_null(sales_connector(NULL));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_id_is_found_without_mapping),
      cmocka_unit_test(test_a_configuration_needs_a_token),
      cmocka_unit_test(test_the_window_is_written_as_it_is_sent),
      cmocka_unit_test(test_a_connector_is_found_by_its_type),
  };
  return cmocka_run_group_tests_name("sales", tests, NULL, NULL) != 0;
}

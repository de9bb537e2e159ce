/* The list of the counted events (fin.md 11.7). */
#include "harness.h"
#include "harness_finance.h"

#define LIST "/api/data/event-aggregates"

/* 11.7, 10.2 */
static void
test_the_list_shows_the_newest_first_and_filters_by_day(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.event_aggregates (period, module, event_type, count) values"
      " ('2026-02-08', 'growth', 'b', 3), ('2026-02-09', 'ops', 'a', 2),"
      " ('2026-02-09', 'growth', 'b', 1), ('2026-02-09', 'growth', 'a', 2000000000)");
  static const struct {
    const char *query, *rows;
  } cases[] = {
      {"", "2026-02-09 growth a 2000000000\n2026-02-09 growth b 1\n2026-02-09 ops a 2\n"
           "2026-02-08 growth b 3\n"},
      {"?period=2026-02-08", "2026-02-08 growth b 3\n"},
      {"?period=2026-02-07", ""},
      {"?limit=2", "2026-02-09 growth a 2000000000\n2026-02-09 growth b 1\n"},
      {"/?period=2026-02-09&limit=1&x=y", "2026-02-09 growth a 2000000000\n"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = finance_get(LIST, cases[i].query);
    assert_status(answer, 200);
    assert_int_equal(json_object_size(answer->json), 1);
    g_autoptr(GString) rows = g_string_new(NULL);
    gsize n;
    json_t *row;
    json_array_foreach(json_object_get(answer->json, "rows"), n, row)
    {
      const char *period, *module, *type;
      json_int_t count;
      assert_int_equal(json_unpack(row, "{s:s, s:s, s:s, s:I !}", "period", &period, "module",
                                   &module, "event_type", &type, "count", &count),
                       0);
      g_string_append_printf(rows, "%s %s %s %" JSON_INTEGER_FORMAT "\n", period, module, type,
                             count);
    }
    assert_string_equal(rows->str, cases[i].rows);
  }
}

/* 11.7 */
static void
test_the_list_is_as_long_as_was_asked(G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = {
      "0", "501", "-1", "abc", "", "1.5", "%201", "10x", "1e2", "0x10", "99999999999999999999"};
  static const struct {
    const char *query;
    gsize rows;
  } cases[] = {{"", 100}, {"?limit=1", 1}, {"?limit=500", 500}};
  sql("insert into fin.event_aggregates (period, module, event_type, count)"
      " select '2020-01-01'::date + n, 'fin', 'x', 1 from generate_series(1, 600) n");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = finance_get(LIST, cases[i].query);
    assert_int_equal(json_array_size(json_object_get(answer->json, "rows")), cases[i].rows);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *query = g_strconcat("?limit=", wrong[i], NULL);
    g_autoptr(Answer) answer = finance_get(LIST, query);
    assert_error_code(answer, 400, "limit deve estar entre 1 e 500.", "invalid_parameter");
  }
  g_autoptr(Answer) twice = finance_get(LIST, "?limit=1&limit=1");
  assert_error_code(twice, 400, "Parâmetro repetido: limit.", "repeated_parameter");
  g_autoptr(Answer) month = finance_get(LIST, "?period=2026-02");
  assert_error_code(month, 400, "period deve ser YYYY-MM-DD.", "invalid_parameter");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_the_list_shows_the_newest_first_and_filters_by_day),
      CASE(test_the_list_is_as_long_as_was_asked),
  };
  return RUN("event aggregates: list", tests);
}

/* The list of the derived figures (fin.md 12.7). */
#include "harness.h"
#include "harness_finance.h"

#include <string.h>

#define LIST "/api/data/indices"

/* 12.7, 10.2, 10.4 */
static void
test_the_list_shows_the_newest_first_and_filters(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.data_indices (period, index_key, value, metadata) values"
      " ('2026-01-01', 'leads_mes', 12, '{}'), ('2026-02-01', 'mrr_total', 250000, '{}'),"
      " ('2026-02-01', 'leads_mes', 0, '{\"a\": [1]}'), ('2026-01-01', 'mrr_total', 0.1, '{}')");
  static const struct {
    const char *query, *rows;
  } cases[] = {
      {"", "2026-02-01 leads_mes,2026-02-01 mrr_total,2026-01-01 leads_mes,2026-01-01 mrr_total,"},
      {"?period=2026-01", "2026-01-01 leads_mes,2026-01-01 mrr_total,"},
      {"?period=2026-01-01&index_key=mrr_total", "2026-01-01 mrr_total,"},
      {"?index_key=leads_mes", "2026-02-01 leads_mes,2026-01-01 leads_mes,"},
      {"?index_key=nada", ""},
      {"?index_key=leads%27%20or%20true--", ""},
      {"?period=2025-12", ""},
      {"/?limit=1", "2026-02-01 leads_mes,"},
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
      const char *period, *key;
      json_t *value, *metadata;
      assert_int_equal(json_unpack(row, "{s:s, s:s, s:o, s:o !}", "period", &period, "index_key",
                                   &key, "value", &value, "metadata", &metadata),
                       0);
      assert_true(json_is_number(value) && json_is_object(metadata));
      g_string_append_printf(rows, "%s %s,", period, key);
    }
    assert_string_equal(rows->str, cases[i].rows);
  }
  g_autoptr(Answer) all = finance_get(LIST, "");
  assert_non_null(strstr(all->body, "\"index_key\":\"leads_mes\",\"value\":12,\"metadata\":{}"));
  assert_non_null(strstr(all->body, "\"index_key\":\"leads_mes\",\"value\":0,\"metadata\":"));
  assert_non_null(strstr(all->body, "\"value\":250000.00,"));
  assert_non_null(strstr(all->body, "\"value\":0.10,"));
}

/* 12.7: the same limits as for the list of aggregates */
static void
test_the_list_is_as_long_as_was_asked(G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = {"limit=0", "limit=501", "limit=-1", "limit=abc", "limit="};
  sql("insert into fin.data_indices (period, index_key, value)"
      " select '1900-01-01'::date + n * interval '1 month', 'leads_mes', n"
      "   from generate_series(1, 600) n");
  g_autoptr(Answer) usual = finance_get(LIST, ""), most = finance_get(LIST, "?limit=500");
  assert_int_equal(json_array_size(json_object_get(usual->json, "rows")), 100);
  assert_int_equal(json_array_size(json_object_get(most->json, "rows")), 500);
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *query = g_strconcat("?", wrong[i], NULL);
    g_autoptr(Answer) answer = finance_get(LIST, query);
    assert_error_code(answer, 400, "limit deve estar entre 1 e 500.", "invalid_parameter");
  }
  g_autoptr(Answer) day = finance_get(LIST, "?period=2026-02-02");
  assert_error_code(day, 400, "period deve ser YYYY-MM ou YYYY-MM-01.", "invalid_parameter");
  g_autoptr(Answer) twice = finance_get(LIST, "?index_key=a&index_key=b");
  assert_error_code(twice, 400, "Parâmetro repetido: index_key.", "repeated_parameter");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_the_list_shows_the_newest_first_and_filters),
      CASE(test_the_list_is_as_long_as_was_asked),
  };
  return RUN("indices: list", tests);
}

/* Statements of a list: what callers send becomes parameters and nothing else (backoffice.md 13).
 */
#include "unit.h"

#include <string.h>

#include "db/list.h"

static const List things = {
    .table = "s.things",
    .choices = {"new", "old"},
    .columns =
        {
            {"id", LIST_INTEGER, LIST_ORDER, NULL},
            {"name", LIST_TEXT, LIST_FILTER | LIST_ORDER | LIST_SEARCH, NULL},
            {"state", LIST_CHOICE, LIST_FILTER, NULL},
            {"is_big", LIST_BOOL, 0, "size > 9"},
            {"code", LIST_INTEGER, LIST_FILTER | LIST_SEARCH, NULL},
            {"created_at", LIST_INSTANT, LIST_FILTER | LIST_ORDER, NULL},
        },
};

enum { ID, NAME, STATE, IS_BIG, CODE, CREATED_AT };

#define SELECT                                                                                     \
  "select id, name, state, size > 9, code,"                                                        \
  " to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.USTZH:TZM') from s.things where true"

static void
test_without_wishes_the_newest_come_first(G_GNUC_UNUSED void **state)
{
  g_auto(ListQuery) query;
  list_query_init(&query, &things);
  g_autofree char *count = list_count_sql(&query);
  assert_string_equal(count, "select count(*) from s.things where true");
  list_add_page(&query, 50, 100);
  g_autofree char *page = list_page_sql(&query);
  assert_string_equal(page, SELECT " order by created_at desc, id desc"
                                   " limit $1::bigint offset $2::bigint");
  DbParams params = list_params(&query);
  assert_int_equal(params.count, 2);
  assert_string_equal(params.values[0], "50");
  assert_string_equal(params.values[1], "100");
}

static void
test_nothing_that_was_sent_stands_in_a_statement(G_GNUC_UNUSED void **state)
{
  static const char evil[] = "x'); drop table s.things; --";
  g_auto(ListQuery) query;
  list_query_init(&query, &things);
  assert_null(list_filter(&query, &things.columns[NAME], LIST_EXACT, evil));
  list_search(&query, evil);
  list_order(&query, evil);
  list_order(&query, "is_big,lease,-name, id ,--id,,state");
  list_add_page(&query, 1, 0);
  g_autofree char *page = list_page_sql(&query);
  assert_null(strstr(page, "drop"));
  assert_string_equal(
      page, SELECT
      " and (name) = $1::text"
      " and strpos(lower(concat_ws(E'\\n', (name)::text, (code)::text)), lower($2::text)) > 0"
      " and strpos(lower(concat_ws(E'\\n', (name)::text, (code)::text)), lower($3::text)) > 0"
      " and strpos(lower(concat_ws(E'\\n', (name)::text, (code)::text)), lower($4::text)) > 0"
      " and strpos(lower(concat_ws(E'\\n', (name)::text, (code)::text)), lower($5::text)) > 0"
      " and strpos(lower(concat_ws(E'\\n', (name)::text, (code)::text)), lower($6::text)) > 0"
      " order by name desc, id, id desc limit $7::bigint offset $8::bigint");
  assert_string_equal(list_params(&query).values[0], evil);
}

static void
test_values_that_do_not_fit_are_told(G_GNUC_UNUSED void **state)
{
  static const struct {
    int column;
    const char *value, *told;
  } cases[] = {
      {STATE, "new", NULL},
      {STATE, "NEW", "Faça uma escolha válida. NEW não é uma das escolhas disponíveis."},
      {CODE, "12", NULL},
      {CODE, " -9223372036854775808 ", NULL},
      {CODE, "9223372036854775808", "Informe um número."},
      {CODE, "1.5", "Informe um número."},
      {CODE, "1x", "Informe um número."},
      {CODE, " ", "Informe um número."},
      {NAME, " anything ", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(ListQuery) query;
    list_query_init(&query, &things);
    g_autofree char *told =
        list_filter(&query, &things.columns[cases[i].column], LIST_EXACT, cases[i].value);
    if (g_strcmp0(told, cases[i].told) != 0)
      fail_msg("%s: %s", cases[i].value, told != NULL ? told : "fits");
    assert_int_equal(query.values->len, cases[i].told == NULL);
  }
}

static void
test_dates_and_instants_are_read(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value, *parameter; /* NULL: refused */
  } cases[] = {
      {"2025-11-18", "2025-11-18"},
      {"2024-02-29", "2024-02-29"},
      {"2025-11-18T16:58", "2025-11-18T16:58"},
      {"2025-11-18 16:58:35.123456Z", "2025-11-18 16:58:35.123456Z"},
      {"2025-11-18T16:58:35-03:00", "2025-11-18T16:58:35-03:00"},
      {"2025-11-18T16:58:35-0300", "2025-11-18T16:58:35-0300"},
      {"2025-11-18T16:58:35-03", "2025-11-18T16:58:35-03"},
      {"2025-11-18T16:58:35 03:00", "2025-11-18T16:58:35+03:00"}, /* an unescaped plus */
      {" 2025-11-18 ", "2025-11-18"},
      {"2025-02-29", NULL},
      {"18/11/2025", NULL},
      {"2025-11-18T", NULL},
      {"2025-11-18T24:00", NULL},
      {"2025-11-18T16:60", NULL},
      {"2025-11-18T16:58:60", NULL},
      {"2025-11-18T16:58:35.", NULL},
      {"2025-11-18T16:58:35.1234567", NULL},
      {"2025-11-18T16:58:35+16:00", NULL},
      {"2025-11-18T16:58:35+3", NULL},
      {"2025-11-18T16:58:35Zx", NULL},
      {"2025-11-18T1:58", NULL},
      {"2025-11-18'", NULL},
      {"infinity", NULL},
      {"now", NULL},
      {"-2025-11-18", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(ListQuery) query;
    list_query_init(&query, &things);
    g_autofree char *told =
        list_filter(&query, &things.columns[CREATED_AT], LIST_AFTER, cases[i].value);
    if ((told == NULL) != (cases[i].parameter != NULL))
      fail_msg("%s: %s", cases[i].value, told != NULL ? told : "fits");
    if (told == NULL)
      assert_string_equal(list_params(&query).values[0], cases[i].parameter);
    else
      assert_string_equal(told, "Informe uma data/hora válida.");
  }
}

static void
test_a_day_ends_when_the_next_begins(G_GNUC_UNUSED void **state)
{
  static const struct {
    ListBound bound;
    const char *value, *condition;
  } cases[] = {
      {LIST_AFTER, "2025-11-18", " and (created_at) >= $1::date"},
      {LIST_BEFORE, "2025-11-18", " and (created_at) < $1::date + 1"},
      {LIST_AFTER, "2025-11-18T00:00", " and (created_at) >= $1::timestamptz"},
      {LIST_BEFORE, "2025-11-18T00:00", " and (created_at) <= $1::timestamptz"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(ListQuery) query;
    list_query_init(&query, &things);
    assert_null(list_filter(&query, &things.columns[CREATED_AT], cases[i].bound, cases[i].value));
    assert_true(g_str_has_suffix(query.where->str, cases[i].condition));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_without_wishes_the_newest_come_first),
      cmocka_unit_test(test_nothing_that_was_sent_stands_in_a_statement),
      cmocka_unit_test(test_values_that_do_not_fit_are_told),
      cmocka_unit_test(test_dates_and_instants_are_read),
      cmocka_unit_test(test_a_day_ends_when_the_next_begins),
  };
  return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}

/* The month that the scheduled reading of revenue is about, by the calendar of São Paulo
 * (fin.md 3.6, 7.3, 7.4). */
#include "harness_revenue.h"

static void
assert_asked(guint nth, const char *from, const char *to)
{
  g_autofree char *text = titles_parameters(nth);
  g_autoptr(json_t) param = json_loads(text, 0, NULL);
  const char *first = json_string_value(json_object_get(param, "filtrar_por_registro_de"));
  const char *last = json_string_value(json_object_get(param, "filtrar_por_registro_ate"));
  assert_non_null(first);
  assert_non_null(last);
  assert_string_equal(first, from);
  assert_string_equal(last, to);
}

/* F50: first and last day of the month that was named, leap years included */
static void
test_omie_is_asked_for_the_whole_month_that_was_named(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query, *period, *from, *to;
  } cases[] = {{"?period=2024-02", "2024-02-01", "01/02/2024", "29/02/2024"},
               {"?period=2026-02", "2026-02-01", "01/02/2026", "28/02/2026"},
               {"?period=2026-01", "2026-01-01", "01/01/2026", "31/01/2026"},
               {"?period=2026-04-01", "2026-04-01", "01/04/2026", "30/04/2026"},
               {"?period=2025-12-01&x=1", "2025-12-01", "01/12/2025", "31/12/2025"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = cron_post(cases[i].query);
    assert_status(answer, 200);
    assert_member(answer, "period", cases[i].period);
    assert_asked(i + 1, cases[i].from, cases[i].to);
  }
}

/* F48, F49, F50: the day of an instant in São Paulo; the month before a day is test_date.c's */
static void
test_the_calendar_is_that_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *instant, *zone, *day;
  } cases[] = {{"2026-02-15T12:00Z", "America/Sao_Paulo", "2026-02-15"},
               {"2026-03-01T02:00Z", "America/Sao_Paulo", "2026-02-28"},
               {"2026-03-01T02:59:59.999Z", "America/Sao_Paulo", "2026-02-28"},
               {"2026-03-01T03:00Z", "America/Sao_Paulo", "2026-03-01"},
               {"2026-03-01T05:00Z", "America/Sao_Paulo", "2026-03-01"},
               {"2024-03-01T02:00Z", "America/Sao_Paulo", "2024-02-29"},
               {"2019-01-01T01:30Z", "America/Sao_Paulo", "2018-12-31"}, /* summer time: -2 h */
               {"2019-01-01T02:30Z", "America/Sao_Paulo", "2019-01-01"},
               {"2026-03-01T02:00Z", "UTC", "2026-03-01"},
               {"2026-02-28T23:00-03", "America/Sao_Paulo", "2026-02-28"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_sql(cases[i].day, "select ponte.local_date($1::timestamptz, $2)::text", cases[i].instant,
               cases[i].zone);
}

/* The program's clock: a now() that its login finds before Postgres's own. */
static void
clock_is(const char *instant)
{
  g_autofree char *now =
      g_strdup_printf("create or replace function probe.now() returns timestamptz"
                      "  language sql stable as $$ select timestamptz '%s' $$",
                      instant);
  sql("create schema if not exists probe");
  sql("grant usage on schema probe to public");
  sql(now);
  sql("alter role ponte set search_path = probe, pg_catalog");
  program_restart(CRON_PROGRAM, "OMIE_PAGE_SIZE=500"); /* which reads it when it connects */
}

static int
clock_after(void **state)
{
  sql("alter role ponte reset search_path");
  sql("drop schema if exists probe cascade");
  return harness_after(state);
}

#define CASE_OF_CLOCK(test) cmocka_unit_test_setup_teardown(test, harness_before, clock_after)

/* F48, F49, F50, 3.6: the month before, as São Paulo's calendar has it at that instant */
static void
test_the_month_before_is_that_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *now, *period, *from, *to;
  } cases[] = {{"2026-02-15T12:00Z", "2026-01-01", "01/01/2026", "31/01/2026"},
               {"2026-03-01T02:00Z", "2026-01-01", "01/01/2026", "31/01/2026"},
               {"2026-03-01T05:00Z", "2026-02-01", "01/02/2026", "28/02/2026"},
               {"2024-03-31T12:00Z", "2024-02-01", "01/02/2024", "29/02/2024"},
               {"2026-01-01T02:59Z", "2025-11-01", "01/11/2025", "30/11/2025"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    clock_is(cases[i].now);
    omie_forget();
    g_autoptr(Answer) answer = cron_post("");
    assert_status(answer, 200);
    assert_member(answer, "period", cases[i].period);
    assert_asked(i + 1, cases[i].from, cases[i].to);
  }
}

/* F49, 7.4: at 23:00 of 28 February March is yet to come */
static void
test_a_month_begins_at_midnight_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  clock_is("2026-03-01T02:00Z");
  g_autoptr(Answer) early = cron_post("?period=2026-03");
  assert_error(early, 400, "period não pode ser futuro.");
  clock_is("2026-03-01T03:00Z");
  assert_int_equal(cron_ok("?period=2026-03"), 0);
}

/* 7.3, by the database's clock */
static void
test_without_a_period_the_month_before_this_one_is_read(G_GNUC_UNUSED void **state)
{
  g_autofree char *first =
      sql_text("select (date_trunc('month', now() at time zone 'America/Sao_Paulo')"
               "        - interval '1 month')::date::text");
  g_autofree char *from = sql_text("select to_char($1::date, 'DD/MM/YYYY')", first);
  g_autofree char *to = sql_text(
      "select to_char($1::date + interval '1 month' - interval '1 day', 'DD/MM/YYYY')", first);
  g_autoptr(Answer) answer = cron_post("");
  assert_status(answer, 200);
  assert_member(answer, "period", first);
  assert_asked(1, from, to);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_omie_is_asked_for_the_whole_month_that_was_named),
      CASE(test_the_calendar_is_that_of_sao_paulo),
      CASE(test_without_a_period_the_month_before_this_one_is_read),
      CASE_OF_CLOCK(test_the_month_before_is_that_of_sao_paulo),
      CASE_OF_CLOCK(test_a_month_begins_at_midnight_of_sao_paulo),
  };
  return RUN("revenue: calendar of the cron", tests);
}

/* The figures derived per month (fin.md 12). */
#include "harness.h"
#include "harness_finance.h"

#include <string.h>

#define COMPUTE "/api/cron/compute-data-indices"
#define LIST    "/api/data/indices"
#define MONTH   "date_trunc('month', now() at time zone 'America/Sao_Paulo')::date"

static Answer *
compute(const char *period)
{
  g_autofree char *path =
      period ? g_strconcat(COMPUTE "?period=", period, NULL) : g_strdup(COMPUTE);
  return call("POST", path, .token = harness_env("CRON_SECRET"));
}

#define assert_ok(answer, period) assert_ok_at(answer, period, __FILE__, __LINE__)
static void
assert_ok_at(const Answer *answer, const char *period, const char *file, int line)
{
  g_autofree char *expected = g_strdup_printf("{\"ok\":true,\"period\":\"%s\",\"saved\":3,"
                                              "\"message\":\"Índices para %s: 3 registro(s).\"}",
                                              period, period);
  assert_status_at(answer, 200, file, line);
  if (!g_str_equal(g_strchomp(answer->body), expected)) {
    print_error("%s\nis not\n%s\n", answer->body, expected);
    _fail(file, line);
  }
}

/* The stored figures of a month, as "contratos_ativos=1 leads_mes=0 mrr_total=1000.00". */
#define assert_figures(expected, month)                                                            \
  assert_sql(expected, "select string_agg(index_key || '=' || value, ' ' order by index_key)"      \
                       "  from fin.data_indices where period = '" month "'")

/* A contract that starts and ends so; "" for no date. */
static void
put_contract(const char *mrr, const char *start, const char *end)
{
  sql("insert into fin.contracts (mrr, start_date, end_date)"
      " values ($1::numeric, nullif($2, '')::date, nullif($3, '')::date)",
      mrr, start, end);
}

/* F77, 12.2, 12.3: active on at least one day of February 2026 */
static void
test_a_contract_counts_when_it_touches_the_month(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *start, *end;
    gboolean counts;
    const char *why;
  } cases[] = {
      {"2025-01-01", "2026-02-01", TRUE, "ends on the first day"},
      {"2025-01-01", "2026-01-31", FALSE, "ends on the day before"},
      {"2026-02-28", "", TRUE, "starts on the last day"},
      {"2026-03-01", "", FALSE, "starts on the day after"},
      {"", "", FALSE, "has no start"},
      {"", "2026-02-15", FALSE, "has no start but an end"},
      {"2025-01-01", "", TRUE, "has no end"},
      {"2026-02-10", "2026-02-10", TRUE, "lasts a day of the month"},
      {"2024-01-01", "2028-12-31", TRUE, "surrounds the month"},
      {"2026-02-20", "2026-01-10", FALSE, "ends before it starts, and before the month"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    database_reset();
    put_contract("1000.00", cases[i].start, cases[i].end);
    g_autoptr(Answer) answer = compute("2026-02");
    assert_ok(answer, "2026-02-01");
    g_autofree char *active =
        sql_text("select value from fin.data_indices where index_key = 'contratos_ativos'");
    if (!g_str_equal(active, cases[i].counts ? "1" : "0"))
      fail_msg("a contract that %s counted as %s", cases[i].why, active);
    g_autofree char *expected =
        g_strdup_printf("%s", cases[i].counts ? "contratos_ativos=1 leads_mes=0 mrr_total=1000.00"
                                              : "contratos_ativos=0 leads_mes=0 mrr_total=0");
    assert_figures(expected, "2026-02-01");
  }
}

/* 12.2: exact, over exactly the contracts that are counted */
static void
test_the_mrr_is_exact(G_GNUC_UNUSED void **state)
{
  put_contract("0.10", "2026-01-01", "");
  put_contract("0.20", "2026-01-01", "");
  put_contract("0.30", "2026-01-01", "");
  put_contract("999.99", "2026-03-01", "");
  sql("insert into fin.contracts (mrr, start_date)"
      " select 0.01, '2026-01-01' from generate_series(1, 1000)");
  g_autoptr(Answer) small = compute("2026-02");
  assert_figures("contratos_ativos=1003 leads_mes=0 mrr_total=10.60", "2026-02-01");
  put_contract("9999999999999.99", "2026-01-01", "");
  put_contract("9999999999999.99", "2026-01-01", "");
  g_autoptr(Answer) large = compute("2026-02");
  assert_ok(large, "2026-02-01");
  assert_figures("contratos_ativos=1005 leads_mes=0 mrr_total=20000000000010.58", "2026-02-01");
  g_autoptr(Answer) shown = finance_get(LIST, "?index_key=mrr_total");
  assert_non_null(strstr(shown->body, "\"value\":20000000000010.58,"));
}

/* 12.2: local midnight of the first day, inclusive, to the one after the last day, exclusive */
static void
test_leads_are_counted_by_the_month_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *at;
    gint64 leads;
  } cases[] = {{"2026-02-01 03:00Z", 1},
               {"2026-02-01 02:59:59.999999Z", 0},
               {"2026-03-01 02:59:59.999999Z", 1},
               {"2026-03-01 03:00Z", 0},
               {"2026-02-15 12:00Z", 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    sql("truncate fin.inbound_leads");
    sql("insert into fin.inbound_leads (created_at) values ($1::timestamptz)", cases[i].at);
    g_autoptr(Answer) answer = compute("2026-02-01");
    assert_ok(answer, "2026-02-01");
    gint64 leads = sql_number("select value from fin.data_indices where index_key = 'leads_mes'");
    if (leads != cases[i].leads)
      fail_msg("%s counted %d", cases[i].at, (int)leads);
  }
  sql("insert into fin.inbound_leads (created_at)"
      " select '2026-02-15' from generate_series(1, 1500)");
  g_autoptr(Answer) many = compute("2026-02");
  assert_figures("contratos_ativos=0 leads_mes=1501 mrr_total=0", "2026-02-01");
}

/* F78 as far as a clock that is not ours allows: the month before this one, on any day of it */
static void
test_without_a_period_the_month_before_is_computed(G_GNUC_UNUSED void **state)
{
  g_autofree char *month = sql_text("select (" MONTH " - interval '1 month')::date");
  g_autoptr(Answer) answer = compute(NULL);
  assert_ok(answer, month);
  assert_sql(month, "select string_agg(distinct period::text, ' ') from fin.data_indices");
  assert_sql("contratos_ativos=0 leads_mes=0 mrr_total=0",
             "select string_agg(index_key || '=' || value, ' ' order by index_key)"
             "  from fin.data_indices where metadata = '{}'");
}

/* 3.6, F78: what "the month before" and "midnight" mean is decided by these */
static void
test_the_calendar_is_that_of_the_zone(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *instant, *day;
  } days[] = {{"2026-04-01T02:59:59Z", "2026-03-31"},
              {"2026-04-01T03:00:00Z", "2026-04-01"},
              {"2018-11-04T02:59:59Z", "2018-11-03"},
              {"2018-11-04T03:00:00Z", "2018-11-04"}};
  for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
    assert_sql(days[i].day, "select ponte.local_date($1::timestamptz, 'America/Sao_Paulo')",
               days[i].instant);
    if (i % 2 == 1)
      assert_sql("t",
                 "select ponte.local_midnight($1::date, 'America/Sao_Paulo') = $2::timestamptz",
                 days[i].day, days[i].instant);
  }
}

/* 7.4, 12.1: this month is accepted; GET as well as POST; a slash changes nothing */
static void
test_a_month_may_be_named_in_two_forms_and_this_month_too(G_GNUC_UNUSED void **state)
{
  g_autofree char *month = sql_text("select " MONTH);
  g_autofree char *compact = g_strndup(month, 7);
  g_autoptr(Answer) answer = compute(month);
  assert_ok(answer, month);
  g_autofree char *slash = g_strconcat(COMPUTE "/?period=", compact, NULL);
  g_autoptr(Answer) got = call("GET", slash, .token = harness_env("CRON_SECRET"));
  assert_ok(got, month);
  assert_count(3, "fin.data_indices");
}

static void
test_a_month_that_is_none_or_to_come_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const months[] = {"2026-13", "2026-00", "2026-1", "2026-01-15", "abc",
                                       "",        "202601",  "2026",   "01/2026",    "2026-01-1"};
  for (gsize i = 0; i < G_N_ELEMENTS(months); i++) {
    g_autoptr(Answer) answer = compute(months[i]);
    assert_error_code(answer, 400, "period deve ser YYYY-MM ou YYYY-MM-01.", "invalid_parameter");
  }
  g_autofree char *next = sql_text("select (" MONTH " + interval '1 month')::date");
  g_autoptr(Answer) future = compute(next);
  assert_error_code(future, 400, "period não pode ser futuro.", "invalid_parameter");
  assert_count(0, "fin.job_run");
}

/* 12.4: today's contracts decide about an old month too */
static void
test_computing_again_replaces_the_figures(G_GNUC_UNUSED void **state)
{
  put_contract("100", "2026-01-01", "");
  g_autoptr(Answer) first = compute("2026-02");
  sql("update fin.data_indices set metadata = '{\"x\":1}', created_at = '2026-03-01',"
      "  updated_at = '2026-03-01'");
  sql("insert into fin.data_indices (period, index_key, value) values ('2026-02-01', 'other', 5)");
  sql("update fin.contracts set mrr = 250.5");
  g_autoptr(Answer) second = compute("2026-02");
  assert_ok(second, "2026-02-01");
  assert_figures("contratos_ativos=1 leads_mes=0 mrr_total=250.50 other=5", "2026-02-01");
  assert_sql("3", "select count(*) from fin.data_indices where metadata = '{}'"
                  "   and created_at = '2026-03-01' and updated_at > now() - interval '1 min'");
  assert_sql("2", "select count(*) from fin.job_run where status = 'success' and record_count = 3");
}

/* 7.5 */
static void
test_a_month_that_is_being_computed_is_not_computed_twice(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.job_run (id, job, period, lease_until)"
      " values (gen_random_uuid(), 'compute-data-indices', '2026-02-01', now() + interval '1 "
      "min')");
  g_autoptr(Answer) answer = compute("2026-02");
  assert_error_code(answer, 409, "Execução em andamento para 2026-02-01.", "in_progress");
  g_autoptr(Answer) other = compute("2026-01");
  assert_ok(other, "2026-01-01");
  sql("update fin.job_run set lease_until = now() where status = 'running'");
  g_autoptr(Answer) later = compute("2026-02");
  assert_ok(later, "2026-02-01");
  assert_count(1, "fin.job_run where error_message = 'Execução interrompida.'");
}

/* Takes a right from the programs, computes, and gives it back. */
static Answer *
compute_without(const char *right, const char *table)
{
  g_autofree char *take = g_strdup_printf("revoke %s on fin.%s from ponte_app", right, table);
  g_autofree char *give = g_strdup_printf("grant %s on fin.%s to ponte_app", right, table);
  sql(take);
  Answer *answer = compute("2026-02");
  sql(give);
  return answer;
}

/* 12.5, 12.6: what could not be read is not zero */
static void
test_an_input_that_cannot_be_read_fails_the_job(G_GNUC_UNUSED void **state)
{
  static const char *const inputs[] = {"contracts", "inbound_leads"};
  put_contract("100", "2026-01-01", "");
  g_autoptr(Answer) good = compute("2026-02");
  for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++) {
    put_contract("100", "2026-01-01", "");
    g_autoptr(Answer) answer = compute_without("select", inputs[i]);
    assert_error_code(answer, 500, "Erro ao calcular índices.", "job_failed");
    assert_null(strstr(answer->body, inputs[i]));
  }
  assert_figures("contratos_ativos=1 leads_mes=0 mrr_total=100.00", "2026-02-01");
  assert_count(2, "fin.job_run where error_message = 'Erro ao calcular índices.'");
  assert_count(0, "fin.job_run where status = 'running'");
}

/* 7.5: without the log of runs there is no exclusion, hence no run */
static void
test_a_run_that_cannot_be_logged_does_not_begin(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = compute_without("insert", "job_run");
  assert_error_code(answer, 500, "Erro ao calcular índices.", "job_failed");
  assert_count(0, "fin.data_indices");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_contract_counts_when_it_touches_the_month),
      CASE(test_the_mrr_is_exact),
      CASE(test_leads_are_counted_by_the_month_of_sao_paulo),
      CASE(test_without_a_period_the_month_before_is_computed),
      CASE(test_the_calendar_is_that_of_the_zone),
      CASE(test_a_month_may_be_named_in_two_forms_and_this_month_too),
      CASE(test_a_month_that_is_none_or_to_come_is_refused),
      CASE(test_computing_again_replaces_the_figures),
      CASE(test_a_month_that_is_being_computed_is_not_computed_twice),
      CASE(test_an_input_that_cannot_be_read_fails_the_job),
      CASE(test_a_run_that_cannot_be_logged_does_not_begin),
  };
  return RUN("indices", tests);
}

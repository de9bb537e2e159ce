/* Events counted per day (fin.md 11). */
#include "harness.h"

#include <string.h>

#define AGGREGATE "/api/cron/aggregate-events"
#define PROGRAM   "cron/aggregate-events"
#define TODAY     "(now() at time zone 'America/Sao_Paulo')::date"

static Answer *
aggregate(const char *period)
{
  g_autofree char *path =
      period ? g_strconcat(AGGREGATE "?period=", period, NULL) : g_strdup(AGGREGATE);
  return call("POST", path, .token = harness_env("CRON_SECRET"));
}

/* So many events of a type at an instant. */
static void
put_events(const char *module, const char *type, const char *at, const char *count)
{
  sql("insert into fin.module_events (module, event_type, created_at)"
      " select $1, $2, $3::timestamptz from generate_series(1, $4::int)",
      module, type, at, count);
}

#define assert_ok(answer, period, rows) assert_ok_at(answer, period, rows, __FILE__, __LINE__)
static void
assert_ok_at(const Answer *answer, const char *period, guint rows, const char *file, int line)
{
  g_autofree char *expected =
      g_strdup_printf("{\"ok\":true,\"period\":\"%s\",\"rowsAffected\":%u,"
                      "\"message\":\"Eventos agregados para %s: %u grupo(s).\"}",
                      period, rows, period, rows);
  assert_status_at(answer, 200, file, line);
  if (!g_str_equal(g_strchomp(answer->body), expected)) {
    print_error("%s\nis not\n%s\n", answer->body, expected);
    _fail(file, line);
  }
}

/* The stored groups: "2026-02-09 growth lead.created 3", a line each. */
#define assert_groups(expected)                                                                    \
  assert_sql(expected,                                                                             \
             "select string_agg(concat_ws(' ', period, module, event_type, count), E'\n'"          \
             "         order by period, module, event_type) from fin.event_aggregates")

/* F73, 11.2, 18.17 */
static void
test_yesterday_is_counted_to_the_last_event(G_GNUC_UNUSED void **state)
{
  g_autofree char *day = sql_text("select " TODAY " - 1");
  g_autofree char *noon = g_strconcat(day, " 15:00Z", NULL);
  g_autofree char *expected = g_strconcat(day, " growth lead.created 1500", NULL);
  put_events("growth", "lead.created", noon, "1500");
  sql("insert into fin.module_events (module, event_type) values ('ops', 'of.today')");
  g_autoptr(Answer) answer = aggregate(NULL);
  assert_ok(answer, day, 1);
  assert_groups(expected);
  assert_count(0, "fin.module_events where processed"); /* 11.4: another engine's column */
}

/* F74, 11.3: from local midnight, inclusive, to local midnight, exclusive */
static void
test_a_day_is_a_day_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  put_events("growth", "night", "2026-02-10 02:30Z", "1");
  put_events("growth", "first", "2026-02-09 03:00Z", "1");
  put_events("growth", "last", "2026-02-10 02:59:59.999999Z", "1");
  put_events("growth", "before", "2026-02-09 02:59:59.999999Z", "1");
  put_events("growth", "after", "2026-02-10 03:00Z", "1");
  g_autoptr(Answer) answer = aggregate("2026-02-09");
  assert_ok(answer, "2026-02-09", 3);
  assert_groups("2026-02-09 growth first 1\n2026-02-09 growth last 1\n2026-02-09 growth night 1");
}

/* Days of 25 and of 23 hours, while São Paulo had daylight saving time. */
static void
test_a_day_on_which_clocks_changed_is_whole(G_GNUC_UNUSED void **state)
{
  put_events("gov", "first", "2018-02-17 02:00Z", "1");
  put_events("gov", "second 23:30", "2018-02-18 02:30Z", "1");
  put_events("gov", "next", "2018-02-18 03:00Z", "1");
  g_autoptr(Answer) longer = aggregate("2018-02-17");
  assert_ok(longer, "2018-02-17", 2);
  put_events("gov", "eve", "2018-11-04 02:59Z", "1");
  put_events("gov", "1:00 is the first hour", "2018-11-04 03:00Z", "1");
  put_events("gov", "23:59", "2018-11-05 01:59Z", "1");
  put_events("gov", "morrow", "2018-11-05 02:00Z", "1");
  g_autoptr(Answer) shorter = aggregate("2018-11-04");
  assert_ok(shorter, "2018-11-04", 2);
  assert_groups("2018-02-17 gov first 1\n2018-02-17 gov second 23:30 1\n"
                "2018-11-04 gov 1:00 is the first hour 1\n2018-11-04 gov 23:59 1");
}

/* F75, 18.18 */
static void
test_names_that_look_alike_when_joined_are_groups_of_their_own(G_GNUC_UNUSED void **state)
{
  put_events("x|y", "z", "2026-02-09 15:00Z", "2");
  put_events("x", "y|z", "2026-02-09 15:00Z", "3");
  g_autoptr(Answer) answer = aggregate("2026-02-09");
  assert_ok(answer, "2026-02-09", 2);
  assert_groups("2026-02-09 x y|z 3\n2026-02-09 x|y z 2");
}

/* F76, 11.4, 11.6 */
static void
test_a_second_run_adds_late_events_and_forgets_groups_that_are_gone(G_GNUC_UNUSED void **state)
{
  put_events("fin", "kept", "2026-02-09 15:00Z", "2");
  put_events("fin", "gone", "2026-02-09 15:00Z", "2");
  put_events("fin", "other.day", "2026-02-08 15:00Z", "1");
  g_autoptr(Answer) before = aggregate("2026-02-08");
  g_autoptr(Answer) first = aggregate("2026-02-09");
  assert_ok(first, "2026-02-09", 2);
  sql("update fin.event_aggregates set created_at = '2026-02-10', updated_at = '2026-02-10'");
  sql("delete from fin.module_events where event_type = 'gone'");
  put_events("fin", "kept", "2026-02-09 16:00Z", "1");
  put_events("fin", "late", "2026-02-09 16:00Z", "1");
  g_autoptr(Answer) second = aggregate("2026-02-09");
  assert_ok(second, "2026-02-09", 2);
  assert_groups("2026-02-08 fin other.day 1\n2026-02-09 fin kept 3\n2026-02-09 fin late 1");
  assert_sql("t", "select created_at = '2026-02-10' and updated_at > now() - interval '1 min'"
                  "  from fin.event_aggregates where event_type = 'kept'");
  sql("truncate fin.module_events");
  g_autoptr(Answer) empty = aggregate("2026-02-09");
  assert_ok(empty, "2026-02-09", 0);
  assert_groups("2026-02-08 fin other.day 1");
  assert_sql("4|0", "select count(*) || '|' || count(*) filter (where status <> 'success'"
                    "   or finished_at is null or record_count is null) from fin.job_run");
}

/* 11.2: today is accepted; GET as well as POST; a slash changes nothing */
static void
test_a_day_may_be_named_and_today_too(G_GNUC_UNUSED void **state)
{
  g_autofree char *today = sql_text("select " TODAY);
  g_autofree char *secret = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  sql("insert into fin.module_events (module, event_type) values ('ops', 'of.today')");
  g_autoptr(Answer) answer = aggregate(today);
  assert_ok(answer, today, 1);
  g_autofree char *slash = g_strconcat(AGGREGATE "/?period=", today, NULL);
  g_autoptr(Answer) got = call("GET", slash, .headers = {secret});
  assert_ok(got, today, 1);
}

static void
test_a_day_that_is_none_or_to_come_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const days[] = {"2026-02-30", "2026-13-01",    "2026-2-9",  "2026-02",
                                     "09/02/2026", "ontem",         "",          "2026-02-09T00:00",
                                     "20260209",   "2026-02-09%20", "0000-00-00"};
  for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
    g_autoptr(Answer) answer = aggregate(days[i]);
    assert_error_code(answer, 400, "period deve ser YYYY-MM-DD.", "invalid_parameter");
  }
  g_autofree char *tomorrow = sql_text("select " TODAY " + 1");
  g_autoptr(Answer) future = aggregate(tomorrow);
  assert_error_code(future, 400, "period não pode ser futuro.", "invalid_parameter");
  g_autoptr(Answer) twice = aggregate("2026-02-09&period=2026-02-09");
  assert_error_code(twice, 400, "Parâmetro repetido: period.", "repeated_parameter");
  assert_count(0, "fin.job_run");
}

/* 2.12, 7.2: for both jobs of this family */
static void
test_only_the_schedulers_secret_starts_a_job(G_GNUC_UNUSED void **state)
{
  static const char *const jobs[] = {AGGREGATE, "/api/cron/compute-data-indices"};
  static const char *const methods[] = {"GET", "POST"};
  g_autofree char *admin = token_for_role("admin");
  g_autofree char *right = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  for (gsize i = 0; i < 4; i++) {
    const char *job = jobs[i / 2], *method = methods[i % 2];
    g_autoptr(Answer) nobody = call(method, job);
    assert_error(nobody, 401, "Não autorizado.");
    g_autoptr(Answer) user = call(method, job, .token = admin);
    assert_error(user, 401, "Não autorizado.");
    g_autoptr(Answer) wrong =
        call(method, job, .headers = {"x-cron-secret: wrong-wrong-wrong-wrong"});
    assert_error(wrong, 401, "Não autorizado.");
    g_autoptr(Answer) bearer = call(method, job, .token = "wrong", .headers = {right});
    assert_error(bearer, 401, "Não autorizado.");
  }
  assert_count(0, "fin.job_run");
  program_restart(PROGRAM, "CRON_SECRET=");
  g_autoptr(Answer) open = call("POST", AGGREGATE);
  assert_error(open, 500, "CRON_SECRET não configurado.");
}

/* 7.5 */
static void
test_a_day_that_is_being_counted_is_not_counted_twice(G_GNUC_UNUSED void **state)
{
  put_events("fin", "x", "2026-02-09 15:00Z", "1");
  sql("insert into fin.job_run (id, job, period, lease_until)"
      " values (gen_random_uuid(), 'aggregate-events', '2026-02-09', now() + interval '1 min')");
  g_autoptr(Answer) answer = aggregate("2026-02-09");
  assert_error_code(answer, 409, "Execução em andamento para 2026-02-09.", "in_progress");
  assert_count(0, "fin.event_aggregates");
  g_autoptr(Answer) other_day = aggregate("2026-02-08");
  assert_ok(other_day, "2026-02-08", 0);
  sql("update fin.job_run set lease_until = now() - interval '1 s' where status = 'running'");
  g_autoptr(Answer) later = aggregate("2026-02-09");
  assert_ok(later, "2026-02-09", 1);
  assert_sql("Execução interrompida.",
             "select error_message from fin.job_run where status = 'error'"
             "   and finished_at is not null");
}

/* 7.5: ten at once; whoever is not refused has left the same rows */
static void
test_ten_calls_at_once_leave_one_set_of_rows(G_GNUC_UNUSED void **state)
{
  Pending *pending[10];
  guint good = 0;
  put_events("fin", "x", "2026-02-09 15:00Z", "70");
  for (guint i = 0; i < G_N_ELEMENTS(pending); i++)
    pending[i] =
        call_start("POST", AGGREGATE "?period=2026-02-09", .token = harness_env("CRON_SECRET"));
  for (guint i = 0; i < G_N_ELEMENTS(pending); i++) {
    g_autoptr(Answer) answer = call_finish(pending[i]);
    if (answer->status == 200)
      good++;
    else
      assert_error_code(answer, 409, "Execução em andamento para 2026-02-09.", "in_progress");
  }
  assert_in_range(good, 1, 10);
  assert_groups("2026-02-09 fin x 70");
  g_autofree char *runs = g_strdup_printf("%u", good);
  assert_sql(runs, "select count(*) from fin.job_run where status = 'success'");
  assert_count(0, "fin.job_run where status = 'running'");
}

/* kill -9 in the middle: nothing is half written, and the next run closes the dead one */
static void
test_a_killed_run_is_closed_by_the_next(G_GNUC_UNUSED void **state)
{
  put_events("fin", "x", "2026-02-09 15:00Z", "2");
  g_autoptr(PGconn) other = admin_connect();
  PQclear(PQexec(other, "begin; lock table fin.event_aggregates"));
  (void)call_start("POST", AGGREGATE "?period=2026-02-09", .token = harness_env("CRON_SECRET"));
  WAIT_FOR(sql_number("select count(*) from pg_locks where not granted"
                      "   and relation = 'fin.event_aggregates'::regclass") > 0);
  program_kill(PROGRAM);
  sql("select pg_terminate_backend(pid) from pg_locks where not granted"
      "   and relation = 'fin.event_aggregates'::regclass");
  PQclear(PQexec(other, "rollback"));
  assert_count(0, "fin.event_aggregates");
  assert_count(1, "fin.job_run where status = 'running'");
  programs_restore();
  sql("update fin.job_run set lease_until = now() - interval '1 s'");
  g_autoptr(Answer) answer = aggregate("2026-02-09");
  assert_ok(answer, "2026-02-09", 1);
  assert_groups("2026-02-09 fin x 2");
  assert_count(1, "fin.job_run where error_message = 'Execução interrompida.'");
}

/* 11.5, 15.2: the caller is told that it failed and nothing of the database */
static void
test_a_failure_is_told_and_kept_and_changes_nothing(G_GNUC_UNUSED void **state)
{
  put_events("fin", "x", "2026-02-09 15:00Z", "2");
  g_autoptr(Answer) first = aggregate("2026-02-09");
  assert_ok(first, "2026-02-09", 1);
  put_events("fin", "y", "2026-02-09 15:00Z", "2");
  sql("alter table fin.event_aggregates add constraint probe check (event_type <> 'y')");
  g_autoptr(Answer) answer = aggregate("2026-02-09");
  sql("alter table fin.event_aggregates drop constraint probe");
  assert_error_code(answer, 500, "Erro ao agregar eventos.", "job_failed");
  assert_null(strstr(answer->body, "probe"));
  assert_groups("2026-02-09 fin x 2");
  assert_sql("Erro ao agregar eventos.",
             "select error_message from fin.job_run where status = 'error'");
}

/* 7.11, 11.5: whatever fails the job is a 500 with the job's own words, the database too */
static void
test_a_database_that_is_away_fails_the_job(G_GNUC_UNUSED void **state)
{
  postgres_stop();
  g_autoptr(Answer) answer = aggregate("2026-02-09");
  postgres_start();
  assert_error_code(answer, 500, "Erro ao agregar eventos.", "job_failed");
  g_autoptr(Answer) later = aggregate("2026-02-09");
  assert_ok(later, "2026-02-09", 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_yesterday_is_counted_to_the_last_event),
      CASE(test_a_day_is_a_day_of_sao_paulo),
      CASE(test_a_day_on_which_clocks_changed_is_whole),
      CASE(test_names_that_look_alike_when_joined_are_groups_of_their_own),
      CASE(test_a_second_run_adds_late_events_and_forgets_groups_that_are_gone),
      CASE(test_a_day_may_be_named_and_today_too),
      CASE(test_a_day_that_is_none_or_to_come_is_refused),
      CASE(test_only_the_schedulers_secret_starts_a_job),
      CASE(test_a_day_that_is_being_counted_is_not_counted_twice),
      CASE(test_ten_calls_at_once_leave_one_set_of_rows),
      CASE(test_a_killed_run_is_closed_by_the_next),
      CASE(test_a_failure_is_told_and_kept_and_changes_nothing),
      CASE(test_a_database_that_is_away_fails_the_job),
  };
  return RUN("event aggregates", tests);
}

/* Who may start a run, and when: cooldown, a run under way, switches (fin.md 6.1 to 6.3). */
#include "harness.h"

#include <string.h>

/* A run of the log that started so long ago ("4 min 59 s"); `lease` from now, for running ones. */
static void
run_put(const char *ago, const char *status, const char *lease)
{
  sql("insert into fin.erp_sync_log (started_at, finished_at, status, lease_until)"
      " values (now() - $1::interval, case when $2 <> 'running' then now() - $1::interval end, $2,"
      "         now() + nullif($3, '')::interval)",
      ago, status, lease);
}

static void
assert_cooldown(const char *text, gint64 least, gint64 most)
{
  g_autoptr(Answer) answer = sync_post();
  assert_error_code(answer, 429, text, "cooldown");
  const char *seconds = answer_header(answer, "retry-after");
  assert_non_null(seconds);
  assert_in_range(g_ascii_strtoll(seconds, NULL, 10), least, most);
  assert_int_equal(omie_calls(), 0);
}

/* F15 */
static void
test_a_run_one_second_too_early_is_told_to_wait_a_minute(G_GNUC_UNUSED void **state)
{
  run_put("4 min 59 s", "success", "");
  assert_cooldown("Aguarde 1 minuto(s) para sincronizar novamente.", 1, 1);
  assert_count(1, "fin.erp_sync_log");
}

/* F15 */
static void
test_a_failed_run_uses_up_the_cooldown_too(G_GNUC_UNUSED void **state)
{
  run_put("10 s", "error", "");
  assert_cooldown("Aguarde 5 minuto(s) para sincronizar novamente.", 285, 290);
}

/* 6.3 b */
static void
test_a_run_of_the_future_counts_as_one_of_now(G_GNUC_UNUSED void **state)
{
  run_put("-10 min", "success", "");
  assert_cooldown("Aguarde 5 minuto(s) para sincronizar novamente.", 300, 300);
}

/* 6.8: a running run younger than five minutes is a cooldown, not a conflict */
static void
test_a_young_run_under_way_is_a_cooldown(G_GNUC_UNUSED void **state)
{
  run_put("1 min", "running", "100 s");
  assert_cooldown("Aguarde 4 minuto(s) para sincronizar novamente.", 230, 240);
}

/* F16 */
static void
test_a_run_exactly_five_minutes_after_the_last_is_allowed(G_GNUC_UNUSED void **state)
{
  omie_seed(1);
  run_put("300 s", "success", "");
  assert_int_equal(sync_ok(), 1);
  assert_count(2, "fin.erp_sync_log");
}

static void
assert_one_of(guint count)
{
  Pending *calls[20];
  guint good = 0, early = 0;
  for (guint i = 0; i < count; i++)
    calls[i] = sync_start();
  for (guint i = 0; i < count; i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    good += answer->status == 200;
    early += answer->status == 429;
  }
  assert_int_equal(good, 1);
  assert_int_equal(early, count - 1);
  assert_count(1, "fin.erp_sync_log");
  assert_count(1, "fin.erp_sync_log where status = 'success' and record_count = 120");
  g_autofree char *pages = omie_pages();
  assert_string_equal(pages, "1,2,3");
  assert_count(120, "fin.clients");
}

/* F17 */
static void
test_of_two_callers_at_the_same_instant_one_runs(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50", "ROUTE_WORKERS=4");
  omie_seed(120);
  assert_one_of(2);
}

/* F17 */
static void
test_of_twenty_callers_at_the_same_instant_one_runs(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50", "ROUTE_WORKERS=20");
  omie_seed(120);
  assert_one_of(20);
}

/* F18 */
static void
test_a_run_of_six_minutes_that_still_lives_is_named(G_GNUC_UNUSED void **state)
{
  run_put("6 min", "running", "100 s");
  g_autofree char *id = last_run("id");
  g_autoptr(Answer) answer = sync_post();
  assert_error_code(answer, 409, "Sincronização em andamento.", "in_progress");
  assert_member(answer, "logId", id);
  assert_header(answer, "retry-after", "30");
  assert_count(1, "fin.erp_sync_log");
  assert_last_run("status", "running");
}

/* F30 */
static void
test_without_credentials_the_run_says_which_variables_are_missing(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_APP_KEY=", "OMIE_APP_SECRET=");
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 500, "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.");
  g_autofree char *id = last_run("id");
  assert_member(answer, "logId", id);
  assert_last_run("status", "error");
  assert_last_run("error_message", "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.");
  assert_sql("t", "select finished_at is not null from fin.erp_sync_log");
}

/* F31 */
static void
test_the_switch_turns_the_sync_off_before_anything_is_written(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "FIN_SYNC_DISABLED=1");
  g_autoptr(Answer) answer = sync_post();
  assert_error_code(answer, 503, "Sincronização de ERP desativada.", "disabled");
  assert_count(0, "fin.erp_sync_log");
  assert_int_equal(omie_calls(), 0);
  g_autoptr(Answer) shown = sync_get();
  assert_status(shown, 200);
}

/* F32 */
static void
test_a_log_row_that_cannot_be_written_stops_the_run(G_GNUC_UNUSED void **state)
{
  sql("create schema if not exists probe");
  sql("create or replace function probe.refuse() returns trigger language plpgsql as $$"
      "  begin raise exception 'not today'; end $$");
  sql("create trigger probe_refuse before insert on fin.erp_sync_log for each row"
      " execute function probe.refuse()");
  g_autoptr(Answer) answer = sync_post();
  sql("drop schema probe cascade");
  assert_error(answer, 500, "Falha ao criar registro de sync.");
  assert_null(strstr(answer->body, "not today"));
  assert_int_equal(omie_calls(), 0);
}

/* F47 */
static void
test_the_scheduler_may_start_a_run_with_its_secret(G_GNUC_UNUSED void **state)
{
  omie_seed(1);
  {
    g_autoptr(Answer) answer = call("POST", SYNC, .token = harness_env("CRON_SECRET"));
    assert_status(answer, 200);
  }
  assert_last_run("requested_by", NULL);
  five_minutes_pass();
  g_autofree char *header = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  g_autoptr(Answer) again = call("POST", SYNC, .headers = {header});
  assert_status(again, 200);
  assert_count(2, "fin.erp_sync_log where requested_by is null and status = 'success'");
}

/* 6.1: cooldown and exclusion hold for the scheduler as well */
static void
test_the_scheduler_waits_like_everybody(G_GNUC_UNUSED void **state)
{
  run_put("10 s", "success", "");
  g_autoptr(Answer) answer = call("POST", SYNC, .token = harness_env("CRON_SECRET"));
  assert_error(answer, 429, "Aguarde 5 minuto(s) para sincronizar novamente.");
}

/* F82, 3.8 */
static void
test_a_run_goes_on_when_its_caller_has_left(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  omie_hold(1);
  g_autoptr(Answer) answer =
      call("POST", SYNC, .token = harness_env("CRON_SECRET"), .timeout_ms = 300);
  assert_status(answer, 0);
  WAIT_FOR(held_count() == 1);
  omie_release();
  WAIT_FOR(sql_number("select count(*) from fin.erp_sync_log where status = 'success'") == 1);
  assert_last_run("record_count", "3");
  assert_count(3, "fin.clients");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_run_one_second_too_early_is_told_to_wait_a_minute),
      CASE(test_a_failed_run_uses_up_the_cooldown_too),
      CASE(test_a_run_of_the_future_counts_as_one_of_now),
      CASE(test_a_young_run_under_way_is_a_cooldown),
      CASE(test_a_run_exactly_five_minutes_after_the_last_is_allowed),
      CASE(test_of_two_callers_at_the_same_instant_one_runs),
      CASE(test_of_twenty_callers_at_the_same_instant_one_runs),
      CASE(test_a_run_of_six_minutes_that_still_lives_is_named),
      CASE(test_without_credentials_the_run_says_which_variables_are_missing),
      CASE(test_the_switch_turns_the_sync_off_before_anything_is_written),
      CASE(test_a_log_row_that_cannot_be_written_stops_the_run),
      CASE(test_the_scheduler_may_start_a_run_with_its_secret),
      CASE(test_the_scheduler_waits_like_everybody),
      CASE(test_a_run_goes_on_when_its_caller_has_left),
  };
  return RUN("sync: gate", tests);
}

/* Long routes of fin that a caller leaves to the workers: Prefer: respond-async (RFC 7240). */
#include "harness_worker.h"

#include <signal.h>

#define REVENUE "/api/cron/sync-omie-revenue"
#define ASYNC   .headers = {"Prefer: respond-async"}

static char *
cron_header(void)
{
  return g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
}

/* Leaves a client sync to the workers; returns its task. */
static char *
leave_sync(void)
{
  g_autoptr(Answer) answer = call("POST", SYNC, .token = fin_token(), ASYNC);
  assert_status(answer, 202);
  assert_header(answer, "preference-applied", "respond-async");
  assert_true(json_is_true(json_object_get(answer->json, "success")));
  assert_member(answer, "logId", answer_text(answer, "task_id"));
  assert_null(json_object_get(answer->json, "recordCount"));
  return g_strdup(answer_text(answer, "task_id"));
}

static gboolean
task_is(const char *task, const char *status)
{
  g_autoptr(Answer) answer = bo_get(TASKS "/%s", task);
  return g_strcmp0(answer_text(answer, "status"), status) == 0;
}

static void
test_a_sync_left_to_the_workers_is_answered_before_it_ran(G_GNUC_UNUSED void **state)
{
  omie_seed(120);
  g_autofree char *task = leave_sync();
  assert_count(0, "fin.clients");
  assert_true(task_is(task, "running"));
  g_autoptr(Answer) last = sync_get();
  assert_string_equal(answer_last_run(last, "status"), "running");
  worker_once(UNHURRIED);
  assert_true(task_is(task, "success"));
  assert_count(120, "fin.clients");
  assert_last_run("record_count", "120");
  assert_last_run("tentativas", "1");
}

static void
test_a_worker_that_runs_takes_it_up_by_itself(G_GNUC_UNUSED void **state)
{
  omie_seed(60);
  worker_start(UNHURRIED, "JOB_WORKERS=1", "JOB_POLL_MS=600000");
  worker_process();
  g_autofree char *task = leave_sync();
  WAIT_FOR(task_is(task, "success"));
  assert_count(60, "fin.clients");
}

static void
test_a_sync_that_waits_counts_for_the_cooldown(G_GNUC_UNUSED void **state)
{
  g_autofree char *task = leave_sync();
  g_autoptr(Answer) again = sync_post();
  assert_error_code(again, 429, "Aguarde 5 minuto(s) para sincronizar novamente.", "cooldown");
  runs_age("301 s");
  g_autoptr(Answer) later = sync_post();
  assert_error_code(later, 409, "Sincronização em andamento.", "in_progress");
  assert_member(later, "logId", task);
}

static void
test_a_failure_in_the_background_is_told_as_in_the_foreground(G_GNUC_UNUSED void **state)
{
  omie_seed(10);
  omie_fault(1, 401, "SOAP-ENV:Server", "ERROR: Chave de acesso inválida!");
  g_autofree char *task = leave_sync();
  worker_once(UNHURRIED);
  assert_true(task_is(task, "error"));
  assert_last_run("error_message", "Omie API 401: ERROR: Chave de acesso inválida!");
}

/* 14.6: no second attempt by itself; whoever asks next starts anew */
static void
test_a_sync_whose_worker_was_killed_is_shown_as_interrupted(G_GNUC_UNUSED void **state)
{
  omie_seed(120);
  omie_hold(1);
  worker_start(UNHURRIED, POLLS, "JOB_WORKERS=1", "JOB_LEASE_S=1", "FIN_SYNC_LEASE_S=1");
  g_autofree char *task = leave_sync();
  WAIT_FOR(held_count() > 0);
  program_kill(WORKER);
  omie_release();
  WAIT_FOR(sql_number("select count(*) from fin.erp_sync_log where lease_ate < now()") == 1);
  worker_once(UNHURRIED);
  assert_true(task_is(task, "error"));
  assert_last_run("error_message", "Sincronização interrompida.");
  assert_last_run("lease_token", NULL);
  five_minutes_pass();
  assert_int_equal(sync_ok(), 120);
}

static void
test_a_month_left_to_the_workers_is_stored_by_them(G_GNUC_UNUSED void **state)
{
  g_autofree char *secret = cron_header();
  titles_seed("2026-01", 60);
  g_autoptr(Answer) answer = call("POST", REVENUE "?period=2026-01",
                                  .headers = {secret, "Prefer: respond-async, wait=10"});
  assert_status(answer, 202);
  assert_header(answer, "preference-applied", "respond-async");
  assert_member(answer, "period", "2026-01-01");
  assert_count(0, "fin.erp_revenue_snapshot");
  g_autoptr(Answer) second = call("POST", REVENUE "?period=2026-01", .headers = {secret});
  assert_error_code(second, 409, "Execução em andamento para 2026-01-01.", "in_progress");
  worker_once(UNHURRIED);
  assert_true(task_is(answer_text(answer, "task_id"), "success"));
  g_autofree char *path = g_strconcat(TASKS "/", answer_text(answer, "task_id"), NULL);
  g_autoptr(Answer) followed = call("GET", path, .headers = {secret});
  assert_member(followed, "tipo", "sync-omie-revenue");
  assert_true(sql_number("select count(*) from fin.erp_revenue_snapshot") > 0);
  assert_sql(NULL, "select record_count::text from fin.job_run where record_count is null");
}

/* Nobody works: the next call takes the place of the one that waited in vain */
static void
test_a_month_that_nobody_took_up_does_not_stand_in_the_way(G_GNUC_UNUSED void **state)
{
  g_autofree char *secret = cron_header();
  g_autoptr(Answer) answer =
      call("POST", REVENUE "?period=2026-01", .headers = {secret, "Prefer: respond-async"});
  assert_status(answer, 202);
  sql("update fin.job_run set lease_until = now() - interval '1 s'");
  g_autoptr(Answer) second = call("POST", REVENUE "?period=2026-01", .headers = {secret});
  assert_status(second, 200);
  worker_once(UNHURRIED);
  assert_sql("error,success",
             "select string_agg(status, ',' order by started_at) from fin.job_run");
}

static void
test_another_preference_changes_nothing(G_GNUC_UNUSED void **state)
{
  omie_seed(5);
  g_autoptr(Answer) answer = call("POST", SYNC, .token = fin_token(),
                                  .headers = {"Prefer: return=minimal, handling=lenient"});
  assert_status(answer, 200);
  assert_null(answer_header(answer, "preference-applied"));
  assert_count(5, "fin.clients");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_a_sync_left_to_the_workers_is_answered_before_it_ran),
      WORKER_CASE(test_a_worker_that_runs_takes_it_up_by_itself),
      WORKER_CASE(test_a_sync_that_waits_counts_for_the_cooldown),
      WORKER_CASE(test_a_failure_in_the_background_is_told_as_in_the_foreground),
      WORKER_CASE(test_a_sync_whose_worker_was_killed_is_shown_as_interrupted),
      WORKER_CASE(test_a_month_left_to_the_workers_is_stored_by_them),
      WORKER_CASE(test_a_month_that_nobody_took_up_does_not_stand_in_the_way),
      WORKER_CASE(test_another_preference_changes_nothing),
  };
  return RUN("async", tests);
}

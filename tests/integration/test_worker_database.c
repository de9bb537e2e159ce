/* Workers whose database comes and goes (backoffice.md 14.9). */
#include "harness_worker.h"

#include <string.h>

#define SLEEPS "JOB_POLL_MS=600000", "JOB_SWEEP_MS=600000"

/* A sleeping worker that is told of work, and does it: it listens. */
static void
assert_wakes(const char *number)
{
  order_put(number, "Aberto");
  gint64 id = closure_put(number, NULL);
  WAIT_FOR(closure_is(id, "success"));
  assert_closure(id, "tentativas", "1");
}

static void
test_a_sleeping_worker_listens_again_after_a_restart_of_postgres(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", SLEEPS);
  pid_t worker = worker_process();
  assert_wakes("PO1");
  postgres_restart();
  assert_int_equal(worker_process(), worker);
  assert_wakes("PO2");
}

/* The connection that listens is cut alone */
static void
test_a_worker_listens_again_when_its_connection_was_cut(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", SLEEPS);
  worker_process();
  sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'worker'");
  worker_process();
  assert_wakes("PO1");
}

/* Postgres goes away while Omie is asked: the lease runs out, and the job is done once */
static void
test_a_job_survives_a_restart_of_postgres(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 3);
  omie_answer(.method = OBTAIN_ATTACHMENT, .call = 2, .times = 1, .trick = "hang",
              .delay_ms = 2500);
  worker_start("JOB_WORKERS=1", "JOB_LEASE_S=4", UNHURRIED, SWEEPS);
  gint64 id = transfer_put(1, 2);
  WAIT_FOR(omie_calls_of(OBTAIN_ATTACHMENT) == 2);
  postgres_restart();
  WAIT_FOR(transfer_is(id, "success"));
  assert_transfer(id, "anexos_sucesso || ' ' || em_envio", "3 []");
  assert_sql("antes.pdf,nota-1.pdf,nota-2.pdf,nota-3.pdf",
             "select string_agg(name, ',' order by name) from sandbox.omie_attachment"
             " where register = 'conta-pagar'");
}

/* One statement of the job finds its connection cut */
static void
test_a_job_survives_a_cut_connection(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 3);
  worker_start("JOB_WORKERS=1", "JOB_LEASE_S=2", UNHURRIED, SWEEPS);
  calls_hold(INCLUDE_ATTACHMENT);
  gint64 id = transfer_put(1, 2);
  WAIT_FOR(held_count() == 1);
  sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ponte'");
  omie_release();
  WAIT_FOR(transfer_is(id, "success"));
  assert_transfer(id, "anexos_sucesso || ' ' || em_envio", "3 []");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 3);
}

/* When the worker tried and failed, in milliseconds since the mark: up to `max` instants. */
static guint
read_waits(gsize mark, gint64 *instants, guint max)
{
  g_autofree char *log = program_log_since(WORKER, mark);
  g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
  guint n = 0;
  for (guint i = 0; lines[i] != NULL && n < max; i++) {
    if (strstr(lines[i], "worker waits") == NULL)
      continue;
    g_autoptr(json_t) line = json_loads(lines[i], 0, NULL);
    g_autoptr(GDateTime) time =
        g_date_time_new_from_iso8601(json_string_value(json_object_get(line, "time")), NULL);
    assert_non_null(time);
    instants[n++] = g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000;
  }
  return n;
}

/* 14.9: it asks less and less often, and goes on when the database is back */
static void
test_a_worker_waits_longer_each_time_and_then_goes_on(G_GNUC_UNUSED void **state)
{
  enum { TRIES = 4 };
  gint64 at[TRIES];
  worker_start("JOB_WORKERS=1", SLEEPS);
  pid_t worker = worker_process();
  gsize mark = program_log_mark(WORKER);
  postgres_stop();
  WAIT_FOR(read_waits(mark, at, TRIES) == TRIES);
  for (guint i = 2; i < TRIES; i++)
    assert_true(at[i] - at[i - 1] > (at[i - 1] - at[i - 2]) * 3 / 2);
  assert_true(at[1] - at[0] >= 450 && at[TRIES - 1] - at[0] < 10000);
  postgres_start();
  assert_int_equal(worker_process(), worker);
  assert_wakes("PO1");
  postgres_stop(); /* and the pauses begin anew */
  mark = program_log_mark(WORKER);
  WAIT_FOR(read_waits(mark, at, 2) == 2);
  assert_true(at[1] - at[0] < 1500);
}

/* B89 */
static void
test_what_a_caller_could_not_wait_for_is_completed(G_GNUC_UNUSED void **state)
{
  program_restart("attachments/transferir", "BACKOFFICE_SYNC_DEADLINE_S=1", UNHURRIED);
  omie_setting("latency_ms", "250");
  pair_put(1, 2, 5);
  g_autoptr(Answer) answer = bo_post(TRANSFER, "{\"origem_id\":1,\"destino_id\":2}");
  assert_member(answer, "status", "failed");
  gint64 id = answer_int(answer, "log_id");
  gint64 sent = answer_int(answer, "anexos_transferidos");
  assert_true(sent < 5);
  assert_int_equal(json_integer_value(
                       json_object_get(json_object_get(answer->json, "detalhes"), "nao_tentados")),
                   5 - sent);
  assert_transfer(id, "proxima_tentativa_em > now()", "true");
  omie_setting("latency_ms", "0");
  sql("update " TRANSFERS " set proxima_tentativa_em = now()");
  worker_once(UNHURRIED);
  assert_transfer(id, "status || tentativas", "success2");
  assert_transfer(id, "mensagem_erro", "(null)");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 5);
  assert_int_equal(attachments_count("conta-pagar", 2), 6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_a_sleeping_worker_listens_again_after_a_restart_of_postgres),
      WORKER_CASE(test_a_worker_listens_again_when_its_connection_was_cut),
      WORKER_CASE(test_a_job_survives_a_restart_of_postgres),
      WORKER_CASE(test_a_job_survives_a_cut_connection),
      WORKER_CASE(test_a_worker_waits_longer_each_time_and_then_goes_on),
      WORKER_CASE(test_what_a_caller_could_not_wait_for_is_completed),
  };
  return RUN("worker: database", tests);
}

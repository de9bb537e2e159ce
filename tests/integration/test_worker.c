/* The worker: what it takes, when, and what becomes of it (backoffice.md 14). */
#include "harness_worker.h"

#include <string.h>

static const char *const once[] = {"--once", NULL};

/* B28, B29 */
static void
test_what_was_accepted_is_done_when_a_worker_comes(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 2);
  g_autoptr(Answer) answer =
      bo_post(TRANSFER, "{\"origem_id\":1,\"destino_id\":2,\"assincrono\":true}");
  assert_status(answer, 202);
  const char *task = answer_text(answer, "task_id");
  gint64 id = answer_int(answer, "log_id");
  assert_transfer(id, "status || tentativas", "pending0");
  assert_methods_called("");
  g_autoptr(Answer) waiting = bo_get(TASKS "/%s", task);
  assert_member(waiting, "tipo", "transferir_anexos");
  assert_member(waiting, "status", "pending");

  worker_start("JOB_WORKERS=1");
  WAIT_FOR(transfer_is(id, "success"));
  g_autoptr(Answer) done = bo_get(TASKS "/%s", task);
  assert_member(done, "status", "success");
  assert_int_equal(answer_int(done, "log_id"), id);
  assert_int_equal(answer_int(done, "tentativas"), 1);
  assert_int_equal(attachments_count("conta-pagar", 2), 3);
}

/* B34 */
static void
test_ten_workers_take_each_of_fifty_jobs_once(G_GNUC_UNUSED void **state)
{
  for (gint64 i = 1; i <= 50; i++) {
    pair_put(1000 + i, 2000 + i, 1);
    transfer_put(1000 + i, 2000 + i);
  }
  worker_start("JOB_WORKERS=10", UNHURRIED, POLLS);
  WAIT_FOR(sql_number("select count(*) from " TRANSFERS " where status = 'success'") == 50);
  assert_count(50, TRANSFERS " where tentativas = 1 and anexos_sucesso = 1");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 50);
  assert_count(0, "sandbox.omie_call where verdict <> 'go'");
}

/* 14.9: told of work, a worker does not wait for its poll */
static void
test_a_sleeping_worker_wakes_when_told(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", "JOB_POLL_MS=600000", "JOB_SWEEP_MS=600000");
  worker_process();
  order_put("PO123", "Aberto");
  gint64 id = closure_put("PO123", NULL);
  WAIT_FOR(closure_is(id, "success"));
  assert_sql("t", "select min(at) - (select created_at from " CLOSURES ") < interval '1 s'"
                  "  from sandbox.omie_call");
}

/* 14.9: and what becomes due by itself is found by the poll */
static void
test_a_job_is_not_taken_before_it_is_due(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", POLLS);
  worker_process();
  gint64 id = closure_put("PO123", NULL);
  sql("truncate " CLOSURES);
  sql("insert into " CLOSURES " (numero_pedido, numero_nf_servico, id_nf_servico,"
      "  proxima_tentativa_em) values ('PO124', 'NF', 1, now() + interval '1.5 s')");
  WAIT_FOR(closure_is(id + 1, "failed")); /* there is no such order */
  assert_sql("t", "select min(at) >= (select created_at + interval '1.5 s' from " CLOSURES ")"
                  "  from sandbox.omie_call where param ->> 'cNumero' = 'PO124'");
}

/* 14.9 */
static void
test_a_worker_shows_that_it_is_alive(G_GNUC_UNUSED void **state)
{
  sql("insert into ponte.worker_heartbeat (worker, last_seen)"
      " values ('gone', now() - interval '25 h'), ('late', now() - interval '1 h')");
  worker_start("JOB_WORKERS=1", SWEEPS);
  pid_t worker = worker_process();
  g_autofree char *name = g_strdup_printf("%s:%d", g_get_host_name(), (int)worker);
  WAIT_FOR(sql_number("select count(*) from ponte.worker_heartbeat where worker = $1", name) == 1);
  g_autofree char *seen =
      sql_text("select last_seen::text from ponte.worker_heartbeat where worker = $1", name);
  WAIT_FOR(sql_number("select count(*) from ponte.worker_heartbeat"
                      " where worker = $1 and last_seen > $2::timestamptz",
                      name, seen) == 1);
  assert_sql("late", "select worker from ponte.worker_heartbeat where worker in ('gone', 'late')");
}

static void
test_once_works_off_what_is_due_and_leaves(G_GNUC_UNUSED void **state)
{
  order_put("PO1", "Aberto");
  order_put("PO2", "Aberto");
  pair_put(1, 2, 1);
  gint64 closures[] = {closure_put("PO1", NULL), closure_put("PO2", NULL),
                       closure_put("PO3", NULL)};
  gint64 transfer = transfer_put(1, 2);
  sql("update " CLOSURES " set proxima_tentativa_em = now() + interval '1 hour'"
      " where numero_pedido = 'PO3'");
  worker_once(UNHURRIED);
  assert_closure(closures[0], "status", "success");
  assert_closure(closures[1], "status", "success");
  assert_closure(closures[2], "status || tentativas", "pending0");
  assert_transfer(transfer, "status", "success");
}

static void
test_once_without_a_database_says_so(G_GNUC_UNUSED void **state)
{
  g_autofree char *errors = NULL;
  assert_int_equal(worker_run(once, NULL, &errors, "DATABASE_URL=host=/nowhere dbname=none", NULL),
                   1);
}

static void
test_a_worker_keeps_to_its_queues(G_GNUC_UNUSED void **state)
{
  order_put("PO1", "Aberto");
  pair_put(1, 2, 1);
  gint64 closure = closure_put("PO1", NULL), transfer = transfer_put(1, 2);
  assert_int_equal(
      worker_run((const char *[]){"--once", "--queues", "attachments", NULL}, NULL, NULL, NULL), 0);
  assert_transfer(transfer, "status", "success");
  assert_closure(closure, "status", "pending");
  assert_int_equal(worker_run((const char *[]){"--once", "--queues", "closures,attachments", NULL},
                              NULL, NULL, NULL),
                   0);
  assert_closure(closure, "status", "success");
}

static void
test_queues_are_named_and_unknown_ones_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *list = NULL, *errors = NULL;
  assert_int_equal(worker_run((const char *[]){"--list", NULL}, &list, NULL, NULL), 0);
  assert_non_null(strstr(list, "attachments\n"));
  assert_non_null(strstr(list, "closures\n"));
  assert_int_equal(worker_run((const char *[]){"--once", "--queues", "closures,mistakes", NULL},
                              NULL, &errors, NULL),
                   2);
  assert_non_null(strstr(errors, "mistakes"));
  assert_int_equal(worker_run((const char *[]){"--nothing", NULL}, NULL, NULL, NULL), 2);
}

/* 14.1 */
static void
test_what_may_not_be_tried_is_left_alone(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 1);
  gint64 ids[] = {transfer_put(1, 2), transfer_put(3, 4), transfer_put(5, 6), transfer_put(7, 8)};
  sql("update " TRANSFERS " set tentativas = 3, status = 'failed' where origem_id = 1");
  sql("update " TRANSFERS " set status = 'failed' where origem_id = 3");
  transfer_put(3, 4); /* took over, and is not due */
  sql("update " TRANSFERS " set status = 'success' where origem_id = 5");
  sql("update " TRANSFERS " set proxima_tentativa_em = null where status = 'pending'");
  worker_once(UNHURRIED);
  assert_methods_called("");
  assert_transfer(ids[0], "status || tentativas", "failed3");
  assert_transfer(ids[1], "status || tentativas", "failed0");
  assert_transfer(ids[2], "status || tentativas", "success0");
  assert_transfer(ids[3], "status || tentativas", "pending0");
}

/* 14.11 */
static void
test_what_is_due_longest_comes_first(G_GNUC_UNUSED void **state)
{
  for (gint64 i = 1; i <= 3; i++)
    pair_put(i, 10 + i, 1);
  transfer_put(1, 11);
  transfer_put(2, 12);
  transfer_put(3, 13);
  sql("update " TRANSFERS
      " set proxima_tentativa_em = now() - make_interval(mins => array_position('{1,3,2}'::int[],"
      "   origem_id::int))");
  worker_once(UNHURRIED);
  assert_sql("2,12,3,13,1,11", "select string_agg(param ->> 'nId', ',' order by id)"
                               "  from sandbox.omie_call where method = 'ListarAnexo'");
}

/* 6.14 */
static void
test_two_jobs_of_one_destination_are_done_one_after_the_other(G_GNUC_UNUSED void **state)
{
  pair_put(1, 9, 1);
  attachment_put("com-recebimento", 2, "outra.pdf", "y", 1);
  gint64 first = transfer_put(1, 9);
  calls_hold(INCLUDE_ATTACHMENT);
  worker_start("JOB_WORKERS=4", UNHURRIED, POLLS);
  WAIT_FOR(held_count() == 1);
  gint64 second = transfer_put(2, 9);
  g_autoptr(Answer) sync = bo_post(TRANSFER, "{\"origem_id\":2,\"destino_id\":9}"); /* B32 */
  assert_erro(sync, 409, "Transferência já em andamento para este destino");
  assert_transfer(first, "status", "processing");
  assert_transfer(second, "status || tentativas", "pending0");
  omie_release();
  WAIT_FOR(transfer_is(second, "success"));
  assert_transfer(first, "status || tentativas", "success1");
  assert_transfer(second, "tentativas", "1");
  assert_int_equal(attachments_count("conta-pagar", 9), 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_what_was_accepted_is_done_when_a_worker_comes),
      WORKER_CASE(test_ten_workers_take_each_of_fifty_jobs_once),
      WORKER_CASE(test_a_sleeping_worker_wakes_when_told),
      WORKER_CASE(test_a_job_is_not_taken_before_it_is_due),
      WORKER_CASE(test_a_worker_shows_that_it_is_alive),
      WORKER_CASE(test_once_works_off_what_is_due_and_leaves),
      WORKER_CASE(test_once_without_a_database_says_so),
      WORKER_CASE(test_a_worker_keeps_to_its_queues),
      WORKER_CASE(test_queues_are_named_and_unknown_ones_refused),
      WORKER_CASE(test_what_may_not_be_tried_is_left_alone),
      WORKER_CASE(test_what_is_due_longest_comes_first),
      WORKER_CASE(test_two_jobs_of_one_destination_are_done_one_after_the_other),
  };
  return RUN("worker", tests);
}

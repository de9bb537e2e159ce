/* What is shown of the last run, and what becomes of one that died (fin.md 6.3, 6.9). */
#include "harness.h"

/* A run of the log that started so long ago ("4 min 59 s"); `lease` from now, for running ones. */
static void
run_put(const char *ago, const char *status, const char *lease)
{
  sql("insert into fin.erp_sync_log (started_at, finished_at, status, lease_until)"
      " values (now() - $1::interval, case when $2 <> 'running' then now() - $1::interval end, $2,"
      "         now() + nullif($3, '')::interval)",
      ago, status, lease);
}

/* F46 */
static void
test_before_the_first_run_there_is_nothing_to_show(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = sync_get();
  assert_status(answer, 200);
  assert_string_equal(answer->body, "{\"lastSync\":null,\"cooldownSeconds\":0}");
}

/* 6.9 */
static void
test_the_last_run_is_shown_with_its_times_and_the_rest_of_the_cooldown(G_GNUC_UNUSED void **state)
{
  run_put("10 min", "success", "");
  run_put("10 s", "success", "");
  sql("update fin.erp_sync_log set record_count = 431, started_at = date_trunc('ms', started_at),"
      "  finished_at = date_trunc('ms', finished_at), details = '{\"paginas\":9}'");
  g_autoptr(Answer) answer = sync_get();
  assert_status(answer, 200);
  assert_in_range(answer_int(answer, "cooldownSeconds"), 285, 290);
  g_autofree char *last = json_dumps(json_object_get(answer->json, "lastSync"), JSON_SORT_KEYS);
  assert_sql(last,
             "select format('{\"error_message\": null, \"finished_at\": \"%s\", \"id\": \"%s\","
             " \"progress\": null, \"record_count\": 431, \"started_at\": \"%s\","
             " \"status\": \"success\"}', to_char(finished_at at time zone 'UTC', iso), id,"
             "  to_char(started_at at time zone 'UTC', iso))"
             "  from fin.erp_sync_log,"
             "       (values ('YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')) as form (iso) order by "
             "started_at desc limit 1");
}

/* Kills the program while it waits for page 2 of three, page 1 being stored. */
static void
kill_in_page_two(void)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(120);
  omie_hold(2);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 50);
  program_kill(SYNC_PROGRAM);
  omie_release();
  answer_free(call_finish(call));
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_forget();
}

/* F19 */
static void
test_a_killed_run_is_shown_as_interrupted_after_its_lease(G_GNUC_UNUSED void **state)
{
  kill_in_page_two();
  {
    g_autoptr(Answer) alive = sync_get();
    assert_status(alive, 200);
    assert_string_equal(answer_last_run(alive, "status"), "running");
  }
  sql("update fin.erp_sync_log set lease_until = date_trunc('ms', now() - interval '1 s')");
  g_autoptr(Answer) answer = sync_get();
  assert_status(answer, 200);
  const json_t *last = json_object_get(answer->json, "lastSync");
  assert_string_equal(answer_last_run(answer, "status"), "error");
  assert_string_equal(answer_last_run(answer, "error_message"), "Sincronização interrompida.");
  assert_sql(answer_last_run(answer, "finished_at"),
             "select to_char(lease_until at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
             "  from fin.erp_sync_log");
  assert_true(json_is_null(json_object_get(last, "progress")));
  assert_last_run("status", "running"); /* GET never writes */
}

/* F20, F21 */
static void
test_after_a_killed_run_the_next_one_closes_it_and_duplicates_nothing(G_GNUC_UNUSED void **state)
{
  kill_in_page_two();
  g_autofree char *dead = last_run("id");
  sql("update fin.erp_sync_log set lease_until = now() - interval '1 s'");
  runs_age("300 s");
  assert_int_equal(sync_ok(), 120);
  assert_count(120, "fin.clients");
  assert_count(120, "(select distinct omie_codigo from fin.clients) c");
  assert_sql("error Sincronização interrompida.",
             "select status || ' ' || error_message from fin.erp_sync_log where id = $1::uuid",
             dead);
  assert_sql("t",
             "select finished_at > now() - interval '1 min' from fin.erp_sync_log"
             " where id = $1::uuid",
             dead);
  assert_count(1, "fin.erp_sync_log where status = 'success'");
}

/* 6.3: an interrupted run consumes the cooldown */
static void
test_right_after_a_killed_run_the_cooldown_holds(G_GNUC_UNUSED void **state)
{
  kill_in_page_two();
  sql("update fin.erp_sync_log set lease_until = now() - interval '1 s'");
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 429, "Aguarde 5 minuto(s) para sincronizar novamente.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_before_the_first_run_there_is_nothing_to_show),
      CASE(test_the_last_run_is_shown_with_its_times_and_the_rest_of_the_cooldown),
      CASE(test_a_killed_run_is_shown_as_interrupted_after_its_lease),
      CASE(test_after_a_killed_run_the_next_one_closes_it_and_duplicates_nothing),
      CASE(test_right_after_a_killed_run_the_cooldown_holds),
  };
  return RUN("sync: runs", tests);
}

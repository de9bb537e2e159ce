/* Workers that keep dying: what many of them do together is still done exactly once. */
#include "harness_worker.h"

#include <signal.h>

#define TRANSFERS_DUE 500
#define FILES         2
#define WORKERS       4
#define KILL_EVERY_MS 700
#define TIME_LIMIT_S  240

/* Origins 1 … n with two files each, their destinations 10001 …, and a job for each pair. */
static void
fill(void)
{
  sql("insert into sandbox.omie_attachment (app_key, register, document, name, kind, content,"
      "   from_api, included)"
      " select $1, 'com-recebimento', i, 'nota-' || f || '.pdf', 'pdf',"
      "        convert_to(i || ' ' || f, 'UTF8'), false, now()"
      "   from generate_series(1, $2::int) i, generate_series(1, $3::int) f"
      " union all"
      " select $1, 'conta-pagar', 10000 + i, 'antes.pdf', 'pdf', 'x', false, now()"
      "   from generate_series(1, $2::int) i",
      harness_env("OMIE_APP_KEY"), G_STRINGIFY(TRANSFERS_DUE), G_STRINGIFY(FILES));
  sql("insert into " TRANSFERS " (origem_tabela_omie, origem_id, destino_tabela_omie, destino_id,"
      "   max_tentativas, proxima_tentativa_em)"
      " select 'com-recebimento', i, 'conta-pagar', 10000 + i, 1000, now()"
      "   from generate_series(1, $1::int) i",
      G_STRINGIFY(TRANSFERS_DUE));
}

static gint64
done_count(void)
{
  return sql_number("select count(*) from " TRANSFERS " where status = 'success'");
}

/* One worker, another each time; what it held of Omie is free a little later, not after the seconds
 * that a real call could still take. */
static void
kill_one(guint turn)
{
  g_autoptr(GArray) workers = program_workers(WORKER);
  if (workers->len == 0)
    return;
  kill(g_array_index(workers, pid_t, turn % workers->len), SIGKILL);
  sql("update erp.call_slot"
      "   set expires_at = least(expires_at, clock_timestamp() + interval '300 ms')");
}

/* Until everything is done, one worker dies every now and then. */
static guint
kill_until_done(void)
{
  guint kills = 0;
  gint64 begun = g_get_monotonic_time(), next = begun;
  while (done_count() < TRANSFERS_DUE) {
    if (g_get_monotonic_time() - begun > TIME_LIMIT_S * G_USEC_PER_SEC)
      fail_msg("%" G_GINT64_FORMAT " of %d done after %d s", done_count(), TRANSFERS_DUE,
               TIME_LIMIT_S);
    if (g_get_monotonic_time() >= next) {
      kill_one(kills++);
      next = g_get_monotonic_time() + KILL_EVERY_MS * 1000;
    }
    g_usleep(20000);
  }
  print_message("  %u workers died within %.1f s\n", kills,
                (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC);
  return kills;
}

static void
test_workers_that_keep_dying_lose_and_repeat_nothing(G_GNUC_UNUSED void **state)
{
  fill();
  omie_setting("attachments_content", "S"); /* no download for each of the thousand files */
  omie_setting("error_limit", "0");
  worker_start("JOB_WORKERS=" G_STRINGIFY(WORKERS), "JOB_LEASE_S=2", UNHURRIED, NO_PAUSE, POLLS,
               "JOB_SWEEP_MS=200");
  assert_true(kill_until_done() >= 10);
  assert_count(TRANSFERS_DUE, TRANSFERS " where anexos_sucesso = 2 and em_envio = '[]'"
                                        "   and mensagem_erro is null and lease_token is null");
  assert_sql("t", "select max(tentativas) > 1 from " TRANSFERS); /* some were interrupted */
  assert_count(TRANSFERS_DUE * (FILES + 1),
               "sandbox.omie_attachment where register = 'conta-pagar'");
  assert_count(0, "(select from sandbox.omie_attachment where register = 'conta-pagar'"
                  "  group by document, name having count(*) > 1) twice");
  assert_count(0, "sandbox.omie_attachment a where register = 'conta-pagar' and name <> 'antes.pdf'"
                  "   and content <> (select content from sandbox.omie_attachment o"
                  "        where o.register = 'com-recebimento' and o.name = a.name"
                  "          and o.document = a.document - 10000)");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_workers_that_keep_dying_lose_and_repeat_nothing),
  };
  return RUN("worker: storm", tests);
}

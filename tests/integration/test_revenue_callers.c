/* Several callers who want the same revenue at once: one asks Omie, and the others get that answer,
 * or take over from whoever died (fin.md 8.6). */
#include "harness_revenue.h"

#include <signal.h>
#include <string.h>

/* Until somebody who began after `since` waits for another one's fetch: to ask for it was his last
 * statement, and it is over (its text is to be seen before it has looked). */
static void
wait_for_waiter_since(const char *since)
{
  WAIT_FOR(sql_number("select count(*) from pg_stat_activity where usename = 'ponte'"
                      "   and state = 'idle' and query like '%claim_live_revenue%'"
                      "   and query_start > $1::timestamptz",
                      since) == 1);
}

static Pending *
waiter_start(void)
{
  g_autofree char *since = sql_text("select clock_timestamp()");
  Pending *waiter = revenue_start(JANUARY);
  wait_for_waiter_since(since);
  return waiter;
}

/* A caller who fetches, held in the middle of it, and one who waits for the former. */
static void
start_two(Pending **fetcher, Pending **waiter)
{
  titles_hold(1);
  *fetcher = revenue_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  *waiter = waiter_start();
}

/* 8.6 */
static void
test_of_two_callers_at_once_one_asks_omie_for_both(G_GNUC_UNUSED void **state)
{
  Pending *fetcher, *waiter;
  title(1, "10/01/2026", "7", "5", "");
  start_two(&fetcher, &waiter);
  omie_release();
  g_autoptr(Answer) first = call_finish(fetcher);
  g_autoptr(Answer) second = call_finish(waiter);
  assert_status(first, 200);
  assert_non_null(strstr(first->body, "\"total\":5.00}"));
  assert_status(second, 200);
  assert_string_equal(second->body, first->body);
  assert_int_equal(titles_calls(), 1);
}

/* 8.6 */
static void
test_twenty_callers_at_once_get_one_answer(G_GNUC_UNUSED void **state)
{
  enum { CALLERS = 20 };
  Pending *calls[CALLERS];
  program_restart(REVENUE_PROGRAM, "ROUTE_WORKERS=10");
  title(1, "10/01/2026", "7", "5", "");
  for (guint i = 0; i < CALLERS; i++)
    calls[i] = revenue_start(JANUARY);
  g_autofree char *body = NULL;
  for (guint i = 0; i < CALLERS; i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    assert_status(answer, 200);
    if (body == NULL)
      body = g_strdup(answer->body);
    assert_string_equal(answer->body, body);
  }
  assert_int_equal(titles_calls(), 1);
}

/* 8.6 */
static void
test_who_waited_for_a_failure_is_told_the_same(G_GNUC_UNUSED void **state)
{
  Pending *fetcher, *waiter;
  titles_fault(0, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  start_two(&fetcher, &waiter);
  omie_release();
  g_autoptr(Answer) first = call_finish(fetcher);
  g_autoptr(Answer) second = call_finish(waiter);
  assert_error_code(first, 502, "Omie API 500: ERROR: Algo deu errado!", "upstream_fault");
  assert_error_code(second, 502, "Omie API 500: ERROR: Algo deu errado!", "upstream_fault");
  assert_int_equal(titles_calls(), 1);
}

/* Another host fetches January, with a lease of so long. */
static void
other_host_fetches(const char *lease)
{
  sql("insert into fin.erp_revenue_live_cache (date_from, date_to, holder, lease_until)"
      " values ('2026-01-01', '2026-01-31', gen_random_uuid(), now() + $1::interval)",
      lease);
}

/* 8.6 */
static void
test_who_waits_for_a_dead_fetcher_takes_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "5", "");
  other_host_fetches("1500 ms");
  Pending *waiter = waiter_start();
  assert_int_equal(titles_calls(), 0);
  g_autoptr(Answer) answer = call_finish(waiter);
  assert_status(answer, 200);
  assert_non_null(strstr(answer->body, "\"total\":5.00}"));
  assert_int_equal(titles_calls(), 1);
}

#define QUICK_LEASE "FIN_JOB_LEASE_S=2", "OMIE_TIMEOUT_MS=3000"

/* The route as a process of its own, which outlives the others. */
static gpointer
run_waiter(G_GNUC_UNUSED gpointer data)
{
  g_autofree char *token = token_for_role("fin");
  g_autofree char *header = g_strconcat("HTTP_AUTHORIZATION=Bearer ", token, NULL);
  return program_run_cgi(REVENUE_PROGRAM,
                         (const char *const[]){"REQUEST_METHOD=GET", "QUERY_STRING=period=2026-01",
                                               header, QUICK_LEASE, NULL},
                         "");
}

/* 8.6: kill -9 of the fetcher while another one waits for it */
static void
test_who_waits_for_a_killed_fetcher_takes_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, QUICK_LEASE);
  title(1, "10/01/2026", "7", "5", "");
  titles_hold(1);
  Pending *fetcher = revenue_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  g_autofree char *since = sql_text("select clock_timestamp()");
  GThread *waiter = g_thread_new("waiter", run_waiter, NULL);
  wait_for_waiter_since(since);
  program_kill(REVENUE_PROGRAM);
  omie_release();
  answer_free(call_finish(fetcher));
  omie_forget(); /* else Omie would refuse the same question for a minute */
  g_autofree char *output = g_thread_join(waiter);
  program_restart(REVENUE_PROGRAM, QUICK_LEASE);
  assert_true(g_str_has_prefix(output, "Status: 200 OK\r\n"));
  assert_non_null(strstr(output, "\"source\":\"live\""));
  assert_non_null(strstr(output, "\"total\":5.00}"));
  assert_int_equal(titles_calls(), 2);
}

/* 8.6: up to 30 s, here one */
static void
test_nobody_waits_for_another_for_ever(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, "FIN_LIVE_WAIT_MS=1000");
  other_host_fetches("1 hour");
  gint64 start = g_get_monotonic_time();
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_error_code(answer, 504, "Omie: tempo limite de 1 s excedido.", "upstream_timeout");
  assert_true(g_get_monotonic_time() - start >= G_USEC_PER_SEC);
  assert_int_equal(titles_calls(), 0);
}

/* DESIGN: long work looks at the stop flag; a worker must not outlast its program's stop by a wait
 */
static void
test_who_waits_leaves_when_the_program_is_asked_to_stop(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, "FIN_LIVE_WAIT_MS=8000");
  other_host_fetches("1 hour");
  Pending *waiter = waiter_start();
  gint64 start = g_get_monotonic_time();
  kill(program_parent(REVENUE_PROGRAM), SIGTERM);
  g_autoptr(Answer) answer = call_finish(waiter);
  assert_error_code(answer, 503, INTERRUPTED, "interrupted");
  assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
  WAIT_FOR(program_parent(REVENUE_PROGRAM) == 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_of_two_callers_at_once_one_asks_omie_for_both),
      CASE(test_twenty_callers_at_once_get_one_answer),
      CASE(test_who_waited_for_a_failure_is_told_the_same),
      CASE(test_who_waits_for_a_dead_fetcher_takes_over_after_its_lease),
      CASE(test_who_waits_for_a_killed_fetcher_takes_over_after_its_lease),
      CASE(test_nobody_waits_for_another_for_ever),
      CASE(test_who_waits_leaves_when_the_program_is_asked_to_stop),
  };
  return RUN("revenue: callers", tests);
}

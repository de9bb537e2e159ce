/* Workers come and go under load, and no caller notices. */
#include "harness.h"

#include <signal.h>
#include <string.h>

#define CALLERS 8
#ifndef __SANITIZE_ADDRESS__
#define RESTARTS 400
#else
#define RESTARTS 100 /* each takes four times as long */
#endif

typedef struct {
  gint stop;
  gint good;
  gint bad;
  gint answers[CALLERS];
  char *first_bad; /* what the first bad answer looked like */
} Load;

static Load load;
static char *token;

/* Good is a whole answer: status 200 and a JSON object with everything in it. */
static gboolean
is_whole(const Answer *answer)
{
  return answer->status == 200 && json_is_object(json_object_get(answer->json, "lastSync")) &&
         json_is_integer(json_object_get(answer->json, "cooldownSeconds"));
}

static gpointer
keep_calling(gpointer data)
{
  while (!g_atomic_int_get(&load.stop)) {
    g_autoptr(Answer) answer = call("GET", SYNC, .token = token);
    g_atomic_int_inc(&load.answers[GPOINTER_TO_INT(data)]);
    if (is_whole(answer)) {
      g_atomic_int_inc(&load.good);
      continue;
    }
    char *seen = g_strdup_printf("status %u, %s: %.300s", answer->status,
                                 answer->failure ? answer->failure : "answered", answer->body);
    if (g_atomic_int_add(&load.bad, 1) > 0 ||
        !g_atomic_pointer_compare_and_exchange(&load.first_bad, NULL, seen))
      g_free(seen);
  }
  return NULL;
}

/* One worker, another each time; 0 while none is up. */
static pid_t
some_worker(guint turn)
{
  g_autoptr(GArray) workers = program_workers(SYNC_PROGRAM);
  return workers->len > 0 ? g_array_index(workers, pid_t, turn % workers->len) : 0;
}

static void
end_one_worker(guint turn, int signal)
{
  pid_t pid = 0;
  WAIT_FOR((pid = some_worker(turn)) != 0);
  kill(pid, signal);
  WAIT_FOR(!process_lives(pid));
}

static gboolean
all_were_answered(const gint since[CALLERS], gint times)
{
  for (guint i = 0; i < CALLERS; i++) {
    if (g_atomic_int_get(&load.answers[i]) - since[i] < times)
      return FALSE;
  }
  return TRUE;
}

/* nginx gives a request whose worker died one more chance, so one request meets one death: the next
 * comes when everybody got through. */
static void
kill_one_worker(guint turn)
{
  gint since[CALLERS];
  end_one_worker(turn, SIGKILL);
  for (guint i = 0; i < CALLERS; i++)
    since[i] = g_atomic_int_get(&load.answers[i]);
  WAIT_FOR(all_were_answered(since, 2));
}

static void
run_under_load(guint rounds, guint kill_every)
{
  GThread *callers[CALLERS];
  load = (Load){0};
  sql("insert into fin.erp_sync_log (status, finished_at) values ('success', now())");
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  for (guint i = 0; i < CALLERS; i++)
    callers[i] = g_thread_new("caller", keep_calling, GINT_TO_POINTER(i));
  for (guint i = 1; i <= rounds; i++) {
    if (kill_every > 0 && i % kill_every == 0)
      kill_one_worker(i);
    else
      end_one_worker(i, SIGTERM);
  }
  g_atomic_int_set(&load.stop, 1);
  for (guint i = 0; i < CALLERS; i++)
    g_thread_join(callers[i]);
  print_message("  %d answers during %u ends of workers\n", load.good, rounds);
  if (load.bad > 0)
    fail_msg("%d of %d answers were bad, the first: %s", load.bad, load.bad + load.good,
             load.first_bad);
  assert_true(load.good > (int)rounds);
}

static void
test_rolling_restarts_lose_and_cut_no_answer(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_WORKERS=4");
  run_under_load(RESTARTS, 0);
}

static void
test_workers_killed_now_and_then_fail_no_get(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_WORKERS=4");
  run_under_load(60, 6);
}

/* A killed parent takes its workers along: nobody goes on with a socket that nobody watches */
static void
test_no_worker_outlives_its_parent(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_WORKERS=3");
  WAIT_FOR(program_worker_count(SYNC_PROGRAM) == 3);
  g_autoptr(GArray) workers = program_workers(SYNC_PROGRAM);
  kill(program_parent(SYNC_PROGRAM), SIGKILL);
  for (guint i = 0; i < workers->len; i++)
    WAIT_FOR(!process_lives(g_array_index(workers, pid_t, i)));
}

/* As many workers as asked for, and again as many after one died */
static void
test_there_are_as_many_workers_as_configured(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_WORKERS=5");
  WAIT_FOR(program_worker_count(SYNC_PROGRAM) == 5);
  end_one_worker(0, SIGKILL);
  WAIT_FOR(program_worker_count(SYNC_PROGRAM) == 5);
}

/* ROUTE_IDLE_SECONDS */
static void
test_a_program_nobody_calls_leaves_when_asked_to(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_IDLE_SECONDS=1");
  g_autoptr(Answer) answer = sync_get();
  assert_status(answer, 200);
  WAIT_FOR(program_parent(SYNC_PROGRAM) == 0);
}

/* ROUTE_IDLE_SECONDS: a request in hand is no idleness */
static void
test_a_program_does_not_leave_while_a_request_lasts(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_IDLE_SECONDS=1");
  omie_seed(3);
  omie_answer(.times = 1, .trick = "hang", .delay_ms = 2500);
  assert_int_equal(sync_ok(), 3);
  WAIT_FOR(program_parent(SYNC_PROGRAM) == 0);
  assert_last_run("status", "success");
}

/* ROUTE_IDLE_SECONDS=0 */
static void
test_a_program_stays_when_not_asked_to_leave(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "ROUTE_IDLE_SECONDS=0");
  pid_t parent = program_parent(SYNC_PROGRAM);
  omie_seed(3);
  omie_answer(.times = 1, .trick = "hang", .delay_ms = 1500);
  assert_int_equal(sync_ok(), 3);
  assert_int_equal(program_parent(SYNC_PROGRAM), parent);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_rolling_restarts_lose_and_cut_no_answer),
      CASE(test_workers_killed_now_and_then_fail_no_get),
      CASE(test_no_worker_outlives_its_parent),
      CASE(test_there_are_as_many_workers_as_configured),
      CASE(test_a_program_nobody_calls_leaves_when_asked_to),
      CASE(test_a_program_does_not_leave_while_a_request_lasts),
      CASE(test_a_program_stays_when_not_asked_to_leave),
  };
  return RUN("restarts", tests);
}

/* Chains of refresh tokens that were granted and cannot be written yet: the process that has one
 * keeps it, and writes it as soon as it can (erp-connectors.md 3.2).  Every book_ask is another
 * process. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "harness_oauth.h"
#include "harness_rate.h"

#include "base/settings.h"
#include "net/exchange.h"
#include "net/oauth.h"

#define COMPANY "LEADLOVERS" /* Bling: a refresh token that is another one after each use */
#define JANUARY "from=2026-01-01&to=2026-01-31"
#define ROW     "select version || ' ' || status from erp.oauth_state"
#define REFUSAL "nenhum token se grava" /* of the trigger below */

static int
unwritten_after(void **state)
{
  sql("drop trigger if exists test_refuse on erp.oauth_state");
  sql("drop function if exists sandbox.test_refuse()");
  calls_abandon();
  return ledger_after(state);
}

#define UNWRITTEN_CASE(test) cmocka_unit_test_setup_teardown(test, ledger_before, unwritten_after)

/* A chain may be condemned, but none is written. */
static void
refuse_writes(void)
{
  sql("create function sandbox.test_refuse() returns trigger language plpgsql as"
      " $$begin raise exception '" REFUSAL "'; end$$");
  sql("create trigger test_refuse before update of access_token_sealed on erp.oauth_state"
      " for each row when (new.access_token_sealed is not null)"
      " execute function sandbox.test_refuse()");
}

static void
allow_writes(void)
{
  sql("drop trigger test_refuse on erp.oauth_state");
}

static guint
refusals_since(gsize mark)
{
  g_autofree char *log = postgres_log_since(mark);
  guint count = 0;
  for (const char *at = log; (at = strstr(at, "ERROR:  " REFUSAL)) != NULL; at++)
    count++;
  return count;
}

static gboolean
row_is(const char *expected)
{
  g_autofree char *row = sql_text(ROW);
  return g_strcmp0(row, expected) == 0;
}

/* The next renewal is made with R2. */
static void
assert_chain_goes_on(const Book *book)
{
  book_tokens_expire(book);
  set_state(book, "access_expires_at = clock_timestamp()");
  assert_health(book, "healthy", NULL);
  assert_int_equal(book_link_uses(book, 2), 1);
  assert_int_equal(book_links(book), 3);
}

/* A book, and a process behind nginx that was granted R2 and cannot write it. */
static Book *
book_with_unwritten_chain(void)
{
  Book *book = oauth_book(COMPANY);
  book_setting(book, "ROUTE_WORKERS", "1");
  book_setting(book, "ERP_HEALTH_DEADLINE_MS", "900"); /* it tries each second */
  book_serve(book, ERP_HEALTH);
  refuse_writes();
  g_autoptr(Answer) meanwhile = book_call(book, ERP_HEALTH, "");
  assert_status(meanwhile, 200);
  assert_member(meanwhile, "status", "degraded");
  assert_at(meanwhile, "details.reason", "refresh_token_unpersisted");
  assert_sql("0 ok", ROW);
  return book;
}

/* F-08 */
static void
test_a_run_waits_until_its_new_tokens_are_written(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  gsize mark = postgres_log_mark();
  refuse_writes();
  BookCall *run = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(refusals_since(mark) >= 2);
  assert_sql("0 ok", ROW);
  assert_int_equal(book_calls(book, NULL), 1); /* nobody uses them before */
  allow_writes();
  g_autoptr(Answer) answer = book_finish(run);
  assert_status(answer, 200);
  assert_sql("1 ok", ROW);
  assert_chain_goes_on(book);
}

/* F-08 */
static void
test_health_is_degraded_until_the_tokens_are_written(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with_unwritten_chain();
  allow_writes();
  g_autoptr(Answer) later = book_call(book, ERP_HEALTH, "");
  assert_member(later, "status", "healthy");
  assert_int_equal(book_calls(book, "token"), 1);
  assert_sql("1 ok", ROW);
  assert_chain_goes_on(book);
}

/* F-08: "retry the write each second", whether or not somebody asks */
static void
test_tokens_are_written_while_nobody_asks(G_GNUC_UNUSED void **state)
{
  gsize mark = postgres_log_mark();
  g_autoptr(Book) book = book_with_unwritten_chain();
  guint before = refusals_since(mark);
  WAIT_FOR(refusals_since(mark) >= before + 2);
  allow_writes();
  WAIT_FOR(row_is("1 ok"));
  assert_chain_goes_on(book);
}

/* F-08: "delay an orderly exit" */
static void
test_a_process_does_not_leave_before_its_tokens_are_written(G_GNUC_UNUSED void **state)
{
  gsize mark = postgres_log_mark();
  g_autoptr(Book) book = book_with_unwritten_chain();
  pid_t parent = program_parent(ERP_HEALTH);
  guint before = refusals_since(mark);
  kill(parent, SIGTERM);
  WAIT_FOR(refusals_since(mark) > before);
  allow_writes();
  WAIT_FOR(!process_lives(parent));
  assert_sql("1 ok", ROW);
  assert_chain_goes_on(book);
}

/* What a process has open stays, and it can open nothing more. */
static void
take_descriptors(pid_t pid)
{
  struct rlimit limit = {0};
  gboolean is_open = TRUE;
  while (is_open) {
    g_autofree char *path = g_strdup_printf("/proc/%d/fd/%u", pid, (guint)limit.rlim_cur);
    is_open = g_file_test(path, G_FILE_TEST_IS_SYMLINK);
    limit.rlim_cur += is_open;
  }
  limit.rlim_max = limit.rlim_cur;
  assert_int_equal(prlimit(pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

/* A worker that can accept no connection any more ends, but in good order. */
static void
test_a_worker_without_descriptors_writes_its_tokens_before_it_ends(G_GNUC_UNUSED void **state)
{
  gsize mark = postgres_log_mark();
  g_autoptr(Book) book = book_with_unwritten_chain();
  g_autoptr(GArray) workers = program_workers(ERP_HEALTH);
  pid_t worker = g_array_index(workers, pid_t, 0);
  g_autofree char *path = book_path(book, ERP_HEALTH, "");
  take_descriptors(worker);
  call_start("GET", path, .token = book_bearer());
  guint before = refusals_since(mark);
  WAIT_FOR(refusals_since(mark) > before + 1);
  allow_writes();
  WAIT_FOR(!process_lives(worker));
  assert_sql("1 ok", ROW);
}

/* Another process, which sees the old refresh token only, gives the chain up; whoever has the new
 * one knows better. */
static void
test_a_chain_that_was_given_up_meanwhile_is_written(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with_unwritten_chain();
  set_state(book, "claim_until = clock_timestamp()");
  assert_health(book, "unhealthy", "erp_reauthorization_required");
  assert_sql("1 reauthorization_required", ROW);
  allow_writes();
  g_autoptr(Answer) later = book_call(book, ERP_HEALTH, "");
  assert_member(later, "status", "healthy");
  assert_sql("2 ok", ROW);
  assert_chain_goes_on(book);
}

/* … but not better than whoever stored another one after it. */
static void
test_a_chain_does_not_go_over_a_newer_one(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with_unwritten_chain();
  set_state(book, "version = version + 1");
  allow_writes();
  g_autoptr(Answer) later = book_call(book, ERP_HEALTH, "");
  assert_member(later, "status", "unhealthy");
  assert_state(book, "refresh_token_sealed is null", "t");
}

/* Nobody else may show the old refresh token while its successor waits to be written. */
static void
test_a_caller_who_leaves_does_not_free_the_way_for_another_renewal(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  g_autofree char *url = ledger_url("/bling/Api/v3/oauth/token");
  const OAuthClient client = {.company = COMPANY,
                              .erp = "bling",
                              .token_url = url,
                              .client_id = book_login(book, "client_id"),
                              .client_secret = book_login(book, "client_secret"),
                              .refresh_token = book_login(book, "refresh_token"),
                              .grant = OAUTH_REFRESH_ONLY,
                              .basic = TRUE,
                              .timeout_ms = 10000,
                              .retry = {RETRY_FIXED, 1, 1, 1, FALSE}};
  gsize mark = postgres_log_mark();
  refuse_writes();
  OAuthFlow *flow =
      oauth_flow_new(program_db(), &client, NULL, g_get_monotonic_time() + 20 * G_USEC_PER_SEC);
  while (refusals_since(mark) == 0) {
    assert_false(oauth_flow_advance(flow));
    https_wait(exchange_client(), 20);
  }
  oauth_flow_free(flow);
  assert_state(book, "claim_until > clock_timestamp()", "t");
  program_db_close();
}

static int
open_with_private_hosts(void **state)
{
  g_setenv("ERP_ALLOW_PRIVATE_HOSTS", "1", TRUE);
  return settings_load(NULL) ? harness_open(state) : -1;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      UNWRITTEN_CASE(test_a_run_waits_until_its_new_tokens_are_written),
      UNWRITTEN_CASE(test_health_is_degraded_until_the_tokens_are_written),
      UNWRITTEN_CASE(test_tokens_are_written_while_nobody_asks),
      UNWRITTEN_CASE(test_a_process_does_not_leave_before_its_tokens_are_written),
      UNWRITTEN_CASE(test_a_worker_without_descriptors_writes_its_tokens_before_it_ends),
      UNWRITTEN_CASE(test_a_chain_that_was_given_up_meanwhile_is_written),
      UNWRITTEN_CASE(test_a_chain_does_not_go_over_a_newer_one),
      UNWRITTEN_CASE(test_a_caller_who_leaves_does_not_free_the_way_for_another_renewal),
  };
  harness_filter();
  return cmocka_run_group_tests_name("chains not written yet", tests, open_with_private_hosts,
                                     harness_close);
}

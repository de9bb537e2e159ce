/* A request to an ERP under every policy, where no answer is needed to see them at work
 * (erp-connectors.md 4). */
#include "harness_rate.h"

#include "base/settings.h"
#include "net/exchange.h"

#define NOBODY "https://127.0.0.1:9/protheus/rest/balancete?key=1" /* nothing listens there */

static const CallPolicy guard = {.account = "A",
                                 .call = "ListarExtrato",
                                 .places = 1,
                                 .place_ms = 60000,
                                 .max_errors = 10,
                                 .window_s = 60};

/* What one exchange came to. */
typedef struct {
  char *code; /* of the error; NULL: none */
  ExchangeResult result;
} Ending;

static void
ending_clear(Ending *ending)
{
  g_free(ending->code);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ending, ending_clear)

static ExchangePolicy
policy_of(const RatePolicy *rate)
{
  return (ExchangePolicy){.company = "EFFECTI",
                          .operation = "get_trial_balance",
                          .rate = rate,
                          .retry = {RETRY_FIXED, 3, 1, 1, FALSE},
                          .patience_ms = 300,
                          .deadline_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC,
                          .stall_s = 20};
}

static Ending
run(const ExchangePolicy *policy)
{
  const ExchangeRequest request = {.url = NOBODY, .timeout_ms = 5000, .max_bytes = 1000};
  g_autoptr(Exchange) exchange = exchange_new(program_db(), policy, &request);
  g_autoptr(GError) error = NULL;
  Ending ending = {0};
  if (!exchange_run(exchange, NULL, NULL, &error))
    ending.code = g_strdup(error_word(error));
  ending.result = *exchange_result(exchange);
  return ending;
}

/* F-15: the last cause, and how often it was tried */
static void
test_an_erp_that_is_not_there_is_tried_three_times(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = breaker_policy();
  ExchangePolicy policy = policy_of(&rate);
  g_auto(Ending) ending = run(&policy);
  assert_string_equal(ending.code, "erp_connection_failed");
  assert_int_equal(ending.result.attempts, 3);
  assert_breaker("CLOSED 3");
}

/* 4.2: a run during which the breaker opens ends with its own error; the next one is not begun */
static void
test_a_run_that_opens_the_breaker_tells_its_own_error(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = breaker_policy();
  rate.threshold = 2;
  ExchangePolicy policy = policy_of(&rate);
  g_auto(Ending) first = run(&policy);
  assert_string_equal(first.code, "erp_connection_failed");
  assert_int_equal(first.result.requests, 2);
  assert_in_range(first.result.retry_after_s, 55, 60); /* when the next one may go */
  g_auto(Ending) second = run(&policy);
  assert_string_equal(second.code, "erp_circuit_open");
  assert_int_equal(second.result.requests, 0);
  assert_in_range(second.result.retry_after_s, 55, 60);
}

/* F-40 */
static void
test_without_the_database_nothing_is_sent(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = breaker_policy();
  ExchangePolicy policy = policy_of(&rate);
  postgres_stop();
  g_auto(Ending) ending = run(&policy);
  assert_string_equal(ending.code, "rate_store_unavailable");
  assert_int_equal(ending.result.requests, 0);
  policy.guard = &guard;
  g_auto(Ending) guarded = run(&policy);
  assert_string_equal(guarded.code, "rate_store_unavailable");
  assert_int_equal(guarded.result.requests, 0);
}

/* 4.3, step 5 */
static void
test_a_wait_beyond_the_patience_is_not_begun(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = bucket_policy("totvs:T1", 11, 100, 1);
  ExchangePolicy policy = policy_of(&rate);
  policy.retry.max_attempts = 1;
  g_auto(Ending) first = run(&policy);
  assert_int_equal(first.result.requests, 1);
  g_auto(Ending) second = run(&policy);
  assert_string_equal(second.code, "erp_rate_limited");
  assert_int_equal(second.result.requests, 0);
  assert_in_range(second.result.retry_after_s, 9, 10);
}

static void
test_a_run_past_its_deadline_asks_nobody(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = bucket_policy("totvs:T1", 11, 100, 1);
  ExchangePolicy policy = policy_of(&rate);
  policy.deadline_us = g_get_monotonic_time();
  g_auto(Ending) ending = run(&policy);
  assert_string_equal(ending.code, "deadline_exceeded");
  assert_count(0, "erp.rate_bucket");
}

/* 4.1: a wait that would pass the deadline is not begun */
static void
test_a_second_try_past_the_deadline_is_not_waited_for(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = {0};
  ExchangePolicy policy = policy_of(&rate);
  policy.retry.base_ms = policy.retry.max_ms = 60000;
  g_auto(Ending) ending = run(&policy);
  assert_string_equal(ending.code, "erp_connection_failed");
  assert_int_equal(ending.result.attempts, 1);
}

/* Omie: each error answer is noted, each place given back */
static void
test_the_guard_hears_of_every_failure(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = {0};
  ExchangePolicy policy = policy_of(&rate);
  policy.guard = &guard;
  g_auto(Ending) ending = run(&policy);
  assert_string_equal(ending.code, "erp_connection_failed");
  assert_count(0, "erp.call_slot");
  assert_sql("3", "select cardinality(errors)::text from erp.call_guard"
                  " where account = 'A' and call = 'ListarExtrato'");
}

/* F-45: what one process was told holds for all */
static void
test_a_method_that_is_blocked_is_not_called(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = bucket_policy("omie:A", 300, 60, 20);
  ExchangePolicy policy = policy_of(&rate);
  policy.guard = &guard;
  sql("insert into erp.call_guard (account, call, blocked_until)"
      " values ('A', 'ListarExtrato', now() + interval '301 s')");
  g_auto(Ending) ending = run(&policy);
  assert_string_equal(ending.code, "erp_circuit_open");
  assert_int_equal(ending.result.requests, 0);
  assert_in_range(ending.result.retry_after_s, 295, 301);
  assert_count(0, "erp.rate_bucket");
}

static void
test_a_place_that_others_hold_is_waited_for(G_GNUC_UNUSED void **state)
{
  RatePolicy rate = {0};
  ExchangePolicy policy = policy_of(&rate);
  policy.guard = &guard;
  sql("insert into erp.call_slot values ('A', 'ListarExtrato', gen_random_uuid(),"
      " clock_timestamp() + interval '100 ms')");
  g_auto(Ending) later = run(&policy);
  assert_int_equal(later.result.requests, 3);
  sql("insert into erp.call_slot values ('A', 'ListarExtrato', gen_random_uuid(),"
      " now() + interval '1 min')");
  g_auto(Ending) never = run(&policy);
  assert_string_equal(never.code, "erp_rate_limited");
  assert_int_equal(never.result.requests, 0);
}

static gboolean
at_once(G_GNUC_UNUSED gpointer data)
{
  return TRUE;
}

/* 2.1: cancelled: not retried, not counted, its places free */
static void
test_a_caller_who_left_leaves_nothing_behind(G_GNUC_UNUSED void **state)
{
  const ExchangeRequest request = {.url = NOBODY, .timeout_ms = 5000, .max_bytes = 1000};
  RatePolicy rate = bucket_policy("omie:A", 60, 60, 1);
  rate.breaker = breaker_policy().breaker;
  rate.threshold = 5;
  ExchangePolicy policy = policy_of(&rate);
  policy.guard = &guard;
  policy.patience_ms = 10000;
  enter_ok(&rate); /* so that the next one has to wait for its turn */
  g_autoptr(Exchange) exchange = exchange_new(program_db(), &policy, &request);
  g_autoptr(GError) error = NULL;
  assert_false(exchange_run(exchange, at_once, NULL, &error));
  assert_int_equal(error->code, ERROR_INTERRUPTED);
  assert_int_equal(exchange_result(exchange)->requests, 0);
  assert_count(0, "erp.call_slot");
  assert_count(0, "erp.breaker");
}

static int
open_with_private_hosts(void **state)
{
  g_setenv("ERP_ALLOW_PRIVATE_HOSTS", "1", TRUE);
  return settings_load(NULL) ? harness_open(state) : -1;
}

static int
after(void **state)
{
  program_db_close();
  return harness_after(state);
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, harness_before, after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_an_erp_that_is_not_there_is_tried_three_times),
      CASE(test_a_run_that_opens_the_breaker_tells_its_own_error),
      CASE(test_without_the_database_nothing_is_sent),
      CASE(test_a_wait_beyond_the_patience_is_not_begun),
      CASE(test_a_run_past_its_deadline_asks_nobody),
      CASE(test_a_second_try_past_the_deadline_is_not_waited_for),
      CASE(test_the_guard_hears_of_every_failure),
      CASE(test_a_method_that_is_blocked_is_not_called),
      CASE(test_a_place_that_others_hold_is_waited_for),
      CASE(test_a_caller_who_left_leaves_nothing_behind),
  };
  harness_filter();
  return cmocka_run_group_tests_name("exchange", tests, open_with_private_hosts, harness_close);
}

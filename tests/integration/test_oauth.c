/* OAuth2 tokens, shared by all processes: every question here is asked by a process of its own. */
#include "harness_oauth.h"

#define COMPANY "EFFECTI"

/* OA-1 */
static void
test_a_token_serves_every_process_until_it_is_old(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  for (guint i = 0; i < 4; i++)
    assert_balance(book);
  assert_int_equal(book_calls(book, "token"), 1);
}

/* F-01 */
static void
test_a_token_refused_in_the_middle_is_renewed_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  assert_balance(book);
  book_tokens_expire(book);
  assert_balance(book);
  assert_int_equal(book_calls(book, "token"), 2);
  assert_int_equal(book_calls(book, "trial-balance"), 3);
}

/* F-02 */
static void
test_a_second_refusal_is_the_end(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_fault(book, .kind = "trial-balance", .status = 401, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(answer, 502, NULL, "erp_authentication_failed");
  assert_int_equal(book_calls(book, "token"), 2);
  assert_int_equal(book_calls(book, "trial-balance"), 2);
}

/* F-03 */
static void
test_eight_processes_that_are_refused_together_make_one_token_call(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  assert_health(book, "healthy", NULL);
  book_tokens_expire(book);
  assert_health_of_many(book, 8);
  assert_int_equal(book_calls(book, "token"), 2);
}

/* F-04 */
static void
test_a_token_server_that_fails_twice_is_asked_a_third_time(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_fault(book, .kind = "token", .status = 500, .times = 2);
  assert_balance(book);
  assert_int_equal(book_calls(book, "token"), 3);
}

static void
test_who_waits_for_a_token_shares_its_failure(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  BookCall *calls[3];
  book_fault(book, .kind = "token", .status = 401, .trick = "truth", .delay_ms = 2500);
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    calls[i] = book_start(book, ERP_HEALTH, "");
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
    g_autoptr(Answer) answer = book_finish(calls[i]);
    assert_at(answer, "details.reason", "erp_authentication_failed");
  }
  assert_int_equal(book_calls(book, "token"), 1);
}

/* 4.2: a token server that is down failed once, however many waited for it */
static void
test_a_failed_token_call_counts_once_for_all_who_waited(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  BookCall *calls[3];
  book_setting(book, "ERP_RETRY_ATTEMPTS", "1");
  book_fault(book, .kind = "token", .status = 503, .delay_ms = 2500);
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    calls[i] = book_start(book, ERP_HEALTH, "");
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
    g_autoptr(Answer) answer = book_finish(calls[i]);
    assert_at(answer, "details.reason", "erp_connection_failed");
  }
  assert_int_equal(book_calls(book, "token"), 1);
  assert_sql("1", "select failures from erp.breaker");
}

/* F-09 */
static void
test_a_short_lived_token_is_renewed_in_the_last_fifth_of_its_life(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  ledger_setting("totvs", "token_seconds", "120");
  for (guint i = 0; i < 5; i++)
    assert_health(book, "healthy", NULL);
  set_state(book, "access_issued_at = access_issued_at - interval '80 s',"
                  " access_expires_at = access_expires_at - interval '80 s'");
  assert_health(book, "healthy", NULL);
  assert_int_equal(book_calls(book, "token"), 1);
  set_state(book, "access_issued_at = access_issued_at - interval '17 s',"
                  " access_expires_at = access_expires_at - interval '17 s'");
  assert_health(book, "healthy", NULL);
  assert_int_equal(book_calls(book, "token"), 2);
}

/* As the header and the body tell it. */
static gint64
retry_after(const Answer *answer)
{
  g_autofree char *seconds = answer_at(answer, "retry_after");
  assert_header(answer, "retry-after", seconds);
  return g_ascii_strtoll(seconds, NULL, 10);
}

static void
test_more_token_calls_than_six_a_minute_are_not_made(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  for (guint i = 0; i < 6; i++) {
    assert_health(book, "healthy", NULL);
    set_state(book, "access_expires_at = now()");
  }
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(answer, 429, NULL, "erp_rate_limited");
  assert_in_range(retry_after(answer), 30, 60);
  assert_int_equal(book_calls(book, "token"), 6);
}

/* … for the time it names, else for the minute that token calls are counted in */
static void
test_a_token_server_that_asks_for_patience_is_passed_on(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_fault(book, .kind = "token", .status = 429, .headers = "{\"Retry-After\":\"3600\"}");
  g_autoptr(Answer) told = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(told, 429, NULL, "erp_rate_limited");
  assert_int_equal(retry_after(told), 3600);
  book_fault(book, .kind = "token", .status = 429);
  g_autoptr(Answer) untold = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(untold, 429, NULL, "erp_rate_limited");
  assert_int_equal(retry_after(untold), 60);
}

static void
test_a_native_protheus_logs_in_by_password(G_GNUC_UNUSED void **state)
{
  static const char *const places[] = {"body", "query"};
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autoptr(Book) book = oauth_book(COMPANY);
    g_autofree char *url = ledger_url("/totvs/protheus/rest/api/oauth2/v1/token");
    book_set(book, "TOKEN_URL", url);
    book_set(book, "GRANT_TYPE", "password");
    book_set(book, "USERNAME", book_login(book, "username"));
    book_set(book, "PASSWORD", book_login(book, "password"));
    book_set(book, "TOKEN_PARAMS_IN", places[i]);
    assert_balance(book);
    g_autofree char *place = book_parameter(book, "token", 1, "@in");
    assert_string_equal(place, places[i]);
  }
}

static void
test_oauth2_without_a_key_for_the_tokens_is_not_configured(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_setting(book, "ERP_TOKEN_KEY", "");
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_status(answer, 503);
  assert_at(answer, "status", "disconnected");
  assert_at(answer, "message",
            "ERP_TOKEN_KEY deve ter 32 bytes em base64 (openssl rand -base64 32).");
  assert_int_equal(book_calls(book, NULL), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_token_serves_every_process_until_it_is_old),
      LEDGER_CASE(test_a_token_refused_in_the_middle_is_renewed_once),
      LEDGER_CASE(test_a_second_refusal_is_the_end),
      LEDGER_CASE(test_eight_processes_that_are_refused_together_make_one_token_call),
      LEDGER_CASE(test_a_token_server_that_fails_twice_is_asked_a_third_time),
      LEDGER_CASE(test_who_waits_for_a_token_shares_its_failure),
      LEDGER_CASE(test_a_failed_token_call_counts_once_for_all_who_waited),
      LEDGER_CASE(test_a_short_lived_token_is_renewed_in_the_last_fifth_of_its_life),
      LEDGER_CASE(test_more_token_calls_than_six_a_minute_are_not_made),
      LEDGER_CASE(test_a_token_server_that_asks_for_patience_is_passed_on),
      LEDGER_CASE(test_a_native_protheus_logs_in_by_password),
      LEDGER_CASE(test_oauth2_without_a_key_for_the_tokens_is_not_configured),
  };
  return RUN("OAuth2", tests);
}

/* Rotating refresh tokens: a chain that breaks has to be authorized anew by a person, so it is kept
 * whatever happens.  Every question here is asked by a process of its own. */
#include "harness_oauth.h"

#include "base/settings.h"
#include "net/call_gate.h"
#include "net/seal.h"

#define COMPANY       "LEADLOVERS" /* Bling: a refresh token that is another one after each use */
#define INVALID_GRANT "{\"error\":\"invalid_grant\"}"

/* F-05 */
static void
test_a_dead_chain_asks_for_a_person_and_then_leaves_the_erp_alone(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_fault(book, .kind = "token", .status = 400, .body = INVALID_GRANT);
  assert_health(book, "unhealthy", "erp_reauthorization_required");
  assert_state(book, "status", "reauthorization_required");
  assert_health(book, "unhealthy", "erp_reauthorization_required");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(answer, 502, NULL, "erp_reauthorization_required");
  assert_int_equal(book_calls(book, NULL), 1);
}

/* F-05: until an operator stores a fresh chain */
static void
test_a_new_refresh_token_in_the_settings_begins_a_new_chain(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_set(book, "REFRESH_TOKEN", "of-a-chain-long-gone");
  assert_health(book, "unhealthy", "erp_reauthorization_required");
  book_set(book, "REFRESH_TOKEN", book_login(book, "refresh_token"));
  assert_health(book, "healthy", NULL);
  assert_state(book, "status", "ok");
  book_set(book, "REFRESH_TOKEN", "of-a-chain-long-gone");
  set_state(book, "access_expires_at = now()");
  assert_health(book, "healthy", NULL); /* a chain that lives does not begin anew */
  assert_int_equal(book_links(book), 3);
}

/* A chain that was not used for so long that its refresh token ended */
static void
test_a_chain_that_expired_goes_on_with_a_new_refresh_token(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  g_autofree char *fresh = g_strconcat("novo-", book_who(book), NULL);
  assert_health(book, "healthy", NULL);
  set_state(book, "access_expires_at = now(), refresh_expires_at = now()");
  assert_health(book, "unhealthy", "erp_reauthorization_required");
  sql("insert into sandbox.ledger_token (token, who, kind, expires_at)"
      " values ($1, $2, 'refresh', now() + interval '1 day')",
      fresh, book_who(book));
  book_set(book, "REFRESH_TOKEN", fresh);
  assert_health(book, "healthy", NULL);
  assert_state(book, "version || ' ' || status", "2 ok");
}

/* F-06 */
static void
test_a_token_that_another_process_stored_meanwhile_is_used(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_fault(book, .kind = "token", .status = 400, .body = INVALID_GRANT, .trick = "truth",
             .delay_ms = 1000);
  BookCall *call = book_start(book, ERP_HEALTH, "");
  WAIT_FOR(book_calls(book, "token") == 1);
  g_autofree char *hash = call_gate_account(book_login(book, "client_id"));
  g_autofree char *place = g_strjoin("/", COMPANY, "bling", hash, "access", NULL);
  g_autofree char *token = book_token_make(book), *sealed = seal(token, place);
  sql("update erp.oauth_state set access_token_sealed = $2, version = version + 1,"
      "       access_issued_at = now(), access_expires_at = now() + interval '1 hour'"
      " where client_hash = $1",
      hash, sealed);
  g_autoptr(Answer) answer = book_finish(call);
  assert_at(answer, "status", "healthy");
  assert_state(book, "status", "ok");
}

/* F-07 */
static void
test_a_rotating_refresh_token_is_shown_once_by_however_many_processes(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  assert_health_of_many(book, 6);
  assert_int_equal(book_link_uses(book, 1), 1);
  set_state(book, "access_expires_at = now()");
  assert_health_of_many(book, 2);
  assert_int_equal(book_link_uses(book, 1), 1);
  assert_int_equal(book_link_uses(book, 2), 1);
  assert_int_equal(book_links(book), 3);
  assert_state(book, "version", "2");
}

/* Writing a renewed token fails so often, until writes_allow. */
static void
writes_refuse(const char *times)
{
  g_autofree char *function =
      g_strdup_printf("create function public.refuse_writes() returns trigger language plpgsql as"
                      " $$ begin if new.version > old.version and"
                      " nextval('public.refused_writes') <= %s then raise exception 'no'; end if;"
                      " return new; end $$",
                      times);
  sql("create sequence public.refused_writes");
  sql("grant usage on sequence public.refused_writes to public");
  sql(function);
  sql("create trigger refuse before update on erp.oauth_state"
      " for each row execute function public.refuse_writes()");
}

static int
writes_allow(void **state)
{
  sql("drop trigger if exists refuse on erp.oauth_state");
  sql("drop function if exists public.refuse_writes");
  sql("drop sequence if exists public.refused_writes");
  return ledger_after(state);
}

/* F-08 */
static void
test_a_renewed_chain_that_cannot_be_written_is_written_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  writes_refuse("3");
  assert_health(book, "healthy", NULL);
  assert_sql("4", "select last_value from public.refused_writes");
  assert_state(book, "version", "1");
  assert_health(book, "healthy", NULL);
  assert_int_equal(book_links(book), 2);
}

/* F-08 */
static void
test_a_chain_that_is_not_written_yet_is_degraded_health(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  book_setting(book, "ERP_TOKEN_WRITE_S", "1");
  writes_refuse("1000");
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_status(answer, 200);
  assert_at(answer, "status", "degraded");
  assert_at(answer, "details.reason", "refresh_token_unpersisted");
}

static void
test_a_lost_answer_is_asked_for_once_more_with_the_same_token(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) unspent = oauth_book(COMPANY), spent = oauth_book(COMPANY);
  book_fault(unspent, .kind = "token", .trick = "reset");
  assert_health(unspent, "healthy", NULL);
  assert_int_equal(book_calls(unspent, "token"), 2);
  book_fault(spent, .kind = "token", .trick = "lost");
  assert_health(spent, "unhealthy", "erp_reauthorization_required");
  assert_int_equal(book_calls(spent, "token"), 2);
  assert_int_equal(book_link_uses(spent, 1), 2);
}

static void
test_a_holder_that_died_holds_nobody_up_for_longer_than_its_lease(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  assert_health(book, "healthy", NULL);
  set_state(book, "access_expires_at = now(), claim_holder = gen_random_uuid(),"
                  " claim_until = now() + interval '1 s'");
  assert_health(book, "healthy", NULL);
  assert_int_equal(book_links(book), 3);
}

/* The new refresh token comes after the caller's time is over, and is kept all the same. */
static void
test_a_slow_renewal_outlives_the_caller_who_asked_for_it(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY), run = oauth_book(COMPANY);
  book_setting(book, "ERP_HEALTH_TIMEOUT_MS", "500");
  book_setting(book, "ERP_HEALTH_DEADLINE_MS", "800");
  book_fault(book, .kind = "token", .trick = "truth", .delay_ms = 2000);
  assert_health(book, "unhealthy", "deadline_exceeded");
  assert_state(book, "version || ' ' || status", "1 ok");
  book_setting(book, "ERP_HEALTH_DEADLINE_MS", "");
  assert_health(book, "healthy", NULL);
  assert_int_equal(book_calls(book, "token"), 1);

  book_setting(run, "ERP_TRIAL_BALANCE_DEADLINE_S", "1");
  book_fault(run, .kind = "token", .trick = "truth", .delay_ms = 2000);
  g_autoptr(Answer) answer = book_ask(run, TRIAL_BALANCE, MONTH);
  assert_error_code(answer, 504, NULL, "deadline_exceeded");
  assert_state(run, "version || ' ' || status", "1 ok");
  assert_int_equal(book_calls(run, NULL), 1);
}

static void
test_tokens_sealed_with_another_key_are_told_so(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  assert_health(book, "healthy", NULL);
  book_setting(book, "ERP_TOKEN_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(answer, 503,
                    "ERP_TOKEN_KEY não abre os tokens guardados: foram selados com outra chave.",
                    "erp_not_configured");
  assert_int_equal(book_calls(book, "token"), 1);
}

static void
test_the_table_of_tokens_shows_none(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book(COMPANY);
  assert_health(book, "healthy", NULL);
  assert_sql("0", "select count(*) from erp.oauth_state s, sandbox.ledger_token t"
                  " where position(t.token in s::text) > 0"
                  "    or position(encode(convert_to(t.token, 'UTF8'), 'base64') in s::text) > 0");
  assert_state(book, "access_token_sealed is not null and refresh_token_sealed is not null", "t");
}

int
main(void)
{
#define WRITE_CASE(test) cmocka_unit_test_setup_teardown(test, ledger_before, writes_allow)
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_dead_chain_asks_for_a_person_and_then_leaves_the_erp_alone),
      LEDGER_CASE(test_a_new_refresh_token_in_the_settings_begins_a_new_chain),
      LEDGER_CASE(test_a_chain_that_expired_goes_on_with_a_new_refresh_token),
      LEDGER_CASE(test_a_token_that_another_process_stored_meanwhile_is_used),
      LEDGER_CASE(test_a_rotating_refresh_token_is_shown_once_by_however_many_processes),
      WRITE_CASE(test_a_renewed_chain_that_cannot_be_written_is_written_again),
      WRITE_CASE(test_a_chain_that_is_not_written_yet_is_degraded_health),
      LEDGER_CASE(test_a_lost_answer_is_asked_for_once_more_with_the_same_token),
      LEDGER_CASE(test_a_slow_renewal_outlives_the_caller_who_asked_for_it),
      LEDGER_CASE(test_a_holder_that_died_holds_nobody_up_for_longer_than_its_lease),
      LEDGER_CASE(test_tokens_sealed_with_another_key_are_told_so),
      LEDGER_CASE(test_the_table_of_tokens_shows_none),
  };
  return !settings_load(NULL) || RUN("OAuth2: chains", tests);
}

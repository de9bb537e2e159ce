/* The operator's first authorization of a rotating chain (erp-connectors.md 3.2): a person brings a
 * code from the ERP's page, and the tokens that come of it serve everybody. */
#include "harness_authorize.h"

#include <string.h>

#include "harness_oauth.h"

#define BACK      "https://ponte.example/volta"
#define BACK_WITH BACK "?code="

/* A company that nobody has authorized yet. */
static Book *
new_company(const char *company, const char *profile)
{
  Book *book = book_new(company, profile);
  book_setting(book, "ERP_TOKEN_POLL_MS", "20");
  book_set(book, "REFRESH_TOKEN", "");
  book_set(book, "REDIRECT_URI", BACK);
  book_seed(book, "2026-01-01", 11, 10, 1);
  return book;
}

/* The address that the ERP's page leads to. */
static char *
address(const char *code, const char *state)
{
  return g_strconcat(BACK_WITH, code, "&state=", state, NULL);
}

static void
assert_balance_refused(const Book *book)
{
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_error_code(answer, 502, NULL, "erp_reauthorization_required");
}

static void
assert_authorized(const Book *book, const char *answer)
{
  g_auto(Authorized) authorized = book_authorize(book, answer);
  if (authorized.status != 0)
    fail_msg("not authorized: %s%s", authorized.output, authorized.errors);
  assert_non_null(strstr(authorized.output, "is authorized.  The token lives until 20"));
}

static void
assert_not_authorized(const Book *book, const char *answer, const char *why)
{
  g_auto(Authorized) authorized = book_authorize(book, answer);
  assert_int_equal(authorized.status, 1);
  if (strstr(authorized.errors, why) == NULL)
    fail_msg("\"%s\" is not in %s", why, authorized.errors);
  assert_null(strstr(authorized.output, "is authorized"));
}

static void
assert_url_has(const char *url, const char *name, const char *expected)
{
  g_autofree char *value = url_parameter(url, name);
  if (g_strcmp0(value, expected) != 0)
    fail_msg("%s is %s in %s", name, value != NULL ? value : "(absent)", url);
}

static void
test_a_company_is_authorized_and_its_chain_goes_on(G_GNUC_UNUSED void **state)
{
  static const char *const companies[][2] = {{"MERCOS", "v2"}, {"LEADLOVERS", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(companies); i++) {
    g_autoptr(Book) book = new_company(companies[i][0], companies[i][1]);
    assert_balance_refused(book);
    assert_int_equal(book_calls(book, NULL), 0);
    g_autofree char *code = book_code(book, BACK), *answer = address(code, "{state}");
    assert_authorized(book, answer);
    assert_state(book, "version || ' ' || status", "1 ok");
    assert_balance(book);
    assert_int_equal(book_calls(book, "token"), 1);
    book_tokens_expire(book);
    set_state(book, "access_expires_at = now()");
    assert_balance(book);
    assert_state(book, "version || ' ' || status", "2 ok");
    assert_int_equal(book_calls(book, "token"), 2);
  }
}

static void
test_the_erp_is_asked_as_the_vendors_say(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = new_company("LEADLOVERS", NULL);
  g_autofree char *code = book_code(book, BACK), *answer = address(code, "{state}");
  assert_authorized(book, answer);
  static const char *const sent[][2] = {{"grant_type", "authorization_code"},
                                        {"redirect_uri", BACK},
                                        {"@client", "basic"},
                                        {"@jwt", "1"},
                                        {"@in", "body"},
                                        {"scope", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(sent); i++) {
    g_autofree char *value = book_parameter(book, "token", 1, sent[i][0]);
    if (g_strcmp0(value, sent[i][1]) != 0)
      fail_msg("%s was %s", sent[i][0], value != NULL ? value : "(absent)");
  }
}

static void
test_the_page_is_named_with_all_it_needs(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) mercos = new_company("MERCOS", "v2"), bling = new_company("LEADLOVERS", NULL);
  book_set(bling, "REDIRECT_URI", "");
  g_auto(Authorized) first = book_authorize(mercos, ""), second = book_authorize(mercos, "");
  g_auto(Authorized) other = book_authorize(bling, NULL);
  assert_true(g_str_has_prefix(first.url, "https://auth.contaazul.com/oauth2/authorize?"));
  assert_url_has(first.url, "response_type", "code");
  assert_url_has(first.url, "client_id", book_login(mercos, "client_id"));
  assert_url_has(first.url, "redirect_uri", BACK);
  assert_url_has(first.url, "scope", "openid profile aws.cognito.signin.user.admin");
  assert_string_not_equal(first.url, second.url);
  assert_true(g_str_has_prefix(other.url, "https://bling.com.br/Api/v3/oauth/authorize?"));
  assert_url_has(other.url, "redirect_uri", NULL);
  assert_url_has(other.url, "scope", NULL);
  assert_non_null(strstr(first.errors, "Nenhum código foi informado."));
  assert_non_null(strstr(other.errors, "Nenhum código foi informado."));
  assert_int_equal(book_calls(mercos, NULL) + book_calls(bling, NULL), 0);
}

static void
test_the_code_alone_is_enough(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = new_company("LEADLOVERS", NULL);
  book_set(book, "REDIRECT_URI", "");
  g_autofree char *code = book_code(book, NULL);
  assert_authorized(book, code);
  assert_balance(book);
}

static void
test_a_code_is_good_once_and_for_a_minute(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = new_company("MERCOS", "v2");
  g_autofree char *code = book_code(book, BACK), *old = book_code(book, BACK);
  assert_authorized(book, code);
  assert_not_authorized(book, code, "O ERP não aceita o código");
  sql("update sandbox.ledger_code set expires_at = now() where code = $1", old);
  assert_not_authorized(book, old, "O ERP não aceita o código");
  assert_state(book, "version || ' ' || status", "1 ok"); /* what works is not touched */
  assert_balance(book);
}

static void
test_an_answer_to_another_authorization_is_not_taken(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = new_company("LEADLOVERS", NULL);
  g_autofree char *code = book_code(book, BACK), *forged = address(code, "0123456789abcdef"),
                  *bare = g_strconcat(BACK_WITH, code, NULL);
  assert_not_authorized(book, forged, "O endereço é de outra autorização");
  assert_not_authorized(book, bare, "O endereço é de outra autorização");
  assert_not_authorized(book, BACK "?error=access_denied&state={state}",
                        "O ERP não autorizou: access_denied.");
  assert_not_authorized(book, BACK "?state={state}", "O endereço não tem código.");
  assert_int_equal(book_calls(book, NULL), 0);
  assert_balance_refused(book);
}

/* F-05: until an operator stores a fresh chain */
static void
test_a_chain_that_broke_is_replaced(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book("LEADLOVERS");
  sql("update sandbox.ledger_token set used_at = now() where who = $1", book_who(book));
  assert_health(book, "unhealthy", "erp_reauthorization_required");
  assert_state(book, "status", "reauthorization_required");
  g_autofree char *code = book_code(book, NULL);
  assert_authorized(book, code);
  assert_state(book, "version || ' ' || status", "2 ok");
  assert_health(book, "healthy", NULL);
  set_state(book, "access_expires_at = now()");
  assert_health(book, "healthy", NULL);
  assert_state(book, "version || ' ' || status", "3 ok");
}

static void
test_a_renewal_under_way_gives_way(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = oauth_book("LEADLOVERS");
  book_fault(book, .kind = "token", .trick = "truth", .delay_ms = 1500);
  BookCall *renewal = book_start(book, ERP_HEALTH, "");
  WAIT_FOR(book_calls(book, "token") == 1);
  g_autofree char *code = book_code(book, NULL);
  assert_authorized(book, code);
  g_autofree char *stored = sql_text("select access_token_sealed from erp.oauth_state");
  g_autoptr(Answer) answer = book_finish(renewal);
  assert_at(answer, "status", "healthy");
  assert_state(book, "version || ' ' || status", "1 ok");
  assert_state(book, "access_token_sealed", stored);
}

static int
writes_allowed(void **state)
{
  sql("drop trigger if exists refuse on erp.oauth_state");
  sql("drop function if exists sandbox.test_refuse()");
  return ledger_after(state);
}

static void
test_a_chain_that_cannot_be_stored_is_told_so(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = new_company("MERCOS", "v2");
  book_setting(book, "ERP_TOKEN_WRITE_S", "2");
  sql("create function sandbox.test_refuse() returns trigger language plpgsql as"
      " $$begin raise exception 'no'; end$$");
  sql("create trigger refuse before update of access_token_sealed on erp.oauth_state"
      " for each row execute function sandbox.test_refuse()");
  g_autofree char *code = book_code(book, BACK);
  assert_not_authorized(book, code, "o token não pôde ser gravado: autorize de novo.");
  assert_state(book, "version", "0");
}

/* 3.5 */
static void
test_nothing_secret_is_shown(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = new_company("MERCOS", "v2");
  book_setting(book, "LOG_LEVEL", "debug");
  g_autofree char *code = book_code(book, BACK), *answer = address(code, "{state}");
  g_auto(Authorized) authorized = book_authorize(book, answer);
  g_auto(Authorized) refused = book_authorize(book, code);
  g_autofree char *shown =
      g_strconcat(authorized.output, authorized.errors, refused.output, refused.errors, NULL);
  assert_int_equal(authorized.status, 0);
  assert_int_equal(refused.status, 1);
  assert_non_null(strstr(shown, "\"verdict\":\"granted\"")); /* the log is there */
  assert_null(strstr(shown, code));
  assert_null(strstr(shown, book_login(book, "client_secret")));
  assert_sql("0", "select count(*) from sandbox.ledger_token where position(token in $1) > 0",
             shown);
  assert_sql("0", "select count(*) from erp.oauth_state s, sandbox.ledger_token t"
                  " where position(t.token in s::text) > 0");
}

static void
test_an_erp_without_a_chain_and_a_missing_setting_are_told(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *company, *profile, *why;
  } cases[] = {{"EFFECTI", NULL, "o perfil ctbr020 de TOTVS Protheus não tem cadeia de OAuth2"},
               {"DATAHUB", NULL, "o perfil balancete de Omie não tem cadeia de OAuth2"},
               {"MERCOS", "v1", "o perfil v1 de ContaAzul não tem cadeia de OAuth2"},
               {"LEADLOVERS", "v2", "o perfil v2 de Bling não tem cadeia de OAuth2"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = book_new(cases[i].company, cases[i].profile);
    g_auto(Authorized) authorized = book_authorize(book, NULL);
    assert_int_equal(authorized.status, 1);
    assert_null(authorized.url);
    assert_non_null(strstr(authorized.errors, cases[i].why));
  }
  g_autoptr(Book) mercos = new_company("MERCOS", "v2"), bling = new_company("LEADLOVERS", NULL);
  book_set(mercos, "CLIENT_SECRET", "");
  assert_not_authorized(mercos, NULL, "CONTAAZUL_MERCOS_CLIENT_SECRET não está definida.");
  book_set(mercos, "CLIENT_SECRET", "s");
  book_set(mercos, "AUTHORIZE_URL", "http://auth.contaazul.com/");
  assert_not_authorized(mercos, NULL, "CONTAAZUL_MERCOS_AUTHORIZE_URL deve ser um endereço https");
  book_set(bling, "AUTH_TYPE", "api_key");
  book_set(bling, "API_KEY", "k");
  assert_not_authorized(bling, NULL, "BLING_LEADLOVERS_AUTH_TYPE deve ser oauth2");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_company_is_authorized_and_its_chain_goes_on),
      LEDGER_CASE(test_the_erp_is_asked_as_the_vendors_say),
      LEDGER_CASE(test_the_page_is_named_with_all_it_needs),
      LEDGER_CASE(test_the_code_alone_is_enough),
      LEDGER_CASE(test_a_code_is_good_once_and_for_a_minute),
      LEDGER_CASE(test_an_answer_to_another_authorization_is_not_taken),
      LEDGER_CASE(test_a_chain_that_broke_is_replaced),
      LEDGER_CASE(test_a_renewal_under_way_gives_way),
      cmocka_unit_test_setup_teardown(test_a_chain_that_cannot_be_stored_is_told_so, ledger_before,
                                      writes_allowed),
      LEDGER_CASE(test_nothing_secret_is_shown),
      LEDGER_CASE(test_an_erp_without_a_chain_and_a_missing_setting_are_told),
  };
  return RUN("authorizing ERPs", tests);
}

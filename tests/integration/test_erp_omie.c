/* Omie's books by its balancete (erp-connectors.md 6.3), and what its refusals come to. */
#include <string.h>

#include "harness_ledger_look.h"

#define JANUARY  "from=2026-01-01&to=2026-01-31"
#define BALANCES "ListarBalancete"
#define ENTRIES  "ListarMovimentos"
#define ACCOUNT  "1.02.001"

/* Every test asks with keys of its own: the minute in which Omie refuses a repeated question begins
 * anew. */
static Book *
omie_book(void)
{
  Book *book = book_new("DATAHUB", NULL);
  book_seed(book, "2026-01-01", 11, 40, 1);
  return book;
}

static char *
fault(const char *code, const char *text)
{
  return g_strdup_printf("{\"faultstring\":\"%s\",\"faultcode\":\"%s\"}", text, code);
}

/* How many seconds the method is held back for all who have this key. */
static gint64
blocked_s(const Book *book, const char *method)
{
  return sql_number("select coalesce(ceil(extract(epoch from max(blocked_until)"
                    "                     - clock_timestamp())), 0)::bigint"
                    "  from erp.call_guard"
                    " where account = left(encode(sha256(convert_to($1, 'UTF8')), 'hex'), 16)"
                    "   and call = $2",
                    book_login(book, "api_key"), method);
}

static void
test_a_balance_is_what_the_books_say(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  const json_t *accounts = json_object_get(answer->json, "accounts"), *account;
  assert_in_range(json_array_size(accounts), 20, 40);
  for (size_t i = 0; (account = json_array_get(accounts, i)) != NULL; i++)
    assert_true_to_books(book, account,
                         json_string_value(json_object_get(account, "account_code")));
  assert_at(answer, "company_id", "77");
  assert_at(answer, "accounts.0.account_type", "ASSET");
  assert_at(answer, "accounts.0.is_summary", "true");
  assert_at(answer, "metadata.source", "Omie");
  assert_at(answer, "metadata.api_profile", "balancete");
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.warnings.0", NULL);
  assert_sent(book, BALANCES, 1, "nCodEmpresa", "77");
  assert_sent(book, BALANCES, 1, "dDataDe", "01/01/2026");
  assert_sent(book, BALANCES, 1, "dDataAte", "31/01/2026");
  assert_int_equal(book_calls(book, NULL), 1);
}

static void
test_entries_are_those_of_the_books(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
  assert_all_entries(book, answer, ACCOUNT);
  assert_at(answer, "entries.0.account_code", ACCOUNT);
  assert_at(answer, "entries.0.transaction_date", "2026-01-01");
  assert_at(answer, "entries.0.document_type", "NF");
  assert_at(answer, "entries.0.metadata.origin", "sale");
  g_autofree char *entity = answer_at(answer, "entries.0.entity_name");
  assert_true(g_str_has_prefix(entity, "Cliente "));
  assert_sent(book, ENTRIES, 1, "cCodConta", ACCOUNT);
  assert_sent(book, ENTRIES, 1, "dDataDe", "01/01/2026");
}

/* 2.2: nCodEmpresa is a number */
static void
test_the_number_of_the_company_has_digits_only(G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = {"A7", "-7", "9223372036854775808"};
  g_autoptr(Book) book = omie_book();
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *query = g_strconcat(JANUARY "&company_id=", wrong[i], NULL);
    g_autoptr(Answer) asked = book_ask(book, TRIAL_BALANCE, query);
    assert_error_code(asked, 400, NULL, "invalid_parameter");
    assert_at(asked, "details.0.field", "company_id");
    assert_at(asked, "details.0.code", "invalid_parameter");
    assert_at(asked, "details.0.message", answer_text(asked, "error"));
  }
  book_set(book, "COMPANY_ID", "matriz");
  g_autoptr(Answer) configured = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(configured, 503, NULL, "erp_not_configured");
  assert_non_null(strstr(answer_text(configured, "error"), "OMIE_DATAHUB_COMPANY_ID"));
  assert_int_equal(book_calls(book, NULL), 0);
}

/* F-44: as Omie says that there is nothing, and as it was seen with other codes */
static void
test_an_account_without_movements_has_no_entries(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  g_autoptr(Answer) answer =
      book_ask(book, SUBLEDGER, "account=1.01.001&from=2025-03-01&to=2025-03-31");
  assert_status(answer, 200);
  assert_at(answer, "entries", "[]");
  assert_at(answer, "entry_count", "0");
  assert_at(answer, "complete", "true");
  assert_int_equal(book_call_status(book, ENTRIES, 1), 500);
  g_autofree char *body =
      fault("SOAP-ENV:Client-9999", "ERROR: Não existem registros para a página [1]!");
  book_fault(book, .kind = ENTRIES, .status = 200, .body = body);
  g_autoptr(Answer) worded =
      book_ask(book, SUBLEDGER, "account=1.01.001&from=2025-04-01&to=2025-04-30");
  assert_status(worded, 200);
  assert_at(worded, "entry_count", "0");
  assert_int_equal(book_calls(book, NULL), 2);
  g_autofree char *errors =
      sql_text("select coalesce(max(cardinality(errors)), 0)::text from erp.call_guard"
               " where account = left(encode(sha256(convert_to($1, 'UTF8')), 'hex'), 16)",
               book_login(book, "api_key"));
  assert_string_equal(errors, "0"); /* nothing was wrong */
  g_autofree char *none = fault("SOAP-ENV:Client-5113", "ERROR: Não existem registros!");
  book_fault(book, .kind = BALANCES, .status = 500, .body = none);
  g_autoptr(Answer) empty = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(empty, 422, NULL, "empty_trial_balance");
}

/* F-45 */
static void
test_a_blocked_key_is_left_alone_by_all(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  g_autofree char *body = fault(
      "MISUSE_API_PROCESS", "API bloqueada por consumo indevido. Tente novamente em 300 segundos.");
  book_fault(book, .kind = BALANCES, .status = 425, .body = body, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) blocked = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(blocked, 429, NULL, "erp_rate_limited");
  assert_member(blocked, "type", "RateLimit");
  assert_at(blocked, "attempts", "1");
  assert_at(blocked, "retry_after", "301");
  assert_header(blocked, "retry-after", "301");
  assert_in_range(blocked_s(book, BALANCES), 290, 301);
  /* another process, another question */
  g_autoptr(Answer) next = book_ask(book, TRIAL_BALANCE, "from=2026-01-01&to=2026-01-15");
  assert_error_code(next, 503, NULL, "erp_circuit_open"); /* the guard of all callers of Omie */
  assert_in_range(answer_int(next, "retry_after"), 290, 301);
  assert_at(next, "attempts", "null");
  assert_int_equal(book_calls(book, NULL), 1);
}

/* F-45: the key is blocked, not this method alone */
static void
test_a_blocked_key_is_not_used_for_other_questions(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  g_autofree char *body = fault("MISUSE_API_PROCESS", "Consumo indevido.");
  book_set(book, "PER_MINUTE", ""); /* the usual limits */
  book_fault(book, .kind = BALANCES, .status = 425, .body = body, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) blocked = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(blocked, 429, NULL, "erp_rate_limited");
  assert_at(blocked, "retry_after", "1800"); /* it did not say how long */
  assert_in_range(blocked_s(book, BALANCES), 1790, 1800);
  g_autoptr(Answer) other = book_ask(book, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
  assert_error_code(other, 429, NULL, "erp_rate_limited");
  assert_in_range(answer_int(other, "retry_after"), 1700, 1801);
  assert_int_equal(book_calls(book, NULL), 1);
}

/* F-46 */
static void
test_a_repeated_question_is_asked_again_when_it_may_be(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  g_autofree char *body =
      fault("SOAP-ENV:Client-6",
            "ERROR: Consumo redundante detectado. Aguarde 1 segundos para tentar novamente.");
  book_fault(book, .kind = BALANCES, .status = 200, .body = body);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, BALANCES), 2);
  assert_in_range(book_call_us(book, BALANCES, 2) - book_call_us(book, BALANCES, 1),
                  2 * G_USEC_PER_SEC, 10 * G_USEC_PER_SEC);
}

/* F-46: where that is too long to wait for, the caller is told when */
static void
test_how_long_a_repetition_waits_is_what_omie_says(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *code, *text, *retry_after;
  } cases[] = {
      {"SOAP-ENV:Client-6", "Consumo redundante detectado. Aguarde 57 segundos.", "58"},
      {"SOAP-ENV:Server-REDUNDANT", "Esta consulta já foi respondida.", "61"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = omie_book();
    g_autofree char *body = fault(cases[i].code, cases[i].text);
    book_setting(book, "ERP_RETRY_AFTER_MAX_S", "10");
    book_fault(book, .kind = BALANCES, .status = 200, .body = body);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 429, NULL, "erp_rate_limited");
    assert_at(answer, "retry_after", cases[i].retry_after);
    assert_int_equal(book_calls(book, NULL), 1);
    assert_int_equal(blocked_s(book, BALANCES) > 0, FALSE); /* other questions may be asked */
  }
}

/* 6.3: what Omie refuses for good, and what passes */
static void
test_each_refusal_has_its_own_meaning(G_GNUC_UNUSED void **state)
{
  static const struct {
    guint status;
    const char *code, *text;
    guint answered;
    const char *word;
    gint64 calls;
  } cases[] = {
      {500, "SOAP-ENV:Server", "A chave de acesso está inválida ou o app está suspenso!", 502,
       "erp_authentication_failed", 1},
      {403, "SOAP-ENV:Server", "Proibido", 502, "erp_authentication_failed", 1},
      {500, "SOAP-ENV:Client-71",
       "ERROR: Tag [NDEMAIS] não faz parte da estrutura do tipo complexo!", 422,
       "erp_rejected_request", 1},
      {500, "SOAP-ENV:Client-1880", "Já está em execução uma requisição deste método.", 200, NULL,
       2},
      {500, "SOAP-ENV:Server", "SOAP-ERROR: Broken response from Application Server (3)", 200, NULL,
       2},
      {429, "SOAP-ENV:Server", "Limite de requisições", 200, NULL, 2},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = omie_book();
    g_autofree char *body = fault(cases[i].code, cases[i].text);
    book_setting(book, "ERP_OMIE_BUSY_MS", "50");
    book_fault(book, .kind = BALANCES, .status = cases[i].status, .body = body);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_status(answer, cases[i].answered);
    if (cases[i].word != NULL)
      assert_error_code(answer, cases[i].answered, NULL, cases[i].word);
    assert_int_equal(book_calls(book, NULL), cases[i].calls);
  }
}

/* 6.3: within a minute a process answers itself, since Omie would refuse */
static void
test_the_same_question_is_not_sent_twice(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book();
  omie_setting("redundancy_s", "0");   /* a second process of the program may ask as well */
  book_setting(book, "ERP_RUNS", "1"); /* and there are two */
  book_serve(book, TRIAL_BALANCE);
  g_autoptr(Answer) first = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_status(first, 200);
  for (guint i = 0; i < 4; i++) {
    g_autoptr(Answer) again = book_call(book, TRIAL_BALANCE, JANUARY);
    assert_true(json_equal(json_object_get(again->json, "accounts"),
                           json_object_get(first->json, "accounts")));
  }
  assert_in_range(book_calls(book, BALANCES), 1, 2);
  g_autoptr(Answer) other = book_call(book, TRIAL_BALANCE, "from=2026-01-02&to=2026-01-31");
  assert_status(other, 200);
  assert_in_range(book_calls(book, BALANCES), 2, 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_balance_is_what_the_books_say),
      LEDGER_CASE(test_entries_are_those_of_the_books),
      LEDGER_CASE(test_the_number_of_the_company_has_digits_only),
      LEDGER_CASE(test_an_account_without_movements_has_no_entries),
      LEDGER_CASE(test_a_blocked_key_is_left_alone_by_all),
      LEDGER_CASE(test_a_blocked_key_is_not_used_for_other_questions),
      LEDGER_CASE(test_a_repeated_question_is_asked_again_when_it_may_be),
      LEDGER_CASE(test_how_long_a_repetition_waits_is_what_omie_says),
      LEDGER_CASE(test_each_refusal_has_its_own_meaning),
      LEDGER_CASE(test_the_same_question_is_not_sent_twice),
  };
  return RUN("books of Omie", tests);
}

/* Entries of TOTVS Protheus in both dialects, and the ways to log in there (erp-connectors.md 6.1).
 */
#include <string.h>

#include "harness_ledger_look.h"

#define JANUARY  "from=2026-01-01&to=2026-01-31"
#define BALANCES "trial-balance"
#define ACCOUNT  "1.02.001"

/* 6.1: rows as they stand in table CT2, of which each is an entry of one or two accounts */
static void
test_rows_of_ct2_are_entries_of_the_account(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 20, 100, 1);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
  assert_all_entries(book, answer, ACCOUNT);
  assert_sent(book, "subledger", 1, "path", "/totvs/protheus/rest/CTBR020/movimentacao");
  assert_sent(book, "subledger", 1, "empresa", "01");
  assert_sent(book, "subledger", 1, "conta", ACCOUNT);
  assert_sent(book, "subledger", 1, "dataInicial", "20260101");
  assert_sent(book, "subledger", 1, "dataFinal", "20260131");
  assert_at(answer, "entries.0.account_code", ACCOUNT);
  assert_at(answer, "entries.0.document_type", "NF");
  assert_at(answer, "entries.0.metadata.document_type_canonical", "invoice");
}

/* 6.1: rows of CT2 do not tell it */
static void
test_the_name_of_the_account_is_that_of_the_chart(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 20, 30, 1);
  g_autofree char *name =
      sql_text("select name from sandbox.ledger_account where who = $1 and code = $2",
               book_who(book), ACCOUNT);
  book_serve(book, SUBLEDGER);
  for (guint i = 0; i < 6; i++) {
    g_autoptr(Answer) answer = book_call(book, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
    assert_status(answer, 200);
    assert_at(answer, "entries.0.account_name", name);
    assert_at(answer, "warnings", "[]");
  }
  assert_in_range(book_calls(book, BALANCES), 1, 4); /* once by each process */
  g_autoptr(Book) newer = book_new("EFFECTI", "ctb_v1");
  book_seed(newer, "2026-01-01", 20, 30, 1);
  g_autoptr(Answer) told = book_ask(newer, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
  assert_at(told, "entries.0.account_name", name);
  assert_int_equal(book_calls(newer, "chart"), 0);
}

/* 6.1: without a chart an account's name is its code */
static void
test_entries_come_without_a_chart_as_well(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 20, 30, 1);
  book_fault(book, .kind = BALANCES, .status = 503, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "entries.0.account_name", ACCOUNT);
  assert_at(answer, "warnings.0.code", "account_name_unknown");
  assert_int_equal(book_calls(book, BALANCES), 1);
}

/* 6.1: an amount goes to the side on which the account stands, with that side's cost center */
static void
test_a_double_row_is_read_from_the_side_of_the_account(G_GNUC_UNUSED void **state)
{
#define ROW                                                                                        \
  "{\"CT2_FILIAL\":\"01\",\"CT2_DATA\":\"20260105\",\"CT2_LOTE\":\"000001\","                      \
  "\"CT2_SBLOTE\":\"001\",\"CT2_DOC\":\"000001\",\"CT2_LINHA\":\"0%s\",\"CT2_DC\":\"3\","          \
  "\"CT2_DEBITO\":\"%s\",\"CT2_CREDIT\":\"%s\",\"CT2_VALOR\":\"1.350,10\","                        \
  "\"CT2_HIST\":\"Recebimento NF 1203  \",\"CT2_CCD\":\"CC001\",\"CT2_CCC\":\"CC002\"}"
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autofree char *as_debit = g_strdup_printf(ROW, "1", "1.01.001  ", "4.01.001  ");
  g_autofree char *as_credit = g_strdup_printf(ROW, "2", "5.01.001  ", "1.01.001  ");
  book_put(book, "subledger", as_debit);
  book_put(book, "subledger", as_credit);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "entry_count", "2");
  assert_at(answer, "entries.0.entry_id", "01-20260105-000001-001-000001-01");
  assert_at(answer, "entries.0.transaction_date", "2026-01-05");
  assert_at(answer, "entries.0.posting_date", "2026-01-05");
  assert_at(answer, "entries.0.debit_amount", "1350.10");
  assert_at(answer, "entries.0.credit_amount", "0.00");
  assert_at(answer, "entries.0.cost_center", "CC001");
  assert_at(answer, "entries.0.description", "Recebimento NF 1203");
  assert_at(answer, "entries.0.document_number", "000001");
  assert_at(answer, "entries.1.debit_amount", "0.00");
  assert_at(answer, "entries.1.credit_amount", "1350.10");
  assert_at(answer, "entries.1.cost_center", "CC002");
  assert_at(answer, "total_debit", "1350.10");
  assert_at(answer, "total_credit", "1350.10");
}

/* 5.7: rows of one document are entries of their own, whatever tells them apart, or nothing */
static void
test_rows_without_a_line_are_all_entries(G_GNUC_UNUSED void **state)
{
#define LINELESS(value, more)                                                                      \
  "{\"CT2_FILIAL\":\"01\",\"CT2_DATA\":\"20260105\",\"CT2_LOTE\":\"000001\","                      \
  "\"CT2_SBLOTE\":\"001\",\"CT2_DOC\":\"000001\"," more "\"CT2_DC\":\"1\","                        \
  "\"CT2_DEBITO\":\"1.01.001\",\"CT2_VALOR\":" value "}"
  static const char *const ids[] = {
      "01-20260105-000001-001-000001-1.01.001-10.00",
      "01-20260105-000001-001-000001-1.01.001-2.50",
      "01-20260105-000001-001-000001-1.01.001-2.50#2",
      "01-20260105-000001-001-000001-77",
      "01-20260105-000001-001-000001-78",
  };
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_put(book, "subledger", LINELESS("10.00", ""));
  book_put(book, "subledger", LINELESS("2.50", ""));
  book_put(book, "subledger", LINELESS("2.50", ""));
  book_put(book, "subledger", LINELESS("2.50", "\"R_E_C_N_O_\":77,"));
  book_put(book, "subledger", LINELESS("2.50", "\"R_E_C_N_O_\":78,"));
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "warnings", "[]");
  assert_at(answer, "total_debit", "20.00");
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
    g_autofree char *path = g_strdup_printf("entries.%u.entry_id", i);
    assert_at(answer, path, ids[i]);
  }
}

/* 6.1: the newer service, page by page */
static void
test_entries_of_ctb_v1_arrive_page_by_page(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", "ctb_v1");
  book_seed(book, "2026-01-01", 20, 100, 1);
  book_set(book, "PAGE_SIZE", "25");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=" ACCOUNT "&" JANUARY);
  assert_all_entries(book, answer, ACCOUNT);
  gint64 count = book_entry_count(book, ACCOUNT, "2026-01-01", "2026-01-31");
  assert_int_equal(book_calls(book, "subledger"), (count + 24) / 25);
  assert_sent(book, "subledger", 2, "path", "/totvs/protheus/api/ctb/v1/ledgerentries");
  assert_sent(book, "subledger", 2, "companyId", "01");
  assert_sent(book, "subledger", 2, "accountCode", ACCOUNT);
  assert_sent(book, "subledger", 2, "startDate", "20260101");
  assert_sent(book, "subledger", 2, "page", "2");
  assert_at(answer, "entries.0.account_name", "Clientes nacionais");
  assert_at(answer, "entries.0.metadata.sequence", "1");
  g_autofree char *batch = answer_at(answer, "entries.0.metadata.batch");
  assert_non_null(batch);
}

/* 2.3: the raw type or its canonical name, whatever the case; a cost center */
static void
test_entries_are_filtered_by_type_and_cost_center(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", "ctb_v1");
  book_seed(book, "2026-01-01", 20, 100, 1);
#define ASK "account=" ACCOUNT "&" JANUARY
  g_autoptr(Answer) all = book_ask(book, SUBLEDGER, ASK);
  g_autoptr(Answer) sales = book_ask(book, SUBLEDGER, ASK "&document_types=invoice");
  g_autoptr(Answer) receipts = book_ask(book, SUBLEDGER, ASK "&document_type=rec");
  g_autoptr(Answer) center = book_ask(book, SUBLEDGER, ASK "&cost_center=%20cc001%20");
  gint64 n_sales = answer_int(sales, "entry_count"), n_all = answer_int(all, "entry_count");
  assert_in_range(n_sales, 1, n_all - 1);
  assert_int_equal(n_sales + answer_int(receipts, "entry_count"), n_all);
  assert_at(receipts, "entries.0.document_type", "REC");
  assert_in_range(answer_int(center, "entry_count"), 1, n_all - 1);
  assert_at(center, "entries.0.cost_center", "CC001");
}

/* ---- logging in -------------------------------------------------------------------------------
 */

/* 6.1: a native Protheus knows people, and gives refresh tokens */
static Book *
native_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  g_autofree char *url = ledger_url("/totvs/protheus/rest/api/oauth2/v1/token");
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "TOKEN_URL", url);
  book_set(book, "GRANT_TYPE", "password");
  book_set(book, "CLIENT_ID", "");
  book_set(book, "CLIENT_SECRET", "");
  book_set(book, "USERNAME", book_login(book, "username"));
  book_set(book, "PASSWORD", book_login(book, "password"));
  return book;
}

static void
test_a_native_protheus_is_logged_into_by_password(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = native_book();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_sent(book, "token", 1, "path", "/totvs/protheus/rest/api/oauth2/v1/token");
  assert_sent(book, "token", 1, "grant_type", "password");
  assert_sent(book, "token", 1, "@in", "body");
  assert_int_equal(book_calls(book, "token"), 1);
  /* another process has the token as well; when it is refused it is renewed, and the run goes on */
  g_autoptr(Answer) again = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(again, 200);
  assert_int_equal(book_calls(book, "token"), 1);
  book_tokens_expire(book);
  g_autoptr(Answer) renewed = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(renewed, 200);
  assert_at(renewed, "metadata.validation.is_valid", "true");
  assert_int_equal(sql_number("select count(*) from sandbox.call"
                              " where kind = 'token' and who in ($1, '')",
                              book_who(book)),
                   2);
}

static void
test_the_login_goes_into_the_url_only_when_asked_for(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = native_book();
  book_set(book, "TOKEN_PARAMS_IN", "query");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_sent(book, "token", 1, "@in", "query");
}

static void
test_a_client_may_show_itself_in_the_header(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "CLIENT_AUTH", "basic");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_sent(book, "token", 1, "grant_type", "client_credentials");
  assert_sent(book, "token", 1, "@client", "basic");
}

/* 1.1: also accepted */
static void
test_a_user_or_a_ready_token_do_without_token_calls(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) basic = native_book();
  book_set(basic, "AUTH_TYPE", "basic_auth");
  g_autoptr(Answer) by_user = book_ask(basic, TRIAL_BALANCE, JANUARY);
  assert_status(by_user, 200);
  g_autoptr(Book) bearer = native_book();
  g_autofree char *token = book_token_make(bearer);
  book_set(bearer, "AUTH_TYPE", "bearer_token");
  book_set(bearer, "TOKEN", token);
  g_autoptr(Answer) by_token = book_ask(bearer, TRIAL_BALANCE, JANUARY);
  assert_status(by_token, 200);
  assert_int_equal(book_calls(basic, "token") + book_calls(bearer, "token"), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_rows_of_ct2_are_entries_of_the_account),
      LEDGER_CASE(test_the_name_of_the_account_is_that_of_the_chart),
      LEDGER_CASE(test_entries_come_without_a_chart_as_well),
      LEDGER_CASE(test_a_double_row_is_read_from_the_side_of_the_account),
      LEDGER_CASE(test_rows_without_a_line_are_all_entries),
      LEDGER_CASE(test_entries_of_ctb_v1_arrive_page_by_page),
      LEDGER_CASE(test_entries_are_filtered_by_type_and_cost_center),
      LEDGER_CASE(test_a_native_protheus_is_logged_into_by_password),
      LEDGER_CASE(test_the_login_goes_into_the_url_only_when_asked_for),
      LEDGER_CASE(test_a_client_may_show_itself_in_the_header),
      LEDGER_CASE(test_a_user_or_a_ready_token_do_without_token_calls),
  };
  return RUN("TOTVS Protheus: entries, logging in", tests);
}

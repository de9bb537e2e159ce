/* Omie's books summed up from statements (erp-connectors.md 6.3, profile extrato), and the rates
 * that all callers of Omie share. */
#include <string.h>

#include "harness_ledger_look.h"

#define JANUARY   "from=2026-01-01&to=2026-01-31"
#define STATEMENT "ListarExtrato"
#define BANK      "1.01.002" /* what Omie knows as a bank account */
#define NEW_BANK  "1.01.009"

static Book *
omie_book(guint entries)
{
  Book *book = book_new("DATAHUB", "extrato");
  book_seed(book, "2026-01-01", 20, entries, 1);
  return book;
}

/* CC:<nCodCC> of an account. */
static char *
bank_code(const Book *book, const char *account)
{
  return sql_text("select 'CC:' || sandbox.omie_bank_id(id) from sandbox.ledger_account"
                  " where who = $1 and code = $2",
                  book_who(book), account);
}

static Answer *
ask_entries(const Book *book, const char *account, const char *period)
{
  g_autofree char *code = bank_code(book, account);
  g_autofree char *query = g_strdup_printf("account=%s&%s", code, period);
  return book_ask(book, SUBLEDGER, query);
}

static void
assert_text(const json_t *object, const char *member, const char *expected)
{
  assert_string_equal(json_string_value(json_object_get(object, member)), expected);
}

static void
test_bank_accounts_and_categories_are_the_balance(G_GNUC_UNUSED void **state)
{
  static const char *const banks[] = {"1.01.001", BANK, "1.01.003"};
  g_autoptr(Book) book = omie_book(60);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(banks); i++) {
    g_autofree char *code = bank_code(book, banks[i]);
    const json_t *account = answer_account(answer, code);
    assert_text(account, "account_type", "ASSET");
    assert_true_to_books(book, account, banks[i]);
  }
  assert_text(answer_account(answer, "1.01.01"), "account_type", "REVENUE");
  assert_text(
      answer_account(answer, "TRANSF"), "debit_amount",
      json_string_value(json_object_get(answer_account(answer, "TRANSF"), "credit_amount")));
  g_autofree char *debit = answer_at(answer, "metadata.total_debit");
  assert_string_not_equal(debit, "0.00");
  assert_at(answer, "metadata.total_credit", debit);
  assert_at(answer, "metadata.aggregated_from_transactions", "true");
  assert_at(answer, "metadata.api_profile", "extrato");
  assert_at(answer, "metadata.opening_balance_policy", "source");
  assert_false(answer_has_finding(answer, "warnings", "opening_not_available"));
  g_autofree char *only_balance = book_parameter(book, STATEMENT, 1, "cExibirApenasSaldo");
  assert_string_equal(only_balance, "N");
}

/* In days, of those that were asked for. */
static gint64
widest_window(const Book *book)
{
  return sql_number("select max(to_date(param->>'dPeriodoFinal', 'DD/MM/YYYY')"
                    "         - to_date(param->>'dPeriodoInicial', 'DD/MM/YYYY')) + 1"
                    "  from sandbox.omie_call where app_key = $1 and method = 'ListarExtrato'",
                    book_login(book, "api_key"));
}

/* F-47 */
static void
test_a_statement_that_is_cut_off_is_asked_in_parts(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(900);
  assert_true(book_entry_count(book, BANK, "2026-01-01", "2026-01-31") > 100);
  g_autoptr(Answer) answer = ask_entries(book, BANK, JANUARY);
  assert_all_entries(book, answer, BANK);
  const json_t *entries = json_object_get(answer->json, "entries"), *entry;
  const char *before = "";
  for (size_t i = 0; (entry = json_array_get(entries, i)) != NULL; i++) {
    const char *day = json_string_value(json_object_get(entry, "transaction_date"));
    assert_true(strcmp(before, day) <= 0);
    before = day;
  }
  assert_int_equal(widest_window(book), 30);
  assert_true(book_calls(book, STATEMENT) >= 7); /* 30 days, 15 and 15, … and the 31st */
}

/* A bank account that is not in the seeded books. */
static void
add_bank(Book *book, const char *opening)
{
  book_account(book, NEW_BANK, "Banco novo", "ASSET", opening);
  sql("update sandbox.ledger_account set role = 'bank' where who = $1 and code = '" NEW_BANK "'",
      book_who(book));
}

/* F-47: exactly 50 rows, of which one is the balance before */
static void
test_exactly_fifty_rows_are_not_believed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(11);
  add_bank(book, "0.00");
  book_fill(book, NEW_BANK, "4.01.001", "2026-04-01", 49);
  g_autoptr(Answer) answer = ask_entries(book, NEW_BANK, "from=2026-04-01&to=2026-04-30");
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "entry_count"), 49);
  assert_int_equal(book_calls(book, STATEMENT), 3);
}

/* 6.3: a day that is cut off cannot be had */
static void
test_a_day_that_is_cut_off_is_an_error(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(11);
  book_fill(book, BANK, "4.01.001", "2026-04-01", 30 * 60);
  g_autoptr(Answer) answer = ask_entries(book, BANK, "from=2026-04-03&to=2026-04-03");
  assert_error_code(answer, 502, NULL, "extract_truncated");
  assert_non_null(strstr(answer_text(answer, "error"), "03/04/2026"));
}

/* 6.3: "nothing there" (5113) tells no balance, the next month does */
static void
test_a_month_without_movements_keeps_the_opening_balance(G_GNUC_UNUSED void **state)
{
  static const char none[] = "{\"faultstring\":\"ERROR: Não existem registros!\","
                             "\"faultcode\":\"SOAP-ENV:Client-5113\"}";
  g_autoptr(Book) book = book_new("DATAHUB", "extrato");
  add_bank(book, "150.00");
  book_account(book, "4.01.001", "Receita", "REVENUE", "0.00");
  book_voucher(book, "2026-03-20",
               "[{\"account\":\"" NEW_BANK "\",\"debit\":10.00},"
               "{\"account\":\"4.01.001\",\"credit\":10.00}]");
  book_fault(book, .kind = STATEMENT, .call = 1, .status = 500, .body = none);
  g_autofree char *code = bank_code(book, NEW_BANK);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, "from=2026-02-01&to=2026-03-31");
  assert_status(answer, 200);
  assert_text(answer_account(answer, code), "opening_balance", "150.00");
  assert_text(answer_account(answer, code), "closing_balance", "160.00");
  book_fault(book, .kind = STATEMENT, .times = LEDGER_ALWAYS, .status = 500, .body = none);
  omie_setting("redundancy_s", "0"); /* the accounts are listed again */
  g_autoptr(Answer) never = book_ask(book, TRIAL_BALANCE, "from=2026-02-01&to=2026-03-31");
  assert_status(never, 200);
  assert_text(answer_account(never, code), "opening_balance", "0.00");
}

#define ROW(id, natureza, value, category, situation)                                              \
  "{\"nCodLancamento\":" id ",\"dDataLancamento\":\"07/01/2026\",\"cNatureza\":\"" natureza        \
  "\",\"nValorDocumento\":" value ",\"cCodCategoria\":\"" category "\",\"cSituacao\":\"" situation \
  "\",\"cDesCategoria\":\"Serviços\"}"

/* 5.7: the balances say that they are movements; from the next window they are duplicates */
static void
test_a_movement_in_several_rows_keeps_them_all(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", "extrato");
  add_bank(book, "0.00");
  book_put(book, "extract", ROW("1", "R", "60.00", "1.01.02", "Conciliado"));
  book_put(book, "extract", ROW("1", "R", "40.00", "1.01.03", "Conciliado"));
  book_put(book, "extract", ROW("2", "P", "100.00", "2.01.01", "Conciliado"));
  g_autoptr(Answer) entries = ask_entries(book, NEW_BANK, JANUARY); /* in two windows */
  assert_status(entries, 200);
  assert_int_equal(answer_int(entries, "entry_count"), 3);
  assert_at(entries, "entries.0.entry_id", "1");
  assert_at(entries, "entries.1.entry_id", "1#2");
  assert_at(entries, "entries.1.debit_amount", "40.00");
  assert_at(entries, "entries.2.entry_id", "2");
  assert_at(entries, "warnings.0.code", "duplicate_entry");
  assert_at(entries, "warnings.0.count", "3");
  omie_setting("redundancy_s", "0"); /* the accounts are listed again */
  g_autoptr(Answer) category = book_ask(book, SUBLEDGER, "account=1.01.03&" JANUARY);
  assert_status(category, 200);
  assert_at(category, "total_credit", "40.00");
}

/* 6.3: what is no movement is left out, and what does not add up is not believed */
static void
test_only_what_happened_is_a_movement(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(11);
  add_bank(book, "0.00");
  book_put(book, "extract", ROW("1", "R", "100.00", "1.01.02", "Conciliado"));
  book_put(book, "extract", ROW("2", "P", "-100.00", "1.01.02", "Conciliado"));
  book_put(book, "extract", ROW("3", "R", "70.00", "1.01.02", "Previsto"));
  book_put(book, "extract", ROW("4", "P", "70.00", "1.01.02", "Vence hoje"));
  g_autoptr(Answer) answer = ask_entries(book, NEW_BANK, "from=2026-01-07&to=2026-01-07");
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "entry_count"), 2);
  assert_at(answer, "total_debit", "100.00");
  assert_at(answer, "total_credit", "100.00");
  assert_at(answer, "entries.0.description", "Serviços");
  assert_at(answer, "entries.0.metadata.category", "1.01.02");
  book_put(book, "extract", ROW("5", "R", "0.02", "1.01.02", "Conciliado"));
  omie_setting("redundancy_s", "0"); /* the accounts are listed again */
  g_autoptr(Answer) wrong = ask_entries(book, NEW_BANK, "from=2026-01-06&to=2026-01-07");
  assert_error_code(wrong, 502, NULL, "extract_truncated");
}

/* 6.3: a category's entries come from all statements; an account that is not there is told */
static void
test_a_category_has_entries_too(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(60);
  omie_setting("redundancy_s", "0"); /* the same statements are asked for twice */
  g_autoptr(Answer) balance = book_ask(book, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, "account=1.01.01&" JANUARY);
  assert_status(entries, 200);
  assert_in_range(answer_int(entries, "entry_count"), 1, 60);
  assert_at(
      entries, "total_credit",
      json_string_value(json_object_get(answer_account(balance, "1.01.01"), "credit_amount")));
  assert_at(entries, "entries.0.account_code", "1.01.01");
  g_autoptr(Answer) unknown = book_ask(book, SUBLEDGER, "account=CC:1&" JANUARY);
  assert_error_code(unknown, 404, NULL, "account_not_found");
}

/* ---- rates ------------------------------------------------------------------------------------
 */

#define BUCKET "left(encode(sha256(convert_to($1, 'UTF8')), 'hex'), 16) || ':ListarExtrato'"

/* 1.1: 240 calls a minute of a method, out of the bucket from which the client sync takes */
static void
test_books_and_client_sync_take_from_one_bucket(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(11);
  book_set(book, "PER_MINUTE", "");
  sql("select erp.take_token(" BUCKET ", 240, 20) from generate_series(1, 5)",
      book_login(book, "api_key"));
  /* and a fault that somebody else met holds back everybody */
  sql("update erp.rate_bucket set blocked_until = clock_timestamp() + interval '1.5 s'"
      " where key = " BUCKET,
      book_login(book, "api_key"));
  gint64 until_us = sql_number("select (extract(epoch from blocked_until) * 1000000)::bigint"
                               "  from erp.rate_bucket where key = " BUCKET,
                               book_login(book, "api_key"));
  g_autoptr(Answer) answer = ask_entries(book, BANK, "from=2026-01-01&to=2026-01-10");
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, STATEMENT), 1);
  assert_true(book_call_us(book, STATEMENT, 1) >= until_us);
  assert_in_range(sql_number("select round(tokens) from erp.rate_bucket where key = " BUCKET,
                             book_login(book, "api_key")),
                  13, 15);
}

/* 1.1 */
static void
test_calls_of_a_method_keep_its_pace(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = omie_book(11);
  book_set(book, "PER_MINUTE", "");
  book_setting(book, "OMIE_PER_MINUTE", "121");
  book_setting(book, "OMIE_BURST", "1");
  g_autoptr(Answer) answer = ask_entries(book, BANK, "from=2026-01-01&to=2026-04-15");
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, STATEMENT), 4);
  /* the ERP's clock tells of arrivals: a little play on either side */
  assert_in_range(book_call_us(book, STATEMENT, 4) - book_call_us(book, STATEMENT, 1), 1400000,
                  6000000);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_bank_accounts_and_categories_are_the_balance),
      LEDGER_CASE(test_a_statement_that_is_cut_off_is_asked_in_parts),
      LEDGER_CASE(test_exactly_fifty_rows_are_not_believed),
      LEDGER_CASE(test_a_day_that_is_cut_off_is_an_error),
      LEDGER_CASE(test_a_month_without_movements_keeps_the_opening_balance),
      LEDGER_CASE(test_a_movement_in_several_rows_keeps_them_all),
      LEDGER_CASE(test_only_what_happened_is_a_movement),
      LEDGER_CASE(test_a_category_has_entries_too),
      LEDGER_CASE(test_books_and_client_sync_take_from_one_bucket),
      LEDGER_CASE(test_calls_of_a_method_keep_its_pace),
  };
  return RUN("statements of Omie", tests);
}

/* ContaAzul's second API (erp-connectors.md 6.2, profile v2): instalments, settlements and
 * transfers as postings, and a chain of refresh tokens. */
#include <string.h>

#include "harness_balance.h"

#define JANUARY     "from=2026-01-01&to=2026-01-31"
#define FEBRUARY    "from=2026-02-01&to=2026-02-28"
#define FEBRUARY_OF "2026-02-01", "2026-02-28"
#define EVENTS      "/contaazul/v1/financeiro/eventos-financeiros/"

/* The id ContaAzul knows an account of the books by. */
static char *
id_of(const Book *book, const char *account)
{
  return sql_text("select sandbox.contaazul_id(1, id) from sandbox.ledger_account"
                  " where who = $1 and code = $2",
                  book_who(book), account);
}

static Book *
seeded(guint months)
{
  Book *book = book_new("MUNDDI", "v2");
  book_seed(book, "2026-01-01", 14, 40, months);
  return book;
}

/* ---- the posting table ------------------------------------------------------------------------
 */

/* 100.00 to be paid by a customer for two things, of which 60.00 came in January with interest,
 * fine, discount and fee; 500.00 paid to a supplier; 40.00 paid off a credit card. */
static Book *
written_book(void)
{
  Book *book = book_new("MUNDDI", "v2");
  book_put(book, "categories", "{\"id\":\"a\",\"nome\":\"Vendas\",\"tipo\":\"RECEITA\"}");
  book_put(book, "categories", "{\"id\":\"b\",\"nome\":\"Fretes\",\"tipo\":\"RECEITA\"}");
  book_put(book, "categories", "{\"id\":\"d\",\"nome\":\"Aluguel\",\"tipo\":\"DESPESA\"}");
  book_put(book, "accounts", "{\"id\":\"cf1\",\"nome\":\"Banco\",\"tipo\":\"CONTA_CORRENTE\"}");
  book_put(book, "accounts", "{\"id\":\"cf2\",\"nome\":\"Visa\",\"tipo\":\"CARTAO_CREDITO\"}");
  book_put(
      book, "receivables",
      "{\"id\":\"p1\",\"descricao\":\"Pedido 7\",\"status\":\"RECEBIDO_PARCIAL\",\"total\":100.00,"
      "\"data_competencia\":\"2026-01-10\",\"categorias\":[{\"id\":\"a\"},{\"id\":\"b\"}],"
      "\"cliente\":{\"id\":\"c1\",\"nome\":\"Cliente Alfa\"}}");
  book_put(book, "receivables",
           "{\"id\":\"p2\",\"status\":\"CANCELADO\",\"total\":70.00,"
           "\"data_competencia\":\"2026-01-11\",\"categorias\":[{\"id\":\"a\"}]}");
  book_put(
      book, "payables",
      "{\"id\":\"p9\",\"status\":\"QUITADO\",\"total\":500.00,"
      "\"data_competencia\":\"2026-01-12\",\"categorias\":[{\"id\":\"d\",\"nome\":\"Aluguel\"}],"
      "\"fornecedor\":{\"id\":\"f1\",\"nome\":\"Fornecedor Beta\"}}");
  book_put_for(
      book, "instalment",
      "{\"id\":\"p1\",\"baixas\":["
      "{\"id\":\"s1\",\"data_pagamento\":\"2026-01-20\",\"metodo_pagamento\":\"PIX\","
      "\"conta_financeira\":{\"id\":\"cf1\"},\"valor_composicao\":{\"valor_bruto\":60,"
      "\"juros\":1.5,\"multa\":0.5,\"desconto\":2,\"taxa\":0.25,\"valor_liquido\":59.75}},"
      "{\"id\":\"s2\",\"data_pagamento\":\"2026-02-20\",\"conta_financeira\":{\"id\":\"cf1\"},"
      "\"valor_composicao\":{\"valor_bruto\":40,\"valor_liquido\":40}}],"
      "\"evento\":{\"rateio\":[{\"id_categoria\":\"a\",\"nome_categoria\":\"Vendas\",\"valor\":200}"
      ","
      "{\"id_categoria\":\"b\",\"nome_categoria\":\"Fretes\",\"valor\":100}]}}",
      "p1", NULL);
  book_put_for(book, "instalment",
               "{\"id\":\"p9\",\"baixas\":[{\"id\":\"s9\",\"data_pagamento\":\"2026-01-25\","
               "\"conta_financeira\":{\"id\":\"cf1\"},\"valor_composicao\":{\"valor_bruto\":500,"
               "\"juros\":10,\"multa\":2,\"desconto\":20,\"taxa\":1,\"valor_liquido\":493}}]}",
               "p9", NULL);
  book_put(book, "transfers",
           "{\"id\":\"x1\",\"data\":\"2026-01-28\",\"valor\":40,\"descricao\":\"Fatura\","
           "\"conta_origem\":{\"id\":\"cf1\"},\"conta_destino\":{\"id\":\"cf2\"}}");
  return book;
}

/* 6.2 */
static void
test_every_record_is_posted_to_both_its_accounts(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *account, *type, *amounts;
  } expected[] = {
      {"RECEIVABLES", "ASSET", "0.00 100.00 60.00 40.00"},
      {"PAYABLES", "LIABILITY", "0.00 500.00 500.00 0.00"},
      {"FINANCIAL_RESULT", "EXPENSE", "0.00 15.25 22.00 -6.75"},
      {"a", "REVENUE", "0.00 0.00 66.66 66.66"},
      {"b", "REVENUE", "0.00 0.00 33.34 33.34"}, /* the remaining centavo */
      {"d", "EXPENSE", "0.00 500.00 0.00 500.00"},
      {"cf1", "ASSET", "0.00 59.75 533.00 -473.25"},
      {"cf2", "LIABILITY", "0.00 40.00 0.00 -40.00"},
  };
  g_autoptr(Book) book = written_book();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
    assert_amounts(answer, expected[i].account, expected[i].amounts);
    assert_string_equal(balance_text(answer, expected[i].account, "account_type"),
                        expected[i].type);
  }
  assert_string_equal(balance_text(answer, "cf2", "account_name"), "Visa");
  assert_at(answer, "metadata.account_count", "8");
  assert_at(answer, "metadata.total_debit", "1215.00");
  assert_at(answer, "metadata.total_credit", "1215.00");
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.not_applicable", "[]");
  assert_false(balance_warns(answer, "unmapped_account"));
}

/* 6.2: the same postings, as entries */
static void
test_entries_are_the_postings_of_the_balance(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = written_book();
  g_autoptr(Answer) receivables = book_ask(book, SUBLEDGER, "account=RECEIVABLES&" JANUARY);
  assert_status(receivables, 200);
  assert_at(receivables, "entry_count", "2");
  assert_at(receivables, "entries.0.entry_id", "p1");
  assert_at(receivables, "entries.0.transaction_date", "2026-01-10");
  assert_at(receivables, "entries.0.debit_amount", "100.00");
  assert_at(receivables, "entries.0.entity_name", "Cliente Alfa");
  assert_at(receivables, "entries.1.entry_id", "s1");
  assert_at(receivables, "entries.1.transaction_date", "2026-01-20");
  assert_at(receivables, "entries.1.credit_amount", "60.00");
  assert_at(receivables, "entries.1.metadata.installment", "p1");
  assert_at(receivables, "entries.1.metadata.payment_method", "PIX");
  assert_int_equal(book_calls(book, "payables"), 0);
  assert_int_equal(book_calls(book, "transfers"), 0);
  g_autoptr(Answer) bank = book_ask(book, SUBLEDGER, "account=cf1&" JANUARY);
  assert_at(bank, "entry_count", "3");
  assert_at(bank, "total_debit", "59.75");
  assert_at(bank, "total_credit", "533.00");
  assert_at(bank, "entries.2.metadata.document_type_canonical", "transfer");
  g_autoptr(Answer) category = book_ask(book, SUBLEDGER, "account=b&" JANUARY);
  assert_at(category, "entry_count", "1");
  assert_at(category, "total_credit", "33.34");
}

/* 6.2 */
static void
test_a_month_of_a_company_is_what_its_books_say(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = seeded(1);
  g_autofree char *bank = id_of(book, "1.01.002"), *revenue = id_of(book, "4.01.001");
  book_set(book, "PAGE_SIZE", "70"); /* no page of ContaAzul's: the next smaller one is */
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_moved_like(answer, "RECEIVABLES", book, "1.02.001", "2026-01-01", "2026-01-31");
  assert_moved_like(answer, "PAYABLES", book, "2.01.001", "2026-01-01", "2026-01-31");
  assert_moved_like(answer, "FINANCIAL_RESULT", book, "4.02.001", "2026-01-01", "2026-01-31");
  assert_moved_like(answer, bank, book, "1.01.002", "2026-01-01", "2026-01-31");
  assert_moved_like(answer, revenue, book, "4.01.001", "2026-01-01", "2026-01-31");
  assert_at(answer, "metadata.opening_balance_policy", "zero");
  assert_at(answer, "metadata.api_profile", "v2");
  assert_at(answer, "metadata.aggregated_from_transactions", "true");
  assert_true(balance_warns(answer, "opening_not_available"));
  assert_int_equal(book_calls(book, "balance"), 0);
  assert_asked(book, "receivables", 1, "path", EVENTS "contas-a-receber/buscar");
  assert_asked(book, "payables", 1, "path", EVENTS "contas-a-pagar/buscar");
  assert_asked(book, "receivables", 1, "pagina", "1");
  assert_asked(book, "receivables", 1, "tamanho_pagina", "50");
  assert_asked(book, "receivables", 1, "data_competencia_de", "2026-01-01");
  assert_asked(book, "receivables", 1, "data_competencia_ate", "2026-01-31");
  assert_asked(book, "receivables", 2, "data_pagamento_de", "2026-01-01");
  assert_asked(book, "receivables", 2, "data_competencia_de", NULL);
  assert_asked(book, "transfers", 1, "data_inicio", "2026-01-01");
  assert_asked(book, "transfers", 1, "data_fim", "2026-01-31");
}

/* 6.2: entries to the centavo, instalments and settlements alike */
static void
test_entries_of_receivables_are_those_of_the_books(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = seeded(2);
  g_autofree char *bank = id_of(book, "1.01.001");
  g_autofree char *query = g_strconcat("account=", bank, "&" FEBRUARY, NULL);
  g_autoptr(Answer) receivables = book_ask(book, SUBLEDGER, "account=RECEIVABLES&" FEBRUARY);
  g_autoptr(Answer) payables = book_ask(book, SUBLEDGER, "account=PAYABLES&" FEBRUARY);
  g_autoptr(Answer) money = book_ask(book, SUBLEDGER, query);
  assert_entries_like(receivables, book, "1.02.001", FEBRUARY_OF);
  assert_entries_like(payables, book, "2.01.001", FEBRUARY_OF);
  assert_entries_like(money, book, "1.01.001", FEBRUARY_OF);
}

/* ---- openings ---------------------------------------------------------------------------------
 */

/* 6.2: what is there today less what moved since */
static void
test_financial_accounts_open_with_what_they_held(G_GNUC_UNUSED void **state)
{
  static const char *const banks[] = {"1.01.001", "1.01.002", "1.01.003"};
  g_autoptr(Book) book = seeded(3);
  book_set(book, "OPENING_POLICY", "history");
  book_set(book, "HISTORY_START", "2026-01-01");
  book_set(book, "BALANCE_SIGN", "credit_positive"); /* money there is has no other sign for it */
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(banks); i++) {
    g_autofree char *id = id_of(book, banks[i]);
    g_autofree char *opening = book_balance(book, banks[i], FEBRUARY_OF, "opening");
    g_autofree char *closing = book_balance(book, banks[i], FEBRUARY_OF, "closing");
    assert_string_equal(balance_text(answer, id, "opening_balance"), opening);
    assert_string_equal(balance_text(answer, id, "closing_balance"), closing);
  }
  assert_int_equal(book_calls(book, "balance"), 3);
  g_autofree char *open_titles =
      sql_text("select sum(debit - credit)::text from sandbox.ledger_entry"
               " where who = $1 and account = '1.02.001' and day < '2026-02-01'",
               book_who(book));
  assert_string_equal(balance_text(answer, "RECEIVABLES", "opening_balance"), open_titles);
  assert_at(answer, "metadata.opening_balance_policy", "history");
  assert_at(answer, "metadata.validation.is_valid", "true");
}

/* 6.2 */
static void
test_a_credit_card_opens_with_what_is_owed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = seeded(1);
  g_autofree char *id = id_of(book, "1.01.001");
  g_autofree char *row =
      g_strdup_printf("{\"id\":\"%s\",\"nome\":\"Visa\",\"tipo\":\"CARTAO_CREDITO\"}", id);
  book_put(book, "accounts", row);
  book_set(book, "OPENING_POLICY", "history");
  book_set(book, "HISTORY_START", "2026-01-01");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_string_equal(balance_text(answer, id, "account_type"), "LIABILITY");
  assert_string_equal(balance_text(answer, id, "opening_balance"), "-10000.00");
  book_set(book, "BALANCE_SIGN", "debit_positive");
  g_autoptr(Answer) debit = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_string_equal(balance_text(debit, id, "opening_balance"), "-10000.00");
  book_fault(book, .kind = "balance", .status = 200, .body = "{\"saldo_atual\":\"?\"}");
  g_autoptr(Answer) unread = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(unread, 422, NULL, "erp_data_invalid");
}

/* ---- the chain of refresh tokens --------------------------------------------------------------
 */

/* 6.2: each renewal replaces the refresh token; no other process spends one twice */
static void
test_a_refresh_token_is_shown_once_and_its_successor_kept(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = seeded(1);
  g_autoptr(Answer) first = book_ask(book, SUBLEDGER, "account=PAYABLES&" JANUARY);
  g_autoptr(Answer) second = book_ask(book, SUBLEDGER, "account=RECEIVABLES&" JANUARY);
  assert_status(first, 200);
  assert_status(second, 200);
  assert_int_equal(book_calls(book, "token"), 1);
  assert_asked(book, "token", 1, "grant_type", "refresh_token");
  assert_asked(book, "token", 1, "@client", "basic");
  assert_int_equal(book_link_uses(book, 1), 1);
  assert_int_equal(book_links(book), 2);
  book_tokens_expire(book);
  g_autoptr(Answer) third = book_ask(book, SUBLEDGER, "account=PAYABLES&" JANUARY);
  assert_status(third, 200);
  assert_int_equal(book_calls(book, "token"), 2);
  assert_int_equal(book_link_uses(book, 1), 1);
  assert_int_equal(book_link_uses(book, 2), 1);
  assert_int_equal(book_links(book), 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_every_record_is_posted_to_both_its_accounts),
      LEDGER_CASE(test_entries_are_the_postings_of_the_balance),
      LEDGER_CASE(test_a_month_of_a_company_is_what_its_books_say),
      LEDGER_CASE(test_entries_of_receivables_are_those_of_the_books),
      LEDGER_CASE(test_financial_accounts_open_with_what_they_held),
      LEDGER_CASE(test_a_credit_card_opens_with_what_is_owed),
      LEDGER_CASE(test_a_refresh_token_is_shown_once_and_its_successor_kept),
  };
  return RUN("ContaAzul, second API", tests);
}

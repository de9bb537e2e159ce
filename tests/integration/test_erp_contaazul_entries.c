/* ContaAzul's first API: entries of an account, and transactions that have no lines
 * (erp-connectors.md 6.2, profile v1). */
#include <string.h>

#include "harness_balance.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"

/* 6.2 */
static void
test_an_entry_is_a_line_on_the_account(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 20, 250, 2);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.02.001&" JANUARY);
  assert_entries_like(answer, book, "1.02.001", "2026-01-01", "2026-01-31");
  assert_at(answer, "warnings", "[]");
  assert_asked(book, "transactions", 1, "account_id", "1.02.001");
  assert_asked(book, "transactions", 1, "start_date", "2026-01-01");
  assert_asked(book, "transactions", 1, "end_date", "2026-01-31");
  assert_true(book_calls(book, "transactions") > 1);
}

#define SAMPLE                                                                                     \
  "{\"id\":\"t-9001\",\"date\":\"2026-01-15\",\"payment_date\":\"2026-01-20\","                    \
  "\"description\":\"Assinatura janeiro\",\"type\":\"receipt\",\"document_number\":\"NF 1203\","   \
  "\"status\":\"paid\",\"payment_method\":\"PIX\","                                                \
  "\"customer_supplier\":{\"id\":\"c-77\",\"name\":\"Cliente Alfa\"},"                             \
  "\"cost_center\":{\"name\":\"CC001\"},\"lines\":["                                               \
  "{\"account_code\":\"1.01.001\",\"debit_amount\":350.00,\"credit_amount\":0},"                   \
  "{\"account_code\":\"1.01.001\",\"debit_amount\":0,\"credit_amount\":10.5},"                     \
  "{\"account_code\":\"4.01.001\",\"debit_amount\":0,\"credit_amount\":339.50}]}"
#define OTHER                                                                                      \
  "{\"id\":\"t-9002\",\"date\":\"2026-01-16\",\"lines\":["                                         \
  "{\"account_code\":\"1.01.002\",\"debit_amount\":1},"                                            \
  "{\"account_code\":\"4.01.001\",\"credit_amount\":1}]}"

/* 6.2: though the ERP lists others as well */
static void
test_two_lines_of_a_transaction_are_two_entries(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_put(book, "transactions", SAMPLE);
  book_put(book, "transactions", OTHER);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "entry_count", "2");
  assert_at(answer, "entries.0.entry_id", "t-9001#1");
  assert_at(answer, "entries.0.debit_amount", "350.00");
  assert_at(answer, "entries.0.credit_amount", "0.00");
  assert_at(answer, "entries.0.transaction_date", "2026-01-15");
  assert_at(answer, "entries.0.posting_date", "2026-01-20");
  assert_at(answer, "entries.0.description", "Assinatura janeiro");
  assert_at(answer, "entries.0.document_number", "NF 1203");
  assert_at(answer, "entries.0.document_type", "receipt");
  assert_at(answer, "entries.0.cost_center", "CC001");
  assert_at(answer, "entries.0.entity_id", "c-77");
  assert_at(answer, "entries.0.entity_name", "Cliente Alfa");
  assert_at(answer, "entries.0.metadata.status", "paid");
  assert_at(answer, "entries.0.metadata.payment_method", "PIX");
  assert_at(answer, "entries.0.metadata.document_type_canonical", "receipt");
  assert_at(answer, "entries.1.entry_id", "t-9001#2");
  assert_at(answer, "entries.1.credit_amount", "10.50");
  g_autoptr(Answer) single = book_ask(book, SUBLEDGER, "account=1.01.002&" JANUARY);
  assert_at(single, "entry_count", "1");
  assert_at(single, "entries.0.entry_id", "t-9002");
  assert_at(single, "entries.0.posting_date", "2026-01-16");
}

/* A transaction that only has a category. */
static void
put_plain(Book *book, const char *id, const char *type, const char *value, const char *category)
{
  g_autofree char *row =
      g_strdup_printf("{\"id\":\"%s\",\"date\":\"2026-01-15\",\"type\":\"%s\",\"value\":%s,"
                      "\"category\":{\"id\":\"%s\",\"name\":\"Categoria %s\"}}",
                      id, type, value, category, category);
  book_put(book, "transactions", row);
}

/* 6.2, 5.7 */
static void
test_transactions_without_lines_are_summed_up_on_one_side(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  put_plain(book, "t-1", "receipt", "100.10", "4.01.001");
  put_plain(book, "t-2", "payment", "30", "5.01.001");
  put_plain(book, "t-3", "expense", "12.5", "5.01.001");
  put_plain(book, "t-4", "transfer", "7", "5.02.001");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY "&strict=true");
  assert_status(answer, 200);
  assert_amounts(answer, "4.01.001", "0.00 0.00 100.10 100.10");
  assert_amounts(answer, "5.01.001", "0.00 42.50 0.00 42.50");
  assert_amounts(answer, "5.02.001", "0.00 0.00 7.00 -7.00");
  assert_at(answer, "metadata.total_debit", "42.50");
  assert_at(answer, "metadata.total_credit", "107.10");
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.not_applicable",
            "[\"unbalanced\",\"accounting_equation\"]");
}

/* 6.2: the map is applied before the chart is looked at */
static void
test_categories_go_to_the_accounts_they_are_mapped_to(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  put_plain(book, "t-1", "receipt", "100", "cat-1");
  put_plain(book, "t-2", "payment", "30", "cat-2");
  book_set(book, "CATEGORY_MAP", "cat-1=4.01.001,cat-2=5.01.001");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "4.01.001", "0.00 0.00 100.00 100.00");
  assert_amounts(answer, "5.01.001", "0.00 30.00 0.00 30.00");
  assert_false(balance_warns(answer, "unmapped_account"));
  /* the ERP cannot find these for us */
  g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, "account=4.01.001&" JANUARY);
  assert_at(entries, "entry_count", "1");
  assert_at(entries, "entries.0.entry_id", "t-1");
  assert_at(entries, "entries.0.account_name", "4.01.001"); /* not the category's */
  assert_asked(book, "transactions", 2, "account_id", NULL);
  /* and the balance has nothing under a category's own name */
  g_autoptr(Answer) category = book_ask(book, SUBLEDGER, "account=cat-1&" JANUARY);
  assert_at(category, "entry_count", "0");
}

/* F-54 */
static void
test_a_category_outside_the_chart_is_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  put_plain(book, "t-1", "receipt", "100", "cat-1");
  put_plain(book, "t-2", "payment", "30", "cat-2");
  put_plain(book, "t-3", "payment", "5", "cat-3");
  book_set(book, "CATEGORY_MAP", "cat-3=1.01.777");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "UNMAPPED:cat-1", "0.00 0.00 100.00 100.00");
  assert_string_equal(balance_text(answer, "UNMAPPED:cat-1", "account_type"), "REVENUE");
  assert_string_equal(balance_text(answer, "UNMAPPED:cat-1", "account_name"), "Categoria cat-1");
  assert_amounts(answer, "UNMAPPED:cat-2", "0.00 30.00 0.00 30.00");
  assert_string_equal(balance_text(answer, "UNMAPPED:cat-2", "account_type"), "EXPENSE");
  assert_amounts(answer, "UNMAPPED:1.01.777", "0.00 5.00 0.00 5.00");
  assert_string_equal(balance_text(answer, "UNMAPPED:1.01.777", "account_type"), "ASSET");
  assert_true(balance_warns(answer, "unmapped_account"));
  assert_at(answer, "metadata.total_debit", "35.00");
  assert_at(answer, "metadata.total_credit", "100.00");
}

#define STRAY                                                                                      \
  "{\"id\":\"t-4\",\"date\":\"2026-01-16\",\"lines\":["                                            \
  "{\"account_code\":\"1.01.001\",\"debit_amount\":350},"                                          \
  "{\"account_code\":\"4.99.999\",\"credit_amount\":350}]}"

/* An account that the trial balance shows can be asked for. */
static void
test_an_account_outside_the_chart_has_its_entries(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"UNMAPPED:4.99.999", "UNMAPPED:cat-1", "UNMAPPED:1.01.777"};
  static const char *const ids[] = {"t-4", "t-1", "t-3"};
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  put_plain(book, "t-1", "receipt", "100", "cat-1");
  put_plain(book, "t-3", "payment", "5", "cat-3");
  book_put(book, "transactions", STRAY);
  book_set(book, "CATEGORY_MAP", "cat-3=1.01.777");
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *query = g_strdup_printf("account=%s&" JANUARY, codes[i]);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, query);
    assert_status(answer, 200);
    assert_at(answer, "account_code", codes[i]);
    assert_at(answer, "entry_count", "1");
    assert_at(answer, "entries.0.entry_id", ids[i]);
    assert_at(answer, "entries.0.account_code", codes[i]);
    assert_at(answer, "warnings", "[]");
  }
  assert_asked(book, "transactions", 1, "account_id", "4.99.999");
}

/* 6.2 */
static void
test_what_contaazul_said_reaches_the_caller(G_GNUC_UNUSED void **state)
{
  static const char *const bodies[] = {
      "{\"error\":\"bad_request\",\"error_description\":\"Período inválido\"}",
      "{\"codigo\":\"FIN-7\",\"mensagem\":\"Período inválido\"}",
      "{\"message\":\"Período inválido\"}"};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Book) book = book_new("MERCOS", NULL);
    book_fault(book, .kind = "transactions", .status = 400, .body = bodies[i]);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
    assert_error_code(answer, 422, NULL, "erp_rejected_request");
    assert_at(answer, "upstream_status", "400");
    assert_at(answer, "upstream_message", "Período inválido");
    assert_at(answer, "erp", "contaazul");
    assert_int_equal(book_calls(book, "transactions"), 1);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_an_entry_is_a_line_on_the_account),
      LEDGER_CASE(test_two_lines_of_a_transaction_are_two_entries),
      LEDGER_CASE(test_transactions_without_lines_are_summed_up_on_one_side),
      LEDGER_CASE(test_categories_go_to_the_accounts_they_are_mapped_to),
      LEDGER_CASE(test_a_category_outside_the_chart_is_told),
      LEDGER_CASE(test_an_account_outside_the_chart_has_its_entries),
      LEDGER_CASE(test_what_contaazul_said_reaches_the_caller),
  };
  return RUN("ContaAzul, entries of the first API", tests);
}

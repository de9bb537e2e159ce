/* Bling's third API (erp-connectors.md 6.4, profile v3): accounts with amounts or without, and
 * their movements. */
#include <string.h>

#include "harness_balance.h"

#define JANUARY     "from=2026-01-01&to=2026-01-31"
#define FEBRUARY    "from=2026-02-01&to=2026-02-28"
#define FEBRUARY_OF "2026-02-01", "2026-02-28"

/* The id in the path of an account's movements. */
static char *
id_of(const Book *book, const char *account)
{
  return sql_text("select id::text from sandbox.ledger_account where who = $1 and code = $2",
                  book_who(book), account);
}

#define SAMPLE                                                                                     \
  "{\"id\":501,\"codigo\":\"1.01.001\",\"descricao\":\"Caixa\",\"tipo\":\"ATIVO\","                \
  "\"contaPai\":\"1.01\",\"nivel\":3,\"analitica\":true,\"saldoInicial\":1200.00,"                 \
  "\"debito\":300.00,\"credito\":150.00,\"saldoFinal\":1350.00}"
#define PARENT                                                                                     \
  "{\"id\":500,\"codigo\":\"1.01\",\"descricao\":\"Disponível\",\"tipo\":\"ATIVO\","              \
  "\"contaPai\":null,\"nivel\":2,\"analitica\":false,\"saldoInicial\":1200.00,"                    \
  "\"debito\":300.00,\"credito\":150.00,\"saldoFinal\":1350.00}"

#define REVENUE(more)                                                                              \
  "{\"id\":777,\"codigo\":\"4.01.001\",\"descricao\":\"Receita\",\"tipo\":\"RECEITA\","            \
  "\"analitica\":true" more "}"

/* 6.4 */
static void
test_amounts_of_blings_own_are_taken_as_they_are(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_put(book, "chart", PARENT);
  book_put(book, "chart", SAMPLE);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "metadata.account_count", "2");
  assert_amounts(answer, "1.01.001", "1200.00 300.00 150.00 1350.00");
  assert_at(answer, "accounts.0.is_summary", "true");
  assert_at(answer, "accounts.1.account_name", "Caixa");
  assert_at(answer, "accounts.1.account_type", "ASSET");
  assert_at(answer, "accounts.1.parent_account_code", "1.01");
  assert_at(answer, "accounts.1.level", "3");
  assert_at(answer, "accounts.1.is_summary", "false");
  assert_at(answer, "metadata.source", "Bling");
  assert_at(answer, "metadata.api_profile", "v3");
  assert_at(answer, "metadata.aggregated_from_transactions", "false");
  assert_at(answer, "metadata.opening_balance_policy", "source");
  assert_int_equal(book_calls(book, "subledger"), 0);
  assert_asked(book, "chart", 1, "path", "/bling/Api/v3/contascontabeis");
  assert_asked(book, "chart", 1, "pagina", "1");
  assert_asked(book, "chart", 1, "limite", "100");
  assert_asked(book, "token", 1, "@client", "basic");
}

/* 6.4 */
static void
test_accounts_without_amounts_are_summed_up(G_GNUC_UNUSED void **state)
{
  static const char *const leaves[] = {"1.01.001", "1.02.001", "2.01.001", "4.01.001", "5.02.001"};
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 11, 60, 2);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(leaves); i++) {
    assert_moved_like(answer, leaves[i], book, leaves[i], FEBRUARY_OF);
    assert_string_equal(balance_text(answer, leaves[i], "opening_balance"), "0.00");
  }
  g_autofree char *sum = book_balance(book, "1.01", FEBRUARY_OF, "debit");
  assert_string_equal(balance_text(answer, "1.01", "debit_amount"), sum);
  assert_at(answer, "metadata.aggregated_from_transactions", "true");
  assert_at(answer, "metadata.opening_balance_policy", "zero");
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_true(balance_warns(answer, "opening_not_available"));
  assert_int_equal(book_calls(book, "subledger"), /* one page each */
                   sql_number("select count(*) from sandbox.ledger_account"
                              " where who = $1 and not is_summary",
                              book_who(book)));
  /* the same, with what came before */
  book_set(book, "OPENING_POLICY", "history");
  book_set(book, "HISTORY_START", "2026-01-01");
  g_autoptr(Answer) carried = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(carried, 200);
  g_autofree char *opening =
      sql_text("select sum(debit - credit)::text from sandbox.ledger_entry"
               " where who = $1 and account = '1.01.001' and day < '2026-02-01'",
               book_who(book));
  assert_string_equal(balance_text(carried, "1.01.001", "opening_balance"), opening);
  assert_at(carried, "metadata.validation.is_valid", "true");
}

/* 6.4 */
static void
test_only_what_lacks_amounts_is_summed_up(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_put(book, "chart", PARENT);
  book_put(book, "chart", SAMPLE);
  book_put(book, "chart", REVENUE(""));
  book_put_for(book, "subledger",
               "{\"id\":1,\"data\":\"2026-01-05\",\"valorDebito\":0,\"valorCredito\":150.25}",
               "777", NULL);
  book_put_for(book, "subledger",
               "{\"id\":2,\"data\":\"2026-01-06\",\"valor\":50.25,\"debCred\":\"D\"}", "777", NULL);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "1.01.001", "1200.00 300.00 150.00 1350.00");
  assert_amounts(answer, "4.01.001", "0.00 50.25 150.25 100.00");
  assert_int_equal(book_calls(book, "subledger"), 1);
  assert_asked(book, "subledger", 1, "path", "/bling/Api/v3/contascontabeis/777/movimentacoes");
}

/* 6.4, 5.7 */
static void
test_an_account_that_is_listed_twice_is_summed_up_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_put(book, "chart", REVENUE(""));
  book_put(book, "chart", REVENUE(""));
  book_put_for(book, "subledger",
               "{\"id\":1,\"data\":\"2026-01-05\",\"valor\":150.25,\"debCred\":\"C\"}", "777",
               NULL);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "4.01.001", "0.00 0.00 150.25 150.25");
  assert_true(balance_warns(answer, "duplicate_account_identical"));
  assert_int_equal(book_calls(book, "subledger"), 1);
}

/* 6.4: what it began with is the policy's to say */
static void
test_an_opening_alone_does_not_stand_for_what_moved(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_put(book, "chart", REVENUE(",\"saldoInicial\":1200.00"));
  book_put_for(book, "subledger",
               "{\"id\":1,\"data\":\"2026-01-05\",\"valor\":150.25,\"debCred\":\"C\"}", "777",
               NULL);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "4.01.001", "0.00 0.00 150.25 150.25");
  assert_at(answer, "metadata.opening_balance_policy", "zero");
  assert_true(balance_warns(answer, "opening_not_available"));
}

/* 6.4: paths that a company's Bling may have */
static void
test_paths_of_ones_own_replace_summing_up(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 11, 60, 2);
  book_set(book, "BALANCETE_PATH", "/contabeis/balancete");
  book_set(book, "LANCAMENTOS_PATH", "/contabeis/lancamentos");
  g_autoptr(Answer) balance = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(balance, 200);
  g_autofree char *opening = book_balance(book, "1.01.001", FEBRUARY_OF, "opening");
  assert_string_equal(balance_text(balance, "1.01.001", "opening_balance"), opening);
  assert_moved_like(balance, "1.01.001", book, "1.01.001", FEBRUARY_OF);
  assert_at(balance, "metadata.opening_balance_policy", "source");
  g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, "account=1.01.001&" FEBRUARY);
  assert_entries_like(entries, book, "1.01.001", FEBRUARY_OF);
  assert_int_equal(book_calls(book, "chart"), 0);
}

/* 6.4 */
static void
test_entries_of_an_account_are_found_by_its_code(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 11, 60, 1);
  book_set(book, "PAGE_SIZE", "10");
  g_autofree char *id = id_of(book, "1.02.001");
  g_autofree char *path = g_strdup_printf("/bling/Api/v3/contascontabeis/%s/movimentacoes", id);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.02.001&" JANUARY);
  assert_entries_like(answer, book, "1.02.001", "2026-01-01", "2026-01-31");
  assert_at(answer, "entries.0.account_name", "Clientes nacionais");
  assert_at(answer, "entries.0.document_type", "NF");
  assert_at(answer, "entries.0.metadata.document_type_canonical", "invoice");
  assert_at(answer, "entries.0.metadata.situacao", "R");
  assert_asked(book, "subledger", 1, "path", path);
  assert_asked(book, "subledger", 1, "dataInicial", "2026-01-01");
  assert_asked(book, "subledger", 1, "dataFinal", "2026-01-31");
  assert_asked(book, "subledger", 2, "pagina", "2");
  assert_asked(book, "subledger", 2, "limite", "10");
}

/* 6.4: and the list of accounts is good for ten minutes, of each of the two workers */
static void
test_an_unknown_account_is_not_found(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  g_autoptr(Answer) alone = book_ask(book, SUBLEDGER, "account=9.99&" JANUARY);
  assert_error_code(alone, 404, NULL, "account_not_found");
  assert_at(alone, "type", "NotFound");
  assert_at(alone, "erp", "bling");
  assert_int_equal(book_calls(book, "subledger"), 0);
  book_setting(book, "ROUTE_WORKERS", "1");
  book_setting(book, "ERP_RUNS", "1"); /* and a worker for who must be told that it is busy */
  book_serve(book, SUBLEDGER);
  gint64 before = book_calls(book, "chart");
  for (guint i = 0; i < 3; i++) {
    g_autoptr(Answer) known = book_call(book, SUBLEDGER, "account=1.01.001&" JANUARY);
    g_autoptr(Answer) unknown = book_call(book, SUBLEDGER, "account=9.99&" JANUARY);
    assert_status(known, 200);
    assert_error_code(unknown, 404, NULL, "account_not_found");
  }
  assert_in_range(book_calls(book, "chart") - before, 1, 2);
}

/* F-48 */
static void
test_more_than_a_year_is_asked_in_two_windows(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2025-01-01", 11, 10, 14);
  g_autoptr(Answer) answer =
      book_ask(book, SUBLEDGER, "account=1.02.001&from=2025-01-01&to=2026-02-04");
  assert_entries_like(answer, book, "1.02.001", "2025-01-01", "2026-02-04");
  assert_int_equal(book_calls(book, "subledger"), 2); /* one page each */
  assert_asked(book, "subledger", 1, "dataInicial", "2025-01-01");
  assert_asked(book, "subledger", 1, "dataFinal", "2025-12-31");
  assert_asked(book, "subledger", 2, "dataInicial", "2026-01-01");
  assert_asked(book, "subledger", 2, "dataFinal", "2026-02-04");
}

/* 6.4 */
static void
test_what_bling_says_of_a_parameter_reaches_the_caller(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_fault(book, .kind = "subledger", .status = 400,
             .body = "{\"error\":{\"type\":\"VALIDATION_ERROR\",\"message\":\"Consulta inválida\","
                     "\"description\":\"Período longo demais\",\"fields\":[{\"code\":49,"
                     "\"msg\":\"longo\",\"element\":\"dataFinal\",\"namespace\":\"QUERY\"}]}}");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_error_code(answer, 422, NULL, "erp_rejected_request");
  assert_at(answer, "upstream_message", "Consulta inválida: Período longo demais");
  assert_at(answer, "details.0.field", "dataFinal");
  assert_at(answer, "details.0.code", "49");
  assert_at(answer, "details.0.message", "longo");
  assert_int_equal(book_calls(book, "subledger"), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_amounts_of_blings_own_are_taken_as_they_are),
      LEDGER_CASE(test_accounts_without_amounts_are_summed_up),
      LEDGER_CASE(test_only_what_lacks_amounts_is_summed_up),
      LEDGER_CASE(test_an_account_that_is_listed_twice_is_summed_up_once),
      LEDGER_CASE(test_an_opening_alone_does_not_stand_for_what_moved),
      LEDGER_CASE(test_paths_of_ones_own_replace_summing_up),
      LEDGER_CASE(test_entries_of_an_account_are_found_by_its_code),
      LEDGER_CASE(test_an_unknown_account_is_not_found),
      LEDGER_CASE(test_more_than_a_year_is_asked_in_two_windows),
      LEDGER_CASE(test_what_bling_says_of_a_parameter_reaches_the_caller),
  };
  return RUN("Bling, third API", tests);
}

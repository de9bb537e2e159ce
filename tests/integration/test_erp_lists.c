/* Short lists of ERPs, and lists in pages of another size than asked for (erp-connectors.md 5.8).
 */
#include "harness_ledger.h"

#define ACCOUNT "1.01.001"
#define OTHER   "4.01.001"
#define JANUARY "account=" ACCOUNT "&from=2026-01-01&to=2026-01-31"

/* So many entries in January. */
static Book *
book_with(const char *company, const char *profile, guint entries)
{
  Book *book = book_new(company, profile);
  book_account(book, ACCOUNT, "Caixa", "ASSET", "0.00");
  book_account(book, OTHER, "Receita", "REVENUE", "0.00");
  book_fill(book, ACCOUNT, OTHER, "2026-01-01", entries);
  return book;
}

/* F-27: the list of companies that a company_id is looked up in */
static void
test_companies_that_keep_coming_back_are_an_error(G_GNUC_UNUSED void **state)
{
  static const char same[] = "{\"hasNext\":true,\"items\":[{\"id\":\"02\",\"name\":\"Outra\"}]}";
  g_autoptr(Book) book = book_new("EFFECTI", "ctb_v1");
  book_set(book, "CHECK_COMPANY", "1");
  book_set(book, "MAX_PAGES", "9");
  book_fault(book, .kind = "companies", .status = 200, .body = same, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, JANUARY);
  assert_error_code(answer, 502, NULL, "paging_loop");
  assert_int_equal(book_calls(book, "companies"), 3);
}

/* 5.8 */
static void
test_a_short_list_that_lacks_rows_is_told(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *company, *profile, *kind, *body;
  } cases[] = {
      {"EFFECTI", "ctb_v1", "companies",
       "{\"hasNext\":false,\"remainingRecords\":3,\"items\":[{\"id\":\"01\",\"name\":\"Uma\"}]}"},
      {"DATAHUB", NULL, "ListarEmpresas",
       "{\"total_de_paginas\":1,\"total_de_registros\":2,"
       "\"empresas_cadastro\":[{\"codigo_empresa\":77,\"razao_social\":\"Uma\"}]}"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = book_with(cases[i].company, cases[i].profile, 5);
    book_set(book, "CHECK_COMPANY", "1");
    book_fault(book, .kind = cases[i].kind, .status = 200, .body = cases[i].body);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, JANUARY);
    assert_status(answer, 200);
    assert_at(answer, "entry_count", "5");
    assert_at(answer, "warnings.0.code", "count_mismatch");
  }
}

/* 6.4: Bling gives 1,000 at most, whatever is asked, and tells no total */
static void
test_pages_smaller_than_asked_are_read_to_the_end(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("LEADLOVERS", NULL, 1100);
  book_set(book, "PAGE_SIZE", "2000");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "entry_count", "1100");
  assert_at(answer, "warnings", "[]");
  assert_int_equal(book_calls(book, "subledger"), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_companies_that_keep_coming_back_are_an_error),
      LEDGER_CASE(test_a_short_list_that_lacks_rows_is_told),
      LEDGER_CASE(test_pages_smaller_than_asked_are_read_to_the_end),
  };
  return RUN("lists of ERPs", tests);
}

/* Listings of ERPs that repeat themselves, promise more than they have, or never end
 * (erp-connectors.md 5.8). */
#include <string.h>

#include "harness_ledger.h"

#define ACCOUNT "1.01.001"
#define OTHER   "4.01.001"
#define JANUARY "account=" ACCOUNT "&from=2026-01-01&to=2026-01-31"
#define MIB     1024 /* KiB */

/* How each ERP knows whether more follow: it says so, a total, full pages. */
static const struct {
  const char *company, *kind, *page;
} listings[] = {{"EFFECTI", "subledger", "page"},
                {"MERCOS", "transactions", "page"},
                {"LEADLOVERS", "subledger", "pagina"}};

/* Of the listing's company: so many entries in January, in pages of ten. */
static Book *
book_with(const char *company, guint entries)
{
  Book *book = book_new(company, NULL);
  book_account(book, ACCOUNT, "Caixa", "ASSET", "0.00");
  book_account(book, OTHER, "Receita", "REVENUE", "0.00");
  book_fill(book, ACCOUNT, OTHER, "2026-01-01", entries);
  book_set(book, "PAGE_SIZE", "10");
  return book;
}

static Answer *
ask(const Book *book)
{
  return book_ask(book, SUBLEDGER, JANUARY);
}

static void
assert_given_up(const Answer *answer, const char *code)
{
  assert_error_code(answer, 502, NULL, code);
  assert_at(answer, "type", "Connection");
  assert_at(answer, "operation", "get_subledger_details");
}

/* Whole, with so many entries of which none is there twice. */
static void
assert_entries(const Answer *answer, guint count)
{
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  const json_t *entries = json_object_get(answer->json, "entries"), *entry;
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "error", "null");
  assert_int_equal(answer_int(answer, "entry_count"), count);
  assert_int_equal(json_array_size(entries), count);
  for (size_t i = 0; (entry = json_array_get(entries, i)) != NULL; i++) {
    const char *id = json_string_value(json_object_get(entry, "entry_id"));
    if (!g_hash_table_add(ids, (gpointer)id))
      fail_msg("%s is there twice", id);
  }
}

/* How often the answer warns so; 0: not at all. */
static json_int_t
warned(const Answer *answer, const char *code)
{
  const json_t *warnings = json_object_get(answer->json, "warnings"), *warning;
  for (size_t i = 0; (warning = json_array_get(warnings, i)) != NULL; i++)
    if (g_strcmp0(json_string_value(json_object_get(warning, "code")), code) == 0)
      return json_integer_value(json_object_get(warning, "count"));
  return 0;
}

/* F-25 */
static void
test_a_listing_without_end_is_given_up_at_its_limit(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(listings); i++) {
    g_autoptr(Book) book = book_with(listings[i].company, 200);
    book_set(book, "PAGE_SIZE", "2");
    book_set(book, "MAX_PAGES", "50");
    g_autoptr(Answer) answer = ask(book);
    assert_given_up(answer, "paging_limit");
    assert_at(answer, "company", listings[i].company);
    assert_int_equal(book_calls(book, listings[i].kind), 51);
    g_autofree char *last = book_parameter(book, listings[i].kind, 51, listings[i].page);
    assert_string_equal(last, "51");
  }
}

/* F-25: of a listing as long as that, nothing stays in memory, and its reader is told */
static void
test_pages_that_were_sent_are_forgotten(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("EFFECTI", 26000);
  book_set(book, "PAGE_SIZE", "500");
  book_set(book, "MAX_PAGES", "50");
  book_serve(book, SUBLEDGER);
  g_autoptr(Answer) small = book_call(book, SUBLEDGER, JANUARY "&document_types=nenhum");
  assert_given_up(small, "paging_limit");
  gint64 before_kib = program_peak_kib(SUBLEDGER);
  g_autoptr(Answer) answer = book_call(book, SUBLEDGER, JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "complete", "false");
  assert_at(answer, "error.code", "paging_limit");
  assert_at(answer, "error.type", "Connection");
  assert_int_equal(book_calls(book, "subledger"), 2 * 51);
  assert_in_range(json_array_size(json_object_get(answer->json, "entries")), 50 * 500, 51 * 500);
#ifndef __SANITIZE_ADDRESS__ /* which keeps freed memory for a while */
  assert_in_range(program_peak_kib(SUBLEDGER) - before_kib, 0, 4 * MIB);
#else
  (void)before_kib;
#endif
}

/* F-26 */
static void
test_a_page_that_comes_twice_is_read_once(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(listings); i++) {
    g_autoptr(Book) book = book_with(listings[i].company, 27);
    g_autofree char *second = g_strdup_printf("{\"%s\":\"2\"}", listings[i].page);
    book_fault(book, .kind = listings[i].kind, .request = second, .trick = "repeat");
    g_autoptr(Answer) answer = ask(book);
    assert_entries(answer, 17);
    assert_int_equal(warned(answer, "duplicate_page"), 1);
    assert_int_equal(warned(answer, "duplicate_entry"), 0);
    assert_int_equal(book_calls(book, listings[i].kind), 3);
  }
}

/* F-27 */
static void
test_a_page_that_keeps_coming_back_is_an_error(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(listings); i++) {
    g_autoptr(Book) book = book_with(listings[i].company, 57);
    book_fault(book, .kind = listings[i].kind, .call = 2, .times = LEDGER_ALWAYS,
               .trick = "repeat");
    g_autoptr(Answer) answer = ask(book);
    assert_given_up(answer, "paging_loop");
    assert_int_equal(book_calls(book, listings[i].kind), 3);
  }
}

/* F-28: of the two that can claim more on an empty page */
static void
test_empty_pages_that_promise_more_are_an_error(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < 2; i++) {
    g_autoptr(Book) book = book_with(listings[i].company, 57);
    book_fault(book, .kind = listings[i].kind, .times = LEDGER_ALWAYS, .trick = "empty");
    g_autoptr(Answer) answer = ask(book);
    assert_given_up(answer, "paging_loop");
    assert_int_equal(book_calls(book, listings[i].kind), 2);
  }
}

/* F-28, 5.8: "accept once" */
static void
test_one_empty_page_is_no_end(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("EFFECTI", 27);
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .trick = "empty");
  g_autoptr(Answer) answer = ask(book);
  assert_entries(answer, 17);
  assert_int_equal(book_calls(book, "subledger"), 3);
}

/* Bling tells neither a total nor that more follow: an empty page is the end there. */
static void
test_an_empty_page_ends_a_listing_that_promises_nothing(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("LEADLOVERS", 20);
  g_autoptr(Answer) answer = ask(book);
  assert_entries(answer, 20);
  assert_at(answer, "warnings", "[]");
  assert_int_equal(book_calls(book, "subledger"), 3);
}

/* F-29 */
static void
test_a_row_on_both_sides_of_a_page_border_is_told_once(G_GNUC_UNUSED void **state)
{
  static const char *const services[] = {"totvs", "contaazul", "bling"};
  for (gsize i = 0; i < G_N_ELEMENTS(listings); i++) {
    g_autoptr(Book) book = book_with(listings[i].company, 18);
    ledger_setting(services[i], "shift", "1");
    g_autofree char *total = book_entry_sum(book, ACCOUNT, "2026-01-01", "2026-01-31", "debit");
    g_autoptr(Answer) answer = ask(book);
    assert_entries(answer, 18);
    assert_at(answer, "total_debit", total);
    assert_int_equal(warned(answer, "duplicate_entry"), 1);
    assert_int_equal(warned(answer, "duplicate_page"), 0);
    assert_int_equal(book_calls(book, listings[i].kind), 2);
  }
}

/* F-27: balances are read by pages as well */
static void
test_accounts_that_keep_coming_back_are_an_error(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", "ctb_v1");
  book_seed(book, "2026-01-01", 20, 10, 1);
  book_set(book, "PAGE_SIZE", "5");
  book_fault(book, .kind = "trial-balance", .call = 2, .times = LEDGER_ALWAYS, .trick = "repeat");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, "from=2026-01-01&to=2026-01-31");
  assert_error_code(answer, 502, NULL, "paging_loop");
  assert_at(answer, "operation", "get_trial_balance");
  assert_int_equal(book_calls(book, "trial-balance"), 3);
}

/* ---- Omie, which tells a page's number and how many there are -----------------------------------
 */

/* Its answer to a call (0: to all): a page with such scalars, and an entry of such a number. */
static void
omie_answers(const Book *book, guint nth, const char *scalars, guint id)
{
  g_autofree char *body =
      g_strdup_printf("{%s,\"movimentos\":[{\"nCodLanc\":%u,\"dDtLanc\":\"05/01/2026\","
                      "\"cCodConta\":\"" ACCOUNT "\",\"nDebito\":1.00,\"nCredito\":0}]}",
                      scalars, id);
  book_fault(book, .kind = "ListarMovimentos", .call = nth, .times = nth > 0 ? 1 : LEDGER_ALWAYS,
             .status = 200, .body = body);
}

/* F-25 */
static void
test_omies_pages_without_end_are_given_up_at_their_limit(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("DATAHUB", 1);
  book_set(book, "MAX_PAGES", "3");
  for (guint page = 1; page <= 5; page++) {
    g_autofree char *scalars =
        g_strdup_printf("\"pagina\":%u,\"total_de_paginas\":%u", page, page + 1);
    omie_answers(book, page, scalars, page);
  }
  g_autoptr(Answer) answer = ask(book);
  assert_given_up(answer, "paging_limit");
  assert_int_equal(book_calls(book, "ListarMovimentos"), 4);
}

/* F-27, 5.8: another page's number than was asked for */
static void
test_a_method_of_omie_that_knows_no_pages_is_an_error(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("DATAHUB", 1);
  omie_answers(book, 0, "\"pagina\":1,\"total_de_paginas\":9", 7);
  g_autoptr(Answer) echoed = ask(book);
  assert_given_up(echoed, "paging_loop");
  assert_int_equal(book_calls(book, "ListarMovimentos"), 2);
  g_autoptr(Book) silent = book_with("DATAHUB", 1);
  omie_answers(silent, 0, "\"total_de_paginas\":9", 7);
  g_autoptr(Answer) repeated = ask(silent);
  assert_given_up(repeated, "paging_loop");
  assert_int_equal(book_calls(silent, "ListarMovimentos"), 3);
}

/* 5.8 */
static void
test_another_total_than_omie_announced_is_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with("DATAHUB", 1);
  omie_answers(book, 1, "\"pagina\":1,\"total_de_paginas\":1,\"total_de_registros\":2", 7);
  g_autoptr(Answer) answer = ask(book);
  assert_entries(answer, 1);
  assert_int_equal(warned(answer, "count_mismatch"), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_listing_without_end_is_given_up_at_its_limit),
      LEDGER_CASE(test_pages_that_were_sent_are_forgotten),
      LEDGER_CASE(test_a_page_that_comes_twice_is_read_once),
      LEDGER_CASE(test_a_page_that_keeps_coming_back_is_an_error),
      LEDGER_CASE(test_empty_pages_that_promise_more_are_an_error),
      LEDGER_CASE(test_one_empty_page_is_no_end),
      LEDGER_CASE(test_an_empty_page_ends_a_listing_that_promises_nothing),
      LEDGER_CASE(test_a_row_on_both_sides_of_a_page_border_is_told_once),
      LEDGER_CASE(test_accounts_that_keep_coming_back_are_an_error),
      LEDGER_CASE(test_omies_pages_without_end_are_given_up_at_their_limit),
      LEDGER_CASE(test_a_method_of_omie_that_knows_no_pages_is_an_error),
      LEDGER_CASE(test_another_total_than_omie_announced_is_told),
  };
  return RUN("pages of ERPs", tests);
}

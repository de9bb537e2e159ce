/* Answers that are no trial balance and no subledger, and what the caller is told of them
 * (erp-connectors.md 4.1, 6.0, 7). */
#include "harness_ledger.h"

#include <string.h>

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define ACCOUNT "account=1.01.001&" JANUARY
#define BALANCE "trial-balance"
#define PAGE                                                                                       \
  "<!DOCTYPE html><html><body>Sistema em manutenção: fale com a Dona Etelvina</body></html>"
#define PAGE_WORDS "Etelvina"

static Book *
totvs_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  return book;
}

/* 60 entries of one account: 0.02 + 0.03 + … + 0.61. */
static Book *
entries_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  book_account(book, "1.01.001", "Caixa", "ASSET", "0.00");
  book_account(book, "4.01.001", "Receita", "REVENUE", "0.00");
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", 60);
  return book;
}

static Answer *
ask(const Book *book)
{
  return book_ask(book, TRIAL_BALANCE, JANUARY);
}

static void
assert_all_entries(const Answer *answer)
{
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "entry_count", "60");
  assert_at(answer, "total_debit", "18.90");
  assert_at(answer, "warnings", "[]");
  assert_int_equal(json_array_size(json_object_get(answer->json, "entries")), 60);
}

/* F-16 */
static void
test_a_question_that_the_erp_rejects_is_asked_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = BALANCE, .status = 400,
             .body = "{\"errorCode\":400,\"errorMessage\":\"Filial 99 inexistente\"}");
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 422, NULL, "erp_rejected_request");
  assert_at(answer, "type", "Validation");
  assert_at(answer, "retryable", "false");
  assert_at(answer, "attempts", "1");
  assert_at(answer, "upstream_status", "400");
  assert_at(answer, "upstream_message", "Filial 99 inexistente");
  assert_int_equal(book_calls(book, BALANCE), 1);
}

/* F-17 */
static void
test_what_the_erp_forbids_is_asked_once_with_one_token(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = BALANCE, .status = 403);
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 502, NULL, "erp_forbidden");
  assert_at(answer, "type", "Authentication");
  assert_at(answer, "attempts", "1");
  assert_int_equal(book_calls(book, BALANCE), 1);
  assert_int_equal(book_calls(book, "token"), 1);
}

/* An answer that ends in the middle of row 37. */
static char *
cut_page(void)
{
  GString *page =
      g_string_new("{\"company\":{\"name\":\"X\"},\"hasNext\":false,\"movimentacao\":[");
  for (guint i = 1; i <= 36; i++)
    g_string_append_printf(page,
                           "{\"id\":\"X%u\",\"transactionDate\":\"2026-01-05\",\"accountCode\":"
                           "\"1.01.001\",\"debitValue\":1.00,\"creditValue\":0},",
                           i);
  g_string_append(page, "{\"id\":\"X37\",\"transactionDate\":\"2026-01-05\",\"accou");
  return g_string_free(page, FALSE);
}

/* F-18 */
static void
test_entries_cut_in_the_middle_of_a_row_are_asked_for_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = entries_book();
  book_fault(book, .kind = "subledger", .trick = "half");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, ACCOUNT);
  assert_all_entries(answer);
  assert_int_equal(book_calls(book, "subledger"), 2);
}

/* F-18, 4.1: what the caller was already sent is not sent again */
static void
test_a_long_page_cut_after_its_rows_went_out_goes_on(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = entries_book();
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", 1940);
  book_set(book, "PAGE_SIZE", "2000");
  book_fault(book, .kind = "subledger", .trick = "half");
  g_autofree char *total = book_entry_sum(book, "1.01.001", "2026-01-01", "2026-01-31", "debit");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, ACCOUNT);
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "entry_count", "2000");
  assert_at(answer, "total_debit", total);
  assert_at(answer, "warnings", "[]");
  assert_int_equal(json_array_size(json_object_get(answer->json, "entries")), 2000);
  assert_int_equal(book_calls(book, "subledger"), 2);
}

/* F-18 */
static void
test_entries_that_are_always_cut_are_an_error_without_a_row(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = entries_book();
  g_autofree char *page = cut_page();
  book_fault(book, .kind = "subledger", .times = LEDGER_ALWAYS, .status = 200, .body = page);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, ACCOUNT);
  assert_error_code(answer, 502, NULL, "truncated_body");
  assert_at(answer, "type", "Connection");
  assert_at(answer, "retryable", "true");
  assert_at(answer, "attempts", "3");
  assert_at(answer, "upstream_status", "200");
  assert_null(strstr(answer->body, "X3"));
  assert_int_equal(book_calls(book, "subledger"), 3);
}

/* F-19 */
static void
test_an_answer_shorter_than_announced_is_asked_for_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = entries_book();
  book_fault(book, .trick = "cut", .kind = "subledger");
  g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, ACCOUNT);
  assert_all_entries(entries);
  assert_int_equal(book_calls(book, "subledger"), 2);
  book_fault(book, .trick = "cut", .kind = BALANCE);
  g_autoptr(Answer) balance = ask(book);
  assert_status(balance, 200);
  book_fault(book, .trick = "cut", .kind = BALANCE, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) never = ask(book);
  assert_error_code(never, 502, NULL, "truncated_body");
  assert_at(never, "attempts", "3");
  assert_int_equal(book_calls(book, BALANCE), 6); /* the first for the account's name */
}

/* F-20 */
static void
test_a_page_for_people_is_no_answer_and_not_logged(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = BALANCE, .times = 3, .status = 200, .body = PAGE, .type = "text/html");
  book_serve(book, TRIAL_BALANCE);
  gsize mark = program_log_mark(TRIAL_BALANCE);
  g_autoptr(Answer) answer = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 502, NULL, "unexpected_content");
  assert_at(answer, "type", "Connection");
  assert_at(answer, "attempts", "3");
  assert_null(strstr(answer->body, PAGE_WORDS));
  assert_int_equal(book_calls(book, BALANCE), 3);
  g_autofree char *log = program_log_since(TRIAL_BALANCE, mark);
  assert_non_null(strstr(log, "unexpected_content"));
  assert_null(strstr(log, PAGE_WORDS));
  g_autoptr(Answer) next = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_status(next, 200);
}

/* F-21 */
static void
test_a_page_for_people_of_a_server_that_is_down_counts_as_down(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = BALANCE, .times = 2, .status = 502, .body = PAGE, .type = "text/html");
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, BALANCE), 3);
  book_fault(book, .kind = BALANCE, .times = 3, .status = 502, .body = PAGE, .type = "text/html");
  g_autoptr(Answer) never = ask(book);
  assert_error_code(never, 502, NULL, "erp_connection_failed");
  assert_at(never, "upstream_status", "502");
  assert_at(never, "upstream_message", "null");
  assert_null(strstr(never->body, PAGE_WORDS));
}

/* F-22 */
static void
test_an_answer_that_is_right_but_mislabelled_is_taken(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = BALANCE, .trick = "truth", .type = "text/plain");
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, BALANCE), 1);
  assert_at(answer, "metadata.validation.warnings.0.code", "content_type_mismatch");
  g_autoptr(Answer) next = ask(book);
  assert_null(strstr(next->body, "content_type_mismatch"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_question_that_the_erp_rejects_is_asked_once),
      LEDGER_CASE(test_what_the_erp_forbids_is_asked_once_with_one_token),
      LEDGER_CASE(test_entries_cut_in_the_middle_of_a_row_are_asked_for_again),
      LEDGER_CASE(test_a_long_page_cut_after_its_rows_went_out_goes_on),
      LEDGER_CASE(test_entries_that_are_always_cut_are_an_error_without_a_row),
      LEDGER_CASE(test_an_answer_shorter_than_announced_is_asked_for_again),
      LEDGER_CASE(test_a_page_for_people_is_no_answer_and_not_logged),
      LEDGER_CASE(test_a_page_for_people_of_a_server_that_is_down_counts_as_down),
      LEDGER_CASE(test_an_answer_that_is_right_but_mislabelled_is_taken),
  };
  return RUN("answers of ERPs that are none", tests);
}

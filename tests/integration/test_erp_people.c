/* Whom entries are about stands in answers alone: in no log, in no error (erp-connectors.md 3.5).
 */
#include <string.h>

#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define CASH    "account=1.01.001&" JANUARY

#define ROW                                                                                        \
  "{\"id\":\"M-1\",\"transactionDate\":\"2026-01-05\",\"accountCode\":\"1.01.001\","               \
  "\"description\":\"Acordo sigiloso 77\",\"entityCode\":\"529.982.247-25\",\"entityName\":"       \
  "\"Benedita Quaresma\",\"documentNumber\":\"11.222.333/0001-81\",\"debitValue\":%s,"             \
  "\"creditValue\":\"0.00\"}"

static void
assert_tells_nobody(const char *where, const char *text)
{
  static const char *const people[] = {"Benedita",      "Quaresma",       "Acordo",
                                       "sigiloso",      "529.982.247-25", "52998224725",
                                       "11.222.333/00", "112223330"};
  for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
    if (strstr(text, people[i]) != NULL)
      fail_msg("%s names %s: %s", where, people[i], text);
}

/* F-58, 3.5: neither of an entry that is fine nor of one that cannot be read */
static void
test_people_in_entries_stay_out_of_logs_and_errors(G_GNUC_UNUSED void **state)
{
  static const char *const amounts[] = {"\"10.00\"", "\"dez\"", "null"};
  g_free(book_log_take());
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
    g_autoptr(Book) book = book_new("EFFECTI", NULL);
    g_autofree char *row = g_strdup_printf(ROW, amounts[i]);
    book_setting(book, "LOG_LEVEL", "debug");
    book_account(book, "1.01.001", "Caixa", "ASSET", "0.00");
    book_put(book, "subledger", row);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, CASH);
    assert_status(answer, i == 0 ? 200 : 422);
    if (i > 0)
      assert_tells_nobody("an error", answer->body);
  }
  g_autofree char *log = book_log_take();
  assert_tells_nobody("a log", log);
}

/* 7: an ERP's own words */
static void
test_people_in_an_erps_words_are_masked(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_setting(book, "LOG_LEVEL", "debug");
  g_free(book_log_take());
  book_fault(book, .kind = "trial-balance", .status = 400,
             .body = "{\"code\":\"400\",\"message\":\"CPF 529.982.247-25 ou 52998224725, CNPJ "
                     "11.222.333/0001-81 ou 11222333000181\"}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 422, NULL, "erp_rejected_request");
  assert_member(answer, "upstream_message", "CPF *** ou ***, CNPJ *** ou ***");
  g_autofree char *log = book_log_take();
  assert_tells_nobody("a log", log);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_people_in_entries_stay_out_of_logs_and_errors),
      LEDGER_CASE(test_people_in_an_erps_words_are_masked),
  };
  return RUN("people in the books", tests);
}

/* ContaAzul's second API: payments that are not as they should be (erp-connectors.md 6.2, profile
 * v2). */
#include "harness_balance.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"

/* A sale of 60.00 in January, and its detail with these payments. */
static Book *
book_paid(const char *payments)
{
  Book *book = book_new("MUNDDI", "v2");
  g_autofree char *detail = g_strdup_printf("{\"id\":\"p1\",\"baixas\":[%s]}", payments);
  book_put(book, "receivables", "{\"id\":\"p1\",\"total\":60,\"data_competencia\":\"2026-01-10\"}");
  book_put(book, "instalment", detail);
  return book;
}

/* 5.3: what was paid net is no guess at what it was paid for */
static void
test_a_payment_that_does_not_say_its_amount_is_an_error(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_paid("{\"id\":\"s1\",\"data_pagamento\":\"2026-01-20\",\"valor\":62,"
                                   "\"valor_composicao\":{\"juros\":2,\"valor_liquido\":62}}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 422, NULL, "erp_data_invalid");
  assert_at(answer, "details.0.code", "amount_required");
}

#define PAYMENT                                                                                    \
  "{\"id\":\"s1\",\"data_pagamento\":\"2026-01-20\",\"valor_composicao\":{\"valor_bruto\":60}}"

/* 5.7 */
static void
test_a_payment_that_is_listed_twice_counts_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_paid(PAYMENT "," PAYMENT);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "RECEIVABLES", "0.00 60.00 60.00 0.00");
  assert_true(balance_warns(answer, "duplicate_entry"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_payment_that_does_not_say_its_amount_is_an_error),
      LEDGER_CASE(test_a_payment_that_is_listed_twice_counts_once),
  };
  return RUN("ContaAzul, payments of the second API", tests);
}

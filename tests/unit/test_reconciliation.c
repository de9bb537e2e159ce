/* When does a difference between MRR and revenue become an alert (fin.md 9.4). */
#include "unit.h"

#include "base/money.h"
#include "fin/reconciliation.h"

typedef struct {
  gint64 mrr, revenue, divergence; /* centavos */
  gboolean alert;
  const char *why;
} Row;

static void
assert_rows(const Row *rows, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gint64 divergence = -1;
    gboolean alert = reconciliation_diverges(rows[i].mrr, rows[i].revenue, &divergence);
    if (alert != rows[i].alert || divergence != rows[i].divergence)
      fail_msg("%s: %" G_GINT64_FORMAT " against %" G_GINT64_FORMAT " gave %s, %" G_GINT64_FORMAT,
               rows[i].why, rows[i].mrr, rows[i].revenue, alert ? "an alert" : "none", divergence);
  }
}

/* F66 */
static void
test_the_table_of_the_specification(G_GNUC_UNUSED void **state)
{
  static const Row rows[] = {
      {100000, 95000, 5000, FALSE, "exactly 5 %, which is 50.00"},
      {100000, 94999, 5001, TRUE, "a centavo more"},
      {100000, 105000, 5000, FALSE, "the same when too much is billed"},
      {100000, 105001, 5001, TRUE, "a centavo more"},
      {100100, 95095, 5005, FALSE, "5 % is more than 50.00"},
      {200000, 190000, 10000, FALSE, "exactly 5 %"},
      {200000, 189999, 10001, TRUE, "a centavo more"},
      {123456, 117284, 6172, FALSE, "61.72 is below 61.728"},
      {123456, 117283, 6173, TRUE, "61.73 is above 61.728, which is not rounded"},
      {4000, 0, 4000, FALSE, "below the fixed tolerance"},
      {5000, 0, 5000, FALSE, "exactly the fixed tolerance"},
      {5001, 0, 5001, TRUE, "a centavo more"},
  };
  assert_rows(rows, G_N_ELEMENTS(rows));
}

/* The tolerance has up to four decimals: rounding it either way would decide these otherwise. */
static void
test_the_tolerance_is_not_rounded(G_GNUC_UNUSED void **state)
{
  static const Row rows[] = {
      {100001, 95000, 5001, TRUE, "50.01 against 50.0005"},
      {100001, 95001, 5000, FALSE, "50.00 against 50.0005"},
      {100010, 95009, 5001, TRUE, "50.01 against 50.005"},
      {100010, 105010, 5000, FALSE, "50.00 against 50.005"},
      {100019, 95018, 5001, TRUE, "50.01 against 50.0095"},
      {100020, 95019, 5001, FALSE, "50.01 against 50.01"},
      {100020, 105040, 5020, TRUE, "50.20 against 50.01"},
  };
  assert_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_the_extremes(G_GNUC_UNUSED void **state)
{
  static const Row rows[] = {
      {1, 0, 1, FALSE, "the smallest MRR"},
      {1, -5000, 5001, TRUE, "more was taken back than billed"},
      {1, -4999, 5000, FALSE, "the same within the tolerance"},
      {1, MONEY_MAX, MONEY_MAX - 1, TRUE, "the largest revenue"},
      {MONEY_MAX, 0, MONEY_MAX, TRUE, "the largest MRR"},
      {MONEY_MAX, MONEY_MAX, 0, FALSE, "the largest of both"},
      {MONEY_MAX, -MONEY_MAX, 2 * MONEY_MAX, TRUE, "the largest divergence"},
      {MONEY_MAX, MONEY_MAX - 49999999999999, 49999999999999, FALSE, "just within 5 % of it"},
      {MONEY_MAX, MONEY_MAX - 50000000000000, 50000000000000, TRUE, "just beyond"},
  };
  assert_rows(rows, G_N_ELEMENTS(rows));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_table_of_the_specification),
      cmocka_unit_test(test_the_tolerance_is_not_rounded),
      cmocka_unit_test(test_the_extremes),
  };
  return cmocka_run_group_tests_name("reconciliation", tests, NULL, NULL);
}

/* What the tests of revenue sums share: titles written down cell by cell, the month they are read
 * for, and the sums of some titles as a text. */
#pragma once
#include "unit.h"

#include "base/money.h"
#include "fin/revenue_sum.h"

/* clang-format off */
#define T(content) {OMIE_TEXT, content}
#define N(content) {OMIE_NUMBER, content}
#define NONE       {OMIE_ABSENT, NULL}
#define OBJECT     {OMIE_OTHER, NULL}
/* clang-format on */

typedef struct {
  OmieCell id, client, other_client, value, other_value, status, registered, issued;
} Row;

static inline OmieRow
row_of(const Row *row)
{
  return (OmieRow){.cells = {[OMIE_TITLE_ID] = row->id,
                             [OMIE_TITLE_CLIENT] = row->client,
                             [OMIE_TITLE_OTHER_CLIENT] = row->other_client,
                             [OMIE_TITLE_VALUE] = row->value,
                             [OMIE_TITLE_OTHER_VALUE] = row->other_value,
                             [OMIE_TITLE_STATUS] = row->status,
                             [OMIE_TITLE_REGISTERED] = row->registered,
                             [OMIE_TITLE_ISSUED] = row->issued}};
}

/* The month of all tests, January 2026, and the three meanings of it. */
static const OmieTitleDate by_registration = {"registro", "", "", OMIE_TITLE_REGISTERED};
static const OmieTitleDate by_issue = {"emissao", "", "", OMIE_TITLE_ISSUED};
static const OmieTitleDate by_change = {"alteracao", "", "", -1};

static inline const DateRange *
january(void)
{
  static DateRange month;
  GDate day;
  assert_true(date_parse_iso("2026-01-01", &day));
  month = date_month(&day);
  return &month;
}

/* "code=1.00 other=2.00", in order of first sight, of rows that must all be taken. */
static inline char *
total_by(const OmieTitleDate *date, const Row *rows, gsize n)
{
  g_autoptr(RevenueSum) sum = revenue_sum_new(date, january());
  g_autoptr(GError) error = NULL;
  for (gsize i = 0; i < n; i++) {
    OmieRow row = row_of(&rows[i]);
    if (!revenue_sum_add(sum, &row, &error))
      fail_msg("row %zu is refused: %s", i, error->message);
  }
  g_autoptr(GArray) totals = revenue_sum_totals(sum, &error);
  assert_non_null(totals);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < totals->len; i++) {
    const CodeRevenue *revenue = &g_array_index(totals, CodeRevenue, i);
    g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", revenue->code,
                           money_text(revenue->centavos).text);
  }
  return g_string_free(text, FALSE);
}

static inline void
assert_total_by(const OmieTitleDate *date, const char *expected, const Row *rows, gsize n,
                const char *why)
{
  g_autofree char *total = total_by(date, rows, n);
  if (g_strcmp0(total, expected) != 0)
    fail_msg("%s: got \"%s\", want \"%s\"", why, total, expected);
}
#define ASSERT_TOTAL(expected, rows)                                                               \
  assert_total_by(&by_registration, expected, rows, G_N_ELEMENTS(rows), #rows)

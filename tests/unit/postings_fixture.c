#include "postings_fixture.h"

#include <string.h>

LedgerAccount postings_chart[8];
const Posting *postings;

/* Accounts when they are wanted, then the postings of the period. */
static gboolean
deliver(G_GNUC_UNUSED Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  for (const LedgerAccount *row = postings_chart; sink->account != NULL && row->code != NULL; row++)
    if (!sink->account(row, sink->data, error))
      return FALSE;
  for (const Posting *posting = postings; posting->day != NULL; posting++) {
    LedgerPosting row = {.account = posting->account,
                         .type = posting->type,
                         .debit = posting->debit,
                         .credit = posting->credit,
                         .day = books_day(posting->day)};
    if (posting->category != NULL) {
      row.account = posting->category;
      row.is_category = TRUE;
    }
    if (g_date_compare(&row.day, &period->first) < 0 || g_date_compare(&row.day, &period->last) > 0)
      continue;
    if (!sink->posting(&row, sink->data, error))
      return FALSE;
  }
  return TRUE;
}

static const ErpProfile profile = {.erp = ERP_CONTAAZUL,
                                   .name = "v1",
                                   .source = "ContaAzul",
                                   .is_aggregated = TRUE,
                                   .books = deliver};

gboolean
postings_extract(TrialBalance *balance, GError **error)
{
  g_autoptr(Erp) erp = books_erp("MERCOS", &profile);
  g_auto(Question) question = {0};
  const char *field;
  trial_balance_init(balance);
  assert_true(question_read(QUESTION_TRIAL_BALANCE, "company=MERCOS&from=2026-03-01&to=2026-03-31",
                            NULL, &question, &field, NULL));
  gboolean fine = trial_balance_extract(erp, &question, balance, error);
  if (fine)
    assert_int_equal(books_warned(erp, "opening_not_available"),
                     strcmp(balance->opening_policy, "zero") == 0);
  return fine;
}

void
assert_extracted(TrialBalance *balance)
{
  g_autoptr(GError) error = NULL;
  if (!postings_extract(balance, &error))
    fail_msg("%s", error->message);
}

void
assert_amounts(const TrialBalance *balance, const char *code, gint64 opening, gint64 debit,
               gint64 credit, gint64 closing)
{
  const AccountBalance *account = books_find(balance, code);
  if (account == NULL)
    fail_msg("no account %s", code);
  else if (account->opening != opening || account->debit != debit || account->credit != credit ||
           account->closing != closing)
    fail_msg("%s has %d, %d, %d, %d", code, (int)account->opening, (int)account->debit,
             (int)account->credit, (int)account->closing);
}

int
postings_set_up(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"1.01.001", "4.01.001", "5.01.001"};
  books_settings(NULL, NULL);
  books_credentials();
  memset(postings_chart, 0, sizeof postings_chart);
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    postings_chart[i] = (LedgerAccount){.code = codes[i], .name = "Conta"};
  return 0;
}

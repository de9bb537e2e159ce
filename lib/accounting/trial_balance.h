/* A trial balance: accounts with their balances, checked (erp-connectors.md 2.4, 2.5, 5). */
#pragma once
#include "accounting/question.h"
#include "base/json.h"

/* Centavos; the balances in natural sign. */
typedef struct {
  gint64 opening, debit, credit, closing;
} BalanceAmounts;

typedef struct {
  char *code, *name, *parent; /* parent NULL: none */
  AccountType type;
  gint64 level;
  AccountSide side; /* normal */
  gboolean side_stated, parent_stated, level_stated;
  gboolean is_summary, summary_stated;
  gint64 opening, debit, credit, closing; /* centavos, natural sign */
  BalanceAmounts own; /* what of a summary's is posted on itself, none of its children's; else 0 */
} AccountBalance;

void account_balance_free(AccountBalance *account); /* NULL: nothing */

typedef enum { FINDING_WARNING, FINDING_ERROR, FINDING_NOT_APPLICABLE } FindingKind;

typedef struct {
  FindingKind kind;
  const char *code;                  /* "roll_forward"; interned */
  char *account;                     /* NULL: about the whole */
  char *message, *expected, *actual; /* the last two may be NULL */
} Finding;

typedef struct {
  char *company_id, *company_name, *currency;
  ErpPeriod period;
  GPtrArray *accounts; /* of AccountBalance, by code */
  GPtrArray *findings; /* of Finding */
  gint64 total_debit, total_credit;
  guint account_count; /* before filters */
  gboolean is_aggregated, is_single_sided;
  const char *opening_policy; /* "source", "zero", "history", "stored" */
  gint64 extracted_s;         /* Unix time */
} TrialBalance;

void trial_balance_init(TrialBalance *balance);
void trial_balance_clear(TrialBalance *balance);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TrialBalance, trial_balance_clear)

/* No error among the findings? */
gboolean trial_balance_is_valid(const TrialBalance *balance);

/* Extracts, completes (level, parent, summary), checks, sums, then filters.  Errors: codes of
 * section 7; what the connector knows besides is in `erp`. */
gboolean trial_balance_extract(Erp *erp, const Question *question, TrialBalance *balance,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Pure steps of it.  Completing (5.6) sorts by code and drops accounts that came twice; `code_mask`
 * ("1,2,2,4") may be NULL.  Errors: ERP_DUPLICATE_ACCOUNT, ERP_NOT_CONFIGURED for the mask. */
gboolean trial_balance_complete(TrialBalance *balance, const char *code_mask,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The table of 5.7; what is wrong becomes findings, totals and account_count are set.  Errors, the
 * fatal rows: ERP_DATA, INVALID_PERIOD. */
gboolean trial_balance_check(TrialBalance *balance, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the accounts that are asked for (2.3); totals stay as they are. */
void trial_balance_filter(TrialBalance *balance, const Question *question);

/* The answer's body. */
void trial_balance_write_json(const TrialBalance *balance, const Erp *erp, const Question *question,
                              JsonWriter *w);
void trial_balance_write_csv(const TrialBalance *balance, gboolean bom, GString *text);

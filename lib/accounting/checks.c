/* Is a trial balance whole, and does it add up (erp-connectors.md 5.7). */
#include "accounting/checks.h"

#include "accounting/account_kind.h"
#include "accounting/findings.h"
#include "base/error.h"

#define TOLERANCE G_GINT64_CONSTANT(1) /* centavos */
#define EQUATION_MAX                                                                               \
  G_GINT64_CONSTANT(100) /* of the accounting equation, however many accounts                      \
                          */

/* Sums over all accounts, in either sign, stay within 64 bits. */
#define VOLUME_MAX (G_MAXINT64 / 8)

static gboolean
is_blank(const char *text)
{
  return text == NULL || *text == '\0';
}

static gboolean
has_fields(const TrialBalance *balance, GError **error)
{
  const struct {
    const char *name;
    gboolean missing;
  } fields[] = {
      {"company_id", is_blank(balance->company_id)},
      {"company_name", is_blank(balance->company_name)},
      {"period_start", !g_date_valid(&balance->period.first)},
      {"period_end", !g_date_valid(&balance->period.last)},
      {"currency", is_blank(balance->currency)},
      {"accounts", balance->accounts->len == 0},
  };
  g_autoptr(GPtrArray) missing = g_ptr_array_new();
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    if (fields[i].missing)
      g_ptr_array_add(missing, (gpointer)fields[i].name);
  if (missing->len == 0)
    return TRUE;
  g_ptr_array_add(missing, NULL);
  g_autofree char *list = g_strjoinv(", ", (char **)missing->pdata);
  g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA, "Campos ausentes (missing_field): %s.", list);
  return FALSE;
}

static gboolean
refuse(const AccountBalance *account, const char *problem, GError **error)
{
  g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA, "A conta %s não pode ser lida: %s.",
              is_blank(account->code) ? "sem código" : account->code, problem);
  return FALSE;
}

static gboolean
accounts_are_whole(const TrialBalance *balance, GError **error)
{
  gint64 volume = 0;
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *a = g_ptr_array_index(balance->accounts, i);
    if (is_blank(a->code) || is_blank(a->name))
      return refuse(a,
                    is_blank(a->code) ? "account_code missing_field" : "account_name missing_field",
                    error);
    if (a->type == ACCOUNT_UNTYPED)
      return refuse(a, "account_type invalid_account_type", error);
    if (a->debit < 0 || a->credit < 0)
      return refuse(a, "negative_amount", error);
    const gint64 sizes[] = {ABS(a->opening), a->debit, a->credit, ABS(a->closing)};
    for (gsize k = 0; k < G_N_ELEMENTS(sizes); k++)
      if (__builtin_add_overflow(volume, sizes[k], &volume) || volume > VOLUME_MAX)
        return refuse(a, "amount_out_of_range", error);
  }
  return TRUE;
}

static gint64
expected_closing(const AccountBalance *a)
{
  return account_roll_forward(a->side, a->opening, a->debit, a->credit);
}

gboolean
check_rolls_forward(const AccountBalance *account)
{
  return ABS(expected_closing(account) - account->closing) <= TOLERANCE;
}

static void
check_roll_forward(TrialBalance *balance)
{
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *a = g_ptr_array_index(balance->accounts, i);
    if (!check_rolls_forward(a))
      finding_add_amounts(balance, FOUND_ROLL_FORWARD, a->code, expected_closing(a), a->closing);
    if (!a->side_stated && a->side != account_natural_side(a->type))
      finding_add(balance, FOUND_CONTRA_ACCOUNT, a->code, NULL, NULL);
  }
}

/* Sums are over the analytic accounts; where all are summaries, over the top level. */
static gboolean
counts(const AccountBalance *account, gboolean all_summaries)
{
  return all_summaries ? account->level == 1 : !account->is_summary;
}

/* What goes into the sums: of a summary beside analytic accounts, what is posted on itself. */
static BalanceAmounts
counted(const AccountBalance *a, gboolean all_summaries)
{
  const BalanceAmounts whole = {a->opening, a->debit, a->credit, a->closing}, nothing = {0};
  if (counts(a, all_summaries))
    return whole;
  return all_summaries ? nothing : a->own;
}

static gboolean
are_all_summaries(const TrialBalance *balance)
{
  for (guint i = 0; i < balance->accounts->len; i++)
    if (!((const AccountBalance *)g_ptr_array_index(balance->accounts, i))->is_summary)
      return FALSE;
  return TRUE;
}

static void
check_totals(TrialBalance *balance)
{
  gboolean all = are_all_summaries(balance);
  gint64 debtors = 0, creditors = 0, accounts = 0;
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *a = g_ptr_array_index(balance->accounts, i);
    BalanceAmounts amounts = counted(a, all);
    accounts += counts(a, all) ? 1 : 0;
    balance->total_debit += amounts.debit;
    balance->total_credit += amounts.credit;
    /* an account on the other side than its type's takes away from its type */
    gboolean is_usual = a->side == account_natural_side(a->type);
    gint64 closing = is_usual ? amounts.closing : -amounts.closing;
    if (account_natural_side(a->type) == SIDE_DEBIT)
      debtors += closing;
    else
      creditors += closing;
  }
  if (balance->is_aggregated && balance->is_single_sided) {
    finding_skip(balance, FOUND_UNBALANCED);
    finding_skip(balance, FOUND_EQUATION);
    return;
  }
  if (ABS(balance->total_debit - balance->total_credit) > TOLERANCE)
    finding_add_amounts(balance, FOUND_UNBALANCED, NULL, balance->total_debit,
                        balance->total_credit);
  if (ABS(debtors - creditors) > MIN(accounts * TOLERANCE, EQUATION_MAX))
    finding_add_amounts(balance, FOUND_EQUATION, NULL, debtors, creditors);
}

gboolean
trial_balance_check(TrialBalance *balance, GError **error)
{
  if (!has_fields(balance, error) || !accounts_are_whole(balance, error))
    return FALSE;
  if (g_date_compare(&balance->period.first, &balance->period.last) > 0) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PERIOD,
                        "O período começa depois do seu fim.");
    return FALSE;
  }
  g_auto(Hierarchy) tree = {0};
  hierarchy_init(&tree, balance->accounts);
  balance->account_count = balance->accounts->len;
  balance->total_debit = balance->total_credit = 0;
  check_roll_forward(balance);
  check_totals(balance);
  check_tree(balance, &tree);
  return TRUE;
}

#include "accounting/aggregate.h"

#include "accounting/hierarchy.h"

/* Where the results of earlier years are, which no account of the chart need have. */
#define PAST_RESULT      "RESULTADO_ACUMULADO"
#define PAST_RESULT_NAME "Resultado acumulado de exercícios anteriores"

gboolean
aggregate_fiscal_year(const char *start, const GDate *day, GDate *first)
{
  g_autofree char *leap = g_strconcat("2000-", start, NULL);
  GDate any;
  if (!date_parse_iso(leap, &any))
    return FALSE;
  GDateMonth month = g_date_get_month(&any);
  for (GDateYear year = g_date_get_year(day);; year--) {
    GDateDay last = g_date_get_days_in_month(month, year);
    g_date_clear(first, 1);
    g_date_set_dmy(first, MIN(g_date_get_day(&any), last), month, year);
    if (g_date_compare(first, day) <= 0)
      return TRUE;
  }
}

/* All postings from the first day of the books to the day before the period. */
static gboolean
read_history(Book *book, GError **error)
{
  const ErpConfig *config = book->erp->config;
  const char *start = erp_config_text(config, "HISTORY_START");
  const char *year = erp_config_text(config, "FISCAL_YEAR_START");
  ErpPeriod past = {.last = date_plus(&book->balance->period.first, -1)};
  if (start == NULL || !date_parse_iso(start, &past.first))
    return erp_config_fail(config, "HISTORY_START",
                           "deve ser o primeiro dia dos livros, AAAA-MM-DD", error);
  if (!aggregate_fiscal_year(year != NULL ? year : "01-01", &book->balance->period.first,
                             &book->fiscal_year))
    return erp_config_fail(config, "FISCAL_YEAR_START", "deve ser um dia, MM-DD", error);
  if (g_date_compare(&past.first, &past.last) > 0)
    return TRUE; /* the books begin with this period */
  book->is_past = TRUE;
  book->taken = past;
  LedgerSink sink = book_sink(book);
  if (!book->erp->profile->books(book->erp, &past, &sink, error))
    return FALSE;
  if (book->past_result == 0)
    return TRUE;
  BookAccount *result = book_account(book, PAST_RESULT, PAST_RESULT_NAME, ACCOUNT_EQUITY, error);
  if (result == NULL)
    return FALSE;
  if (book->past_result > 0)
    result->past_credit += book->past_result;
  else
    result->past_debit -= book->past_result;
  return TRUE;
}

gboolean
aggregate_open(Book *book, GError **error)
{
  if (g_strcmp0(erp_config_text(book->erp->config, "OPENING_POLICY"), "history") == 0) {
    book->balance->opening_policy = "history";
    return read_history(book, error);
  }
  if (book->knows_openings && !book->lacks_openings)
    return TRUE; /* the ERP's own */
  book->balance->opening_policy = "zero";
  erp_warn(book->erp, "opening_not_available", NULL);
  return TRUE;
}

/* Of an account that postings are summed up for; NULL when its amounts are the ERP's own. */
static BookAccount *
summed_up(const Book *book, const AccountBalance *account)
{
  BookAccount *entry = g_hash_table_lookup(book->accounts, account->code);
  return entry != NULL && entry->account == account && !entry->has_amounts ? entry : NULL;
}

static void
set_closing(AccountBalance *account)
{
  account->closing =
      account_roll_forward(account->side, account->opening, account->debit, account->credit);
}

static void
add_child(AccountBalance *parent, const AccountBalance *child)
{
  parent->opening += hierarchy_as_seen_by(parent, child, child->opening);
  parent->debit += child->debit;
  parent->credit += child->credit;
  set_closing(parent);
}

void
aggregate_close(Book *book)
{
  const GPtrArray *accounts = book->balance->accounts;
  g_auto(Hierarchy) tree = {0};
  hierarchy_init(&tree, accounts);
  for (guint i = 0; i < accounts->len; i++) {
    AccountBalance *account = g_ptr_array_index(accounts, i);
    const BookAccount *entry = summed_up(book, account);
    if (entry == NULL)
      continue;
    account->debit = entry->debit;
    account->credit = entry->credit;
    if (!entry->has_opening)
      account->opening =
          account_roll_forward(account->side, 0, entry->past_debit, entry->past_credit);
    set_closing(account);
    if (account->is_summary)
      account->own =
          (BalanceAmounts){account->opening, account->debit, account->credit, account->closing};
  }
  for (guint i = 0; i < tree.ordered; i++) { /* children before parents */
    AccountBalance *account = g_ptr_array_index(accounts, tree.order[i]);
    guint parent = tree.parent[tree.order[i]];
    if (parent == NO_PARENT)
      continue;
    AccountBalance *above = g_ptr_array_index(accounts, parent);
    if (above->is_summary && summed_up(book, above) != NULL)
      add_child(above, account);
  }
}

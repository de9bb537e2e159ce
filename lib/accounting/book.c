#include "accounting/book.h"

#include "accounting/checks.h"
#include "accounting/findings.h"
#include "accounting/run.h"
#include "base/error.h"

#define VOLUME_MAX                                                                                 \
  (G_MAXINT64 / 16) /* so that an opening plus a period's sums stay within 64 bits */

gboolean
book_init(Book *book, Erp *erp, TrialBalance *balance, GError **error)
{
  gboolean fine;
  *book = (Book){.erp = erp, .balance = balance, .taken = balance->period};
  book->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  if (!account_kinds_read(erp->config, erp->company->erp, &book->kinds, error))
    return FALSE;
  book->categories = account_pairs_read(erp->config, "CATEGORY_MAP", &fine, error);
  return fine;
}

void
book_clear(Book *book)
{
  account_kinds_clear(&book->kinds);
  g_clear_pointer(&book->categories, g_hash_table_unref);
  g_clear_pointer(&book->accounts, g_hash_table_unref);
}

/* Finds the type of an account, and says so where it was taken for one. */
static gboolean
find_type(Book *book, const char *code, AccountType stated, const char *type_text,
          AccountType *type, GError **error)
{
  gboolean defaulted;
  LedgerFlaw flaw = {code, "account_type", "invalid_account_type"};
  if (!account_kind(&book->kinds, code, stated, type_text, type, &defaulted))
    return run_refuse(book->erp, &flaw, error);
  if (defaulted)
    finding_add(book->balance, FOUND_TYPE_DEFAULTED, code, NULL, type_text);
  return TRUE;
}

static AccountBalance *
add_account(Book *book, const char *code, const char *name, AccountType type, AccountSide side,
            GError **error)
{
  if (book->balance->accounts->len >= BOOK_MAX_ACCOUNTS) {
    g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA, "O balancete tem mais de %d contas.",
                BOOK_MAX_ACCOUNTS);
    return NULL;
  }
  AccountBalance *account = g_new0(AccountBalance, 1);
  account->code = g_strdup(code);
  account->name = g_strdup(name);
  account->type = type;
  account->side_stated = side != SIDE_UNSTATED;
  account->side = account->side_stated ? side : account_natural_side(type);
  g_ptr_array_add(book->balance->accounts, account);
  return account;
}

/* The first of a code is the one that postings go to; another like it is dropped later. */
static BookAccount *
keep(Book *book, AccountBalance *account)
{
  BookAccount *kept = g_hash_table_lookup(book->accounts, account->code);
  if (kept != NULL)
    return kept;
  kept = g_new0(BookAccount, 1);
  kept->account = account;
  g_hash_table_insert(book->accounts, account->code, kept);
  return kept;
}

BookAccount *
book_account(Book *book, const char *code, const char *name, AccountType type, GError **error)
{
  BookAccount *known = g_hash_table_lookup(book->accounts, code);
  if (known != NULL)
    return known;
  AccountBalance *account =
      add_account(book, code, name != NULL ? name : code, type, SIDE_UNSTATED, error);
  return account != NULL ? keep(book, account) : NULL;
}

/* Counts what comes in; FALSE when sums of it might pass 64 bits. */
static gboolean
count_volume(Book *book, const gint64 *amounts, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (__builtin_add_overflow(book->volume, ABS(amounts[i]), &book->volume) ||
        book->volume > VOLUME_MAX)
      return FALSE;
  return TRUE;
}

/* Amounts in natural sign, once the side is known (2.5). */
static void
set_amounts(const Book *book, AccountBalance *account, const LedgerAccount *row)
{
  BalanceSign sign = book->kinds.sign;
  account->opening = account_natural_amount(sign, account->side, row->opening_side, row->opening);
  account->closing = account_natural_amount(sign, account->side, row->closing_side, row->closing);
  account->debit = row->debit;
  account->credit = row->credit;
}

/* Where the ERP did not state the side, and its figures fit only the other one than the type's, the
 * account stands there (2.5). */
static void
set_side(const Book *book, AccountBalance *account, const LedgerAccount *row)
{
  AccountBalance other = *account;
  other.side = account->side == SIDE_DEBIT ? SIDE_CREDIT : SIDE_DEBIT;
  set_amounts(book, &other, row);
  if (!account->side_stated && !check_rolls_forward(account) && check_rolls_forward(&other))
    *account = other;
}

/* From now on the balance is known to be summed up. */
static gboolean
note_aggregated(Book *book, GError **error)
{
  const char *policy = erp_config_text(book->erp->config, "OPENING_POLICY");
  book->balance->is_aggregated = TRUE;
  if (g_strcmp0(policy, "stored") != 0)
    return TRUE;
  g_autofree char *name = erp_config_name(book->erp->config, "OPENING_POLICY");
  g_set_error(error, PONTE_ERROR, ERROR_ERP_OPENING_MISSING,
              "Não há saldo final guardado com que começar; %s pode ser zero ou history.", name);
  return FALSE;
}

/* What of an account cannot be read; NULL problem: nothing. */
static LedgerFlaw
find_flaw(Book *book, const LedgerAccount *row)
{
  gboolean usual; /* whether it looks like a code was told by who read it */
  const gint64 amounts[] = {row->opening, row->debit, row->credit, row->closing};
  if (row->code == NULL)
    return (LedgerFlaw){NULL, "account_code", "missing_field"};
  if (!account_code_check(row->code, &usual))
    return (LedgerFlaw){NULL, "account_code", "invalid_account_code"};
  if (row->name == NULL || *row->name == '\0')
    return (LedgerFlaw){row->code, "account_name", "missing_field"};
  if (!count_volume(book, amounts, G_N_ELEMENTS(amounts)))
    return (LedgerFlaw){row->code, "closing_balance", "amount_out_of_range"};
  return (LedgerFlaw){NULL, NULL, NULL};
}

static gboolean
take_account(const LedgerAccount *row, gpointer data, GError **error)
{
  Book *book = data;
  AccountType type;
  LedgerFlaw flaw = find_flaw(book, row);
  if (flaw.problem != NULL)
    return run_refuse(book->erp, &flaw, error);
  if (!find_type(book, row->code, row->type, row->type_text, &type, error))
    return FALSE;
  AccountBalance *account = add_account(book, row->code, row->name, type, row->side, error);
  if (account == NULL)
    return FALSE;
  account->parent = row->parent != NULL && *row->parent != '\0' ? g_strdup(row->parent) : NULL;
  account->level = row->level;
  account->summary_stated = row->has_summary;
  account->is_summary = row->has_summary && row->is_summary;
  set_amounts(book, account, row);
  if (row->has_amounts)
    set_side(book, account, row);
  if (row->has_amounts || row->has_opening)
    book->knows_openings = TRUE;
  else if (!account->is_summary) /* that has its children's */
    book->lacks_openings = TRUE;
  BookAccount *kept = keep(book, account);
  kept->has_amounts = row->has_amounts;
  kept->has_opening = row->has_opening;
  return row->has_amounts || !book->erp->profile->is_aggregated || note_aggregated(book, error);
}

/* The type of an account that a posting brings along.  A category's is not that of the account
 * which CATEGORY_MAP leads it to, unless nothing else tells. */
static gboolean
type_of_posting(Book *book, const LedgerPosting *posting, const char *code, gboolean is_mapped,
                AccountType *type, GError **error)
{
  gboolean defaulted, usual;
  LedgerFlaw flaw = {code, "account_code", "invalid_account_code"};
  if (!account_code_check(code, &usual))
    return run_refuse(book->erp, &flaw, error);
  if (is_mapped && account_kind(&book->kinds, code, ACCOUNT_UNTYPED, NULL, type, &defaulted) &&
      !defaulted)
    return TRUE;
  return find_type(book, code, posting->type, NULL, type, error);
}

/* Where a posting goes: the account of its category, its own, or one that says that the chart has
 * none of that name (6.2: no money is dropped). */
static BookAccount *
account_of_posting(Book *book, const LedgerPosting *posting, GError **error)
{
  const char *mapped = posting->is_category && book->categories != NULL
                           ? g_hash_table_lookup(book->categories, posting->account)
                           : NULL;
  const char *code = mapped != NULL ? mapped : posting->account;
  const char *name =
      mapped != NULL ? NULL : posting->name; /* the category's is not the account's */
  BookAccount *known = g_hash_table_lookup(book->accounts, code);
  if (known != NULL)
    return known;
  gboolean brings_it = posting->type != ACCOUNT_UNTYPED && !posting->is_charted;
  g_autofree char *unmapped = g_strconcat(UNMAPPED, code, NULL);
  AccountType type = posting->type;
  if (!brings_it && (known = g_hash_table_lookup(book->accounts, unmapped)) != NULL)
    return known;
  if (!type_of_posting(book, posting, code, mapped != NULL, &type, error))
    return NULL;
  if (brings_it)
    return book_account(book, code, name, type, error);
  finding_add(book->balance, FOUND_UNMAPPED, unmapped, NULL, NULL);
  return book_account(book, unmapped, name != NULL ? name : code, type, error);
}

static gboolean
is_taken(const Book *book, const GDate *day)
{
  return !g_date_valid(day) || (g_date_compare(&book->taken.first, day) <= 0 &&
                                g_date_compare(day, &book->taken.last) <= 0);
}

static gboolean
is_result(AccountType type)
{
  return type == ACCOUNT_REVENUE || type == ACCOUNT_EXPENSE;
}

static void
add_posting(Book *book, BookAccount *entry, const LedgerPosting *posting)
{
  if (!book->is_past) {
    entry->debit += posting->debit;
    entry->credit += posting->credit;
  } else if (is_result(entry->account->type) && g_date_valid(&posting->day) &&
             g_date_compare(&posting->day, &book->fiscal_year) < 0) {
    book->past_result += posting->credit - posting->debit;
  } else {
    entry->past_debit += posting->debit;
    entry->past_credit += posting->credit;
  }
}

static gboolean
take_posting(const LedgerPosting *posting, gpointer data, GError **error)
{
  Book *book = data;
  LedgerFlaw flaw = {posting->account, "debit_amount", "amount_out_of_range"};
  if (!is_taken(book, &posting->day)) {
    erp_warn(book->erp, "out_of_period", NULL);
    return TRUE;
  }
  if (posting->account == NULL || posting->debit < 0 || posting->credit < 0) {
    flaw.problem = posting->account == NULL ? "missing_field" : "negative_amount";
    flaw.field = posting->account == NULL ? "account_code" : "debit_amount";
    return run_refuse(book->erp, &flaw, error);
  }
  const gint64 amounts[] = {posting->debit, posting->credit};
  if (!count_volume(book, amounts, G_N_ELEMENTS(amounts)))
    return run_refuse(book->erp, &flaw, error);
  BookAccount *entry = account_of_posting(book, posting, error);
  if (entry == NULL)
    return FALSE;
  if (entry->has_amounts)
    return TRUE;
  if (!book->balance->is_aggregated && !note_aggregated(book, error))
    return FALSE;
  add_posting(book, entry, posting);
  return TRUE;
}

/* Of accounts and postings none may be missing: totals would be wrong without a word. */
static gboolean
take_flaw(const LedgerFlaw *flaw, gpointer data, GError **error)
{
  Book *book = data;
  return run_refuse(book->erp, flaw, error);
}

LedgerSink
book_sink(Book *book)
{
  return (LedgerSink){.account = book->is_past ? NULL : take_account,
                      .posting = take_posting,
                      .flaw = take_flaw,
                      .data = book};
}

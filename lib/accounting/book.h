/* The accounts of a trial balance under construction: what a connector delivers, with types, signs
 * and sums of postings (erp-connectors.md 2.5, 5.1, 6.2). */
#pragma once
#include "accounting/account_kind.h"
#include "accounting/trial_balance.h"

#define BOOK_MAX_ACCOUNTS 50000 /* it is held in memory (9) */

/* One account besides what the trial balance says of it. */
typedef struct {
  AccountBalance *account;        /* in the balance */
  gboolean has_amounts;           /* the ERP's own: postings to it are no news */
  gboolean has_opening;           /* … its opening only */
  gint64 debit, credit;           /* sums of the period's postings */
  gint64 past_debit, past_credit; /* of those before it, as far as they count for the opening */
} BookAccount;

typedef struct {
  Erp *erp;
  TrialBalance *balance;
  AccountKinds kinds;
  GHashTable *categories;                  /* CATEGORY_MAP: category → account; NULL: none */
  GHashTable *accounts;                    /* code → BookAccount */
  gint64 volume;                           /* of all postings: no sum passes it */
  ErpPeriod taken;                         /* postings of other days are left out, and counted */
  gboolean knows_openings, lacks_openings; /* of some analytic accounts of the chart */
  /* policy `history` */
  gboolean is_past;  /* postings are of before the period */
  GDate fiscal_year; /* results before it are in: */
  gint64 past_result;
} Book;

/* Into `balance`, whose period is set.  Errors: ERP_NOT_CONFIGURED. */
gboolean book_init(Book *book, Erp *erp, TrialBalance *balance,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void book_clear(Book *book);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Book, book_clear)

/* Where a connector delivers to. */
LedgerSink book_sink(Book *book);

/* The account of a code, made when there is none.  Errors: ERP_DATA (too many accounts, or the type
 * of an ACCOUNT_UNTYPED one is nowhere to be found). */
BookAccount *book_account(Book *book, const char *code, const char *name, AccountType type,
                          GError **error);

/* Bling (erp-connectors.md 6.4): what its profiles v3, v3_caixas and v2 share. */
#pragma once
#include "erp/paging.h"
#include "erp/voucher.h"

#define BLING_WINDOW_DAYS 365 /* longer periods are answered 400 */

/* Bling shuts an IP out after 300 error answers in 10 s; here 10 of a process make it pause. */
#define BLING_MAX_ERRORS 10
#define BLING_ERRORS_US  (10 * G_TIME_SPAN_SECOND)
typedef struct {
  gint64 at_us[BLING_MAX_ERRORS]; /* of the last ones, in turn; 0: none yet */
  guint next;
  gint64 until_us; /* no request before */
} BlingErrors;

/* An error answer came.  Pure; monotonic time. */
void bling_errors_note(BlingErrors *errors, gint64 now_us);
gint64 bling_errors_wait_us(const BlingErrors *errors, gint64 now_us);

/* Begins an operation: sits out a pause that this process's errors brought about.  Errors:
 * INTERRUPTED; ERP_RATE_LIMITED when the run would be over before. */
gboolean bling_begin(Erp *erp, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ErpProfile.companies of both v3 profiles. */
gboolean bling_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                         gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Error bodies: JSON of v3, XML of v2. */
void bling_judge(ExchangeVerdict *verdict, gpointer data);
void bling_v2_judge(ExchangeVerdict *verdict, gpointer data);

/* Both sides of an amount by "D" or "C".  FALSE for any other letter.  With `is_bank` C is money
 * in, a debit of the account; else D is the debit.  Pure. */
gboolean bling_sides(const char *direction, gboolean is_bank, gint64 amount, gint64 *debit,
                     gint64 *credit);

/* A listing of a period, in windows Bling accepts: its parameters, then those of the dates. */
typedef struct {
  ErpListing listing;
  const char *from, *to; /* names of the dates' parameters */
  const char *params[8]; /* further ones, ended by a NULL name; a NULL value is left out */
} BlingListing;
gboolean bling_list(Erp *erp, const BlingListing *what, const ErpPeriod *period, ErpSeen *seen,
                    const ErpRowTaker *taker, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Accounts by code, listed once and kept for ten minutes per company in this process. */
typedef struct {
  char *id, *name;
} BlingAccount;
typedef gboolean (*BlingLoad)(Erp *erp, GHashTable *accounts, GError **error);
void bling_account_put(GHashTable *accounts, const char *code, const char *id, const char *name);

/* The account of a code.  Errors: those of `load`; ACCOUNT_NOT_FOUND.  Borrowed until the next
 * call. */
const BlingAccount *bling_account(Erp *erp, const char *code, BlingLoad load, GError **error);
gboolean bling_no_account(const char *code, GError **error); /* sets ACCOUNT_NOT_FOUND; FALSE */

/* Reads a movement: the entry's texts into the voucher, then a line of `account` from its two
 * columns, else its amount by its direction.  *fine FALSE: told as a flaw. */
gboolean bling_read_movement(Erp *erp, const RowCell *cells, const BlingAccount *names,
                             const char *account, const LedgerSink *sink, Voucher *voucher,
                             gboolean *fine, GError **error) G_GNUC_WARN_UNUSED_RESULT;

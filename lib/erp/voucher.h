/* A record of an ERP together with what it posts: a transaction with its lines, an instalment with
 * its categories, a movement of a bank account.  Told either as postings (trial balance) or as the
 * entries of one account (subledger), so that both always agree. */
#pragma once
#include "erp/connector.h"
#include "erp/rows.h"

typedef struct {
  const char *account, *name; /* name NULL: not known here */
  AccountType type;           /* of an account the chart does not have */
  gint64 debit, credit;       /* centavos, >= 0 */
  gboolean is_category;
  gboolean is_charted; /* an account the chart does not have is told, whatever its type */
} VoucherLine;

typedef struct {
  LedgerEntry entry; /* id, dates, texts; account and amounts are those of the lines */
  GArray *lines;     /* of VoucherLine */
  GStringChunk *texts;
} Voucher;

void voucher_init(Voucher *voucher);
void voucher_reset(Voucher *voucher); /* for the next record */
void voucher_clear(Voucher *voucher);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Voucher, voucher_clear)

/* Adds a line; its texts are copied. */
void voucher_add(Voucher *voucher, const VoucherLine *line);

/* A further member of the entries' metadata; NULL and more than there is room for are left out.
 * Borrowed. */
void voucher_extra(Voucher *voucher, const char *name, const char *value);

/* Whom a run tells. */
typedef struct {
  Erp *erp;
  const ErpPeriod *period; /* NULL: whatever the day, it is told */
  const char *account;     /* its entries are told; NULL: all lines as postings */
  const LedgerSink *sink;
} VoucherTarget;

/* Tells it.  An entry's id is the record's, with #n (the n-th line, from 1) where the record has
 * several lines on the account; a category that CATEGORY_MAP leads elsewhere is on that account,
 * without its own name.  A posting outside the period is left out and counted (out_of_period).
 * FALSE as the sink said. */
gboolean voucher_tell(const Voucher *voucher, const VoucherTarget *target,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The account of a category by a map "CAT1=4.01.001,CAT2=5.01.001" (may be NULL), the last
 * one of several; NULL when it has none.  Pure; the caller's. */
char *voucher_mapped(const char *map, const char *category);

/* Does such a map lead any category to this account?  Pure. */
gboolean voucher_is_mapped_to(const char *map, const char *account);

/* Tells a flaw of a row; FALSE when that ends the run.  Without a sink for it: ERP_DATA. */
gboolean voucher_flaw(Erp *erp, const LedgerSink *sink, const char *row, const char *field,
                      const char *problem, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An amount of a row, not negative; absent: a flaw (amount_required) where it is `required`, else
 * *centavos stays what it was.  *fine FALSE: told as a flaw. */
gboolean voucher_amount(Erp *erp, const LedgerSink *sink, const char *row, const char *field,
                        const RowCell *cell, gboolean required, gint64 *centavos, gboolean *fine,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A day of a row; absent: a flaw (date_required).  `instant` may be NULL. */
gboolean voucher_day(Erp *erp, const LedgerSink *sink, const char *row, const char *field,
                     const RowCell *cell, GDate *day, TimeText *instant, gboolean *fine,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Is a word among these, whatever its case and accents?  NULL is none. */
gboolean voucher_word_in(const char *word, const char *const *words);

/* The statement of a bank account (ListarExtrato), window by window: the call has no pages and
 * silently stops at 50 rows, so a window that may be cut off is asked for in halves. */
#pragma once
#include "erp/omie/books.h"

/* A movement, as seen from the bank account. */
typedef struct {
  const OmieBank *bank;
  LedgerEntry entry;                    /* its account is left to the taker */
  const RowCell *cells;                 /* as omie_movement_shape has them */
  AccountSide side;                     /* SIDE_DEBIT: money in */
  gint64 amount;                        /* without sign */
  const char *category, *category_name; /* NULL: none was given */
} OmieMovement;

typedef struct {
  Erp *erp;
  const LedgerSink *sink;
  /* Once per bank account, before its movements: what the account began with, as the first window
   * says that has a balance (an empty one may have none).  NULL: not wanted.  FALSE without an
   * error: the movements are not wanted. */
  gboolean (*opening)(const OmieBank *bank, gboolean has_opening, gint64 centavos, gpointer data,
                      GError **error);
  gboolean (*movement)(OmieMovement *movement, gpointer data, GError **error);
  gpointer data;
} OmieStatement;

/* All movements of a bank account in a period, in order of their days.  FALSE with the error, or
 * without one when a callback had enough.  Errors: also ERP_EXTRACT_TRUNCATED. */
gboolean omie_statement_read(const OmieStatement *statement, const OmieBank *bank,
                             const ErpPeriod *period, ErpSeen *seen,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The two halves of a window; FALSE for a single day.  Pure. */
gboolean omie_halve(const ErpPeriod *window, ErpPeriod *first, ErpPeriod *second);

/* ContaAzul, profiles v1 and v2 (erp-connectors.md 6.2): the parts of them that are pure. */
#pragma once
#include "erp/row_map.h"
#include "erp/voucher.h"

/* The cells of a transaction (v1) after the standard ones of an entry (erp/row_map.h). */
enum {
  TRANSACTION_STATUS = N_ENTRY_CELLS,
  TRANSACTION_METHOD,
  TRANSACTION_CATEGORY,
  TRANSACTION_CATEGORY_NAME,
  TRANSACTION_LINES,
  N_TRANSACTION_CELLS
};
/* The wire names of a line, looked up once per listing. */
typedef struct {
  const char *account, *name, *debit, *credit;
} LineNames;
LineNames contaazul_line_names(const Erp *erp);

/* A transaction as a voucher: its lines, else (REF) its category and value on one side, which makes
 * the balance single-sided.  *fine FALSE: cancelled, or told as a flaw. */
gboolean contaazul_read_transaction(Erp *erp, const LineNames *names, const RowCell *cells,
                                    const LedgerSink *sink, Voucher *voucher, gboolean *fine,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The error bodies of both versions. */
void contaazul_judge(ExchangeVerdict *verdict, gpointer data);

/* Is it a status of what was cancelled or deleted? */
gboolean contaazul_is_void(const RowCell *status);

gboolean contaazul_companies(Erp *erp,
                             void (*take)(const char *id, const char *name, gpointer data),
                             gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

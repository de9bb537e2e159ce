/* Bling, profile v2: the pure parts. */
#pragma once
#include "erp/bling.h"

/* "dataEmissao[01/01/2026 TO 31/01/2026]".  The caller's. */
char *bling_v2_filter(const char *field, const ErpPeriod *period);

/* "/contasreceber/xml/" as "/contasreceber/page=2/xml/".  The caller's. */
char *bling_v2_page_path(const char *path, gint64 page);

/* The cells of a bill after the standard ones of an entry. */
enum { BILL_STATE = N_ENTRY_CELLS, BILL_DUE, N_BILL_CELLS };

/* A bill's one line.  *fine FALSE: cancelled, or told as a flaw. */
gboolean bling_v2_read_bill(Erp *erp, const RowCell *cells, gboolean is_receivable,
                            const LedgerSink *sink, Voucher *voucher, gboolean *fine,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The rows of one answer, kept until the whole answer is there.  For answers of bounded size: a
 * page of accounts, a window of a bank statement, what a cache may hold. */
#pragma once
#include "erp/call.h"

#define KEPT_ROWS_MAX_BYTES ((gsize)64 * 1024 * 1024) /* 50,000 accounts fill a fifth of it */

typedef struct KeptRows KeptRows;

/* None so far, for rows of this shape; references are counted. */
KeptRows *kept_rows_new(const RowShape *shape);
KeptRows *kept_rows_ref(KeptRows *kept);
void kept_rows_unref(KeptRows *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeptRows, kept_rows_unref)

/* Copies a row; FALSE, and nothing done, when that would be more than `max_bytes` in all. */
gboolean kept_rows_add(KeptRows *kept, const RowCell *cells, gsize max_bytes);

/* Copies what stands outside the rows, once the answer is over. */
void kept_rows_end(KeptRows *kept, const RowReader *reader);

guint kept_rows_count(const KeptRows *kept);
const RowCell *kept_rows_row(const KeptRows *kept, guint index);
RowCell kept_rows_outside(const KeptRows *kept, guint index);
gboolean kept_rows_found_array(const KeptRows *kept);
gsize kept_rows_bytes(const KeptRows *kept);

/* One call (erp_call), its rows kept.  The caller's; NULL with its errors, or with ERP_TOO_LARGE.
 */
KeptRows *erp_call_keep(Erp *erp, const ErpCall *call, const RowShape *shape,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

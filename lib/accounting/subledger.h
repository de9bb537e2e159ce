/* The entries of one account, streamed (erp-connectors.md 2.4, 5.7, 9). */
#pragma once
#include "accounting/question.h"

/* Where the text goes, in pieces; FALSE when nobody takes it any more. */
typedef gboolean (*SubledgerWrite)(const char *bytes, gsize length, gpointer data);

/* Extracts and writes while rows arrive, in pieces of about 64 KiB.  *began tells whether anything
 * of it was sent already (the caller sets it from `write`).  A failure before that, and for CSV
 * always, is the error: what was written is to be thrown away, or its sending broken off.  A
 * failure after it ends a JSON text with "complete": false and the error in it: it is logged here,
 * and TRUE is returned, since the text is whole.  Errors: codes of section 7; INTERRUPTED when
 * `write` said FALSE. */
gboolean subledger_stream(Erp *erp, const Question *question, SubledgerWrite write, gpointer data,
                          const gboolean *began, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The canonical document type of a raw one (2.3): "invoice" …; "other" for NULL.  Pure. */
const char *document_type_canonical(const char *raw, gboolean is_outgoing);

/* The records of a JSON text that may be large, one at a time: the elements of the array that is
 * the text itself, or a member of its root object. */
#pragma once
#include <glib.h>

#include "net/spool.h"

#define RECORDS_MAX_DEPTH 64 /* of the whole text; what is deeper counts as no JSON */

/* Is told of each element in order, with its own text, valid until it returns; FALSE stops. */
typedef gboolean (*RecordTaker)(const char *record, gsize length, gpointer data);

typedef enum {
  RECORDS_READ,
  RECORDS_STOPPED,     /* by the taker */
  RECORDS_NOT_JSON,    /* it is no JSON text, or it is cut off */
  RECORDS_NO_ENVELOPE, /* there is no array where it should be */
} RecordsOutcome;

/* Reads the spool from its beginning; a byte-order mark is skipped.  `member` NULL: only an array
 * at the root.  Elements may have been handed over before the text turns out to be cut off: whoever
 * must not act on half of it reads it once without a taker before. */
RecordsOutcome records_read(Spool *spool, const char *member, RecordTaker take, gpointer data);

/* A body that may be large: in memory while it is small, in an unlinked file beyond, so that memory
 * stays flat whatever comes (data-collecting.md 13: 100,000 sales). */
#pragma once
#include <glib.h>

typedef struct Spool Spool;

Spool *spool_new(void);
void spool_free(Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)

/* Appends; FALSE when the file cannot be written (disk full).  Fits HttpsSink. */
gboolean spool_append(const char *bytes, gsize length, gpointer spool);

gsize spool_length(const Spool *spool);

/* SHA-256 of all that was appended; lower-case hex, borrowed. */
const char *spool_sha256(Spool *spool);

/* Reads from an offset into `buffer`; the number of bytes, 0 at the end, -1 on failure. */
gssize spool_read(Spool *spool, gsize offset, char *buffer, gsize size);

/* Makes it valid UTF-8: untouched when it is, else decoded once as Windows-1252
 * (data-collecting.md 2.2).  FALSE when the file cannot be written. */
gboolean spool_make_utf8(Spool *spool) G_GNUC_WARN_UNUSED_RESULT;

/* A client that takes an answer as slowly as a test wants, or leaves in the middle of it. */
#pragma once
#include <glib.h>

typedef struct Reader Reader;

/* Sends a GET to the stack, on a connection that holds a few KiB at most. */
Reader *reader_open(const char *path, const char *token);
void reader_close(Reader *reader); /* leaves, whatever is under way */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_close)

/* Reads at least so many bytes more; FALSE when the answer ended before. */
gboolean reader_take(Reader *reader, gsize bytes);

/* Everything that came so far, with the head. */
const GString *reader_text(const Reader *reader);

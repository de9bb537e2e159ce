/* What the programs and Postgres wrote to their logs. */
#pragma once
#include <glib.h>

/* What the program wrote to its log since `program_log_mark`, all of it. */
gsize program_log_mark(const char *name);
char *program_log_since(const char *name, gsize mark);
gboolean program_has_logged(const char *name, gsize mark, const char *text);

/* What Postgres wrote to its log since a mark. */
gsize postgres_log_mark(void);
char *postgres_log_since(gsize mark);

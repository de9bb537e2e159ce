/* Names that callers may give: of Omie's tables and of files (backoffice.md 6.1, 7).  Pure. */
#pragma once
#include <glib.h>

/* 1 to 50 letters, digits, - and _. */
gboolean name_is_table(const char *text);

/* 1 to 100 characters without slashes and control characters, other than "." and "..". */
gboolean name_is_file(const char *text);

/* A file that holds one secret (erp-connectors.md 8). */
#pragma once
#include <glib.h>

/* Its text without one trailing newline; the caller's, to be freed with secret_free.  NULL with
 * *problem (static, Portuguese, after the variable's name) when it cannot be read, is no regular
 * file, may be read by group or others, is longer than 64 KiB or holds NUL. */
char *secret_file_read(const char *path, const char **problem);

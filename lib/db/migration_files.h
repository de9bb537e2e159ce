/* The migrations of a folder. */
#pragma once
#include <glib.h>

typedef struct {
  int level;
  char *name;     /* "0003_fin" */
  char *up;       /* the text of NNNN_name.up.sql */
  char *down;     /* NULL when there is no such file */
  char *checksum; /* SHA-256 of `up`, in hex */
} Migration;

/* All of them, by level (GPtrArray of Migration; free with g_ptr_array_unref).  Refuses a folder in
 * which two files have one level. */
GPtrArray *migration_files_load(const char *dir, GError **error);

/* The one of a level, or NULL. */
const Migration *migration_files_find(const GPtrArray *files, int level);

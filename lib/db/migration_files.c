/* Reads NNNN_name.up.sql and NNNN_name.down.sql. */
#include "db/migration_files.h"

#include <string.h>

#include "base/error.h"

#define LEVEL_DIGITS 4
#define UP_SUFFIX    ".up.sql"
#define DOWN_SUFFIX  ".down.sql"

static void
migration_free(gpointer data)
{
  Migration *migration = data;
  g_free(migration->name);
  g_free(migration->up);
  g_free(migration->down);
  g_free(migration->checksum);
  g_free(migration);
}

static gint
by_level(gconstpointer a, gconstpointer b)
{
  const Migration *const *one = a, *const *other = b;
  return (*one)->level - (*other)->level;
}

static gboolean
is_up_file(const char *file)
{
  for (guint i = 0; i < LEVEL_DIGITS; i++)
    if (!g_ascii_isdigit(file[i]))
      return FALSE;
  return file[LEVEL_DIGITS] == '_' && g_str_has_suffix(file, UP_SUFFIX);
}

static Migration *
load(const char *dir, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename(dir, file, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &text, &length, error))
    return NULL;
  Migration *migration = g_new0(Migration, 1);
  migration->name = g_strndup(file, strlen(file) - strlen(UP_SUFFIX));
  migration->level = (int)g_ascii_strtoll(file, NULL, 10);
  migration->checksum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)text, length);
  migration->up = g_steal_pointer(&text);
  g_autofree char *down = g_strconcat(dir, G_DIR_SEPARATOR_S, migration->name, DOWN_SUFFIX, NULL);
  if (g_file_test(down, G_FILE_TEST_EXISTS) &&
      !g_file_get_contents(down, &migration->down, NULL, error)) {
    migration_free(migration);
    return NULL;
  }
  return migration;
}

static gboolean
check_levels(const GPtrArray *files, GError **error)
{
  for (guint i = 1; i < files->len; i++) {
    const Migration *one = files->pdata[i - 1], *next = files->pdata[i];
    if (one->level == next->level) {
      g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, "%s and %s have the same number",
                  one->name, next->name);
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *
migration_files_load(const char *dir, GError **error)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(migration_free);
  g_autoptr(GDir) folder = g_dir_open(dir, 0, error);
  if (folder == NULL)
    return NULL;
  for (const char *file; (file = g_dir_read_name(folder)) != NULL;) {
    if (!is_up_file(file))
      continue;
    Migration *migration = load(dir, file, error);
    if (migration == NULL)
      return NULL;
    g_ptr_array_add(files, migration);
  }
  g_ptr_array_sort(files, by_level);
  return check_levels(files, error) ? g_steal_pointer(&files) : NULL;
}

const Migration *
migration_files_find(const GPtrArray *files, int level)
{
  for (guint i = 0; i < files->len; i++) {
    const Migration *migration = files->pdata[i];
    if (migration->level == level)
      return migration;
  }
  return NULL;
}

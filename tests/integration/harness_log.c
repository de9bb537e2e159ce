/* What the programs and Postgres wrote to their logs. */
#include "harness.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
log_path(const char *name)
{
  g_autofree char *link = g_strdup_printf("/proc/%d/fd/2", program_parent(name));
  char *path = g_file_read_link(link, NULL);
  if (path == NULL || !g_file_test(path, G_FILE_TEST_IS_REGULAR))
    fail_msg("the log of %s is no file: %s", name, path ? path : "(none)");
  return path;
}

gsize
program_log_mark(const char *name)
{
  g_autofree char *path = log_path(name);
  GStatBuf info;
  return g_stat(path, &info) == 0 ? (gsize)info.st_size : 0;
}

char *
program_log_since(const char *name, gsize mark)
{
  g_autofree char *path = log_path(name);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_file_get_contents(path, &text, &length, NULL);
  return g_strdup(text != NULL && length >= mark ? text + mark : "");
}

gboolean
program_has_logged(const char *name, gsize mark, const char *text)
{
  g_autofree char *log = program_log_since(name, mark);
  return strstr(log, text) != NULL;
}

static char *
read_log(gsize *length)
{
  g_autofree char *path =
      g_build_filename(harness_env("PONTE_STATE_DIR"), "pg", "postgres.log", NULL);
  char *text = NULL;
  if (!g_file_get_contents(path, &text, length, NULL))
    fail_msg("cannot read %s", path);
  return text;
}

gsize
postgres_log_mark(void)
{
  gsize length = 0;
  g_free(read_log(&length));
  return length;
}

char *
postgres_log_since(gsize mark)
{
  gsize length = 0;
  g_autofree char *text = read_log(&length);
  return g_strdup(length >= mark ? text + mark : "");
}

/* A file as IncluirAnexo wants it: alone in a zip, in base64, with the MD5 of that very text
 * (backoffice.md 6.8, omie-api.md 7.2).  Pure: equal content gives equal bytes, whatever the clock
 * and the time zone.
 *
 * Archives are read by libzip but written here.  libzip 1.7 puts 1.0 and 6.3 where the check value
 * of omie-api.md has version 2.0, and no call of its changes that; it would also hold the archive
 * once more in memory.  A stored entry is the file between two short records, so these go into the
 * base64 text before and after it, and nothing is held but the content and that text. */
#pragma once
#include <glib.h>

typedef struct {
  char *base64; /* cArquivo */
  char md5[33]; /* cMd5 */
} Package;
void package_clear(Package *package);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Package, package_clear)

/* Content that already is a zip whose only entry, stored or deflated, has that very name is taken
 * as it is; anything else is wrapped.  `name` is UTF-8; `content` may be freed afterwards.
 * Errors: INTERNAL (a name of no or more than 65535 bytes, content of 4 GiB). */
gboolean package_file(const char *name, const char *content, gsize length, Package *package,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

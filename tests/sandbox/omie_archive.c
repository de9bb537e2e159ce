/* Opening what a caller of IncluirAnexo sent, as unforgiving as can be: whoever satisfies this
 * satisfies Omie. */
#include "omie_archive.h"

#include <string.h>
#include <zip.h>

#define LARGEST_ENTRY (256u << 20) /* bytes; more is an attack on this program's memory */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_t, zip_discard)
typedef zip_file_t ZipFile;
static void
zip_file_close(ZipFile *file)
{
  (void)zip_fclose(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZipFile, zip_file_close)

/* The standard alphabet with its padding, nothing else: no line breaks. */
static gboolean
is_base64(const char *text)
{
  gsize letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize padding = strspn(text + letters, "=");
  return letters > 0 && text[letters + padding] == '\0' && padding <= 2 &&
         (letters + padding) % 4 == 0;
}

static void
refuse(OmieReply *reply, const char *reason)
{
  omie_reply_fault(reply, 500, "SOAP-ENV:Client-5029",
                   "ERROR: O conteúdo da tag [cArquivo] deve ser %s!", reason);
}

/* Borrows `bytes`; NULL when they are no archive. */
static zip_t *
open_zip(const guint8 *bytes, gsize length)
{
  zip_source_t *source = zip_source_buffer_create(bytes, length, 0, NULL);
  zip_t *archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
  if (archive == NULL)
    zip_source_free(source);
  return archive;
}

/* The entry's bytes, its checksum verified; NULL when they cannot be had. */
static GBytes *
read_entry(zip_t *archive, gsize length)
{
  g_autoptr(ZipFile) file = zip_fopen_index(archive, 0, 0);
  gsize got = 0;
  zip_int64_t part = 0;
  if (file == NULL)
    return NULL;
  guint8 *bytes = g_malloc(length + 1);
  while (got <= length && (part = zip_fread(file, bytes + got, length + 1 - got)) > 0)
    got += (gsize)part;
  if (part == 0 && got == length)
    return g_bytes_new_take(bytes, length);
  g_free(bytes);
  return NULL;
}

static GBytes *
open_entry(zip_t *archive, const char *name, OmieReply *reply)
{
  zip_stat_t stat;
  if (zip_get_num_entries(archive, 0) != 1) {
    refuse(reply, "um arquivo zip com um único arquivo");
    return NULL;
  }
  /* names outside ASCII need the flag that says UTF-8 */
  if (g_strcmp0(zip_get_name(archive, 0, ZIP_FL_ENC_STRICT), name) != 0) {
    refuse(reply, "um arquivo zip com o arquivo informado na tag [cNomeArquivo]");
    return NULL;
  }
  GBytes *entry = NULL;
  if (zip_stat_index(archive, 0, 0, &stat) == 0 && stat.size <= LARGEST_ENTRY)
    entry = read_entry(archive, stat.size);
  if (entry == NULL)
    refuse(reply, "um arquivo zip íntegro");
  return entry;
}

GBytes *
omie_archive_open(const char *text, const char *md5, const char *name, OmieReply *reply)
{
  if (!is_base64(text)) {
    refuse(reply, "um arquivo zip em base64");
    return NULL;
  }
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
  if (g_strcmp0(sum, md5) != 0) {
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-5030",
                     "ERROR: O MD5 informado na tag [cMd5] não confere com o conteúdo da tag "
                     "[cArquivo]!");
    return NULL;
  }
  gsize length;
  g_autofree guint8 *bytes = g_base64_decode(text, &length);
  g_autoptr(zip_t) archive = open_zip(bytes, length);
  if (archive == NULL) {
    refuse(reply, "um arquivo zip");
    return NULL;
  }
  return open_entry(archive, name, reply);
}

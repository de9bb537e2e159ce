#include "backoffice/package.h"

#include <string.h>
#include <zip.h>
#include <zlib.h>

#include "base/error.h"

#define LOCAL_SIGNATURE     "PK\3\4"
#define CENTRAL_SIGNATURE   "PK\1\2"
#define END_SIGNATURE       "PK\5\6"
#define SIGNATURE_LENGTH    4
#define VERSION             20     /* 2.0, made by MS-DOS */
#define UTF8_FLAG           0x0800 /* the name is UTF-8 */
#define STORED              0
#define FIRST_DOS_DAY       0x0021 /* 1980-01-01 */
#define EXTERNAL_ATTRIBUTES 0x01800000
#define LARGEST_NAME        G_MAXUINT16
#define LARGEST_CONTENT     (G_MAXUINT32 - 3 * (gsize)LARGEST_NAME) /* offsets have 32 bits */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_t, zip_discard)

void
package_clear(Package *package)
{
  g_clear_pointer(&package->base64, g_free);
}

/* ---- reading --------------------------------------------------------------------------------- */

static zip_t *
open_archive(const char *content, gsize length)
{
  zip_source_t *source = zip_source_buffer_create(content, length, 0, NULL);
  if (source == NULL)
    return NULL;
  zip_t *archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
  if (archive == NULL)
    zip_source_free(source);
  return archive;
}

/* Is it what Omie expects already?  In doubt it is not: wrapping is never wrong. */
static gboolean
is_package(const char *name, const char *content, gsize length)
{
  if (length < SIGNATURE_LENGTH || memcmp(content, LOCAL_SIGNATURE, SIGNATURE_LENGTH) != 0)
    return FALSE;
  g_autoptr(zip_t) archive = open_archive(content, length);
  zip_stat_t entry;
  if (archive == NULL || zip_get_num_entries(archive, 0) != 1 ||
      zip_stat_index(archive, 0, ZIP_FL_ENC_STRICT, &entry) != 0)
    return FALSE;
  const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  return (entry.valid & needed) == needed && strcmp(entry.name, name) == 0 &&
         (entry.comp_method == ZIP_CM_STORE || entry.comp_method == ZIP_CM_DEFLATE) &&
         entry.encryption_method == ZIP_EM_NONE;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The records around the content; both empty around what is a package already. */
typedef struct {
  GString *before, *after;
} Wrapping;

static void
wrapping_clear(Wrapping *wrapping)
{
  g_string_free(wrapping->before, TRUE);
  g_string_free(wrapping->after, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wrapping, wrapping_clear)

static void
put(GString *out, guint32 number, guint bytes)
{
  for (guint i = 0; i < bytes; i++)
    g_string_append_c(out, (char)(number >> (8 * i) & 0xff));
}

static void
put16(GString *out, gsize number)
{
  put(out, (guint32)number, 2);
}

static void
put32(GString *out, gsize number)
{
  put(out, (guint32)number, 4);
}

/* What both records of the entry say alike. */
static void
put_description(GString *out, const char *name, const char *content, gsize length)
{
  put16(out, VERSION);
  put16(out, g_str_is_ascii(name) ? 0 : UTF8_FLAG);
  put16(out, STORED);
  put16(out, 0); /* midnight */
  put16(out, FIRST_DOS_DAY);
  put32(out, crc32_z(0, (const Bytef *)content, length));
  put32(out, length); /* stored */
  put32(out, length); /* original */
  put16(out, strlen(name));
  put16(out, 0); /* extra fields */
}

static void
wrap(Wrapping *wrapping, const char *name, const char *content, gsize length)
{
  g_autoptr(GString) description = g_string_new(NULL);
  put_description(description, name, content, length);

  GString *before = wrapping->before, *after = wrapping->after;
  g_string_append(before, LOCAL_SIGNATURE);
  g_string_append_len(before, description->str, (gssize)description->len);
  g_string_append(before, name);

  g_string_append(after, CENTRAL_SIGNATURE);
  put16(after, VERSION);
  g_string_append_len(after, description->str, (gssize)description->len);
  put16(after, 0); /* comment */
  put16(after, 0); /* disk */
  put16(after, 0); /* internal attributes */
  put32(after, EXTERNAL_ATTRIBUTES);
  put32(after, 0); /* where the entry begins */
  g_string_append(after, name);

  gsize directory = after->len;
  g_string_append(after, END_SIGNATURE);
  put16(after, 0); /* this disk */
  put16(after, 0); /* disk of the directory */
  put16(after, 1); /* entries here */
  put16(after, 1); /* entries */
  put32(after, directory);
  put32(after, before->len + length); /* where the directory begins */
  put16(after, 0);                    /* comment */
}

/* ---- the text -------------------------------------------------------------------------------- */

typedef struct {
  char *end; /* of what is written so far */
  gint state, save;
} Encoder;

static void
encode(Encoder *encoder, const char *bytes, gsize length)
{
  encoder->end += g_base64_encode_step((const guchar *)bytes, length, FALSE, encoder->end,
                                       &encoder->state, &encoder->save);
}

/* One allocation of the exact size: a large file would not fit twice. */
static char *
encode_all(const Wrapping *wrapping, const char *content, gsize length)
{
  gsize total = wrapping->before->len + length + wrapping->after->len;
  char *text = g_malloc((total + 2) / 3 * 4 + 1);
  Encoder encoder = {.end = text};
  encode(&encoder, wrapping->before->str, wrapping->before->len);
  encode(&encoder, content, length);
  encode(&encoder, wrapping->after->str, wrapping->after->len);
  encoder.end += g_base64_encode_close(FALSE, encoder.end, &encoder.state, &encoder.save);
  *encoder.end = '\0';
  return text;
}

gboolean
package_file(const char *name, const char *content, gsize length, Package *package, GError **error)
{
  if (*name == '\0' || strlen(name) > LARGEST_NAME || length > LARGEST_CONTENT) {
    g_set_error(error, PONTE_ERROR, ERROR_INTERNAL,
                "%" G_GSIZE_FORMAT " bytes with a name of %" G_GSIZE_FORMAT
                " do not fit into a zip",
                length, strlen(name));
    return FALSE;
  }
  g_auto(Wrapping) wrapping = {g_string_new(NULL), g_string_new(NULL)};
  if (!is_package(name, content, length))
    wrap(&wrapping, name, content, length);
  package->base64 = encode_all(&wrapping, content, length);
  g_autofree char *md5 = g_compute_checksum_for_string(G_CHECKSUM_MD5, package->base64, -1);
  g_strlcpy(package->md5, md5, sizeof package->md5);
  return TRUE;
}

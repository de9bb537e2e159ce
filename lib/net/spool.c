#include "net/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define MAX_IN_MEMORY     (256 * 1024)
#define PIECE             (64 * 1024)
#define LONGEST_CHARACTER 4 /* bytes in UTF-8 */

struct Spool {
  GString *memory; /* all of it while fd is -1, nothing afterwards */
  int fd;
  gsize length;
  GChecksum *checksum;
  char *sha256; /* of what was appended when it was last asked for; NULL: ask again */
};

Spool *
spool_new(void)
{
  Spool *spool = g_new0(Spool, 1);
  spool->memory = g_string_new(NULL);
  spool->fd = -1;
  spool->checksum = g_checksum_new(G_CHECKSUM_SHA256);
  return spool;
}

void
spool_free(Spool *spool)
{
  if (spool->fd >= 0)
    close(spool->fd);
  g_string_free(spool->memory, TRUE);
  g_checksum_free(spool->checksum);
  g_free(spool->sha256);
  g_free(spool);
}

static gboolean
write_all(int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return FALSE;
    bytes += written;
    length -= (gsize)written;
  }
  return TRUE;
}

static gboolean
move_to_file(Spool *spool)
{
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "ponte-XXXXXX", NULL);
  int fd = mkostemp(path, O_CLOEXEC); /* readable by nobody else */
  if (fd < 0)
    return FALSE;
  unlink(path);
  if (!write_all(fd, spool->memory->str, spool->memory->len)) {
    close(fd);
    return FALSE;
  }
  spool->fd = fd;
  g_string_free(spool->memory, TRUE);
  spool->memory = g_string_new(NULL);
  return TRUE;
}

/* Appends without counting it into the checksum. */
static gboolean
store(Spool *spool, const char *bytes, gsize length)
{
  if (spool->fd < 0 && spool->length + length > MAX_IN_MEMORY && !move_to_file(spool))
    return FALSE;
  if (spool->fd < 0)
    g_string_append_len(spool->memory, bytes, (gssize)length);
  else if (!write_all(spool->fd, bytes, length))
    return FALSE;
  spool->length += length;
  return TRUE;
}

gboolean
spool_append(const char *bytes, gsize length, gpointer data)
{
  Spool *spool = data;
  if (!store(spool, bytes, length))
    return FALSE;
  g_checksum_update(spool->checksum, (const guchar *)bytes, (gssize)length);
  g_clear_pointer(&spool->sha256, g_free);
  return TRUE;
}

gsize
spool_length(const Spool *spool)
{
  return spool->length;
}

const char *
spool_sha256(Spool *spool)
{
  if (spool->sha256 == NULL) { /* a checksum that was read takes nothing more: read a copy */
    GChecksum *sofar = g_checksum_copy(spool->checksum);
    spool->sha256 = g_strdup(g_checksum_get_string(sofar));
    g_checksum_free(sofar);
  }
  return spool->sha256;
}

gssize
spool_read(Spool *spool, gsize offset, char *buffer, gsize size)
{
  if (offset >= spool->length)
    return 0;
  size = MIN(size, spool->length - offset);
  if (spool->fd < 0) {
    memcpy(buffer, spool->memory->str + offset, size);
    return (gssize)size;
  }
  ssize_t got;
  do
    got = pread(spool->fd, buffer, size, (off_t)offset);
  while (got < 0 && errno == EINTR);
  return got > 0 ? got : -1; /* the end of the file before that of the spool is a failure as well */
}

/* How much of the piece is UTF-8; NUL counts as such, what it means is for the parser to say. */
static gsize
valid_length(const char *piece, gsize length)
{
  const char *at = piece, *end = piece + length;
  while (at < end && !g_utf8_validate_len(at, (gsize)(end - at), &at) && at < end && *at == '\0')
    at++;
  return (gsize)(at - piece);
}

typedef enum { TEXT_IS_UTF8, TEXT_IS_NOT, TEXT_UNREADABLE } TextKind;

static TextKind
kind_of_text(Spool *spool)
{
  char piece[PIECE];
  for (gsize offset = 0; offset < spool->length;) {
    gssize got = spool_read(spool, offset, piece, PIECE);
    if (got < 0)
      return TEXT_UNREADABLE;
    gsize valid = valid_length(piece, (gsize)got);
    gboolean is_last = offset + (gsize)got == spool->length;
    if (valid < (gsize)got && (is_last || (gsize)got - valid >= LONGEST_CHARACTER))
      return TEXT_IS_NOT;
    offset += valid; /* a character cut by the piece's end begins the next one */
  }
  return TEXT_IS_UTF8;
}

static gboolean
decode_into(Spool *spool, Spool *decoded)
{
  char piece[PIECE];
  g_autoptr(GString) out = g_string_sized_new(PIECE * 2);
  for (gsize offset = 0; offset < spool->length;) {
    gssize got = spool_read(spool, offset, piece, PIECE);
    if (got < 0)
      return FALSE;
    g_string_truncate(out, 0);
    for (gssize i = 0; i < got; i++)
      text_append_windows_1252(out, piece[i]);
    if (!store(decoded, out->str, out->len))
      return FALSE;
    offset += (gsize)got;
  }
  return TRUE;
}

/* Not their checksums: that of what came stays. */
static void
swap_contents(Spool *spool, Spool *other)
{
  Spool was = *spool;
  spool->memory = other->memory;
  spool->fd = other->fd;
  spool->length = other->length;
  other->memory = was.memory;
  other->fd = was.fd;
  other->length = was.length;
}

gboolean
spool_make_utf8(Spool *spool)
{
  TextKind kind = kind_of_text(spool);
  if (kind != TEXT_IS_NOT)
    return kind == TEXT_IS_UTF8;
  Spool *decoded = spool_new();
  gboolean fine = decode_into(spool, decoded);
  if (fine)
    swap_contents(spool, decoded);
  spool_free(decoded);
  return fine;
}

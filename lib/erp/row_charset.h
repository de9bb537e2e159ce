/* The text of an answer as UTF-8, piece by piece: by its charset when one is stated, else UTF-8,
 * and from the first byte on that cannot be, Windows-1252 (erp-connectors.md 6.0). */
#pragma once
#include <glib.h>

typedef enum { CHARSET_UNSTATED, CHARSET_UTF8, CHARSET_WINDOWS_1252 } Charset;

/* What a Content-Type (may be NULL) states; ISO-8859-1 counts as Windows-1252. */
Charset charset_stated(const char *content_type);

typedef struct {
  Charset stated, used; /* used: CHARSET_UNSTATED until it has to be decided */
  gboolean began;       /* a byte-order mark was looked for */
  char held[4];         /* the beginning of a character that goes on in the next piece */
  gsize n_held;
  GString *text;
} RowCharset;

void row_charset_begin(RowCharset *charset, const char *content_type);
void row_charset_clear(RowCharset *charset);

/* A piece as UTF-8: the text may be the piece itself, or lives until the next call.  FALSE when it
 * is no UTF-8 though it was said to be. */
gboolean row_charset_decode(RowCharset *charset, const char *piece, gsize length, gboolean is_last,
                            const char **text, gsize *text_length) G_GNUC_WARN_UNUSED_RESULT;

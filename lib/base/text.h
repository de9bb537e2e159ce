/* Text as it comes from foreign systems, made clean.  All results are new and the caller's. */
#pragma once
#include <glib.h>
#include <string.h>

/* Decodes the five XML entities and numeric ones, once: "A &amp;amp; B" gives "A &amp; B" (fin.md
 * 5.8).  What is no such entity stays as it is; U+0000 is dropped. */
char *text_decode_entities(const char *text);

/* Trims Unicode white space at both ends; control characters inside become a space (fin.md 6.5). */
char *text_trim(const char *text);

/* The ASCII digits of a text, in order; "" when there is none. */
char *text_digits(const char *text);

/* At most `max` code points, never cut inside one. */
char *text_cut(const char *text, glong max);

/* Lower case without accents, for comparing fault texts (omie-api.md 3.3). */
char *text_fold(const char *text);

/* Appends a byte of Windows-1252 as UTF-8. */
void text_append_windows_1252(GString *out, char byte);

/* Control characters become spaces, runs of white space one space, both ends trimmed. */
char *text_one_line(const char *text);

/* Replaces every occurrence of each secret (NULL-terminated list; empty ones are skipped) by ***.
 */
char *text_redact(const char *text, const char *const *secrets);

/* A number as text, for a log line or a statement's parameter.  Not the caller's: one of sixteen
 * places used in turn. */
const char *int_text(gint64 number);

/* Appends bytes; in line, since most are a few of known number (a call of g_string_append_len for
 * each doubles the time). */
static inline void
append_bytes(GString *text, const char *bytes, gsize length)
{
  if (text->len + length + 1 > text->allocated_len) {
    g_string_append_len(text, bytes, (gssize)length);
    return;
  }
  memcpy(text->str + text->len, bytes, length);
  text->len += length;
  text->str[text->len] = '\0';
}

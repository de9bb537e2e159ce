/* Writing JSON, with yajl: answers, log lines, request bodies of ERPs.  (Small request bodies are
 * read with jansson, large answers of ERPs with yajl's callbacks where they arrive.) */
#pragma once
#include <glib.h>

typedef struct JsonWriter JsonWriter;

JsonWriter *json_writer_new(void);
void json_writer_free(JsonWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonWriter, json_writer_free)

/* In all that follow `name` is the member's name inside an object, and NULL in an array and at the
 * top.  Text that is not valid UTF-8 is written with U+FFFD in place of what is wrong. */
void json_open_object(JsonWriter *w, const char *name);
void json_close_object(JsonWriter *w);
void json_open_array(JsonWriter *w, const char *name);
void json_close_array(JsonWriter *w);
void json_add_text(JsonWriter *w, const char *name, const char *value); /* NULL writes null */
void json_add_int(JsonWriter *w, const char *name, gint64 value);
void json_add_bool(JsonWriter *w, const char *name, gboolean value);
void json_add_null(JsonWriter *w, const char *name);

/* Money and other exact decimals: the number's own text, e.g. "1950.00". */
void json_add_decimal(JsonWriter *w, const char *name, const char *number);

/* A value that is JSON already, e.g. from a json column.  The caller vouches for it. */
void json_add_raw(JsonWriter *w, const char *name, const char *json);

/* The text of a number that is a member of the object `json`, as it was typed: "1950.00".  NULL
 * when there is no such number.  Caller frees. */
char *json_number_text(const char *json, gsize length, const char *name);

/* Cuts the text of a member out of the object `json`, which keeps "" in its place, and appends it
 * to `text`: so that what is long is there once, not once more for every parser.  FALSE, and
 * nothing done, when there is no such text, or one with escapes in it. */
gboolean json_cut_text(GString *json, const char *name, GString *text);

/* What was written so far; owned by the writer. */
const char *json_writer_text(JsonWriter *w);
gsize json_writer_length(JsonWriter *w);

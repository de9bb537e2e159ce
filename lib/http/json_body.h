/* Reading a small JSON body, and saying in few words what is wrong with it.  Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* All zero: a repeated member or a number beyond 64 bits spoils the body, and depth is jansson's
 * own limit. */
typedef struct {
  guint max_depth;             /* of objects and arrays inside each other */
  gboolean last_member_counts; /* of those with one name */
  gboolean long_integers;      /* integers beyond 64 bits are read as the text of their digits */
} JsonRules;

/* The value, of any type; NULL with *reason, a few words of Portuguese, the caller's. */
json_t *json_body_read(const char *bytes, gsize length, const JsonRules *rules, char **reason);

/* Records that come more than once in one answer (data-collecting.md 1.7.8): the last one that can
 * be taken wins, at the place of the first.  Pure; what is kept is an id per record while they are
 * counted, and then the texts of such winners alone. */
#pragma once
#include "erp/records.h"

typedef struct {
  guint first, winner; /* positions, from 0 */
  GString *text;       /* of the winner, when it is not the first */
} Repeat;

typedef struct Repeats Repeats;

/* `is_good` tells whether a record can be taken; asked only about those that come again. */
Repeats *repeats_new(RecordTaker is_good, gpointer data);
void repeats_free(Repeats *repeats);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Repeats, repeats_free)

/* The next record; id NULL: it has none. */
void repeats_note(Repeats *repeats, const char *id, const char *record, gsize length);

/* That was all.  How many they were. */
guint repeats_end(Repeats *repeats);

gboolean repeats_are_there(const Repeats *repeats);
const Repeat *repeats_find(const Repeats *repeats, const char *id); /* NULL: comes once */

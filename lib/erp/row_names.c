#include "erp/row_names.h"

#include <string.h>

#define N_PLACES 256 /* of the hash table; a power of two */

struct RowNames {
  GArray *names;   /* of RowName */
  GArray *targets; /* of NameTarget, those of a name side by side */
  gint16 places[N_PLACES];
  int found; /* the last one */
};

/* What a path asks for, before targets are put side by side. */
typedef struct {
  int name;
  NameTarget target;
} Wish;

/* Members of one dialect differ in length, ends or middle. */
static inline guint
place_of(int parent, const char *member, gsize length)
{
  const guchar *text = (const guchar *)member;
  guint mixed = (guint)length + (guint)parent * 41;
  if (length > 0)
    mixed += text[0] * 7U + text[length / 2] * 31U + text[length - 1] * 131U;
  return (mixed ^ mixed >> 8) % N_PLACES;
}

static inline gboolean
is_at(const RowNames *names, int index, int parent, const char *member, gsize length)
{
  const RowName *name = &g_array_index(names->names, RowName, index);
  return name->parent == parent && name->length == length &&
         memcmp(name->name, member, length) == 0;
}

static int
look_up(const RowNames *names, int parent, const char *member, gsize length)
{
  int index = names->places[place_of(parent, member, length)];
  while (index != NAME_NONE && !is_at(names, index, parent, member, length))
    index = g_array_index(names->names, RowName, index).next;
  return index;
}

int
row_names_find(RowNames *names, int parent, const char *member, gsize length)
{
  gint16 *guess = &row_names_at(names, names->found)->after;
  if (*guess == NAME_NONE || !is_at(names, *guess, parent, member, length)) {
    int index = look_up(names, parent, member, length);
    if (index == NAME_NONE)
      return index;
    *guess = (gint16)index;
  }
  return names->found = *guess;
}

RowName *
row_names_at(RowNames *names, int index)
{
  return &g_array_index(names->names, RowName, index);
}

const NameTarget *
row_names_targets(const RowNames *names, const RowName *name)
{
  return &g_array_index(names->targets, NameTarget, name->first_target);
}

static int
add_member(RowNames *names, int parent, const char *member)
{
  gsize length = strlen(member);
  int index = look_up(names, parent, member, length);
  if (index != NAME_NONE)
    return index;
  index = (int)names->names->len;
  gint16 *place = &names->places[place_of(parent, member, length)];
  RowName name = {.name = g_strdup(member),
                  .length = (guint16)length,
                  .parent = (gint16)parent,
                  .next = *place,
                  .after = NAME_NONE};
  g_array_append_val(names->names, name);
  *place = (gint16)index;
  row_names_at(names, parent)->has_members = TRUE;
  return index;
}

/* The name a dotted path leads to; a [] at its end asks for its own text. */
static int
add_path(RowNames *names, int root, const char *path)
{
  gboolean is_raw = g_str_has_suffix(path, "[]");
  g_autofree char *plain = g_strndup(path, strlen(path) - (is_raw ? strlen("[]") : 0));
  g_auto(GStrv) members = g_strsplit(plain, ".", -1);
  int index = root;
  for (char **member = members; *member != NULL; member++)
    index = add_member(names, index, *member);
  if (is_raw)
    row_names_at(names, index)->is_raw = TRUE;
  return index;
}

static void
add_cells(RowNames *names, int root, const char *const *cells, gboolean is_outside, GArray *wishes)
{
  for (guint cell = 0; cell < ROWS_MAX_CELLS; cell++) {
    g_auto(GStrv) paths = g_strsplit(cells[cell] != NULL ? cells[cell] : "", ",", -1);
    guint rank = 0;
    for (char **path = paths; *path != NULL; path++)
      if (*g_strstrip(*path) != '\0') {
        Wish wish = {add_path(names, root, *path), {(guint8)cell, (guint8)rank++, is_outside}};
        g_array_append_val(wishes, wish);
      }
  }
}

static void
add_arrays(RowNames *names, const char *arrays)
{
  if (arrays == NULL)
    return;
  g_auto(GStrv) paths = g_strsplit(arrays, ",", -1);
  if (paths[0] == NULL) /* "" alone */
    row_names_at(names, NAME_ANSWER)->is_rows = TRUE;
  for (char **path = paths; *path != NULL; path++) {
    int index = *g_strstrip(*path) != '\0' ? add_path(names, NAME_ANSWER, *path) : NAME_ANSWER;
    RowName *name = row_names_at(names, index);
    name->is_rows = TRUE;
    if (index != NAME_ANSWER && name->parent != NAME_ANSWER)
      row_names_at(names, name->parent)->holds_rows = TRUE;
  }
}

static int
by_name(gconstpointer a, gconstpointer b)
{
  return ((const Wish *)a)->name - ((const Wish *)b)->name;
}

static void
put_targets(RowNames *names, GArray *wishes)
{
  g_array_sort(wishes, by_name);
  for (guint i = 0; i < wishes->len; i++) {
    const Wish *wish = &g_array_index(wishes, Wish, i);
    RowName *name = row_names_at(names, wish->name);
    if (name->n_targets++ == 0)
      name->first_target = (guint16)names->targets->len;
    g_array_append_val(names->targets, wish->target);
  }
}

RowNames *
row_names_new(const RowShape *shape)
{
  RowNames *names = g_new0(RowNames, 1);
  names->names = g_array_new(FALSE, TRUE, sizeof(RowName));
  names->targets = g_array_new(FALSE, FALSE, sizeof(NameTarget));
  for (guint i = 0; i < N_PLACES; i++)
    names->places[i] = NAME_NONE;
  g_array_set_size(names->names, N_ROOTS);
  for (int root = 0; root < N_ROOTS; root++)
    row_names_at(names, root)->parent = row_names_at(names, root)->after = NAME_NONE;
  g_autoptr(GArray) wishes = g_array_new(FALSE, FALSE, sizeof(Wish));
  add_arrays(names, shape->arrays);
  add_cells(names, NAME_ROW, shape->cells, FALSE, wishes);
  if (shape->is_object && row_names_at(names, NAME_ANSWER)->is_rows) /* the answer is the row */
    add_cells(names, NAME_ANSWER, shape->cells, FALSE, wishes);
  add_cells(names, NAME_ANSWER, shape->outside, TRUE, wishes);
  put_targets(names, wishes);
  return names;
}

void
row_names_free(RowNames *names)
{
  for (guint i = 0; i < names->names->len; i++)
    g_free(row_names_at(names, (int)i)->name);
  g_array_unref(names->names);
  g_array_unref(names->targets);
  g_free(names);
}

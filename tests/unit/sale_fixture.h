/* Records mapped by a connector, for the tests of those. */
#pragma once
#include "unit.h"

#include <string.h>

#include "erp/sales.h"

typedef struct {
  GTimeZone *zone;
  SaleArena *arena;
  Sale sale;
  SaleRejection why;
} Mapped;

static inline void
mapped_free(Mapped *mapped)
{
  sale_rejection_clear(&mapped->why);
  sale_arena_free(mapped->arena);
  g_time_zone_unref(mapped->zone);
  g_free(mapped);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mapped, mapped_free)

/* Maps a record; the reason is in ->why when it is refused. */
static inline Mapped *
map_any(const SalesConnector *connector, const char *record, gboolean *is_taken)
{
  Mapped *mapped = g_new0(Mapped, 1);
  mapped->zone = g_time_zone_new_identifier("America/Sao_Paulo");
  mapped->arena = sale_arena_new();
  gsize length = strlen(record);
  char *exact = g_memdup2(record, length); /* no NUL behind it */
  *is_taken =
      connector->map(exact, length, mapped->zone, mapped->arena, &mapped->sale, &mapped->why);
  g_free(exact);
  return mapped;
}

static inline Mapped *
map_fine(const SalesConnector *connector, const char *record)
{
  gboolean is_taken;
  Mapped *mapped = map_any(connector, record, &is_taken);
  if (!is_taken)
    fail_msg("%s: %s (%s)", record, mapped->why.code, mapped->why.field);
  return mapped;
}

static inline void
assert_rejected(const SalesConnector *connector, const char *record, const char *code,
                const char *field)
{
  gboolean is_taken;
  g_autoptr(Mapped) mapped = map_any(connector, record, &is_taken);
  if (is_taken)
    fail_msg("%s is taken", record);
  assert_string_equal(mapped->why.code, code);
  assert_string_equal(mapped->why.field, field);
  assert_non_null(mapped->why.detail);
}

static inline const SaleItem *
item_of(const Mapped *mapped, guint index)
{
  assert_true(index < mapped->sale.items->len);
  return &g_array_index(mapped->sale.items, SaleItem, index);
}

static inline void
assert_text(const char *text, const char *expected) /* either may be NULL */
{
  if (g_strcmp0(text, expected) != 0)
    fail_msg("\"%s\" instead of \"%s\"", text != NULL ? text : "(none)",
             expected != NULL ? expected : "(none)");
}

/* A record whose member `name` (at the top, first of that name) is another JSON value; NULL: is not
 * there.  `record` holds it as "name":"value". */
static inline char *
with_member(const char *record, const char *name, const char *value)
{
  g_autofree char *pattern =
      g_strdup_printf("\"%s\":(?:\"[^\"]*\"|[^,\"}\\]]*)%s", name, value != NULL ? "" : ",");
  g_autofree char *member =
      value != NULL ? g_strdup_printf("\"%s\":%s", name, value) : g_strdup("");
  g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  gint start = 0, end = 0;
  if (!g_regex_match(regex, record, 0, &match) || !g_match_info_fetch_pos(match, 0, &start, &end))
    fail_msg("no member %s", name);
  return g_strdup_printf("%.*s%s%s", start, record, member, record + end);
}

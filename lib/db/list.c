#include "db/list.h"

#include <string.h>

#include "base/date.h"

void
list_query_init(ListQuery *query, const List *list)
{
  *query = (ListQuery){.list = list,
                       .where = g_string_new(" where true"),
                       .order = g_string_new(NULL),
                       .values = g_ptr_array_new_with_free_func(g_free)};
}

void
list_query_clear(ListQuery *query)
{
  g_string_free(query->where, TRUE);
  g_string_free(query->order, TRUE);
  g_ptr_array_unref(query->values);
}

static const char *
sql_of(const ListColumn *column)
{
  return column->sql != NULL ? column->sql : column->name;
}

/* A further parameter; returns its number. */
static guint
add_value(ListQuery *query, const char *value)
{
  g_ptr_array_add(query->values, g_strdup(value));
  return query->values->len;
}

static void
add_condition(ListQuery *query, const ListColumn *column, const char *comparison, const char *value,
              const char *type)
{
  g_string_append_printf(query->where, " and (%s) %s $%u::%s", sql_of(column), comparison,
                         add_value(query, value), type);
}

/* ---- instants -----------------------------------------------------------------------------------
 */

static gboolean
take_number(const char **text, guint digits, int low, int high)
{
  int number = 0;
  for (guint i = 0; i < digits; i++) {
    if (!g_ascii_isdigit((*text)[i]))
      return FALSE;
    number = number * 10 + ((*text)[i] - '0');
  }
  *text += digits;
  return number >= low && number <= high;
}

static gboolean
take_character(const char **text, const char *characters)
{
  if (**text == '\0' || strchr(characters, **text) == NULL)
    return FALSE;
  (*text)++;
  return TRUE;
}

/* "", "Z", "-03", "-0300", "-03:00" */
static gboolean
is_offset(const char *text)
{
  if (*text == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
    return TRUE;
  if (!take_character(&text, "+-") || !take_number(&text, 2, 0, 15))
    return FALSE;
  if (*text == '\0')
    return TRUE;
  take_character(&text, ":");
  return take_number(&text, 2, 0, 59) && *text == '\0';
}

/* What follows the date: "T16:58", "T16:58:35", "T16:58:35.123456", and an offset */
static gboolean
is_time(const char *text)
{
  if (!take_character(&text, "Tt ") || !take_number(&text, 2, 0, 23) ||
      !take_character(&text, ":") || !take_number(&text, 2, 0, 59))
    return FALSE;
  if (take_character(&text, ":")) {
    if (!take_number(&text, 2, 0, 59))
      return FALSE;
    if (take_character(&text, ".")) {
      gsize digits = strspn(text, "0123456789");
      if (digits < 1 || digits > 6)
        return FALSE;
      text += digits;
    }
  }
  return is_offset(text);
}

/* An instant as Postgres reads it; NULL when it is none.  *is_day: it is a date alone. */
static char *
read_instant(const char *value, gboolean *is_day)
{
  g_autofree char *text = g_strstrip(g_strdup(value));
  gsize length = strlen(text);
  /* a plus sign that nobody escaped arrives as a space: "…16:58:35 03:00" */
  char *space = strrchr(text, ' ');
  if (space != NULL && space - text > 11)
    *space = '+';
  g_autofree char *date = g_strndup(text, 10);
  GDate day;
  *is_day = length == 10;
  if (length < 10 || !date_parse_iso(date, &day) || (!*is_day && !is_time(text + 10)))
    return NULL;
  return g_steal_pointer(&text);
}

static char *
filter_instant(ListQuery *query, const ListColumn *column, ListBound bound, const char *value)
{
  gboolean is_day;
  g_autofree char *instant = read_instant(value, &is_day);
  if (instant == NULL)
    return g_strdup("Informe uma data/hora válida.");
  if (bound == LIST_AFTER)
    add_condition(query, column, ">=", instant, is_day ? "date" : "timestamptz");
  else if (is_day)
    add_condition(query, column, "<", instant, "date + 1");
  else
    add_condition(query, column, "<=", instant, "timestamptz");
  return NULL;
}

/* ---- other filters ------------------------------------------------------------------------------
 */

static char *
filter_integer(ListQuery *query, const ListColumn *column, const char *value)
{
  gint64 number;
  g_autofree char *text = g_strstrip(g_strdup(value));
  if (!g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return g_strdup("Informe um número.");
  add_condition(query, column, "=", text, "bigint");
  return NULL;
}

static char *
filter_choice(ListQuery *query, const ListColumn *column, const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS(query->list->choices); i++)
    if (g_strcmp0(query->list->choices[i], value) == 0) {
      add_condition(query, column, "=", value, "text");
      return NULL;
    }
  return g_strdup_printf("Faça uma escolha válida. %s não é uma das escolhas disponíveis.", value);
}

char *
list_filter(ListQuery *query, const ListColumn *column, ListBound bound, const char *value)
{
  switch (column->kind) {
  case LIST_INSTANT:
    return filter_instant(query, column, bound, value);
  case LIST_INTEGER:
    return filter_integer(query, column, value);
  case LIST_CHOICE:
    return filter_choice(query, column, value);
  default:
    add_condition(query, column, "=", value, "text");
    return NULL;
  }
}

/* ---- search and order ---------------------------------------------------------------------------
 */

/* The searched columns of a row as one text; words hold no white space, so none spans two. */
static char *
searched_sql(const List *list)
{
  GString *sql = g_string_new("lower(concat_ws(E'\\n'");
  for (const ListColumn *c = list->columns; c->name != NULL; c++)
    if ((c->uses & LIST_SEARCH) != 0)
      g_string_append_printf(sql, ", (%s)::text", sql_of(c));
  g_string_append(sql, "))");
  return g_string_free(sql, FALSE);
}

static gboolean
is_searched(const List *list)
{
  for (const ListColumn *c = list->columns; c->name != NULL; c++)
    if ((c->uses & LIST_SEARCH) != 0)
      return TRUE;
  return FALSE;
}

void
list_search(ListQuery *query, const char *text)
{
  if (!is_searched(query->list))
    return;
  g_autofree char *searched = searched_sql(query->list);
  while (*text != '\0') {
    const char *end = text;
    while (*end != '\0' && !g_unichar_isspace(g_utf8_get_char(end)))
      end = g_utf8_next_char(end);
    g_autofree char *word = g_strndup(text, (gsize)(end - text));
    if (*word != '\0')
      g_string_append_printf(query->where, " and strpos(%s, lower($%u::text)) > 0", searched,
                             add_value(query, word));
    text = *end != '\0' ? g_utf8_next_char(end) : end;
  }
}

static const ListColumn *
ordering_column(const List *list, const char *name)
{
  for (const ListColumn *c = list->columns; c->name != NULL; c++)
    if ((c->uses & LIST_ORDER) != 0 && strcmp(c->name, name) == 0)
      return c;
  return NULL;
}

void
list_order(ListQuery *query, const char *text)
{
  guint taken = 0;
  g_auto(GStrv) names = g_strsplit(text, ",", -1);
  for (guint i = 0; names[i] != NULL && taken < LIST_MAX_COLUMNS; i++) {
    const char *name = g_strstrip(names[i]);
    const ListColumn *column = ordering_column(query->list, name + (*name == '-'));
    if (column == NULL)
      continue;
    taken++;
    g_string_append_printf(query->order, "%s%s, ", sql_of(column), *name == '-' ? " desc" : "");
  }
}

/* ---- statements ---------------------------------------------------------------------------------
 */

char *
list_count_sql(const ListQuery *query)
{
  return g_strconcat("select count(*) from ", query->list->table, query->where->str, NULL);
}

void
list_add_page(ListQuery *query, gint64 limit, gint64 offset)
{
  g_ptr_array_add(query->values, g_strdup_printf("%" G_GINT64_FORMAT, limit));
  g_ptr_array_add(query->values, g_strdup_printf("%" G_GINT64_FORMAT, offset));
}

char *
list_page_sql(const ListQuery *query)
{
  GString *sql = g_string_new("select ");
  for (const ListColumn *c = query->list->columns; c->name != NULL; c++) {
    if (c != query->list->columns)
      g_string_append(sql, ", ");
    if (c->kind == LIST_INSTANT)
      g_string_append_printf(sql, "to_char(%s, 'YYYY-MM-DD\"T\"HH24:MI:SS.USTZH:TZM')", sql_of(c));
    else
      g_string_append(sql, sql_of(c));
  }
  g_string_append_printf(sql, " from %s%s order by %s%sid desc", query->list->table,
                         query->where->str, query->order->str,
                         query->order->len == 0 ? "created_at desc, " : "");
  g_string_append_printf(sql, " limit $%u::bigint offset $%u::bigint", query->values->len - 1,
                         query->values->len);
  return g_string_free(sql, FALSE);
}

DbParams
list_params(const ListQuery *query)
{
  return (DbParams){(int)query->values->len, (const char *const *)query->values->pdata};
}

void
list_write_row(JsonWriter *w, const List *list, const PGresult *rows, int row)
{
  json_open_object(w, NULL);
  for (int i = 0; list->columns[i].name != NULL; i++) {
    const char *name = list->columns[i].name, *text = db_text(rows, row, i);
    if (text == NULL)
      json_add_null(w, name);
    else if (list->columns[i].kind == LIST_INTEGER)
      json_add_int(w, name, db_int(rows, row, i));
    else if (list->columns[i].kind == LIST_BOOL)
      json_add_bool(w, name, db_bool(rows, row, i));
    else if (list->columns[i].kind == LIST_JSON)
      json_add_raw(w, name, text);
    else
      json_add_text(w, name, text);
  }
  json_close_object(w);
}

#include "http/list_answer.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"

#define PAGE_SIZE     50
#define MAX_PAGE_SIZE 200

/* A parameter that is not empty, or NULL. */
static gboolean
parameter(const Request *req, const char *name, const char **value, GError **error)
{
  if (!request_query(req, name, value, error))
    return FALSE;
  if (*value != NULL && **value == '\0')
    *value = NULL;
  return TRUE;
}

static void
complain(Response *res, const char *name, const char *message)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_array(w, NULL);
  json_add_text(w, NULL, message);
  json_close_array(w);
  response_error_raw(res, name, json_writer_text(w));
  response_error_field(res, name, message);
}

static gboolean
apply_filter(const Request *req, Response *res, ListQuery *query, const ListColumn *column,
             ListBound bound, gboolean *fits, GError **error)
{
  static const char *const suffix[] = {
      [LIST_EXACT] = "", [LIST_AFTER] = "_after", [LIST_BEFORE] = "_before"};
  g_autofree char *name = g_strconcat(column->name, suffix[bound], NULL);
  const char *value;
  if (!parameter(req, name, &value, error))
    return FALSE;
  if (value == NULL)
    return TRUE;
  g_autofree char *complaint = list_filter(query, column, bound, value);
  if (complaint != NULL) {
    complain(res, name, complaint);
    *fits = FALSE;
  }
  return TRUE;
}

static gboolean
apply_filters(const Request *req, Response *res, ListQuery *query, GError **error)
{
  gboolean fits = TRUE;
  for (const ListColumn *c = query->list->columns; c->name != NULL; c++) {
    if ((c->uses & LIST_FILTER) == 0)
      continue;
    if (c->kind != LIST_INSTANT) {
      if (!apply_filter(req, res, query, c, LIST_EXACT, &fits, error))
        return FALSE;
    } else if (!apply_filter(req, res, query, c, LIST_AFTER, &fits, error) ||
               !apply_filter(req, res, query, c, LIST_BEFORE, &fits, error))
      return FALSE;
  }
  if (!fits)
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, "Parâmetros inválidos.");
  return fits;
}

static gboolean
read_query(const Request *req, Response *res, ListQuery *query, GError **error)
{
  const char *search, *ordering;
  if (!parameter(req, "search", &search, error) || !parameter(req, "ordering", &ordering, error) ||
      !apply_filters(req, res, query, error))
    return FALSE;
  if (search != NULL)
    list_search(query, search);
  if (ordering != NULL)
    list_order(query, ordering);
  return TRUE;
}

/* Begins the transaction in which dates are those of APP_TIMEZONE. */
static gboolean
begin(const Request *req, GError **error)
{
  static const char sql_zone[] = "select set_config('timezone', $1, true)";
  Db *db = request_db(req);
  if (!db_begin(db, request_claims(req), error))
    return FALSE;
  g_autoptr(PGresult) zone = db_exec(db, sql_zone, DB_PARAMS(setting(APP_TIMEZONE)), error);
  return zone != NULL;
}

static gboolean
is_digits(const char *text)
{
  return text != NULL && *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* What is no size is passed over; what is too large is not (13.1). */
static gint64
page_size(const char *asked)
{
  guint64 size;
  if (!is_digits(asked))
    return PAGE_SIZE;
  if (!g_ascii_string_to_unsigned(asked, 10, 0, MAX_PAGE_SIZE, &size, NULL))
    return MAX_PAGE_SIZE;
  return size == 0 ? PAGE_SIZE : (gint64)size;
}

/* Which page: a number up to the last, or "last". */
static gboolean
read_page(const char *asked, gint64 last, gint64 *page, GError **error)
{
  guint64 number = 1;
  if (asked != NULL && strcmp(asked, "last") == 0)
    number = (guint64)last;
  else if (asked != NULL &&
           !g_ascii_string_to_unsigned(asked, 10, 1, (guint64)last, &number, NULL)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_FOUND, "Página inválida.");
    return FALSE;
  }
  *page = (gint64)number;
  return TRUE;
}

static void
write_link(JsonWriter *w, const char *name, const Request *req, gboolean exists, gint64 page)
{
  g_autofree char *link = exists ? request_page_link(req, page) : NULL;
  json_add_text(w, name, link);
}

static gint64
count_rows(const Request *req, const ListQuery *query, GError **error)
{
  g_autofree char *sql = list_count_sql(query);
  g_autoptr(PGresult) count = db_exec(request_db(req), sql, list_params(query), error);
  return count != NULL ? db_int(count, 0, 0) : -1;
}

static PGresult *
fetch_page(const Request *req, ListQuery *query, gint64 limit, gint64 offset, GError **error)
{
  list_add_page(query, limit, offset);
  g_autofree char *sql = list_page_sql(query);
  return db_exec(request_db(req), sql, list_params(query), error);
}

gboolean
list_answer(const Request *req, Response *res, const List *list, GError **error)
{
  const char *asked_page, *asked_size;
  g_auto(ListQuery) query;
  list_query_init(&query, list);
  if (!parameter(req, "page", &asked_page, error) ||
      !parameter(req, "page_size", &asked_size, error) || !read_query(req, res, &query, error) ||
      !begin(req, error))
    return FALSE;
  gint64 size = page_size(asked_size), page, count = count_rows(req, &query, error);
  gint64 last = MAX(1, (count + size - 1) / size);
  if (count < 0 || !read_page(asked_page, last, &page, error))
    return FALSE;
  g_autoptr(PGresult) rows = fetch_page(req, &query, size, (page - 1) * size, error);
  if (rows == NULL || !db_commit(request_db(req), error))
    return FALSE;

  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_int(w, "count", count);
  write_link(w, "next", req, page < last, page + 1);
  write_link(w, "previous", req, page > 1, page - 1);
  json_open_array(w, "results");
  for (int row = 0; row < PQntuples(rows); row++)
    list_write_row(w, list, rows, row);
  json_close_array(w);
  json_close_object(w);
  return TRUE;
}

gboolean
list_answer_one(const Request *req, Response *res, const List *list, GError **error)
{
  static const ListColumn id = {.name = "id", .kind = LIST_INTEGER};
  const char *asked = request_path_id(req);
  g_auto(ListQuery) query;
  list_query_init(&query, list);
  g_autofree char *complaint =
      is_digits(asked) ? list_filter(&query, &id, LIST_EXACT, asked) : g_strdup("no number");
  g_autoptr(PGresult) rows = NULL;
  if (complaint == NULL) {
    if (!begin(req, error))
      return FALSE;
    rows = fetch_page(req, &query, 1, 0, error);
    if (rows == NULL || !db_commit(request_db(req), error))
      return FALSE;
  }
  if (rows == NULL || PQntuples(rows) == 0) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_FOUND, "Não encontrado.");
    return FALSE;
  }
  list_write_row(response_json(res), list, rows, 0);
  return TRUE;
}

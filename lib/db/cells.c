/* Cells of a result. */
#include "db/db.h"

const char *
db_text(const PGresult *result, int row, int column)
{
  return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

gint64
db_int(const PGresult *result, int row, int column)
{
  return g_ascii_strtoll(PQgetvalue(result, row, column), NULL, 10);
}

gboolean
db_bool(const PGresult *result, int row, int column)
{
  return *PQgetvalue(result, row, column) == 't';
}

/* Types by their fixed numbers (pg_type.dat). */
enum {
  TYPE_BOOL = 16,
  TYPE_INT8 = 20,
  TYPE_INT2 = 21,
  TYPE_INT4 = 23,
  TYPE_JSON = 114,
  TYPE_NUMERIC = 1700,
  TYPE_JSONB = 3802
};

static void
write_cell(JsonWriter *w, const PGresult *result, int row, int column)
{
  const char *name = PQfname(result, column), *text = db_text(result, row, column);
  if (text == NULL) {
    json_add_null(w, name);
    return;
  }
  switch (PQftype(result, column)) {
  case TYPE_BOOL:
    json_add_bool(w, name, db_bool(result, row, column));
    break;
  case TYPE_INT2:
  case TYPE_INT4:
  case TYPE_INT8:
    json_add_int(w, name, db_int(result, row, column));
    break;
  case TYPE_JSON:
  case TYPE_JSONB:
    json_add_raw(w, name, text);
    break;
  case TYPE_NUMERIC:
    json_add_decimal(w, name, text);
    break;
  default:
    json_add_text(w, name, text);
  }
}

void
db_write_members(JsonWriter *w, const PGresult *result, int row, int columns)
{
  for (int column = 0; column < columns; column++)
    write_cell(w, result, row, column);
}

void
db_write_row(JsonWriter *w, const PGresult *result, int row, int columns)
{
  json_open_object(w, NULL);
  db_write_members(w, result, row, columns);
  json_close_object(w);
}

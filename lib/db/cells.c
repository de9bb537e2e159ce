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

/* /api/health
 *   GET  process, database and migrations; 503 when the database is away or behind.  No login, no
 *        secrets: load balancers ask here. */
#include "base/error.h"
#include "db/migrate.h"
#include "http/route.h"

static gboolean
health(Request *req, Response *res, GError **error)
{
  int expected = migrate_expected_level();
  int current = migrate_current_level(request_db(req), error);
  if (current < 0) {
    response_error_text(res, "database", "unavailable");
    return FALSE;
  }
  if (current < expected) {
    response_error_text(res, "database", "ok");
    response_retry_after(res, 5);
    g_set_error(error, PONTE_ERROR, ERROR_MIGRATIONS_PENDING, "Migrações pendentes: %d de %d.",
                current, expected);
    return FALSE;
  }
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "process", "ok");
  json_add_text(w, "database", "ok");
  json_open_object(w, "migrations");
  json_add_int(w, "current", current);
  json_add_int(w, "expected", expected);
  json_close_object(w);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Saúde do processo, do banco e das migrações",
    .methods = {{"GET", health, ACCESS_PUBLIC, NULL}},
    .deadline_seconds = 10,
};

/* /api/tasks/{task_id}
 *   GET  how work left to the background stands */
#include "base/error.h"
#include "base/settings.h"
#include "http/route.h"

static const char sql_zone[] = "select set_config('timezone', $1, true)";

static const char sql_task[] =
    "select task_id, tipo, status, log_id, tentativas,"
    "       to_char(proxima_tentativa_em, 'YYYY-MM-DD\"T\"HH24:MI:SS.USTZH:TZM')"
    "         as proxima_tentativa_em"
    "  from ponte.tasks where task_id = $1::uuid";

/* The task as this caller may see it; no rows for what is no id at all. */
static PGresult *
find(const Request *req, const char *task_id, GError **error)
{
  Db *db = request_db(req);
  if (!db_begin(db, request_claims(req), error))
    return NULL;
  g_autoptr(PGresult) zone = db_exec(db, sql_zone, DB_PARAMS(setting(APP_TIMEZONE)), error);
  g_autoptr(PGresult) task = zone != NULL ? db_exec(db, sql_task, DB_PARAMS(task_id), error) : NULL;
  return task != NULL && db_commit(db, error) ? g_steal_pointer(&task) : NULL;
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  const char *task_id = request_path_id(req);
  g_autoptr(PGresult) task = NULL;
  if (g_uuid_string_is_valid(task_id)) {
    task = find(req, task_id, error);
    if (task == NULL)
      return FALSE;
  }
  if (task == NULL || PQntuples(task) == 0) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_FOUND, "Não encontrado.");
    return FALSE;
  }
  db_write_row(response_json(res), task, 0, PQnfields(task));
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Mostra o andamento de um trabalho em segundo plano",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_BACKOFFICE) | ACCESS_ROLES(AREA_FIN) | ACCESS_CRON,
                 NULL}},
};

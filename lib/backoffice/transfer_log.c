#include "backoffice/transfer_log.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"
#include "base/text.h"

char *
transfer_wire_table(const char *table)
{
  g_auto(GStrv) aliases = g_strsplit(setting(OMIE_TABELA_ALIAS), ",", -1);
  for (guint i = 0; aliases[i] != NULL; i++) {
    g_auto(GStrv) pair = g_strsplit(g_strstrip(aliases[i]), "=", 2);
    if (g_strv_length(pair) == 2 && strcmp(pair[0], table) == 0)
      return g_strdup(pair[1]);
  }
  return g_strdup(table);
}

/* ---- opening -----------------------------------------------------------------------------------
 */

static const char sql_open[] =
    "select outcome, id, task_id, attempt"
    "  from backoffice.open_transfer($1, $2, $3::bigint, $4, $5, $6::bigint, $7::uuid, $8::uuid,"
    "         make_interval(secs => $9::int), $10)";
static const char sql_start[] = "select outcome, id, task_id, attempt"
                                "  from backoffice.start_transfer($1::bigint, 'queued', $2::uuid,"
                                "         make_interval(secs => $3::int), $4)";

gboolean
transfer_log_open(Db *db, const TransferOrder *order, Ticket *ticket, Claim *claim, GError **error)
{
  g_autofree char *token = claim != NULL ? g_uuid_string_random() : NULL;
  g_autofree char *origin = transfer_wire_table(order->origin_table);
  g_autofree char *target = transfer_wire_table(order->target_table);
  g_autoptr(PGresult) row =
      db_query(db, DB_CLAIMS_SYSTEM, sql_open,
               DB_PARAMS(order->origin_table, origin, int_text(order->origin_id),
                         order->target_table, target, int_text(order->target_id),
                         order->requested_by, token, setting(JOB_LEASE_S), worker_name()),
               error);
  if (row != NULL)
    ticket_read(ticket, row, &transfer_queue, token, claim);
  return row != NULL;
}

gboolean
transfer_log_start(Db *db, const char *log_id, Ticket *ticket, Claim *claim, GError **error)
{
  g_autofree char *token = claim != NULL ? g_uuid_string_random() : NULL;
  g_autoptr(PGresult) row =
      db_query(db, DB_CLAIMS_SYSTEM, sql_start,
               DB_PARAMS(log_id, token, setting(JOB_LEASE_S), worker_name()), error);
  if (row != NULL)
    ticket_read(ticket, row, &transfer_queue, token, claim);
  return row != NULL;
}

/* ---- an attempt --------------------------------------------------------------------------------
 */

static const char sql_load[] =
    "select origem_tabela_omie, origem_id, destino_tabela_omie, destino_id, anexos_transferidos,"
    "       em_envio"
    "  from backoffice.attachment_transfer_log where lease_token = $1::uuid";

void
transfer_log_clear(TransferLog *log)
{
  g_clear_pointer(&log->origin_table, g_free);
  g_clear_pointer(&log->target_table, g_free);
  g_clear_pointer(&log->sent, json_decref);
  g_clear_pointer(&log->in_flight, json_decref);
}

gboolean
transfer_log_load(Db *db, const Claim *claim, TransferLog *log, GError **error)
{
  g_autoptr(PGresult) row =
      db_query(db, DB_CLAIMS_SYSTEM, sql_load, DB_PARAMS(claim->token), error);
  if (row == NULL)
    return FALSE;
  if (PQntuples(row) == 0)
    return claim_was_lost(error);
  *log = (TransferLog){.origin_table = g_strdup(db_text(row, 0, 0)),
                       .origin_id = db_int(row, 0, 1),
                       .target_table = g_strdup(db_text(row, 0, 2)),
                       .target_id = db_int(row, 0, 3),
                       .sent = json_loads(db_text(row, 0, 4), 0, NULL),
                       .in_flight = json_loads(db_text(row, 0, 5), 0, NULL)};
  return TRUE;
}

/* A statement about the log under our lease, which it renews; $4 is for those with `other`. */
static gboolean
update(Db *db, const Claim *claim, const char *sql, const char *value, const char *other,
       GError **error)
{
  DbParams params = DB_PARAMS(claim->token, setting(JOB_LEASE_S), value, other);
  params.count -= other == NULL;
  g_autoptr(PGresult) done = db_query(db, DB_CLAIMS_SYSTEM, sql, params, error);
  if (done == NULL)
    return FALSE;
  return !g_str_equal(PQcmdTuples(done), "0") || claim_was_lost(error);
}

#define SQL_UPDATE                                                                                 \
  "update backoffice.attachment_transfer_log"                                                      \
  "   set lease_ate = now() + make_interval(secs => $2::int), updated_at = now(),"
#define SQL_OURS " where lease_token = $1::uuid"
/* a file once in em_envio is named there as it was put there */
#define SQL_NOT_IN_FLIGHT                                                                          \
  " em_envio = (select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(em_envio) e"         \
  "              where e <> $3::jsonb)"

static const char sql_found[] = SQL_UPDATE " total_anexos = $3::int" SQL_OURS;
static const char sql_sending[] =
    SQL_UPDATE " em_envio = case when em_envio @> jsonb_build_array($3::jsonb) then em_envio"
               "            else em_envio || $3::jsonb end" SQL_OURS;
static const char sql_sent[] = SQL_UPDATE
    " anexos_transferidos = anexos_transferidos || $4::jsonb,"
    " anexos_sucesso = jsonb_array_length(anexos_transferidos) + 1," SQL_NOT_IN_FLIGHT SQL_OURS;
static const char sql_refused[] = SQL_UPDATE SQL_NOT_IN_FLIGHT SQL_OURS;

/* {"nome","nIdAnexoOrigem"}, with "tamanho" unless it is negative.  Caller frees. */
static char *
file_json(const ListedFile *file, gint64 size)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "nome", file->name);
  json_add_int(w, "nIdAnexoOrigem", file->id);
  if (size >= 0)
    json_add_int(w, "tamanho", size);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

gboolean
transfer_log_found(Db *db, const Claim *claim, guint files, GError **error)
{
  return update(db, claim, sql_found, int_text(files), NULL, error);
}

gboolean
transfer_log_sending(Db *db, const Claim *claim, const ListedFile *file, GError **error)
{
  g_autofree char *entry = file_json(file, -1);
  return update(db, claim, sql_sending, entry, NULL, error);
}

gboolean
transfer_log_sent(Db *db, const Claim *claim, const ListedFile *file, gint64 size, GError **error)
{
  g_autofree char *entry = file_json(file, -1), *record = file_json(file, size);
  return update(db, claim, sql_sent, entry, record, error);
}

gboolean
transfer_log_refused(Db *db, const Claim *claim, const ListedFile *file, GError **error)
{
  g_autofree char *entry = file_json(file, -1);
  return update(db, claim, sql_refused, entry, NULL, error);
}

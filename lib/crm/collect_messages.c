#include "crm/collect_messages.h"

#include "base/stop.h"
#include "crm/send.h"

static GHashTable *
by_id(const GPtrArray *organizations, DbArray *ids)
{
  GHashTable *found = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < organizations->len; i++) {
    Organization *organization = organizations->pdata[i];
    db_array_add(ids, organization->id);
    organization->statements++;
    g_hash_table_insert(found, organization->id, organization);
  }
  return found;
}

static const char sql_due[] =
    "select distinct organizacao_id from crm.interactions"
    " where organizacao_id = any($1::text[]) and imediata"
    "   and data_insercao > now() - interval '24 hours'"
    "   and data_execucao is null and proxima_tentativa_em <= clock_timestamp()"
    " order by 1";

/* One organization after the other, as they were imported. */
static gboolean
send_due(Db *db, const GPtrArray *organizations, gint64 deadline_us, GError **error)
{
  g_auto(DbArray) ids;
  db_array_init(&ids);
  g_autoptr(GHashTable) all = by_id(organizations, &ids);
  g_autoptr(PGresult) due =
      db_query(db, DB_CLAIMS_SYSTEM, sql_due, DB_PARAMS(db_array_text(&ids)), error);
  if (due == NULL)
    return FALSE;
  for (int row = 0; row < PQntuples(due); row++) {
    Organization *organization = g_hash_table_lookup(all, db_text(due, row, 0));
    const char *only[] = {organization->id, NULL};
    if (stop_requested() || g_get_monotonic_time() >= deadline_us)
      return TRUE;
    if (!interactions_drain(db, only, deadline_us, &organization->statements, error))
      return FALSE;
  }
  return TRUE;
}

static const char sql_outcomes[] =
    "select organizacao_id, count(*) filter (where data_envio >= $2::timestamptz),"
    "       count(*) filter (where status_envio = 'FALHOU' and tentativa_em >= $2::timestamptz)"
    "  from crm.interactions"
    " where organizacao_id = any($1::text[]) and imediata"
    "   and data_insercao > now() - interval '24 hours'"
    "   and (data_envio >= $2::timestamptz or tentativa_em >= $2::timestamptz)"
    " group by 1";

gboolean
collect_messages(Db *db, const GPtrArray *organizations, Instant since, gint64 deadline_us,
                 GError **error)
{
  if (organizations->len == 0)
    return TRUE;
  if (!send_due(db, organizations, deadline_us, error))
    return FALSE;
  g_auto(DbArray) ids;
  db_array_init(&ids);
  g_autoptr(GHashTable) all = by_id(organizations, &ids);
  g_autoptr(PGresult) outcomes =
      db_query(db, DB_CLAIMS_SYSTEM, sql_outcomes,
               DB_PARAMS(db_array_text(&ids), instant_text(since).text), error);
  if (outcomes == NULL)
    return FALSE;
  for (int row = 0; row < PQntuples(outcomes); row++) {
    Organization *organization = g_hash_table_lookup(all, db_text(outcomes, row, 0));
    organization->messages_sent = db_int(outcomes, row, 1);
    organization->messages_failed = db_int(outcomes, row, 2);
  }
  return TRUE;
}

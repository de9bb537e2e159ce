#include "crm/organization.h"

#include "base/error.h"
#include "base/settings.h"
#include "base/text.h"
#include "jobs/queue.h"

#define MAX_DETAIL 300 /* characters (1.9) */

static const char *const words[] = {
    [COLLECT_WAITING] = "ADIADA",
    [COLLECT_TAKEN] = "ADIADA",
    [COLLECT_OK] = "OK",
    [COLLECT_PARTIAL] = "PARCIAL",
    [COLLECT_FAILED] = "FALHA",
    [COLLECT_BUSY] = "OCUPADA",
    [COLLECT_POSTPONED] = "ADIADA",
    [COLLECT_UNSUPPORTED] = "NAO_SUPORTADA",
};

const char *
collect_status_word(CollectStatus status)
{
  return words[status];
}

void
organization_free(Organization *organization)
{
  g_free(organization->id);
  g_free(organization->type);
  g_free(organization->configuration);
  g_free(organization->lease);
  g_free(organization->failure_detail);
  g_free(organization);
}

void
organization_fail(Organization *organization, const char *stage, const char *code,
                  const char *detail)
{
  organization->status = COLLECT_FAILED;
  organization->failure_stage = stage;
  organization->failure_code = g_intern_string(code);
  g_free(organization->failure_detail);
  organization->failure_detail = text_cut(detail != NULL ? detail : "", MAX_DETAIL);
}

static Organization *
organization_of_row(const PGresult *rows, int row)
{
  Organization *organization = g_new0(Organization, 1);
  organization->id = g_strdup(db_text(rows, row, 1));
  organization->type = g_strdup(db_text(rows, row, 2));
  organization->configuration = g_strdup(db_text(rows, row, 3));
  organization->connector = sales_connector(organization->type);
  organization->statements = 1;
  return organization;
}

/* The clock comes even when there is no organization. */
static const char sql_select[] =
    "select (extract(epoch from c.now) * 1000000)::bigint, o.id, o.integracao_tipo,"
    "       o.integracao_configuracao"
    "  from (select clock_timestamp() as now) c"
    "  left join crm.organizations o on o.integracao_tipo is not null"
    "   and ($1::text is null or o.id = $1)"
    " order by o.integracao_data_ultima_sincronizacao nulls first, o.id";

GPtrArray *
organizations_select(Db *db, const char *id, Instant *now, GError **error)
{
  g_autoptr(PGresult) rows = db_query(db, DB_CLAIMS_SYSTEM, sql_select, DB_PARAMS(id), error);
  if (rows == NULL)
    return NULL;
  *now = db_int(rows, 0, 0);
  gboolean any = db_text(rows, 0, 1) != NULL;
  if (id != NULL && !any) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_FOUND, "Organização não encontrada.");
    return NULL;
  }
  GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)organization_free);
  for (int row = 0; any && row < PQntuples(rows); row++)
    g_ptr_array_add(all, organization_of_row(rows, row));
  return all;
}

static const char sql_take[] =
    "select * from crm.take_organizations($1::text[], $2::uuid[], $3::int, $4, $5::timestamptz)";

gboolean
organizations_take(Db *db, const GPtrArray *some, Instant since, GError **error)
{
  g_auto(DbArray) ids, tokens;
  db_array_init(&ids);
  db_array_init(&tokens);
  g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < some->len; i++) {
    Organization *organization = some->pdata[i];
    g_free(organization->lease);
    organization->lease = g_uuid_string_random();
    organization->status = COLLECT_BUSY;
    organization->statements++;
    db_array_add(&ids, organization->id);
    db_array_add(&tokens, organization->lease);
    g_hash_table_insert(by_id, organization->id, organization);
  }
  g_autoptr(PGresult) taken = db_query(
      db, DB_CLAIMS_SYSTEM, sql_take,
      DB_PARAMS(db_array_text(&ids), db_array_text(&tokens), setting(COLETA_LEASE_S), worker_name(),
                since != INSTANT_NONE ? instant_text(since).text : "infinity"),
      error);
  if (taken == NULL)
    return FALSE;
  for (int row = 0; row < PQntuples(taken); row++) {
    Organization *organization = g_hash_table_lookup(by_id, db_text(taken, row, 0));
    organization->status = COLLECT_TAKEN;
  }
  for (guint i = 0; i < some->len; i++) {
    Organization *organization = some->pdata[i];
    if (organization->status == COLLECT_BUSY)
      g_clear_pointer(&organization->lease, g_free);
  }
  return TRUE;
}

/* The leases of those that have one, as an array; their number. */
static guint
leases_of(const GPtrArray *some, DbArray *tokens)
{
  guint count = 0;
  for (guint i = 0; i < some->len; i++) {
    Organization *organization = some->pdata[i];
    if (organization->lease == NULL)
      continue;
    db_array_add(tokens, organization->lease);
    organization->statements++;
    count++;
  }
  return count;
}

static const char sql_renew[] =
    "update crm.organizations set lease_ate = clock_timestamp() + make_interval(secs => $2::int)"
    " where lease_token = any($1::uuid[])"
    " returning lease_token";

gboolean
organizations_renew(Db *db, const GPtrArray *some, GError **error)
{
  g_auto(DbArray) tokens;
  db_array_init(&tokens);
  if (leases_of(some, &tokens) == 0)
    return TRUE;
  g_autoptr(PGresult) renewed =
      db_query(db, DB_CLAIMS_SYSTEM, sql_renew,
               DB_PARAMS(db_array_text(&tokens), setting(COLETA_LEASE_S)), error);
  if (renewed == NULL)
    return FALSE;
  g_autoptr(GHashTable) alive = g_hash_table_new(g_str_hash, g_str_equal);
  for (int row = 0; row < PQntuples(renewed); row++)
    g_hash_table_add(alive, (gpointer)db_text(renewed, row, 0));
  for (guint i = 0; i < some->len; i++) {
    Organization *organization = some->pdata[i];
    if (organization->lease != NULL && !g_hash_table_contains(alive, organization->lease))
      g_clear_pointer(&organization->lease, g_free);
  }
  return TRUE;
}

static const char sql_end[] = "update crm.organizations"
                              "   set integracao_data_ultima_sincronizacao ="
                              "         case when $2::boolean then clock_timestamp()"
                              "              else integracao_data_ultima_sincronizacao end,"
                              "       lease_token = null, lease_ate = null, worker = null"
                              " where lease_token = any($1::uuid[])";

gboolean
organizations_end(Db *db, const GPtrArray *some, gboolean synchronised, gboolean *lost,
                  GError **error)
{
  g_auto(DbArray) tokens;
  db_array_init(&tokens);
  guint count = leases_of(some, &tokens);
  if (lost != NULL)
    *lost = count < some->len;
  if (count == 0)
    return TRUE;
  g_autoptr(PGresult) ended =
      db_query(db, DB_CLAIMS_SYSTEM, sql_end,
               DB_PARAMS(db_array_text(&tokens), synchronised ? "true" : "false"), error);
  if (ended == NULL)
    return FALSE;
  if (lost != NULL && !g_str_equal(PQcmdTuples(ended), int_text(some->len)))
    *lost = TRUE;
  for (guint i = 0; i < some->len; i++) {
    Organization *organization = some->pdata[i];
    g_clear_pointer(&organization->lease, g_free);
  }
  return TRUE;
}

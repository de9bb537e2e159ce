#include "fin/register.h"

#include "base/error.h"

/* Runs a creation whose result ends in is_new, is_same.  No row, or a conflict at first: somebody
 * else is creating it at this instant, and the next look finds it. */
static gboolean
create(Db *db, const char *sql, DbParams params, int columns, RegisterOutcome *outcome,
       PGresult **row, GError **error)
{
  g_autoptr(PGresult) found = db_query(db, DB_CLAIMS_SYSTEM, sql, params, NULL);
  while (found == NULL || PQntuples(found) == 0) {
    g_clear_pointer(&found, PQclear);
    found = db_query(db, DB_CLAIMS_SYSTEM, sql, params, error);
    if (found == NULL)
      return FALSE;
  }
  *outcome = db_bool(found, 0, columns)       ? REGISTER_CREATED
             : db_bool(found, 0, columns + 1) ? REGISTER_FOUND
                                              : REGISTER_OTHER;
  *row = g_steal_pointer(&found);
  return TRUE;
}

static const char sql_client[] =
    "with added as ("
    "  insert into fin.clients (id, name, document, contact_email, omie_codigo)"
    "  values ($1::uuid, $2, $3, $4, $5)"
    "  on conflict (id) do nothing returning *),"
    " found as (select *, true as is_new from added"
    "           union all select *, false from fin.clients where id = $1::uuid)"
    " select id, name, document, contact_email, omie_codigo,"
    "        ponte.instant_text(created_at) as created_at,"
    "        ponte.instant_text(updated_at) as updated_at, is_new,"
    "        (name, document, contact_email, omie_codigo)"
    "          is not distinct from ($2::text, $3::text, $4::text, $5::text)"
    "   from found";

gboolean
register_client(Db *db, const NewClient *client, RegisterOutcome *outcome, PGresult **row,
                GError **error)
{
  g_autofree char *id = client->id != NULL ? g_strdup(client->id) : g_uuid_string_random();
  g_autoptr(GError) failure = NULL;
  if (create(
          db, sql_client,
          DB_PARAMS(id, client->name, client->document, client->contact_email, client->omie_codigo),
          REGISTER_CLIENT_COLUMNS, outcome, row, &failure))
    return TRUE;
  if (g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT))
    g_set_error_literal(error, PONTE_ERROR, ERROR_CONFLICT,
                        "Já existe um cliente com este omie_codigo.");
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static const char sql_has_client[] = "select from fin.clients where id = $1::uuid";

static const char sql_contract[] =
    "with added as ("
    "  insert into fin.contracts (id, client_id, mrr, start_date, end_date, renewal_date,"
    "                             adjustment_index, notes)"
    "  values ($1::uuid, $2::uuid, $3::numeric, $4::date, $5::date, $6::date, $7, $8)"
    "  on conflict (id) do nothing returning *),"
    " found as (select *, true as is_new from added"
    "           union all select *, false from fin.contracts where id = $1::uuid)"
    " select id, client_id, mrr, start_date, end_date, renewal_date, adjustment_index, notes,"
    "        ponte.instant_text(created_at) as created_at, is_new,"
    "        (client_id, mrr, start_date, end_date, renewal_date, adjustment_index, notes)"
    "          is not distinct from ($2::uuid, $3::numeric, $4::date, $5::date, $6::date,"
    "                                $7::text, $8::text)"
    "   from found";

gboolean
register_contract(Db *db, const NewContract *contract, RegisterOutcome *outcome, PGresult **row,
                  GError **error)
{
  g_autofree char *id = contract->id != NULL ? g_strdup(contract->id) : g_uuid_string_random();
  g_autoptr(PGresult) client =
      db_query(db, DB_CLAIMS_SYSTEM, sql_has_client, DB_PARAMS(contract->client_id), error);
  if (client == NULL)
    return FALSE;
  if (PQntuples(client) == 0) {
    *outcome = REGISTER_NO_CLIENT;
    return TRUE;
  }
  return create(db, sql_contract,
                DB_PARAMS(id, contract->client_id, contract->mrr, contract->start_date,
                          contract->end_date, contract->renewal_date, contract->adjustment_index,
                          contract->notes),
                REGISTER_CONTRACT_COLUMNS, outcome, row, error);
}

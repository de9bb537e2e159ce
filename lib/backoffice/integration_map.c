#include "backoffice/integration_map.h"

#include <string.h>

#include "backoffice/transfer_log.h"
#include "base/text.h"

void
registration_clear(Registration *registration)
{
  g_clear_pointer(&registration->id, g_free);
  g_clear_pointer(&registration->log_id, g_free);
  g_clear_pointer(&registration->log_status, g_free);
}

/* Registrations of one pair come one after the other. */
static const char sql_lock[] =
    "select pg_advisory_xact_lock(hashtextextended('ponte:mapeamento:' || $1 || ':' || $2, 0))";

static const char sql_map[] =
    "insert into backoffice.attachment_integration_map as m"
    "  (origem_recebimento_id, destino_conta_pagar_id, numero_nf)"
    " values ($1::bigint, $2::bigint, $3)"
    " on conflict (origem_recebimento_id, destino_conta_pagar_id)"
    "   do update set numero_nf = coalesce(m.numero_nf, excluded.numero_nf)"
    " returning id, xmax = 0 as is_new"; /* a row that was there has been updated */

static gboolean
register_pair(Db *db, DbParams pair_and_invoice, Registration *registration, GError **error)
{
  g_autoptr(PGresult) row = db_exec(db, sql_map, pair_and_invoice, error);
  if (row == NULL)
    return FALSE;
  registration->id = g_strdup(db_text(row, 0, 0));
  registration->is_new = db_bool(row, 0, 1);
  return TRUE;
}

/* Pairs are those of the names on the wire.  An older failed log is not tried again once there is a
 * newer one (6.13), so only the newest counts. */
static const char sql_find[] = "select id, status from ("
                               "  select id, status, tentativas < max_tentativas as may_retry,"
                               "         row_number() over (order by id desc) as age"
                               "    from backoffice.attachment_transfer_log"
                               "   where origem_id = $1::bigint and destino_id = $2::bigint"
                               "     and origem_tabela_omie = $3 and destino_tabela_omie = $4) as l"
                               " where status = 'success'"
                               "    or (age = 1 and (status = 'processing' or may_retry))"
                               " order by status = 'success' desc, id desc limit 1";

/* A transfer of the pair that somebody else opens at this instant is as good. */
static const char sql_open[] =
    "insert into backoffice.attachment_transfer_log"
    "  (origem_id, destino_id, origem_tabela, destino_tabela, origem_tabela_omie,"
    "   destino_tabela_omie, solicitado_por)"
    " values ($1::bigint, $2::bigint, $5, $6, $3, $4, $7::uuid)"
    " on conflict do nothing returning id, status";

static gboolean
find_log(Db *db, const Mapping *mapping, Registration *registration, GError **error)
{
  g_autofree char *receipt = g_strdup(int_text(mapping->receipt_id)),
                  *payable = g_strdup(int_text(mapping->payable_id)),
                  *origin = transfer_wire_table(TRANSFER_ORIGIN_TABLE),
                  *target = transfer_wire_table(TRANSFER_TARGET_TABLE);
  g_autoptr(PGresult) log = NULL;
  do {
    g_clear_pointer(&log, PQclear);
    log = db_exec(db, sql_find, DB_PARAMS(receipt, payable, origin, target), error);
    if (log != NULL && PQntuples(log) == 0) {
      g_clear_pointer(&log, PQclear);
      log = db_exec(db, sql_open,
                    DB_PARAMS(receipt, payable, origin, target, TRANSFER_ORIGIN_TABLE,
                              TRANSFER_TARGET_TABLE, mapping->requested_by),
                    error);
    }
    if (log == NULL)
      return FALSE;
  } while (PQntuples(log) == 0);
  registration->log_id = g_strdup(db_text(log, 0, 0));
  registration->log_status = g_strdup(db_text(log, 0, 1));
  registration->is_done = strcmp(registration->log_status, "success") == 0;
  return TRUE;
}

gboolean
mapping_register(Db *db, const Mapping *mapping, Registration *registration, GError **error)
{
  g_autofree char *receipt = g_strdup(int_text(mapping->receipt_id)),
                  *payable = g_strdup(int_text(mapping->payable_id));
  if (!db_begin(db, DB_CLAIMS_SYSTEM, error))
    return FALSE;
  g_autoptr(PGresult) lock = db_exec(db, sql_lock, DB_PARAMS(receipt, payable), error);
  return lock != NULL &&
         register_pair(db, DB_PARAMS(receipt, payable, mapping->invoice), registration, error) &&
         find_log(db, mapping, registration, error) && db_commit(db, error);
}

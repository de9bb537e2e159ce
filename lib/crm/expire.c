#include "crm/expire.h"

#include "base/error.h"
#include "base/money.h"

#define BATCH "1000" /* accumulations in one transaction: balances are locked for a moment only */

static const char sql_due[] = /* an index per organization tells without reading the rows */
    "select o.id from crm.organizations o"
    " where exists (select from crm.cashback_program_transactions t"
    "                where t.organizacao_id = o.id and t.status = 'ATIVO' and t.tipo = 'ACÚMULO'"
    "                  and t.expiracao_data <= now())"
    " order by o.id";

static const char sql_expire[] = "select seen, expired, debited, lost"
                                 "  from crm.expire_cashback($1, " BATCH ")";

static gboolean
amount(const PGresult *row, int column, gint64 *sum, GError **error)
{
  gint64 centavos;
  if (!money_parse_sum(db_text(row, 0, column), &centavos)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INTERNAL, "an expired amount is no amount");
    return FALSE;
  }
  *sum += centavos;
  return TRUE;
}

static gboolean
expire_batch(Db *db, const char *organization, gpointer data, gboolean *is_done, GError **error)
{
  CashbackExpiry *expiry = data;
  g_autoptr(PGresult) row =
      db_query(db, DB_CLAIMS_SYSTEM, sql_expire, DB_PARAMS(organization), error);
  if (row == NULL || !amount(row, 2, &expiry->debited, error) ||
      !amount(row, 3, &expiry->lost, error))
    return FALSE;
  expiry->expired += db_int(row, 0, 1);
  *is_done = db_int(row, 0, 0) == 0;
  return TRUE;
}

gboolean
cashback_expire(Db *db, gint64 deadline_us, CashbackExpiry *expiry, GError **error)
{
  return every_organization(db, "cashback-expire", "Erro ao expirar cashback.", sql_due,
                            expire_batch, expiry, deadline_us, &expiry->organizations, error);
}

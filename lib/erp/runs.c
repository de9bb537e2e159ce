#include "erp/runs.h"

#include "base/error.h"
#include "base/settings.h"
#include "base/text.h"
#include "net/rate.h"

static const char sql_enter[] = "select erp.enter_run($1::uuid, $2, $3::int, $4::int, $5::int)";

static gboolean
refuse(const char *verdict, const ErpCompany *company, GError **error)
{
  if (g_str_equal(verdict, "company"))
    g_set_error(error, PONTE_ERROR, ERROR_BUSY,
                "Já há consultas demais de %s em andamento. Tente novamente em instantes.",
                company->name);
  else
    g_set_error_literal(error, PONTE_ERROR, ERROR_BUSY,
                        "Já há consultas demais em andamento. Tente novamente em instantes.");
  return FALSE;
}

gboolean
erp_run_enter(ErpRun *run, Db *db, const ErpCompany *company, GError **error)
{
  g_autofree char *id = g_uuid_string_random();
  GError *reason = NULL;
  g_autoptr(PGresult) verdict = db_query(db, DB_CLAIMS_SYSTEM, sql_enter,
                                         DB_PARAMS(id, company->code, setting(ERP_RUNS_PER_COMPANY),
                                                   setting(ERP_RUNS), setting(ERP_RUN_LEASE_S)),
                                         &reason);
  if (verdict == NULL) {
    g_propagate_error(error, rate_store_error(reason));
    return FALSE;
  }
  if (!g_str_equal(db_text(verdict, 0, 0), "in"))
    return refuse(db_text(verdict, 0, 0), company, error);
  *run = (ErpRun){.db = db,
                  .company = company->code,
                  .id = g_steal_pointer(&id),
                  .renewed_us = g_get_monotonic_time()};
  return TRUE;
}

static const char sql_leave[] = "delete from erp.run where id = $1::uuid";

void
erp_run_leave(ErpRun *run)
{
  if (run->id == NULL)
    return;
  /* if this fails the lease ends by itself */
  g_autoptr(PGresult) left =
      db_query(run->db, DB_CLAIMS_SYSTEM, sql_leave, DB_PARAMS(run->id), NULL);
  g_clear_pointer(&run->id, g_free);
}

/* A row that went missing, with the unlogged table or because we were silent for too long, is put
 * back: the run goes on, and counts. */
static const char sql_renew[] =
    "insert into erp.run as r (id, company, expires_at)"
    " values ($1::uuid, $2, clock_timestamp() + make_interval(secs => $3::int))"
    " on conflict (id) do update set expires_at = excluded.expires_at";

void
erp_run_renew(ErpRun *run)
{
  gint64 now_us = g_get_monotonic_time();
  if (now_us - run->renewed_us < setting_int(ERP_RUN_LEASE_S) * G_USEC_PER_SEC / 3)
    return;
  run->renewed_us = now_us; /* when it fails, the next third of the lease is another chance */
  g_autoptr(PGresult) renewed =
      db_query(run->db, DB_CLAIMS_SYSTEM, sql_renew,
               DB_PARAMS(run->id, run->company, setting(ERP_RUN_LEASE_S)), NULL);
}

static gboolean
is_abandoned(gpointer data)
{
  ErpRun *run = data;
  erp_run_renew(run);
  return run->has_left(run->caller);
}

void
erp_run_watch(ErpRun *run, Erp *erp, ExchangeAbandoned has_left, gpointer caller)
{
  run->has_left = has_left;
  run->caller = caller;
  erp->abandoned = is_abandoned;
  erp->abandoned_data = run;
}

guint
erp_run_workers(void)
{
  return (guint)setting_int(ERP_RUNS) + 1;
}

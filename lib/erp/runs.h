/* Places for trial balances and subledgers: at most ERP_RUNS_PER_COMPANY of a company at once and
 * ERP_RUNS in all, over all processes and hosts (erp-connectors.md 9).  A place is a row in
 * Postgres with a lease of ERP_RUN_LEASE_S, renewed while the run works: what a killed program held
 * is free when that is over. */
#pragma once
#include "erp/connector.h"

typedef struct {
  Db *db;
  const char *company;
  char *id; /* NULL: no place */
  gint64 renewed_us;
  ExchangeAbandoned has_left;
  gpointer caller;
} ErpRun;

/* Takes a place; the clearing of `run` gives it back.  Errors: BUSY (the caller may ask again in
 * ERP_RUN_BUSY_S), RATE_STORE_UNAVAILABLE, DATABASE. */
gboolean erp_run_enter(ErpRun *run, Db *db, const ErpCompany *company,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void erp_run_leave(ErpRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ErpRun, erp_run_leave)

#define ERP_RUN_BUSY_S 5

/* Renews the lease when a third of it is over: to be called again and again while other things than
 * the ERP are waited for. */
void erp_run_renew(ErpRun *run);

/* From now on, while `erp` waits or reads, its run's lease is renewed, and the run ends when
 * has_left(caller) says TRUE.  `run` must outlive that. */
void erp_run_watch(ErpRun *run, Erp *erp, ExchangeAbandoned has_left, gpointer caller);

/* How many workers a route of such runs needs: one for each, and one to tell the next caller that
 * there is no place. */
guint erp_run_workers(void);

/* How the ERPs of companies are (erp-connectors.md 2.4, 9): all of them asked at once; a result
 * that is younger than ERP_HEALTH_REUSE_MS is shown again, whichever process of whichever host got
 * it. */
#pragma once
#include "erp/connector.h"

typedef struct {
  const ErpCompany *company;
  gboolean connected; /* healthy or degraded */
  char *result;       /* JSON: HealthCheckResult, company, erp_type */
} ErpHealthCheck;

/* One for each company, in their order (GPtrArray of ErpHealthCheck); free with g_ptr_array_unref.
 * Never fails: without Postgres nothing is asked of an ERP, and the results say so. */
GPtrArray *erp_health_check(Db *db, const GPtrArray *companies);

/* A batch of an organization's sales into its tables: load what they refer to, decide, store
 * (data-collecting.md 5.1, DESIGN "A transaction per record").  One transaction for the whole
 * batch; when that is refused the batch is halved, again and again, so that each record stands or
 * falls alone. */
#pragma once
#include "crm/decide.h"
#include "db/db.h"

/* A record that could not be stored: its code is VENDA_ERRO_BANCO. */
typedef gboolean (*ImportFailed)(const Sale *sale, const char *detail, gpointer data,
                                 GError **error);

typedef struct {
  Db *db;
  const char *organization;
  const char *lease; /* token of the lease on its row, renewed by every batch */
  gint64 lease_seconds;
  DecideContext decide; /* `now` is set by every batch, from the database's clock */
  ImportFailed failed;
  gpointer failed_data;
} Import;

/* Imports the sales (Sale *), in order, and adds what happened to counts and statements.
 * Errors: INTERRUPTED when the lease is lost, DATABASE_UNAVAILABLE; what was stored stays. */
gboolean import_sales(const Import *import, const GPtrArray *sales, PlanCounts *counts,
                      guint *statements, GError **error) G_GNUC_WARN_UNUSED_RESULT;

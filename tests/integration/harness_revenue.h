/* Calling the routes of revenue, and what they leave: snapshots, runs, live answers. */
#pragma once
#include "harness.h"

#define CRON_REVENUE    "/api/cron/sync-omie-revenue"
#define CRON_PROGRAM    "cron/sync-omie-revenue"
#define REVENUE         "/api/fin/revenue"
#define REVENUE_PROGRAM "fin/revenue"
#define JANUARY         "?period=2026-01"

#define INTERRUPTED "Execução interrompida."
#define SHORT_WAITS                                                                                \
  "OMIE_TRANSIENT_WAITS_MS=10,10", "OMIE_BUSY_WAITS_MS=10,10", "OMIE_RATE_WAITS_MS=10,10,10"

/* The cron route with the scheduler's secret; `query` as "?period=2026-01" or "". */
Answer *cron_post(const char *query);
Pending *cron_start(const char *query);

/* A run that must succeed; returns its recordCount. */
#define cron_ok(query) cron_ok_at(query, __FILE__, __LINE__)
gint64 cron_ok_at(const char *query, const char *file, int line);

/* A run that must fail so: 500 job_failed, for the caller and in its row. */
#define assert_cron_fails(query, text) assert_cron_fails_at(query, text, __FILE__, __LINE__)
void assert_cron_fails_at(const char *query, const char *text, const char *file, int line);

/* One column of the newest run. */
#define assert_last_job(column, expected) assert_last_job_at(column, expected, __FILE__, __LINE__)
void assert_last_job_at(const char *column, const char *expected, const char *file, int line);

/* The revenue route, as a person of the finance team. */
Answer *revenue_get(const char *query);
Pending *revenue_start(const char *query);

/* A title: its id, day of registration as Omie writes it, client code, value, and further members
 * as ",\"status_titulo\":\"…\"" or "".  title() stores it in the sandbox. */
char *title_json(guint id, const char *day, const char *code, const char *value, const char *more);
void title(guint id, const char *day, const char *code, const char *value, const char *more);

/* Snapshot rows of a month ("2026-01"): one more; all of them as "7=0.60 8=5.00", by code. */
void snapshot_put(const char *month, const char *code, const char *valor);
#define assert_snapshot(month, expected) assert_snapshot_at(month, expected, __FILE__, __LINE__)
void assert_snapshot_at(const char *month, const char *expected, const char *file, int line);

void client_put(const char *code, const char *name);

#include "erp/health_check.h"

#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"

#define OMIE_REUSE_MS 60000 /* Omie refuses the same question for a minute */
#define MAX_WAIT_MS   1000

static void
check_free(gpointer data)
{
  ErpHealthCheck *check = data;
  g_free(check->result);
  g_free(check);
}

static gint64
reuse_ms(const ErpCompany *company)
{
  gint64 ms = setting_int(ERP_HEALTH_REUSE_MS);
  return ms > 0 && company->erp == ERP_OMIE ? MAX(ms, OMIE_REUSE_MS) : ms;
}

/* ---- what others found out ----------------------------------------------------------------------
 */

static const char sql_young[] =
    "select a.place - 1, h.connected, h.result"
    "  from unnest($1::text[], $2::bigint[]) with ordinality as a (company, reuse_ms, place)"
    "  join erp.health h using (company)"
    " where h.checked_at > clock_timestamp() - make_interval(secs => a.reuse_ms / 1000.0)";

/* FALSE when Postgres is away. */
static gboolean
take_young(Db *db, GPtrArray *checks)
{
  g_auto(DbArray) companies, reuses;
  g_autoptr(GError) error = NULL;
  db_array_init(&companies);
  db_array_init(&reuses);
  for (guint i = 0; i < checks->len; i++) {
    const ErpHealthCheck *check = checks->pdata[i];
    db_array_add(&companies, check->company->code);
    db_array_add(&reuses, int_text(reuse_ms(check->company)));
  }
  g_autoptr(PGresult) young =
      db_query(db, DB_CLAIMS_SYSTEM, sql_young,
               DB_PARAMS(db_array_text(&companies), db_array_text(&reuses)), &error);
  if (young == NULL) {
    log_warning("health without what others know", "cause", error->message, NULL);
    return FALSE;
  }
  for (int row = 0; row < PQntuples(young); row++) {
    ErpHealthCheck *check = checks->pdata[db_int(young, row, 0)];
    check->connected = db_bool(young, row, 1);
    check->result = g_strdup(db_text(young, row, 2));
  }
  return TRUE;
}

static const char sql_keep[] =
    "insert into erp.health as h (company, checked_at, connected, result)"
    " select company, clock_timestamp(), connected, result"
    "   from unnest($1::text[], $2::boolean[], $3::json[]) as a (company, connected, result)"
    " on conflict (company) do update"
    "   set checked_at = excluded.checked_at, connected = excluded.connected,"
    "       result = excluded.result";

static void
keep(Db *db, const GPtrArray *fresh)
{
  g_auto(DbArray) companies, states, results;
  db_array_init(&companies);
  db_array_init(&states);
  db_array_init(&results);
  for (guint i = 0; i < fresh->len; i++) {
    const ErpHealthCheck *check = fresh->pdata[i];
    db_array_add(&companies, check->company->code);
    db_array_add(&states, check->connected ? "t" : "f");
    db_array_add(&results, check->result);
  }
  /* not kept: then the next caller asks the ERP itself */
  g_autoptr(PGresult) kept = db_query(
      db, DB_CLAIMS_SYSTEM, sql_keep,
      DB_PARAMS(db_array_text(&companies), db_array_text(&states), db_array_text(&results)), NULL);
}

/* ---- asking -------------------------------------------------------------------------------------
 */

/* Moves all on until each is over, waiting for whichever comes first. */
static void
run_all(const GPtrArray *probes)
{
  for (;;) {
    gint64 wait_ms = MAX_WAIT_MS;
    gboolean all_over = TRUE;
    for (guint i = 0; i < probes->len; i++)
      if (!erp_probe_advance(probes->pdata[i])) {
        all_over = FALSE;
        wait_ms = MIN(wait_ms, erp_probe_wait_ms(probes->pdata[i]));
      }
    if (all_over)
      return;
    https_wait(exchange_client(), wait_ms);
  }
}

static char *
result_of(const ErpHealth *health, const ErpCompany *company)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *timestamp = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ"),
                  *latency = g_strdup_printf("%.1f", (double)health->latency_us / 1000);
  json_open_object(w, NULL);
  json_add_text(w, "status", health->status);
  json_add_bool(w, "connected", health->connected);
  json_add_text(w, "timestamp", timestamp);
  json_add_decimal(w, "latency_ms", latency);
  json_add_text(w, "message", health->message);
  json_add_text(w, "error_message", health->error_message);
  json_add_raw(w, "details", health->details != NULL ? health->details : "{}");
  json_add_text(w, "company", company->code);
  json_add_text(w, "erp_type", erp_type_name(company->erp));
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static void
ask(Db *db, const GPtrArray *asked)
{
  g_autoptr(GPtrArray) probes = g_ptr_array_new_with_free_func((GDestroyNotify)erp_probe_free);
  for (guint i = 0; i < asked->len; i++)
    g_ptr_array_add(probes, erp_probe_new(((ErpHealthCheck *)asked->pdata[i])->company, db));
  run_all(probes);
  for (guint i = 0; i < asked->len; i++) {
    ErpHealthCheck *check = asked->pdata[i];
    g_auto(ErpHealth) health = {0};
    erp_probe_take(probes->pdata[i], &health);
    check->connected = health.connected;
    check->result = result_of(&health, check->company);
  }
}

GPtrArray *
erp_health_check(Db *db, const GPtrArray *companies)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func(check_free);
  g_autoptr(GPtrArray) asked = g_ptr_array_new();
  for (guint i = 0; i < companies->len; i++) {
    ErpHealthCheck *check = g_new0(ErpHealthCheck, 1);
    check->company = companies->pdata[i];
    g_ptr_array_add(checks, check);
  }
  gboolean is_shared = take_young(db, checks);
  for (guint i = 0; i < checks->len; i++)
    if (((ErpHealthCheck *)checks->pdata[i])->result == NULL)
      g_ptr_array_add(asked, checks->pdata[i]);
  if (asked->len == 0)
    return checks;
  ask(db, asked);
  if (is_shared)
    keep(db, asked);
  return checks;
}

/* Live answers are shared by all callers on all hosts: Omie refuses an identical query within a
 * minute and allows one call of this method at a time (fin.md 8.6). */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"
#include "fin/revenue.h"

#define MAX_MESSAGE 500

static const char sql_claim[] =
    "select verdict, holder, code, text"
    "  from fin.claim_live_revenue($1::date, $2::date, $3::uuid, $4::uuid,"
    "         make_interval(secs => $5::int), make_interval(secs => $6::int))";

enum { VERDICT, HOLDER, FAILURE_CODE, FAILURE_TEXT };

static PGresult *
claim(Db *db, const DateRange *days, const char *me, const char *awaited, GError **error)
{
  DateText from = date_iso(&days->first), to = date_iso(&days->last);
  return db_query(db, DB_CLAIMS_SYSTEM, sql_claim,
                  DB_PARAMS(from.text, to.text, me, awaited, setting(FIN_JOB_LEASE_S),
                            setting(FIN_LIVE_REUSE_S)),
                  error);
}

static const char sql_end[] = "select fin.end_live_revenue($1::uuid, $2::text[], $3::text[],"
                              "         case when $4::text is not null then "
                              "jsonb_build_object('code', $4, 'text', $5::text) end)";

/* Tells those who wait why there is no answer. */
static void
end_failed(Db *db, const char *me, const GError *cause)
{
  g_autofree char *text = text_cut(error_public_text(cause), MAX_MESSAGE);
  g_autoptr(GError) unsaid = NULL;
  g_autoptr(PGresult) ended = db_query(db, DB_CLAIMS_SYSTEM, sql_end,
                                       DB_PARAMS(me, NULL, NULL, error_word(cause), text), &unsaid);
  if (ended == NULL) /* they find out when the lease is over */
    log_error("live revenue not released", "cause", unsaid->message, NULL);
}

static gboolean
fetch(Db *db, const DateRange *days, const char *me, gint64 deadline_us, GError **error)
{
  Lease lease = {"fin.renew_live_revenue", me, setting_int(FIN_JOB_LEASE_S)};
  g_autoptr(GError) cause = NULL;
  g_auto(DbArray) codes, values;
  guint count;
  db_array_init(&codes);
  db_array_init(&values);
  if (!revenue_fetch(db, days, &lease, deadline_us, &codes, &values, &count, &cause)) {
    end_failed(db, me, cause);
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  g_autoptr(PGresult) ended =
      db_query(db, DB_CLAIMS_SYSTEM, sql_end,
               DB_PARAMS(me, db_array_text(&codes), db_array_text(&values), NULL, NULL), error);
  return ended != NULL;
}

/* A pause before asking again; FALSE when there is no more time. */
static gboolean
pause_until(gint64 give_up_us, GError **error)
{
  gint64 left_ms = (give_up_us - g_get_monotonic_time()) / 1000;
  if (stop_requested()) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida.");
    return FALSE;
  }
  if (left_ms <= 0) {
    g_set_error(error, PONTE_ERROR, ERROR_UPSTREAM_TIMEOUT,
                "Omie: tempo limite de %" G_GINT64_FORMAT " s excedido.",
                setting_int(FIN_LIVE_WAIT_MS) / 1000);
    return FALSE;
  }
  https_wait(https_shared(), MIN(left_ms, setting_int(OMIE_SLOT_WAIT_MS)));
  return TRUE;
}

gboolean
revenue_prepare_live(Db *db, const DateRange *days, gint64 deadline_us, GError **error)
{
  g_autofree char *me = g_uuid_string_random(), *awaited = NULL;
  gint64 give_up_us =
      MIN(deadline_us, g_get_monotonic_time() + setting_int(FIN_LIVE_WAIT_MS) * 1000);
  do {
    g_autoptr(PGresult) claimed = claim(db, days, me, awaited, error);
    if (claimed == NULL)
      return FALSE;
    const char *verdict = db_text(claimed, 0, VERDICT);
    if (strcmp(verdict, "ready") == 0)
      return TRUE;
    if (strcmp(verdict, "fetch") == 0)
      return fetch(db, days, me, deadline_us, error);
    if (strcmp(verdict, "failed") == 0) {
      g_set_error_literal(error, PONTE_ERROR, (int)error_of_word(db_text(claimed, 0, FAILURE_CODE)),
                          db_text(claimed, 0, FAILURE_TEXT));
      return FALSE;
    }
    g_free(awaited);
    awaited = g_strdup(db_text(claimed, 0, HOLDER));
  } while (pause_until(give_up_us, error));
  return FALSE;
}

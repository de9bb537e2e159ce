#include "crm/collect.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"
#include "crm/collect_messages.h"
#include "crm/fetching.h"
#include "crm/import_log.h"
#include "crm/intake.h"

#define DATABASE_LOST "BANCO_INDISPONIVEL"
#define INTERNAL      "ERRO_INTERNO"
#define TAKEN_AWAY    "Outra execução assumiu a organização."

typedef struct {
  Db *db;
  CollectRun *run;
  GTimeZone *zone;
  Instant fresh_since; /* a run of the same days has done it since: not again */
  gint64 budget_us;    /* nothing new after this */
  gint64 deadline_us;  /* no further batch after this */
  guint next;          /* whose turn it is */
  Fetching *fetching;
  GPtrArray *handled; /* those that we took and ended */
} Collect;

void
collect_run_clear(CollectRun *run)
{
  g_clear_pointer(&run->id, g_free);
  g_clear_pointer(&run->organizations, g_ptr_array_unref);
}

/* ---- the end of one organization ------------------------------------------------------------- */

static void
log_end(const Organization *organization)
{
  log_info("organization collected", "organization", organization->id, "status",
           collect_status_word(organization->status), "failure", organization->failure_code,
           "records", int_text(organization->received), "rejected",
           int_text(organization->rejected), "created",
           int_text(organization->counts.sales_created), "updated",
           int_text(organization->counts.sales_updated), "failed", int_text(organization->failed),
           "statements", int_text(organization->statements), "ms",
           int_text(organization->duration_ms), NULL);
}

/* The row about a failure, and the lease given back. */
static gboolean
write_end(Collect *collect, Organization *organization, GError **error)
{
  gboolean lost,
      synchronised = organization->status == COLLECT_OK || organization->status == COLLECT_PARTIAL;
  if (organization->status == COLLECT_FAILED) {
    g_auto(ImportLog) log =
        import_log_of(collect->db, organization, collect->run->id, &collect->run->window);
    g_auto(ImportProblems) problems;
    import_problems_init(&problems);
    import_problems_add_failure(&problems, organization->failure_stage, organization->failure_code,
                                organization->failure_detail, NULL);
    if (!import_log_problems(&log, &problems, error))
      return FALSE;
  }
  g_autoptr(GPtrArray) alone = g_ptr_array_new();
  g_ptr_array_add(alone, organization);
  if (!organizations_end(collect->db, alone, synchronised, &lost, error))
    return FALSE;
  if (lost && organization->status != COLLECT_FAILED)
    organization_fail(organization, "importacao", INTERNAL, TAKEN_AWAY);
  return TRUE;
}

/* FALSE when the database is gone: the run ends (1.8). */
static gboolean
end_organization(Collect *collect, Organization *organization, GError **error)
{
  g_autoptr(GError) failure = NULL;
  gboolean done = write_end(collect, organization, &failure);
  organization->duration_ms = (g_get_monotonic_time() - organization->started_us) / 1000;
  if (!done) {
    log_error("organization not ended", "organization", organization->id, "cause", failure->message,
              NULL);
    if (g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    organization_fail(organization, "importacao", INTERNAL, error_public_text(failure));
  }
  g_ptr_array_add(collect->handled, organization);
  log_end(organization);
  return TRUE;
}

/* ---- its turn -------------------------------------------------------------------------------- */

static gboolean
begin_fetch(Collect *collect, Organization *organization, GError **error)
{
  g_autofree char *detail = NULL;
  organization->started_us = g_get_monotonic_time();
  if (organization->connector->check(organization->configuration, &detail)) {
    fetching_add(collect->fetching, organization);
    return TRUE;
  }
  organization_fail(organization, "configuracao", "CONFIG_INVALIDA", detail);
  return end_organization(collect, organization, error);
}

/* The next organizations whose turn it is, at most so many. */
static GPtrArray *
next_organizations(Collect *collect, guint most)
{
  const GPtrArray *all = collect->run->organizations;
  GPtrArray *some = g_ptr_array_new();
  while (some->len < most && collect->next < all->len) {
    Organization *organization = all->pdata[collect->next++];
    if (organization->connector != NULL)
      g_ptr_array_add(some, organization);
    else
      organization->status = COLLECT_UNSUPPORTED;
  }
  return some;
}

static gboolean
may_begin(const Collect *collect)
{
  return collect->next < collect->run->organizations->len && !stop_requested() &&
         g_get_monotonic_time() < collect->budget_us;
}

static gboolean
begin_more(Collect *collect, GError **error)
{
  guint most = (guint)setting_int(COLETA_PARALELAS);
  while (may_begin(collect) && fetching_count(collect->fetching) < most) {
    g_autoptr(GPtrArray) some =
        next_organizations(collect, most - fetching_count(collect->fetching));
    if (some->len > 0 && !organizations_take(collect->db, some, collect->fresh_since, error))
      return FALSE;
    for (guint i = 0; i < some->len; i++) {
      Organization *organization = some->pdata[i];
      if (organization->status == COLLECT_TAKEN && !begin_fetch(collect, organization, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* ---- its answer ------------------------------------------------------------------------------ */

static void
move_others(gpointer data)
{
  fetching_move(((Collect *)data)->fetching, 0);
}

static void
note_failure(Organization *organization, const GError *failure)
{
  if (g_error_matches(failure, PONTE_ERROR, ERROR_INTERRUPTED)) {
    organization_fail(organization, "importacao", INTERNAL, TAKEN_AWAY);
    return;
  }
  gboolean gone = g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE);
  log_error("import failed", "organization", organization->id, "cause", failure->message, NULL);
  organization_fail(organization, "importacao", gone ? DATABASE_LOST : INTERNAL,
                    error_public_text(failure));
}

static gboolean
take_answer(Collect *collect, Organization *organization, SalesFetch *fetch, GError **error)
{
  g_autoptr(GError) failure = NULL;
  IntakeContext context = {
      .db = collect->db,
      .run = collect->run->id,
      .days = &collect->run->window,
      .zone = collect->zone,
      .is_retroactive = collect->run->mode == COLLECT_RETROACTIVE,
      .deadline_us = collect->deadline_us,
      .between = move_others,
      .between_data = collect,
  };
  if (organization->lease == NULL)
    organization_fail(organization, "coleta", INTERNAL, TAKEN_AWAY);
  else if (fetch->failure.code != NULL)
    organization_fail(organization, "coleta", fetch->failure.code, fetch->failure.detail);
  else if (!intake(&context, organization, fetch, &failure))
    note_failure(organization, failure);
  return end_organization(collect, organization, error);
}

/* ---- the run --------------------------------------------------------------------------------- */

static gboolean
is_time_up(const Collect *collect)
{
  return stop_requested() || g_get_monotonic_time() >= collect->deadline_us;
}

/* Up to COLETA_PARALELAS fetches go on at once; whoever has its answer is imported meanwhile. */
static gboolean
work_through(Collect *collect, GError **error)
{
  while (!is_time_up(collect)) {
    if (!begin_more(collect, error))
      return FALSE;
    SalesFetch *fetch;
    Organization *organization = fetching_next(collect->fetching, &fetch);
    if (organization != NULL) {
      if (!take_answer(collect, organization, fetch, error))
        return FALSE;
      fetching_done(collect->fetching);
    } else if (fetching_count(collect->fetching) == 0)
      break;
    else
      fetching_move(collect->fetching, (collect->deadline_us - g_get_monotonic_time()) / 1000 + 1);
  }
  return TRUE;
}

/* Whose turn did not come, or came to nothing, is first in the next run. */
static gboolean
postpone_rest(Collect *collect, GError **error)
{
  const GPtrArray *all = collect->run->organizations;
  g_autoptr(GPtrArray) taken = g_ptr_array_new();
  for (guint i = 0; i < all->len; i++) {
    Organization *organization = all->pdata[i];
    if (organization->status == COLLECT_TAKEN)
      g_ptr_array_add(taken, organization);
    if (organization->status == COLLECT_TAKEN || organization->status == COLLECT_WAITING)
      organization->status = COLLECT_POSTPONED;
  }
  return organizations_end(collect->db, taken, FALSE, NULL, error);
}

/* One organization after the other, while there is time; what is left, or fails, is the next run's.
 */
static void
prune_logs(Collect *collect)
{
  g_autoptr(GError) failure = NULL;
  for (guint i = 0; i < collect->handled->len && failure == NULL; i++)
    if (!is_time_up(collect) &&
        !import_log_prune(collect->db, collect->handled->pdata[i], &failure))
      log_warning("old log rows not deleted", "cause", failure->message, NULL);
}

static gboolean
tidy_up(Collect *collect, GError **error)
{
  if (!postpone_rest(collect, error) ||
      !collect_messages(collect->db, collect->handled, collect->run->started, collect->budget_us,
                        error))
    return FALSE;
  prune_logs(collect);
  return TRUE;
}

static gboolean
refuse(const char *name, const char **wrong, GError **error)
{
  *wrong = name;
  g_set_error(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, "Parâmetro inválido: %s.", name);
  return FALSE;
}

static gboolean
open_run(Db *db, const CollectRequest *request, GTimeZone *zone, CollectRun *run,
         const char **wrong, GError **error)
{
  const char *name;
  if (!collect_mode_parse(request->mode, &run->mode))
    return refuse("modo", wrong, error);
  run->organizations = organizations_select(db, request->organization, &run->started, error);
  if (run->organizations == NULL)
    return FALSE;
  run->window = window_of(run->mode, run->started, setting_int(JANELA_TOLERANCIA_HORAS), zone);
  if (!window_override(&run->window, request->from, request->to, &name))
    return refuse(name, wrong, error);
  run->id = g_uuid_string_random();
  return TRUE;
}

gboolean
collect(Db *db, const CollectRequest *request, CollectRun *run, const char **wrong, GError **error)
{
  gint64 began_us = g_get_monotonic_time();
  GTimeZone *zone = business_zone();
  if (!open_run(db, request, zone, run, wrong, error))
    return FALSE;
  gint64 budget_us = began_us + setting_int(EXECUCAO_ORCAMENTO_S) * G_USEC_PER_SEC;
  gboolean is_plain = run->mode == COLLECT_NORMAL && request->from == NULL && request->to == NULL;
  Collect collect = {
      .db = db,
      .run = run,
      .zone = zone,
      .fresh_since = is_plain ? run->started : INSTANT_NONE,
      .budget_us = MIN(budget_us, request->deadline_us),
      .deadline_us = request->deadline_us,
  };
  FetchingContext context = {
      .db = db,
      .days = run->window,
      .now = run->started,
      .started_us = began_us,
      .zone = zone,
      .deadline_us = collect.budget_us,
  };
  g_autoptr(Fetching) fetching = collect.fetching = fetching_new(&context);
  g_autoptr(GPtrArray) handled = collect.handled = g_ptr_array_new();
  if (!work_through(&collect, error) || !tidy_up(&collect, error))
    return FALSE;
  run->ended = run->started + g_get_monotonic_time() - began_us;
  log_info("sales collected", "run", run->id, "mode", collect_mode_word(run->mode), "organizations",
           int_text(run->organizations->len), "handled", int_text(handled->len), "ms",
           int_text((run->ended - run->started) / 1000), NULL);
  return TRUE;
}

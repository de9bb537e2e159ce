#include "crm/intake.h"

#include "base/error.h"
#include "base/settings.h"
#include "base/stop.h"
#include "crm/import.h"
#include "crm/import_log.h"
#include "crm/repeats.h"
#include "erp/records.h"

#define BATCH_BYTES    (4 * 1024 * 1024) /* of records in one batch, whatever COLETA_LOTE says */
#define PROBLEMS_BYTES (1024 * 1024)

typedef struct {
  const IntakeContext *context;
  Organization *organization;
  const SalesConnector *connector;
  ImportLog log;
  Import import;
  Repeats *repeats;
  guint position;   /* of the next record */
  SaleArena *arena; /* of the batch */
  GPtrArray *sales;
  gsize bytes;
  ImportProblems problems;
  gboolean is_cut; /* a stop, or the deadline */
  GError *failure;
} Intake;

/* Can the record be taken? */
static gboolean
is_good(const char *record, gsize length, gpointer data)
{
  const Intake *it = data;
  g_autoptr(SaleArena) arena = sale_arena_new();
  g_auto(SaleRejection) why = {0};
  Sale sale = {0};
  return it->connector->map(record, length, it->context->zone, arena, &sale, &why);
}

/* The first reading: is it whole, how many are there, which come more than once? */
static gboolean
note_place(const char *record, gsize length, gpointer data)
{
  Intake *it = data;
  g_autofree char *id = it->connector->id_of(record, length);
  repeats_note(it->repeats, id, record, length);
  return TRUE;
}

static RecordsOutcome
survey(Intake *it, Spool *raw)
{
  RecordsOutcome outcome = records_read(raw, it->connector->records, note_place, it);
  guint count = repeats_end(it->repeats);
  it->organization->received = outcome == RECORDS_READ ? count : 0;
  return outcome;
}

/* ---- batches --------------------------------------------------------------------------------- */

static gboolean
note_failed(const Sale *sale, const char *detail, gpointer data, G_GNUC_UNUSED GError **error)
{
  Intake *it = data;
  it->organization->failed++;
  import_problems_add_failure(&it->problems, "importacao", "VENDA_ERRO_BANCO", detail,
                              sale->external_id);
  return TRUE;
}

static void
new_batch(Intake *it)
{
  g_ptr_array_set_size(it->sales, 0);
  g_clear_pointer(&it->arena, sale_arena_free);
  it->arena = sale_arena_new();
  it->bytes = 0;
}

static gboolean
lease_is_lost(GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "the organization's lease is lost");
  return FALSE;
}

/* Stores what is there, and lets others move on. */
static gboolean
end_batch(Intake *it, GError **error)
{
  Organization *organization = it->organization;
  if (organization->lease == NULL)
    return lease_is_lost(error);
  it->import.lease = organization->lease;
  if (it->sales->len > 0 && !import_sales(&it->import, it->sales, &organization->counts,
                                          &organization->statements, error))
    return FALSE;
  if (!import_log_problems(&it->log, &it->problems, error))
    return FALSE;
  new_batch(it);
  it->context->between(it->context->between_data);
  it->is_cut = stop_requested() || g_get_monotonic_time() >= it->context->deadline_us;
  return TRUE;
}

static gboolean
batch_is_full(const Intake *it)
{
  guint most = (guint)setting_int(COLETA_LOTE);
  return it->sales->len >= most || it->problems.count >= most || it->bytes >= BATCH_BYTES ||
         it->problems.bytes >= PROBLEMS_BYTES;
}

/* ---- second reading -------------------------------------------------------------------------- */

static void
take(Intake *it, const char *record, gsize length)
{
  g_auto(SaleRejection) why = {0};
  g_autofree Sale *sale = g_new0(Sale, 1);
  if (it->connector->map(record, length, it->context->zone, it->arena, sale, &why)) {
    g_ptr_array_add(it->sales, g_steal_pointer(&sale));
    it->bytes += length;
    return;
  }
  it->organization->rejected++;
  import_problems_add_reject(&it->problems, &why, record, length);
}

/* One of several with its id: it is dropped, or rejected like any other; the winner comes in at the
 * place of the first. */
static void
take_repeated(Intake *it, const Repeat *repeat, const char *record, gsize length)
{
  gboolean is_first = it->position == repeat->first, wins = it->position == repeat->winner;
  if (!wins && is_good(record, length, it))
    it->organization->repeated++;
  else if (!wins || is_first) /* one that does not win is rejected here */
    take(it, record, length);
  if (is_first && !wins)
    take(it, repeat->text->str, repeat->text->len);
}

static gboolean
take_record(const char *record, gsize length, gpointer data)
{
  Intake *it = data;
  const Repeat *repeat = NULL;
  if (repeats_are_there(it->repeats)) {
    g_autofree char *id = it->connector->id_of(record, length);
    repeat = repeats_find(it->repeats, id);
  }
  if (repeat != NULL)
    take_repeated(it, repeat, record, length);
  else
    take(it, record, length);
  it->position++;
  return !batch_is_full(it) || (end_batch(it, &it->failure) && !it->is_cut);
}

static gboolean
import_records(Intake *it, SalesFetch *fetch, GError **error)
{
  for (guint i = 0; fetch->missing != NULL && i < fetch->missing->len; i++) {
    const SalesMissing *missing = fetch->missing->pdata[i];
    it->organization->failed++;
    import_problems_add_failure(&it->problems, "detalhes", missing->failure.code,
                                missing->failure.detail, missing->external_id);
  }
  g_autoptr(OrganizationRules) rules =
      organization_rules_load(it->context->db, it->organization->id, error);
  it->organization->statements++;
  if (rules == NULL)
    return FALSE;
  it->import.decide.rules = rules;
  new_batch(it);
  RecordsOutcome outcome = records_read(fetch->raw, it->connector->records, take_record, it);
  if (it->failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&it->failure));
    return FALSE;
  }
  if (outcome != RECORDS_READ && !it->is_cut) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INTERNAL, "an answer changed between readings");
    return FALSE;
  }
  if (it->is_cut) {
    it->organization->status = COLLECT_POSTPONED;
    return TRUE;
  }
  if ((it->sales->len > 0 || it->problems.count > 0) && !end_batch(it, error))
    return FALSE;
  it->organization->status =
      it->organization->rejected + it->organization->failed > 0 || fetch->partial ? COLLECT_PARTIAL
                                                                                  : COLLECT_OK;
  return TRUE;
}

/* ---- all together ---------------------------------------------------------------------------- */

static char *
new_id(G_GNUC_UNUSED gpointer data)
{
  return g_uuid_string_random();
}

static void
intake_clear(Intake *it)
{
  g_clear_pointer(&it->repeats, repeats_free);
  g_clear_pointer(&it->arena, sale_arena_free);
  g_ptr_array_unref(it->sales);
  import_problems_clear(&it->problems);
  import_log_clear(&it->log);
  g_clear_error(&it->failure);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Intake, intake_clear)

static Import
import_of(Intake *it)
{
  return (Import){
      .db = it->context->db,
      .organization = it->organization->id,
      .lease = it->organization->lease,
      .lease_seconds = setting_int(COLETA_LEASE_S),
      .decide = {.integration = it->connector->type,
                 .suffix = it->connector->suffix,
                 .is_retroactive = it->context->is_retroactive,
                 .zone = it->context->zone,
                 .new_id = new_id},
      .failed = note_failed,
      .failed_data = it,
  };
}

gboolean
intake(const IntakeContext *context, Organization *organization, SalesFetch *fetch, GError **error)
{
  g_auto(Intake) it = {
      .context = context,
      .organization = organization,
      .connector = organization->connector,
      .log = import_log_of(context->db, organization, context->run, context->days),
      .sales = g_ptr_array_new_with_free_func(g_free),
  };
  it.import = import_of(&it);
  it.repeats = repeats_new(is_good, &it);
  import_problems_init(&it.problems);
  RecordsOutcome outcome = survey(&it, fetch->raw);
  /* orders asked for one by one: none is no news (1.10) */
  gboolean is_worth_a_row = organization->received > 0 || it.connector->records != NULL;
  if ((outcome != RECORDS_READ || is_worth_a_row) &&
      !import_log_answer(&it.log, fetch->raw, outcome != RECORDS_NOT_JSON, error))
    return FALSE;
  if (outcome == RECORDS_READ)
    return import_records(&it, fetch, error);
  organization_fail(organization, "envelope", "ENVELOPE_INVALIDO",
                    outcome == RECORDS_NOT_JSON ? "A resposta não é JSON."
                                                : "A resposta não traz a lista de vendas.");
  return TRUE;
}

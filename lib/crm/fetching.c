#include "crm/fetching.h"

#include "base/log.h"
#include "base/settings.h"
#include "net/https.h"

#define TICK_MS 1000

typedef struct {
  Fetching *all;
  Organization *organization;
  SalesRequest request;
  SalesFetch *fetch;
} Lane;

struct Fetching {
  FetchingContext context;
  GPtrArray *under_way; /* of Lane */
  GQueue over;          /* of Lane */
  Lane *handed_out;     /* by fetching_next */
  gint64 renew_at_us;
};

static void
lane_free(gpointer data)
{
  Lane *lane = data;
  lane->fetch->connector->free(lane->fetch);
  g_free(lane);
}

static void
set_renewal(Fetching *fetching)
{
  fetching->renew_at_us = g_get_monotonic_time() + setting_int(COLETA_LEASE_S) * G_USEC_PER_SEC / 3;
}

Fetching *
fetching_new(const FetchingContext *context)
{
  Fetching *fetching = g_new0(Fetching, 1);
  fetching->context = *context;
  fetching->under_way = g_ptr_array_new();
  set_renewal(fetching);
  return fetching;
}

void
fetching_free(Fetching *fetching)
{
  g_ptr_array_set_free_func(fetching->under_way, lane_free);
  g_ptr_array_unref(fetching->under_way);
  g_queue_clear_full(&fetching->over, lane_free);
  fetching_done(fetching);
  g_free(fetching);
}

guint
fetching_count(const Fetching *fetching)
{
  return fetching->under_way->len + fetching->over.length;
}

/* ---- what is known of orders (3.3) ----------------------------------------------------------- */

static const char sql_known_orders[] =
    "select id_externo, erp_situacao, (extract(epoch from erp_atualizado_em) * 1000000)::bigint"
    "  from crm.sales where organizacao_id = $1 and id_externo = any($2::text[])";

static gboolean
find_wanted(const char *const *ids, const char *const *statuses, const char *const *updated,
            gboolean *wanted, guint count, gpointer data, GError **error)
{
  const Lane *lane = data;
  const FetchingContext *context = &lane->all->context;
  g_auto(DbArray) known_ids;
  db_array_init(&known_ids);
  for (guint i = 0; i < count; i++)
    db_array_add(&known_ids, ids[i]);
  lane->organization->statements++;
  g_autoptr(PGresult) known =
      db_query(context->db, DB_CLAIMS_SYSTEM, sql_known_orders,
               DB_PARAMS(lane->organization->id, db_array_text(&known_ids)), error);
  if (known == NULL)
    return FALSE;
  g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
  for (int row = 0; row < PQntuples(known); row++)
    g_hash_table_insert(rows, (gpointer)db_text(known, row, 0), GINT_TO_POINTER(row + 1));
  for (guint i = 0; i < count; i++) {
    int row = GPOINTER_TO_INT(g_hash_table_lookup(rows, ids[i])) - 1;
    Instant at;
    wanted[i] = row < 0 || g_strcmp0(db_text(known, row, 1), statuses[i]) != 0 ||
                db_text(known, row, 2) == NULL || updated[i] == NULL ||
                !instant_parse(updated[i], context->zone, &at) || at != db_int(known, row, 2);
  }
  return TRUE;
}

/* ---- moving ---------------------------------------------------------------------------------- */

/* ERPs are told whole seconds: what was sold in the one that is going on belongs to it. */
static Instant
end_of_second(Instant at)
{
  return (at / G_USEC_PER_SEC + 1) * G_USEC_PER_SEC;
}

void
fetching_add(Fetching *fetching, Organization *organization)
{
  const FetchingContext *context = &fetching->context;
  Lane *lane = g_new0(Lane, 1);
  lane->all = fetching;
  lane->organization = organization;
  lane->request = (SalesRequest){
      .db = context->db,
      .configuration = organization->configuration,
      .days = context->days,
      .now = end_of_second(context->now + g_get_monotonic_time() - context->started_us),
      .zone = context->zone,
      .wanted = find_wanted,
      .wanted_data = lane,
      .deadline_us = context->deadline_us,
  };
  lane->fetch = organization->connector->start(&lane->request);
  g_ptr_array_add(fetching->under_way, lane);
}

static void
advance(Fetching *fetching)
{
  for (guint i = 0; i < fetching->under_way->len;) {
    Lane *lane = fetching->under_way->pdata[i];
    if (lane->organization->lease != NULL && !lane->fetch->connector->advance(lane->fetch)) {
      i++;
      continue;
    }
    g_ptr_array_remove_index(fetching->under_way, i);
    g_queue_push_tail(&fetching->over, lane);
  }
}

static void
renew_in_time(Fetching *fetching)
{
  g_autoptr(GError) failure = NULL;
  if (g_get_monotonic_time() < fetching->renew_at_us)
    return;
  set_renewal(fetching);
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  for (guint i = 0; i < fetching->under_way->len; i++)
    g_ptr_array_add(all, ((Lane *)fetching->under_way->pdata[i])->organization);
  for (GList *link = fetching->over.head; link != NULL; link = link->next)
    g_ptr_array_add(all, ((Lane *)link->data)->organization);
  if (fetching->handed_out != NULL)
    g_ptr_array_add(all, fetching->handed_out->organization);
  /* whoever needs the database next will find that it is gone */
  if (!organizations_renew(fetching->context.db, all, &failure))
    log_warning("leases not renewed", "cause", failure->message, NULL);
}

/* How long nothing but the network has anything to do. */
static gint64
ms_until_something_is_due(const Fetching *fetching, gint64 most)
{
  gint64 wait = MIN(most, TICK_MS);
  wait = MIN(wait, (fetching->renew_at_us - g_get_monotonic_time()) / 1000 + 1);
  for (guint i = 0; i < fetching->under_way->len; i++) {
    const SalesFetch *fetch = ((Lane *)fetching->under_way->pdata[i])->fetch;
    wait = MIN(wait, fetch->connector->wait_ms(fetch));
  }
  return MAX(0, wait);
}

void
fetching_move(Fetching *fetching, gint64 wait_ms)
{
  if (fetching->over.length > 0)
    wait_ms = 0;
  https_wait(https_shared(), ms_until_something_is_due(fetching, wait_ms));
  advance(fetching);
  renew_in_time(fetching);
}

Organization *
fetching_next(Fetching *fetching, SalesFetch **fetch)
{
  Lane *lane = g_queue_pop_head(&fetching->over);
  if (lane == NULL)
    return NULL;
  lane->organization->statements += lane->fetch->statements;
  fetching->handed_out = lane;
  *fetch = lane->fetch;
  return lane->organization;
}

void
fetching_done(Fetching *fetching)
{
  g_clear_pointer(&fetching->handed_out, lane_free);
}

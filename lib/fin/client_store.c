#include "fin/client_store.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"

#define MAX_ATTEMPTS 4 /* of one page */

struct ClientStore {
  Db *db;
  const char *log_id;
  SyncProgress *progress;
  GArray *taken; /* records of the page that comes next */
  gint64 taken_page, taken_total;
  GArray *records;      /* of the page under way; the plan's texts live here */
  PGresult *known;      /* and here */
  SyncProgress planned; /* what the progress will be once that page is stored */
  gboolean in_flight;   /* a page was sent, its outcome not yet seen */
  guint attempts;
};

static void
clear_record(gpointer record)
{
  client_record_clear(record);
}

ClientStore *
client_store_new(Db *db, const char *log_id, SyncProgress *progress)
{
  ClientStore *store = g_new0(ClientStore, 1);
  store->db = db;
  store->log_id = log_id;
  store->progress = progress;
  return store;
}

void
client_store_free(ClientStore *store)
{
  if (store->in_flight) {
    g_autoptr(PGresult) ignored = db_receive(store->db, NULL);
  }
  g_clear_pointer(&store->taken, g_array_unref);
  g_clear_pointer(&store->records, g_array_unref);
  g_clear_pointer(&store->known, PQclear);
  g_free(store);
}

static const char sql_load[] = "select * from fin.known_clients($1::text[], $2::text[])";

static gboolean
load_known(ClientStore *store, GError **error)
{
  g_auto(DbArray) codes, documents;
  db_array_init(&codes);
  db_array_init(&documents);
  for (guint i = 0; i < store->records->len; i++) {
    const ClientRecord *record = &g_array_index(store->records, ClientRecord, i);
    if (record->code != NULL)
      db_array_add(&codes, record->code);
    if (record->document != NULL)
      db_array_add(&documents, record->document);
  }
  g_clear_pointer(&store->known, PQclear);
  store->known = db_query(store->db, DB_CLAIMS_SYSTEM, sql_load,
                          DB_PARAMS(db_array_text(&codes), db_array_text(&documents)), error);
  return store->known != NULL;
}

static void
make_plan(ClientStore *store, ClientPlan *plan)
{
  client_plan_init(plan);
  for (int row = 0; row < PQntuples(store->known); row++)
    client_plan_know(plan, &(PlannedClient){.id = db_text(store->known, row, 0),
                                            .code = db_text(store->known, row, 1),
                                            .name = db_text(store->known, row, 2),
                                            .document = db_text(store->known, row, 3),
                                            .email = db_text(store->known, row, 4)});
  for (guint i = 0; i < store->records->len; i++)
    client_plan_apply(plan, &g_array_index(store->records, ClientRecord, i));
}

static const char sql_store[] =
    "select fin.store_clients($1::uuid, make_interval(secs => $2::int), $3::int, $4::jsonb,"
    "         $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],"
    "         $10::text[], $11::text[], $12::text[], $13::text[])";

typedef struct {
  DbArray id, code, name, document, email;
} Columns;

static void
columns_init(Columns *columns)
{
  db_array_init(&columns->id);
  db_array_init(&columns->code);
  db_array_init(&columns->name);
  db_array_init(&columns->document);
  db_array_init(&columns->email);
}

static void
columns_clear(Columns *columns)
{
  db_array_clear(&columns->id);
  db_array_clear(&columns->code);
  db_array_clear(&columns->name);
  db_array_clear(&columns->document);
  db_array_clear(&columns->email);
}

/* Of a client we have, only what changes: what was typed by hand meanwhile stays. */
static void
columns_add_changes(Columns *columns, const PlannedClient *client)
{
  db_array_add(&columns->id, client->id);
  db_array_add(&columns->code, client->new_code ? client->code : NULL);
  db_array_add(&columns->name, client->new_name ? client->name : NULL);
  db_array_add(&columns->document, client->new_document ? client->document : NULL);
  db_array_add(&columns->email, client->new_email ? client->email : NULL);
}

static void
columns_add(Columns *columns, const PlannedClient *client)
{
  db_array_add(&columns->code, client->code);
  db_array_add(&columns->name, client->name);
  db_array_add(&columns->document, client->document);
  db_array_add(&columns->email, client->email);
}

static gboolean
send_plan(ClientStore *store, const ClientPlan *plan, GError **error)
{
  Columns changed, added;
  columns_init(&changed);
  columns_init(&added);
  for (guint i = 0; i < plan->clients->len; i++) {
    const PlannedClient *client = g_ptr_array_index(plan->clients, i);
    if (client->id == NULL)
      columns_add(&added, client);
    else if (client->changed)
      columns_add_changes(&changed, client);
  }
  g_autofree char *details = sync_progress_json(&store->planned);
  gboolean sent = db_send(store->db, DB_CLAIMS_SYSTEM, sql_store,
                          DB_PARAMS(store->log_id, setting(FIN_SYNC_LEASE_S),
                                    int_text(sync_progress_records(&store->planned)), details,
                                    db_array_text(&changed.id), db_array_text(&changed.code),
                                    db_array_text(&changed.name), db_array_text(&changed.document),
                                    db_array_text(&changed.email), db_array_text(&added.code),
                                    db_array_text(&added.name), db_array_text(&added.document),
                                    db_array_text(&added.email)),
                          error);
  columns_clear(&changed);
  columns_clear(&added);
  store->in_flight = sent;
  return sent;
}

/* Loads, decides and sends the page in hand. */
static gboolean
start_page(ClientStore *store, GError **error)
{
  g_auto(ClientPlan) plan = {0};
  store->attempts++;
  if (!load_known(store, error))
    return FALSE;
  make_plan(store, &plan);
  store->planned.counts = store->progress->counts;
  store->planned.counts.inserted += plan.counts.inserted;
  store->planned.counts.updated += plan.counts.updated;
  store->planned.counts.ignored += plan.counts.ignored;
  store->planned.counts.repeated_documents += plan.counts.repeated_documents;
  return send_plan(store, &plan, error);
}

/* A hand-made row of the same code came in between, or the connection was cut: a page can be
 * decided and written again without harm. */
static gboolean
may_try_again(const ClientStore *store, const GError *failure)
{
  return store->attempts < MAX_ATTEMPTS &&
         (g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT) ||
          g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE));
}

gboolean
client_store_finish(ClientStore *store, GError **error)
{
  while (store->in_flight) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(PGresult) stored = db_receive(store->db, &failure);
    store->in_flight = FALSE;
    if (stored != NULL && !db_bool(stored, 0, 0)) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, SYNC_INTERRUPTED);
      return FALSE;
    }
    if (stored != NULL)
      *store->progress = store->planned;
    else if (!may_try_again(store, failure)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    } else if (!start_page(store, error))
      return FALSE;
  }
  return TRUE;
}

void
client_store_take(ClientStore *store, OmiePage *page)
{
  guint n = omie_reply_length(page->reply);
  g_clear_pointer(&store->taken, g_array_unref);
  store->taken = g_array_sized_new(FALSE, FALSE, sizeof(ClientRecord), n);
  g_array_set_clear_func(store->taken, clear_record);
  g_array_set_size(store->taken, n);
  for (guint i = 0; i < n; i++)
    client_record_from_omie(&g_array_index(store->taken, ClientRecord, i),
                            omie_reply_row(page->reply, i));
  store->taken_page = page->number;
  store->taken_total = page->total_pages;
  omie_page_free(page);
}

gboolean
client_store_write(ClientStore *store, GError **error)
{
  if (!client_store_finish(store, error))
    return FALSE;
  g_clear_pointer(&store->records, g_array_unref);
  store->records = g_steal_pointer(&store->taken);
  store->attempts = 0;
  store->planned = *store->progress;
  store->planned.pages = store->taken_page;
  store->planned.total_pages = store->taken_total;
  return start_page(store, error);
}

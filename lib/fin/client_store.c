#include "fin/client_store.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"

#define MAX_CONFLICTS 3 /* a hand-made row of the same code came in between: decide again */

struct ClientStore {
  Db *db;
  const char *log_id;
  SyncProgress *progress;
  GArray *records;      /* of the page under way; the plan's texts live here */
  PGresult *known;      /* and here */
  SyncProgress planned; /* what the progress will be once that page is stored */
  guint conflicts;
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
  store->records = g_array_new(FALSE, FALSE, sizeof(ClientRecord));
  g_array_set_clear_func(store->records, clear_record);
  return store;
}

void
client_store_free(ClientStore *store)
{
  if (db_is_sending(store->db)) {
    g_autoptr(PGresult) ignored = db_receive(store->db, NULL);
  }
  g_array_unref(store->records);
  g_clear_pointer(&store->known, PQclear);
  g_free(store);
}

/* Everything a record of the page could match, oldest first.  "offset 0" keeps each look-up one of
 * the index, whatever the statistics of the table say. */
static const char sql_load[] =
    "select id, omie_codigo, name, document, contact_email"
    "  from (select c.* from unnest($1::text[]) as wanted (code),"
    "          lateral (select * from fin.clients where omie_codigo = code offset 0) c"
    "        union"
    "        select c.* from unnest($2::text[]) as wanted (digits),"
    "          lateral (select * from fin.clients where document = digits offset 0) c) known"
    " order by created_at, id";

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

/* Nothing is written unless the run is still ours.  Rows that would not change are not in the
 * arrays. An adopted code is written only where ours is null, so a hand-made change in between
 * wins. */
static const char sql_store[] =
    "with run as ("
    "  update fin.erp_sync_log"
    "     set record_count = $2::int, details = $3::jsonb,"
    "         lease_until = clock_timestamp() + make_interval(secs => $4::int)"
    "   where id = $1::uuid and status = 'running' returning id),"
    " changed as ("
    "  update fin.clients c"
    "     set name = u.name, document = u.document, contact_email = u.email,"
    "         omie_codigo = coalesce(c.omie_codigo, u.code), updated_at = now()"
    "    from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[])"
    "         as u (id, code, name, document, email), run"
    "   where c.id = u.id),"
    " added as ("
    "  insert into fin.clients (omie_codigo, name, document, contact_email)"
    "  select n.code, n.name, n.document, n.email"
    "    from unnest($10::text[], $11::text[], $12::text[], $13::text[])"
    "         as n (code, name, document, email), run"
    "  on conflict (omie_codigo) where omie_codigo is not null do update"
    "    set name = excluded.name, updated_at = now(),"
    "        document = coalesce(excluded.document, clients.document),"
    "        contact_email = coalesce(excluded.contact_email, clients.contact_email))"
    " select id from run";

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

static void
columns_add(Columns *columns, const PlannedClient *client)
{
  db_array_add(&columns->id, client->id);
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
    if (client->changed)
      columns_add(client->id != NULL ? &changed : &added, client);
  }
  g_autofree char *details = sync_progress_json(&store->planned);
  gboolean sent = db_send(store->db, DB_CLAIMS_SYSTEM, sql_store,
                          DB_PARAMS(store->log_id, int_text(sync_progress_records(&store->planned)),
                                    details, setting(FIN_SYNC_LEASE_S), db_array_text(&changed.id),
                                    db_array_text(&changed.code), db_array_text(&changed.name),
                                    db_array_text(&changed.document), db_array_text(&changed.email),
                                    db_array_text(&added.code), db_array_text(&added.name),
                                    db_array_text(&added.document), db_array_text(&added.email)),
                          error);
  columns_clear(&changed);
  columns_clear(&added);
  return sent;
}

/* Loads, decides and sends the page in hand. */
static gboolean
start_page(ClientStore *store, GError **error)
{
  g_auto(ClientPlan) plan = {0};
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

gboolean
client_store_finish(ClientStore *store, GError **error)
{
  while (db_is_sending(store->db)) {
    g_autoptr(GError) failure = NULL;
    g_autoptr(PGresult) stored = db_receive(store->db, &failure);
    if (stored != NULL && PQntuples(stored) == 0) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, SYNC_INTERRUPTED);
      return FALSE;
    }
    if (stored != NULL)
      *store->progress = store->planned;
    else if (!g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT) ||
             ++store->conflicts > MAX_CONFLICTS) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    } else if (!start_page(store, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
client_store_page(ClientStore *store, OmiePage *page, GError **error)
{
  g_autoptr(OmiePage) taken = page;
  if (!client_store_finish(store, error))
    return FALSE;
  guint n = omie_reply_length(taken->reply);
  g_array_set_size(store->records, 0);
  g_array_set_size(store->records, n);
  for (guint i = 0; i < n; i++)
    client_record_from_omie(&g_array_index(store->records, ClientRecord, i),
                            omie_reply_row(taken->reply, i));
  store->conflicts = 0;
  store->planned = *store->progress;
  store->planned.pages = taken->number;
  store->planned.total_pages = taken->total_pages;
  return start_page(store, error);
}

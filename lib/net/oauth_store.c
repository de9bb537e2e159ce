#include "net/oauth_store.h"

#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"
#include "net/call_gate.h"
#include "net/seal.h"

static GHashTable *memories; /* of this process, for good */

char *
oauth_client_hash(const OAuthClient *client)
{
  return call_gate_account(client->client_id != NULL ? client->client_id : client->username);
}

static char *
place(const char *company, const char *erp, const char *hash, const char *column)
{
  return g_strjoin("/", company, erp, hash, column, NULL);
}

/* ---- memory -------------------------------------------------------------------------------------
 */

/* While the process has nothing else to do, and before it ends: a chain that only it knows would be
 * lost.  FALSE: not all is written. */
static gboolean
write_all(void)
{
  GHashTableIter iter;
  gpointer key, memory;
  gboolean all = TRUE;
  g_hash_table_iter_init(&iter, memories);
  while (g_hash_table_iter_next(&iter, &key, &memory)) {
    g_autoptr(GError) error = NULL;
    if (((OAuthMemory *)memory)->unpersisted && !oauth_row_store(db_shared(), memory, &error)) {
      log_warning("refresh_token_unpersisted", "company", ((OAuthMemory *)memory)->company, "cause",
                  error->message, NULL);
      all = FALSE;
    }
  }
  return all;
}

OAuthMemory *
oauth_memory(const OAuthClient *client)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autofree char *key = place(client->company, client->erp, hash, "");
  if (memories == NULL)
    memories = g_hash_table_new(g_str_hash, g_str_equal);
  OAuthMemory *memory = g_hash_table_lookup(memories, key);
  if (memory != NULL)
    return memory;
  memory = g_new0(OAuthMemory, 1);
  memory->company = g_strdup(client->company);
  memory->erp = g_strdup(client->erp);
  memory->hash = g_steal_pointer(&hash);
  g_hash_table_insert(memories, g_steal_pointer(&key), memory);
  return memory;
}

static void
forget(OAuthMemory *memory)
{
  oauth_tokens_clear(&memory->tokens);
  g_clear_pointer(&memory->seed_hash, g_free);
  memory->issued_us = memory->expires_us = memory->version = 0;
  memory->unpersisted = FALSE;
}

void
oauth_memory_take(OAuthMemory *memory, OAuthTokens *tokens, const char *refresh,
                  const char *seed_hash, gint64 issued_us, gint64 version)
{
  char *kept = tokens->refresh == NULL ? g_strdup(refresh) : NULL;
  char *seed = g_strdup(seed_hash);
  forget(memory);
  memory->tokens = *tokens;
  memory->issued_us = issued_us;
  memory->expires_us = issued_us + tokens->expires_in_s * G_USEC_PER_SEC;
  memory->version = version;
  memory->seed_hash = seed;
  memory->unpersisted = TRUE;
  stop_add_leftover(write_all, setting_int(ERP_TOKEN_WRITE_S));
  if (kept != NULL)
    memory->tokens.refresh = kept;
  *tokens = (OAuthTokens){0};
}

/* ---- row ----------------------------------------------------------------------------------------
 */

void
oauth_row_clear(OAuthRow *row)
{
  secret_free(row->access);
  secret_free(row->refresh);
  g_free(row->seed_hash);
  g_free(row->now);
}

static const char sql_load[] =
    "select s.version, s.access_token_sealed,"
    "       case when s.refresh_expires_at > t.now is not false then s.refresh_token_sealed end,"
    "       s.seed_hash,"
    "       (extract(epoch from s.access_expires_at - t.now) * 1000)::bigint,"
    "       extract(epoch from s.access_expires_at - s.access_issued_at)::bigint,"
    "       s.status = 'reauthorization_required', s.claim_until > t.now,"
    "       case when s.failed_at > $4::timestamptz then s.failure end, t.now"
    "  from (select clock_timestamp() as now) t"
    "  left join erp.oauth_state s on (s.company, s.erp, s.client_hash) = ($1, $2, $3)";

/* A sealed cell opened; *otherwise when it cannot be. */
static char *
open_cell(const OAuthClient *client, const char *hash, const char *column, const char *sealed,
          gboolean *otherwise)
{
  if (sealed == NULL)
    return NULL;
  g_autofree char *where = place(client->company, client->erp, hash, column);
  char *text = unseal(sealed, where);
  *otherwise |= text == NULL;
  return text;
}

gboolean
oauth_row_load(Db *db, const OAuthClient *client, const char *since, OAuthRow *row, GError **error)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autoptr(PGresult) found = db_query(db, DB_CLAIMS_SYSTEM, sql_load,
                                       DB_PARAMS(client->company, client->erp, hash, since), error);
  *row = (OAuthRow){0};
  if (found == NULL)
    return FALSE;
  const char *failure = db_text(found, 0, 8);
  row->version = db_int(found, 0, 0);
  row->access = open_cell(client, hash, "access", db_text(found, 0, 1), &row->is_sealed_otherwise);
  row->refresh =
      open_cell(client, hash, "refresh", db_text(found, 0, 2), &row->is_sealed_otherwise);
  row->seed_hash = g_strdup(db_text(found, 0, 3));
  row->left_ms = db_int(found, 0, 4);
  row->life_s = db_int(found, 0, 5);
  row->needs_person = db_bool(found, 0, 6);
  row->is_claimed = db_bool(found, 0, 7);
  row->failure = failure != NULL ? error_of_word(failure) : 0;
  row->now = g_strdup(db_text(found, 0, 9));
  return TRUE;
}

static const char sql_claim[] = "select erp.claim_token($1, $2, $3, $4::bigint, $5::uuid, $6::int)";

gboolean
oauth_row_claim(Db *db, const OAuthClient *client, gint64 version, const char *holder,
                gboolean *claimed, GError **error)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_claim,
               DB_PARAMS(client->company, client->erp, hash, int_text(version), holder,
                         int_text(setting_int(ERP_TOKEN_CLAIM_S))),
               error);
  *claimed = result != NULL && db_bool(result, 0, 0);
  return result != NULL;
}

static const char sql_release[] =
    "update erp.oauth_state"
    "   set claim_holder = null, claim_until = null, failure = $5,"
    "       failed_at = case when $5::text is not null then clock_timestamp() end"
    " where (company, erp, client_hash) = ($1, $2, $3) and claim_holder = $4::uuid";

gboolean
oauth_row_release(Db *db, const OAuthClient *client, const char *holder, const char *failure,
                  GError **error)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_release,
               DB_PARAMS(client->company, client->erp, hash, holder, failure), error);
  return result != NULL;
}

static const char sql_prepare[] =
    "insert into erp.oauth_state (company, erp, client_hash) values ($1, $2, $3)"
    " on conflict do nothing";

gboolean
oauth_row_prepare(Db *db, const OAuthClient *client, GError **error)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autoptr(PGresult) result = db_query(db, DB_CLAIMS_SYSTEM, sql_prepare,
                                        DB_PARAMS(client->company, client->erp, hash), error);
  return result != NULL;
}

/* The claim is not asked for: what was granted is kept, unless another one's is there already.  Who
 * gave the chain up meanwhile saw its old refresh token only. */
static const char sql_store[] =
    "update erp.oauth_state s"
    "   set access_token_sealed = $5, refresh_token_sealed = $6,"
    "       access_issued_at = t.issued,"
    "       access_expires_at = t.issued + make_interval(secs => $8::int),"
    "       refresh_expires_at = t.issued + make_interval(secs => nullif($9::int, 0)),"
    "       seed_hash = coalesce($10, s.seed_hash), version = s.version + 1, status = 'ok',"
    "       claim_holder = null, claim_until = null, failure = null, failed_at = null"
    "  from (select clock_timestamp() - make_interval(secs => $7::bigint / 1000.0) as issued) t"
    " where (s.company, s.erp, s.client_hash) = ($1, $2, $3)"
    "   and (s.version = coalesce($4::bigint, s.version)"
    "        or s.version = $4::bigint + 1 and s.status = 'reauthorization_required')"
    " returning s.version";

gboolean
oauth_row_store(Db *db, OAuthMemory *memory, GError **error)
{
  const OAuthTokens *tokens = &memory->tokens;
  gint64 age_ms = (g_get_monotonic_time() - memory->issued_us) / 1000;
  g_autofree char *access_place = place(memory->company, memory->erp, memory->hash, "access");
  g_autofree char *refresh_place = place(memory->company, memory->erp, memory->hash, "refresh");
  g_autofree char *access = seal(tokens->access, access_place);
  g_autofree char *refresh = tokens->refresh != NULL ? seal(tokens->refresh, refresh_place) : NULL;
  const char *version = memory->version != OAUTH_ANY_VERSION ? int_text(memory->version) : NULL;
  g_autoptr(PGresult) stored =
      db_query(db, DB_CLAIMS_SYSTEM, sql_store,
               DB_PARAMS(memory->company, memory->erp, memory->hash, version, access, refresh,
                         int_text(age_ms), int_text(tokens->expires_in_s),
                         int_text(tokens->refresh_expires_in_s), memory->seed_hash),
               error);
  if (stored == NULL)
    return FALSE;
  if (PQntuples(stored) == 0)
    forget(memory);
  else
    memory->version = db_int(stored, 0, 0);
  memory->unpersisted = FALSE;
  return TRUE;
}

static const char sql_condemn[] =
    "update erp.oauth_state"
    "   set status = 'reauthorization_required', version = version + 1,"
    "       seed_hash = coalesce($5, seed_hash), access_token_sealed = null,"
    "       claim_holder = null, claim_until = null"
    " where (company, erp, client_hash) = ($1, $2, $3) and version = $4::bigint"
    " returning version";

gboolean
oauth_row_condemn(Db *db, const OAuthClient *client, gint64 version, const char *seed_hash,
                  gboolean *condemned, GError **error)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_condemn,
               DB_PARAMS(client->company, client->erp, hash, int_text(version), seed_hash), error);
  *condemned = result != NULL && PQntuples(result) > 0;
  return result != NULL;
}

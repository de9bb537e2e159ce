/* The time of the fetch serves as the version: equal times, equal sets. */
#include "auth/key_table.h"

#include <string.h>

#include "auth/jwk.h"
#include "base/log.h"
#include "base/settings.h"

static GPtrArray *set;
static char *version; /* seconds of fetched_at with all their digits; NULL: never fetched */

const GPtrArray *
key_table_set(void)
{
  return set;
}

static void
take_document(const char *fetched, const char *document)
{
  GPtrArray *fresh = jwk_set_parse(document, strlen(document));
  if (fresh == NULL)
    log_warning("stored key set is not readable", NULL);
  else {
    if (set != NULL)
      g_ptr_array_unref(set);
    set = fresh;
  }
  g_free(version);
  version = g_strdup(fetched);
}

static const char sql_read[] =
    "select extract(epoch from fetched_at)::text, coalesce(document::text, '')"
    "  from ponte.jwks"
    " where url = $1 and extract(epoch from fetched_at) is distinct from $2::numeric";

gboolean
key_table_read(Db *db, gboolean *changed, GError **error)
{
  g_autoptr(PGresult) rows =
      db_query(db, DB_CLAIMS_SYSTEM, sql_read, DB_PARAMS(setting(JWT_JWKS_URL), version), error);
  if (rows == NULL)
    return FALSE;
  *changed = PQntuples(rows) == 1;
  if (*changed)
    take_document(db_text(rows, 0, 0), db_text(rows, 0, 1));
  if (set == NULL)
    set = g_ptr_array_new_with_free_func((GDestroyNotify)jwk_free);
  return TRUE;
}

static const char sql_ask[] =
    "with asked as ("
    "  insert into ponte.jwks as known (url, document, wanted_at)"
    "  values ($1, '{\"keys\": []}', now())"
    "  on conflict (url) do update set wanted_at = now()"
    "    where known.wanted_at is null or known.wanted_at < now() - make_interval(secs => $2::int)"
    "  returning url)"
    "select pg_notify('" KEY_TABLE_CHANNEL "', url) from asked";

gboolean
key_table_ask(Db *db, gboolean *granted, GError **error)
{
  g_autoptr(PGresult) rows =
      db_query(db, DB_CLAIMS_SYSTEM, sql_ask,
               DB_PARAMS(setting(JWT_JWKS_URL), setting(JWT_JWKS_ASK_S)), error);
  if (rows == NULL)
    return FALSE;
  *granted = PQntuples(rows) == 1;
  return TRUE;
}

static const char sql_is_wanted[] =
    "select from ponte.jwks"
    " where url = $1 and (fetched_at is null or wanted_at > fetched_at)";

gboolean
key_table_is_wanted(Db *db, gboolean *wanted, GError **error)
{
  g_autoptr(PGresult) rows =
      db_query(db, DB_CLAIMS_SYSTEM, sql_is_wanted, DB_PARAMS(setting(JWT_JWKS_URL)), error);
  if (rows == NULL)
    return FALSE;
  *wanted = PQntuples(rows) == 1;
  return TRUE;
}

/* The clock, not now(): a set stored twice in one transaction's time would look unchanged. */
static const char sql_store[] =
    "insert into ponte.jwks (url, document, fetched_at)"
    " values ($1, $2::jsonb, clock_timestamp())"
    " on conflict (url) do update"
    "   set document = excluded.document, fetched_at = excluded.fetched_at";

gboolean
key_table_store(Db *db, const char *document, GError **error)
{
  g_autoptr(PGresult) done =
      db_query(db, DB_CLAIMS_SYSTEM, sql_store, DB_PARAMS(setting(JWT_JWKS_URL), document), error);
  return done != NULL;
}

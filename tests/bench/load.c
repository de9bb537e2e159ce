/* One load of fin.clients from a file of pages (one page of ListarClientes a line), read and
 * parsed before the clock starts.
 *   load floor FILE   COPY into a temporary table and one merge: as fast as Postgres takes the rows
 *   load store FILE   the database part of the sync: lib/fin's client_store, page by page
 *   load parse FILE   reading the pages alone, into client records
 * Prints "rows seconds".  MIGRATE_DATABASE_URL (floor) and DATABASE_URL (store) as everywhere. */
#include <stdio.h>
#include <string.h>

#include "base/settings.h"
#include "erp/omie/clients.h"
#include "fin/client_record.h"
#include "fin/client_store.h"

#define PIECE (16 * 1024) /* as much as TLS hands over at once */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGconn, PQfinish)

static gboolean
fail(const char *what, const char *reason)
{
  fprintf(stderr, "load: %s: %s\n", what, reason);
  return FALSE;
}

static OmiePage *
parse_page(const char *text, gsize length, guint number)
{
  OmiePage *page = g_new0(OmiePage, 1);
  page->number = number;
  page->reply = omie_reply_new(&omie_list_clients);
  for (gsize at = 0; at < length; at += PIECE)
    omie_reply_feed(text + at, MIN(PIECE, length - at), page->reply);
  omie_reply_end(page->reply);
  page->total_pages = omie_reply_total_pages(page->reply);
  return page;
}

static GPtrArray *
parse_file(const char *path)
{
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
  GPtrArray *pages = g_ptr_array_new();
  if (file == NULL)
    return pages;
  const char *text = g_mapped_file_get_contents(file);
  const char *end = text + g_mapped_file_get_length(file), *line_end;
  for (; text < end && (line_end = memchr(text, '\n', (gsize)(end - text))) != NULL;
       text = line_end + 1)
    g_ptr_array_add(pages, parse_page(text, (gsize)(line_end - text), pages->len + 1));
  return pages;
}

static guint
count_rows(const GPtrArray *pages)
{
  guint rows = 0;
  for (guint i = 0; i < pages->len; i++)
    rows += omie_reply_length(((OmiePage *)g_ptr_array_index(pages, i))->reply);
  return rows;
}

/* ---- floor ---------------------------------------------------------------------------------- */

static void
append_copy_field(GString *out, const char *text, char after)
{
  if (text == NULL)
    g_string_append(out, "\\N");
  for (; text != NULL && *text != '\0'; text++) {
    if (strchr("\\\t\n\r", *text) != NULL)
      g_string_append_c(out, '\\');
    g_string_append_c(out, *text);
  }
  g_string_append_c(out, after);
}

/* The rows that the sync stores, as COPY takes them. */
static GString *
copy_text(const GPtrArray *pages)
{
  GString *out = g_string_sized_new(4 * 1024 * 1024);
  for (guint p = 0; p < pages->len; p++) {
    const OmieReply *reply = ((OmiePage *)g_ptr_array_index(pages, p))->reply;
    for (guint i = 0; i < omie_reply_length(reply); i++) {
      ClientRecord record;
      client_record_from_omie(&record, omie_reply_row(reply, i));
      append_copy_field(out, record.name != NULL ? record.name : "Sem nome", '\t');
      append_copy_field(out, record.document, '\t');
      append_copy_field(out, record.email, '\t');
      append_copy_field(out, record.code, '\n');
      client_record_clear(&record);
    }
  }
  return out;
}

static gboolean
command(PGconn *db, const char *sql, ExecStatusType expected)
{
  g_autoptr(PGresult) result = PQexec(db, sql);
  return PQresultStatus(result) == expected || fail(sql, PQresultErrorMessage(result));
}

static gboolean
copy_in(PGconn *db, const GString *rows)
{
  if (!command(db, "copy pg_temp.incoming from stdin", PGRES_COPY_IN))
    return FALSE;
  if (PQputCopyData(db, rows->str, (int)rows->len) != 1 || PQputCopyEnd(db, NULL) != 1)
    return fail("copy", PQerrorMessage(db));
  g_autoptr(PGresult) done = PQgetResult(db);
  g_autoptr(PGresult) end = PQgetResult(db);
  return PQresultStatus(done) == PGRES_COMMAND_OK && end == NULL;
}

static const char sql_prepare[] = "create temporary table incoming"
                                  "  (name text, document text, contact_email text,"
                                  "   omie_codigo text);"
                                  " select from fin.clients limit 1";

static const char sql_merge[] =
    "insert into fin.clients (name, document, contact_email, omie_codigo)"
    " select name, document, contact_email, omie_codigo from pg_temp.incoming"
    " on conflict (omie_codigo) where omie_codigo is not null do update"
    "   set name = excluded.name, document = excluded.document,"
    "       contact_email = excluded.contact_email, updated_at = now()";

static gboolean
load_floor(const GPtrArray *pages, double *seconds)
{
  g_autoptr(PGconn) db = PQconnectdb(setting(MIGRATE_DATABASE_URL));
  GString *rows = copy_text(pages);
  if (!command(db, sql_prepare, PGRES_TUPLES_OK))
    return FALSE;
  gint64 begin = g_get_monotonic_time();
  gboolean done = command(db, "begin", PGRES_COMMAND_OK) && copy_in(db, rows) &&
                  command(db, sql_merge, PGRES_COMMAND_OK) &&
                  command(db, "commit", PGRES_COMMAND_OK);
  *seconds = (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
  g_string_free(rows, TRUE);
  return done;
}

/* ---- store ---------------------------------------------------------------------------------- */

static gboolean
store_pages(const char *log_id, GPtrArray *pages, SyncProgress *progress, GError **error)
{
  g_autoptr(ClientStore) store = client_store_new(db_shared(), log_id, progress);
  for (guint i = 0; i < pages->len; i++) {
    client_store_take(store, g_ptr_array_index(pages, i));
    if (!client_store_write(store, error))
      return FALSE;
  }
  return client_store_finish(store, error);
}

static gboolean
load_store(GPtrArray *pages, double *seconds)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *log_id = NULL;
  SyncGate gate;
  gint64 wait_ms;
  SyncProgress progress = {.total_pages = -1};
  if (!sync_log_open(db_shared(), NULL, FALSE, &gate, &log_id, &wait_ms, &error))
    return fail("sync_log_open", error->message);
  if (gate != SYNC_OPENED)
    return fail("sync_log_open", "the gate is closed");
  gint64 begin = g_get_monotonic_time();
  gboolean done = store_pages(log_id, pages, &progress, &error);
  *seconds = (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
  if (!done || !sync_log_close(db_shared(), log_id, &progress, NULL, &error))
    return fail("client_store", error->message);
  return TRUE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  double seconds = 0;
  gboolean done = FALSE;
  if (argc != 3) {
    fputs("usage: load floor | store | parse FILE\n", stderr);
    return 2;
  }
  if (!settings_load(&error))
    return !fail("settings", error->message);
  gint64 begin = g_get_monotonic_time();
  GPtrArray *pages = parse_file(argv[2]);
  guint rows = count_rows(pages);
  if (strcmp(argv[1], "parse") == 0) {
    seconds = (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
    done = TRUE;
  } else if (strcmp(argv[1], "floor") == 0)
    done = load_floor(pages, &seconds);
  else if (strcmp(argv[1], "store") == 0)
    done = load_store(pages, &seconds);
  printf("%u %.4f\n", rows, seconds);
  return done ? 0 : 1;
}

#include "backoffice/suppliers.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "erp/omie/clients.h"
#include "net/https.h"

#define MAX_ROWS 50
#define LEASE_S  "60" /* longer than the route lets a search last */

enum { CPF_DIGITS = 11, CNPJ_DIGITS = 14 };

char *
suppliers_document(const char *text)
{
  g_autofree char *digits = text_digits(text);
  gsize length = strlen(digits);
  gboolean is_whole = length == CPF_DIGITS || length == CNPJ_DIGITS;
  return is_whole && strspn(text, "0123456789./- ") == strlen(text) ? g_steal_pointer(&digits)
                                                                    : NULL;
}

typedef struct {
  char *name, *document; /* at most one of them */
} Filter;

static void
filter_clear(Filter *filter)
{
  g_free(filter->name);
  g_free(filter->document);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filter, filter_clear)

static Filter
filter_of(const char *text)
{
  g_autofree char *line = text_one_line(text);
  Filter filter = {.document = suppliers_document(line)};
  if (filter.document == NULL && *line != '\0')
    filter.name = g_steal_pointer(&line);
  return filter;
}

/* Clients and suppliers stand in one register; Omie sends no type, only tags (20.1). */
static void
write_filter(JsonWriter *w, gconstpointer data)
{
  const Filter *filter = data;
  g_autofree char *tag = text_trim(setting(OMIE_TAG_FORNECEDOR));
  if (filter->name == NULL && filter->document == NULL && *tag == '\0')
    return;
  json_open_object(w, "clientesFiltro");
  if (filter->name != NULL)
    json_add_text(w, "razao_social", filter->name);
  if (filter->document != NULL)
    json_add_text(w, "cnpj_cpf", filter->document);
  if (*tag != '\0') {
    json_open_array(w, "tags");
    json_open_object(w, NULL);
    json_add_text(w, "tag", tag);
    json_close_object(w);
    json_close_array(w);
  }
  json_close_object(w);
}

/* A text as people write it; NULL when there is none. */
static char *
text_of(const OmieCell *cell)
{
  g_autofree char *plain = cell->text != NULL ? text_decode_entities(cell->text) : NULL;
  g_autofree char *text = plain != NULL ? text_trim(plain) : NULL;
  return text != NULL && *text != '\0' ? g_steal_pointer(&text) : NULL;
}

static void
write_supplier(JsonWriter *w, const OmieRow *row)
{
  g_autofree char *code = omie_cell_code(&row->cells[OMIE_CLIENT_CODE]),
                  *legal_name = text_of(&row->cells[OMIE_CLIENT_LEGAL_NAME]),
                  *trade_name = text_of(&row->cells[OMIE_CLIENT_TRADE_NAME]),
                  *document = text_of(&row->cells[OMIE_CLIENT_DOCUMENT]);
  if (code == NULL)
    return;
  json_open_object(w, NULL);
  json_add_decimal(w, "id", code);
  json_add_text(w, "nome", legal_name != NULL ? legal_name : trade_name);
  json_add_text(w, "cnpj_cpf", document);
  json_close_object(w);
}

/* Asks Omie; the answer is the caller's. */
static char *
fetch(Db *db, const Filter *filter, const OmieAccount *account, gint64 deadline_us, GError **error)
{
  OmieMethod method = omie_list_clients;
  method.rows_per_page = MAX_ROWS;
  method.max_pages = G_MAXINT; /* only the first is read, however many there are */
  OmieListingRequest request = {.account = account,
                                .method = &method,
                                .write_filter = write_filter,
                                .filter_data = filter,
                                .deadline_us = deadline_us};
  g_autoptr(GError) failure = NULL;
  g_autoptr(OmieListing) listing = omie_listing_new(db, &request);
  g_autoptr(OmiePage) page = omie_listing_next(listing, &failure);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_array(w, NULL);
  for (guint i = 0; page != NULL && i < omie_reply_length(page->reply); i++)
    write_supplier(w, omie_reply_row(page->reply, i));
  json_close_array(w);
  return g_strdup(json_writer_text(w));
}

/* Somebody's fresh answer, or the right to ask Omie for one, or neither: somebody else is at it. */
static const char sql_claim[] =
    "with mine as ("
    "  insert into backoffice.supplier_search as s (term, holder, lease_ate)"
    "  values ($1, $2::uuid, clock_timestamp() + make_interval(secs => $3::int))"
    "  on conflict (term) do update set holder = excluded.holder, lease_ate = excluded.lease_ate"
    "   where (s.fetched_at is null"
    "          or s.fetched_at <= clock_timestamp() - make_interval(secs => $4::int))"
    "     and (s.lease_ate is null or s.lease_ate < clock_timestamp()"
    "          or s.holder = excluded.holder)"
    "  returning true)"
    " select exists (select from mine),"
    "        (select answer from backoffice.supplier_search where term = $1"
    "            and fetched_at > clock_timestamp() - make_interval(secs => $4::int))";

static const char sql_keep[] =
    "with old as (delete from backoffice.supplier_search"
    "              where coalesce(lease_ate, fetched_at) < now() - interval '1 hour')"
    " update backoffice.supplier_search"
    "    set answer = $3::json, fetched_at = clock_timestamp(), lease_ate = null"
    "  where term = $1 and holder = $2::uuid";

static const char sql_give_up[] =
    "delete from backoffice.supplier_search where term = $1 and holder = $2::uuid";

static char *
fetch_for_all(Db *db, const char *term, const char *me, const Filter *filter,
              const OmieAccount *account, gint64 deadline_us, GError **error)
{
  g_autoptr(GError) unsaid = NULL;
  g_autofree char *answer = fetch(db, filter, account, deadline_us, error);
  g_autoptr(PGresult) told =
      answer != NULL
          ? db_query(db, DB_CLAIMS_SYSTEM, sql_keep, DB_PARAMS(term, me, answer), &unsaid)
          : db_query(db, DB_CLAIMS_SYSTEM, sql_give_up, DB_PARAMS(term, me), &unsaid);
  if (told == NULL) /* others find out when the lease is over */
    log_warning("search for suppliers not kept", "cause", unsaid->message, NULL);
  return g_steal_pointer(&answer);
}

gboolean
suppliers_search(Db *db, const char *text, gint64 deadline_us, char **answer, GError **error)
{
  g_auto(OmieAccount) account = {0};
  g_auto(Filter) filter = filter_of(text);
  if (!omie_account_init(&account, error))
    return FALSE;
  g_autofree char *me = g_uuid_string_random();
  g_autofree char *term =
      g_strconcat(account.hash, filter.document != NULL ? " cnpj_cpf " : " razao_social ",
                  filter.document != NULL ? filter.document : filter.name, NULL);
  do {
    g_autoptr(PGresult) claim =
        db_query(db, DB_CLAIMS_SYSTEM, sql_claim,
                 DB_PARAMS(term, me, LEASE_S, setting(BACKOFFICE_SUPPLIERS_REUSE_S)), error);
    if (claim == NULL)
      return FALSE;
    if (db_bool(claim, 0, 0) || db_text(claim, 0, 1) != NULL) {
      *answer = db_bool(claim, 0, 0)
                    ? fetch_for_all(db, term, me, &filter, &account, deadline_us, error)
                    : g_strdup(db_text(claim, 0, 1));
      return *answer != NULL;
    }
    https_wait(https_shared(), setting_int(OMIE_SLOT_WAIT_MS));
  } while (g_get_monotonic_time() < deadline_us);
  g_set_error_literal(error, PONTE_ERROR, ERROR_UPSTREAM_TIMEOUT, "Omie: tempo limite excedido.");
  return FALSE;
}

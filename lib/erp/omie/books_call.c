#include "erp/omie/books_call.h"

#include "base/json.h"
#include "base/settings.h"
#include "erp/omie/listing.h"
#include "net/seal.h"

#define PLACES         4 /* calls of a method at once (1.1) */
#define PLACE_GRACE_MS 5000

char *
omie_books_body(const Erp *erp, const char *call, const char *params)
{
  g_autoptr(JsonWriter) w = json_writer_new(); /* wiped when it is freed */
  json_open_object(w, NULL);
  json_add_text(w, "call", call);
  json_add_text(w, "app_key", erp_config_text(erp->config, "APP_KEY"));
  json_add_text(w, "app_secret", erp_config_text(erp->config, "APP_SECRET"));
  json_open_array(w, "param");
  json_add_raw(w, NULL, params);
  json_close_array(w);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static const char *
wire_of(const Erp *erp, const char *listing, const char *name)
{
  g_autofree char *key = g_strconcat(listing, ".", name, NULL);
  return erp_wire(erp, key);
}

RowShape
omie_books_shape(const Erp *erp, const char *listing)
{
  static const char *const keys[N_OMIE_OUTSIDE] = {
      [OMIE_FAULT_TEXT] = "error.message",
      [OMIE_FAULT_CODE] = "error.code",
      [OMIE_PAGE] = "outside.page",
      [OMIE_PAGES] = "outside.pages",
      [OMIE_TOTAL] = "outside.total",
      [OMIE_BALANCE_BEFORE] = "outside.balance_before",
      [OMIE_BALANCE_AFTER] = "outside.balance_after",
  };
  g_autofree char *rows = g_strconcat("rows.", listing, NULL);
  RowShape shape = {.arrays = erp_wire(erp, rows)};
  for (guint i = 0; i < N_OMIE_OUTSIDE; i++)
    shape.outside[i] = erp_wire(erp, keys[i]);
  return shape;
}

gint64
omie_books_number(const KeptRows *page, guint outside)
{
  RowCell cell = kept_rows_outside(page, outside);
  const char *text = row_text(&cell);
  gint64 number;
  return text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, &number, NULL) ? number
                                                                                          : -1;
}

gboolean
omie_books_has_more(const KeptRows *answer, ErpPages *pages, gint64 page)
{
  pages->declared_total = omie_books_number(answer, OMIE_TOTAL);
  pages->declared_pages = omie_books_number(answer, OMIE_PAGES);
  return page < pages->declared_pages;
}

/* ---- one call ---------------------------------------------------------------------------------*/

/* What is true of a method besides what is true of the company. */
typedef struct {
  OmieAccount account;
  OmieMethod method;
  CallPolicy guard;
  RatePolicy rate;
  char *bucket; /* the method's own bucket; the client sync takes from the same one */
  char *body;
  ErpCall call;
} BooksCall;

static void
books_call_clear(BooksCall *call)
{
  g_clear_pointer(&call->bucket, g_free);
  g_clear_pointer(&call->body, secret_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BooksCall, books_call_clear)

/* With limits off (PER_MINUTE=0) none. */
RatePolicy
omie_books_rate(const Erp *erp, const char *call, char **bucket)
{
  gint64 limit = setting_int(OMIE_PER_MINUTE);
  RatePolicy rate = erp->rate;
  rate.breaker = NULL; /* the call guard is Omie's breaker */
  if (erp->rate.count == 0 || erp->rate.count == RATE_MAX_BUCKETS || limit == 0)
    return rate;
  *bucket = g_strconcat(erp->account_hash, ":", call, NULL);
  rate.buckets[rate.count++] = (RateBucket){
      .key = *bucket,
      .limit = limit,
      .interval_s = 60,
      .burst = MIN(setting_int(OMIE_BURST), MAX(1, limit / 2)), /* as erp.take_token has it */
  };
  return rate;
}

static void
books_call_init(BooksCall *call, const Erp *erp, const char *listing, const char *params)
{
  *call = (BooksCall){
      .account = {.hash = erp->account_hash},
      .method = {.path = wire_of(erp, listing, "path"),
                 .call = wire_of(erp, listing, "call"),
                 .is_single = TRUE},
  };
  call->guard = omie_call_policy(&call->account, &call->method, PLACES);
  call->guard.place_ms = erp->extract_timeout_ms + PLACE_GRACE_MS;
  call->rate = omie_books_rate(erp, call->method.call, &call->bucket);
  call->body = omie_books_body(erp, call->method.call, params);
  call->call =
      (ErpCall){.path = call->method.path,
                .post = call->body,
                .is_small = g_str_equal(listing, "companies") || g_str_equal(listing, "chart"),
                .guard = &call->guard};
}

static char *
cache_key(const Erp *erp, const char *listing, const char *params)
{
  return g_strjoin(":", erp->base_url, erp->account_hash, wire_of(erp, listing, "call"), params,
                   NULL);
}

KeptRows *
omie_books_keep(Erp *erp, const char *listing, const char *params, const RowShape *shape,
                GError **error)
{
  g_autofree char *key = cache_key(erp, listing, params);
  KeptRows *kept = omie_books_cached(key);
  if (kept != NULL)
    return kept;
  g_auto(BooksCall) call = {0};
  books_call_init(&call, erp, listing, params);
  erp->policy.rate = &call.rate;
  kept = erp_call_keep(erp, &call.call, shape, error);
  erp->policy.rate = &erp->rate;
  if (kept != NULL)
    omie_books_cache(key, kept);
  return kept;
}

/* ---- one call whose rows go on as they arrive
 * ---------------------------------------------------*/

/* Hands rows on, and keeps a copy for the cache while the answer is a small one. */
typedef struct {
  EntryRun *run;
  RowTaker take;
  gpointer data;
  KeptRows *copy;
  gboolean is_small;
} Stream;

static gboolean
take_and_copy(const RowCell *cells, gpointer data)
{
  Stream *stream = data;
  stream->is_small = stream->is_small && kept_rows_add(stream->copy, cells, OMIE_CACHE_MAX_BYTES);
  return stream->take(cells, stream->data);
}

static gboolean
replay(EntryRun *run, const KeptRows *kept, RowTaker take, gpointer data, GError **error)
{
  entry_run_begin_page(run, NULL);
  for (guint i = 0; i < kept_rows_count(kept); i++)
    if (!take(kept_rows_row(kept, i), data)) {
      if (run->error != NULL)
        g_propagate_error(error, g_steal_pointer(&run->error));
      return run->has_enough;
    }
  return TRUE;
}

static gboolean
call_stream(Erp *erp, const char *listing, const char *params, const RowShape *shape,
            Stream *stream, GError **error)
{
  g_auto(BooksCall) call = {0};
  books_call_init(&call, erp, listing, params);
  erp->policy.rate = &call.rate;
  gboolean done = entry_run_call(stream->run, &call.call, shape, take_and_copy, stream, error);
  erp->policy.rate = &erp->rate;
  return done;
}

gboolean
omie_books_stream(EntryRun *run, const char *listing, const char *params, const RowShape *shape,
                  RowTaker take, gpointer data, guint *rows, KeptRows **page, GError **error)
{
  g_autofree char *key = cache_key(run->erp, listing, params);
  g_autoptr(KeptRows) kept = omie_books_cached(key);
  if (kept != NULL) {
    *rows = kept_rows_count(kept);
    if (!replay(run, kept, take, data, error))
      return FALSE;
    *page = g_steal_pointer(&kept);
    return TRUE;
  }
  g_autoptr(KeptRows) copy = kept_rows_new(shape);
  Stream stream = {run, take, data, copy, TRUE};
  if (!call_stream(run->erp, listing, params, shape, &stream, error))
    return FALSE;
  *rows = row_reader_count(run->reader);
  kept_rows_end(copy, run->reader);
  if (stream.is_small && !run->has_enough)
    omie_books_cache(key, copy);
  *page = g_steal_pointer(&copy);
  return TRUE;
}

#include "erp/omie/listing.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "erp/omie/lane.h"

#define MAX_LANES 4
#define PLACE_GRACE_MS                                                                             \
  5000 /* a crashed program's place is free so long after its call's time limit */
#define TICK_MS 1000

struct OmieListing {
  LaneContext context;
  Lane lanes[MAX_LANES];
  guint n_lanes;
  guint next_start;   /* page to be asked for next */
  guint next_deliver; /* page the caller gets next */
  gint64 total_pages; /* -1: unknown so far */
  gboolean ended;     /* no page beyond those asked for */
  const OmieJudgement *refusal;
};

void
omie_page_free(OmiePage *page)
{
  omie_reply_free(page->reply);
  g_free(page);
}

CallPolicy
omie_call_policy(const OmieAccount *account, const OmieMethod *method, gint64 places)
{
  return (CallPolicy){
      .account = account->hash,
      .call = method->call,
      .places = places,
      .place_ms = omie_method_timeout_ms(method) + PLACE_GRACE_MS,
      .per_minute = setting_int(OMIE_PER_MINUTE),
      .burst = setting_int(OMIE_BURST),
      .max_errors = setting_int(OMIE_GUARD_ERRORS),
      .window_s = setting_int(OMIE_GUARD_WINDOW_S),
      /* a listing has better things to do with the connection meanwhile */
      .stand_ms = method->is_single ? setting_int(OMIE_SLOT_WAIT_MS) : 0,
  };
}

gint64
omie_method_timeout_ms(const OmieMethod *method)
{
  gint64 usual = setting_int(OMIE_TIMEOUT_MS);
  return method->is_slow ? usual * 3 / 2 : usual;
}

OmieListing *
omie_listing_new(Db *db, const OmieListingRequest *request)
{
  OmieListing *listing = g_new0(OmieListing, 1);
  gint64 parallel = request->method->one_at_a_time ? 1 : setting_int(OMIE_PARALLEL);
  guint lanes = request->method->is_single ? 1 : (guint)parallel;
  listing->context = (LaneContext){
      .db = db,
      .request = *request,
      .policy = omie_call_policy(request->account, request->method, parallel),
      .url = g_strconcat(request->account->base_url, request->method->path, NULL),
      .page_size = request->method->rows_per_page > 0 ? request->method->rows_per_page
                                                      : (guint)setting_int(OMIE_PAGE_SIZE),
  };
  listing->n_lanes = lanes;
  listing->next_start = listing->next_deliver = 1;
  listing->total_pages = -1;
  for (guint i = 0; i < listing->n_lanes; i++)
    lane_init(&listing->lanes[i]);
  return listing;
}

void
omie_listing_free(OmieListing *listing)
{
  g_auto(DbArray) holders;
  g_autoptr(GError) error = NULL;
  db_array_init(&holders);
  for (guint i = 0; i < listing->n_lanes; i++) {
    db_array_add(&holders, listing->lanes[i].holder);
    lane_clear(&listing->lanes[i]);
  }
  if (!call_gate_leave(listing->context.db, &listing->context.policy, db_array_text(&holders),
                       &error))
    log_warning("places not given back", "cause", error->message, NULL);
  g_free(listing->context.url);
  g_free(listing);
}

static gint64
max_pages(const OmieListing *listing)
{
  const OmieMethod *method = listing->context.request.method;
  return method->max_pages > 0 ? method->max_pages : setting_int(OMIE_MAX_PAGES);
}

/* A page is there: what it says about the pages to come. */
static void
take_page(OmieListing *listing, Lane *lane)
{
  gint64 total = omie_reply_total_pages(lane->reply);
  if (total >= 0)
    listing->total_pages = total;
  if (MAX(listing->total_pages, lane->page) > max_pages(listing))
    lane_fail(lane,
              g_error_new_literal(PONTE_ERROR, ERROR_UPSTREAM_FAULT, "Omie: paginação inválida."));
  /* without a total a short page is the last; with one only the total counts, and it may grow */
  if (lane->is_end || listing->context.request.method->is_single ||
      (listing->total_pages < 0 && omie_reply_length(lane->reply) < listing->context.page_size))
    listing->ended = TRUE;
}

static Lane *
lane_of(OmieListing *listing, guint page)
{
  for (guint i = 0; i < listing->n_lanes; i++)
    if (listing->lanes[i].state != LANE_FREE && listing->lanes[i].page == page)
      return &listing->lanes[i];
  return NULL;
}

/* May the page next_start be asked for?  Without a total only when nothing else is open. */
static gboolean
may_start(const OmieListing *listing)
{
  gboolean any_open = FALSE;
  for (guint i = 0; i < listing->n_lanes; i++) {
    if (listing->lanes[i].state == LANE_FAILED)
      return FALSE;
    any_open |= listing->lanes[i].state != LANE_FREE;
  }
  if (listing->ended)
    return FALSE;
  return listing->total_pages >= 0 ? listing->next_start <= listing->total_pages : !any_open;
}

/* Does whatever is due in every lane, and starts pages that may start. */
static void
advance(OmieListing *listing)
{
  for (guint i = 0; i < listing->n_lanes; i++) {
    Lane *lane = &listing->lanes[i];
    if (lane->state == LANE_FREE && may_start(listing))
      lane_begin(lane, &listing->context, listing->next_start++);
    if (lane_advance(lane, &listing->context))
      take_page(listing, lane);
  }
}

void
omie_listing_read_ahead(OmieListing *listing)
{
  advance(listing);
}

static gint64
ms_until_something_is_due(const OmieListing *listing)
{
  gint64 now = g_get_monotonic_time();
  gint64 due = MIN(listing->context.request.deadline_us, now + TICK_MS * 1000);
  for (guint i = 0; i < listing->n_lanes; i++) {
    const Lane *lane = &listing->lanes[i];
    if (lane->state == LANE_WAITING || lane->state == LANE_CLEARED)
      due = MIN(due, lane->due_us);
  }
  return MAX(0, (due - now + 999) / 1000);
}

static OmiePage *
deliver(OmieListing *listing, Lane *lane)
{
  g_autoptr(OmieReply) reply = g_steal_pointer(&lane->reply);
  lane->state = LANE_FREE;
  listing->next_deliver++;
  if (lane->is_end)
    return NULL;
  OmiePage *page = g_new0(OmiePage, 1);
  *page = (OmiePage){lane->page, listing->total_pages, g_steal_pointer(&reply)};
  return page;
}

const OmieJudgement *
omie_listing_refusal(const OmieListing *listing)
{
  return listing->refusal;
}

OmiePage *
omie_listing_next(OmieListing *listing, GError **error)
{
  for (;;) {
    if (stop_requested() && !listing->context.request.finishes) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida.");
      return NULL;
    }
    advance(listing);
    Lane *lane = lane_of(listing, listing->next_deliver);
    if (lane == NULL)
      return NULL;
    if (lane->state == LANE_DONE)
      return deliver(listing, lane);
    if (g_get_monotonic_time() >= listing->context.request.deadline_us) {
      listing->refusal = lane->error != NULL ? &lane->refusal : NULL; /* waited out in vain */
      g_set_error_literal(error, PONTE_ERROR, ERROR_DEADLINE, "Omie: tempo limite excedido.");
      return NULL;
    }
    if (lane->state == LANE_FAILED) {
      listing->refusal = &lane->refusal;
      g_propagate_error(error, g_steal_pointer(&lane->error));
      return NULL;
    }
    https_wait(https_shared(), ms_until_something_is_due(listing));
  }
}

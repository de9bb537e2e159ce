#include "erp/omie/listing.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"

#define MAX_LANES 4
#define PLACE_GRACE_MS                                                                             \
  5000 /* a crashed program's place is free so long after its call's time limit */
#define TICK_MS 1000

typedef enum {
  LANE_FREE,
  LANE_WAITING, /* until not_before_us, then it asks the gate */
  LANE_CLEARED, /* the gate said go; the call leaves at not_before_us */
  LANE_CALLING,
  LANE_DONE, /* page read, not yet delivered */
  LANE_FAILED,
} LaneState;

/* One call in flight, or a page that waits for its turn. */
typedef struct {
  LaneState state;
  guint page;
  gint64 not_before_us;
  char *holder; /* stands for our place among the calls in flight */
  OmieReply *reply;
  HttpsCall *call;
  guint tries[OMIE_FINAL + 1]; /* answers so far, by class */
  gboolean is_end;             /* Omie had nothing on this page */
  GError *error;               /* the last refusal; final when LANE_FAILED */
} Lane;

struct OmieListing {
  Db *db;
  OmieListingRequest request;
  CallPolicy policy;
  char *url;
  guint page_size, n_lanes;
  Lane lanes[MAX_LANES];
  guint next_start;   /* page to be asked for next */
  guint next_deliver; /* page the caller gets next */
  gint64 total_pages; /* -1: unknown so far */
  gboolean ended;     /* no page beyond those asked for */
};

gboolean
omie_is_last_page(guint page, gint64 total_pages, guint rows, guint page_size)
{
  return total_pages >= 0 ? page >= total_pages : rows < page_size;
}

void
omie_page_free(OmiePage *page)
{
  omie_reply_free(page->reply);
  g_free(page);
}

OmieListing *
omie_listing_new(Db *db, const OmieListingRequest *request)
{
  OmieListing *listing = g_new0(OmieListing, 1);
  gint64 parallel = request->method->one_at_a_time ? 1 : setting_int(OMIE_PARALLEL);
  listing->db = db;
  listing->request = *request;
  listing->url = g_strconcat(request->account->base_url, request->method->path, NULL);
  listing->page_size = (guint)setting_int(OMIE_PAGE_SIZE);
  listing->n_lanes = (guint)parallel;
  listing->next_start = listing->next_deliver = 1;
  listing->total_pages = -1;
  listing->policy = (CallPolicy){
      .account = request->account->hash,
      .call = request->method->call,
      .places = parallel,
      .place_ms = setting_int(OMIE_TIMEOUT_MS) + PLACE_GRACE_MS,
      .per_minute = setting_int(OMIE_PER_MINUTE),
      .burst = setting_int(OMIE_BURST),
      .max_errors = setting_int(OMIE_GUARD_ERRORS),
      .window_s = setting_int(OMIE_GUARD_WINDOW_S),
  };
  for (guint i = 0; i < listing->n_lanes; i++)
    listing->lanes[i].holder = g_uuid_string_random();
  return listing;
}

static void
free_lane(Lane *lane)
{
  g_clear_pointer(&lane->call, https_call_free); /* before the reply it writes into */
  g_clear_pointer(&lane->reply, omie_reply_free);
  g_clear_error(&lane->error);
}

void
omie_listing_free(OmieListing *listing)
{
  g_auto(DbArray) holders;
  db_array_init(&holders);
  for (guint i = 0; i < listing->n_lanes; i++) {
    free_lane(&listing->lanes[i]);
    db_array_add(&holders, listing->lanes[i].holder);
    g_free(listing->lanes[i].holder);
  }
  g_autoptr(GError) error = NULL;
  if (!call_gate_leave(listing->db, &listing->policy, db_array_text(&holders), &error))
    log_warning("places not given back", "cause", error->message, NULL);
  g_free(listing->url);
  g_free(listing);
}

static void
fail_lane(Lane *lane, GError *error)
{
  g_clear_error(&lane->error);
  lane->error = error;
  lane->state = LANE_FAILED;
}

/* A refusal that may pass: remembered, and asked again after a while, unless that is too late. */
static void
wait_lane(OmieListing *listing, Lane *lane, gint64 wait_ms)
{
  gint64 until = g_get_monotonic_time() + wait_ms * 1000;
  lane->not_before_us = MIN(until, listing->request.deadline_us);
  lane->state = LANE_WAITING;
}

static char *
request_body(const OmieListing *listing, guint page)
{
  const OmieAccount *account = listing->request.account;
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "call", listing->request.method->call);
  json_add_text(w, "app_key", account->app_key);
  json_add_text(w, "app_secret", account->app_secret);
  json_open_array(w, "param");
  json_open_object(w, NULL);
  json_add_int(w, "pagina", page);
  json_add_int(w, "registros_por_pagina", listing->page_size);
  if (listing->request.write_filter != NULL)
    listing->request.write_filter(w);
  json_close_object(w);
  json_close_array(w);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static gint64
timeout_ms(const OmieListing *listing)
{
  gint64 left_ms = (listing->request.deadline_us - g_get_monotonic_time()) / 1000;
  return CLAMP(left_ms, 1, setting_int(OMIE_TIMEOUT_MS));
}

static void
start_call(OmieListing *listing, Lane *lane)
{
  GError *error = NULL;
  g_autofree char *body = request_body(listing, lane->page);
  lane->reply = omie_reply_new(listing->request.method);
  HttpsRequest request = {
      .url = listing->url,
      .body = body,
      .content_type = "application/json",
      .timeout_ms = timeout_ms(listing),
      .max_bytes = (gsize)setting_int(OMIE_MAX_RESPONSE_BYTES),
      .sink = omie_reply_feed,
      .sink_data = lane->reply,
  };
  lane->call = https_start(https_shared(), &request, &error);
  if (lane->call == NULL)
    fail_lane(lane, error);
  else
    lane->state = LANE_CALLING;
}

/* Asks the gate; its answer decides what the lane does next. */
static void
ask_gate(OmieListing *listing, Lane *lane)
{
  GateVerdict verdict;
  gint64 wait_ms;
  GError *error = NULL;
  if (!call_gate_enter(listing->db, &listing->policy, lane->holder, &listing->request.lease,
                       &verdict, &wait_ms, &error)) {
    fail_lane(lane, error);
    return;
  }
  switch (verdict) {
  case GATE_GO:
    lane->not_before_us = g_get_monotonic_time() + wait_ms * 1000;
    lane->state = LANE_CLEARED;
    break;
  case GATE_BUSY:
    wait_lane(listing, lane, setting_int(OMIE_SLOT_WAIT_MS));
    break;
  case GATE_SUSPENDED: /* in the middle of a run the run ends with its own last error */
    fail_lane(lane, lane->error != NULL
                        ? g_steal_pointer(&lane->error)
                        : g_error_new_literal(PONTE_ERROR, ERROR_UPSTREAM_SUSPENDED,
                                              "Omie: chamadas suspensas para evitar bloqueio."));
    break;
  case GATE_LEASE_LOST:
    fail_lane(lane, g_error_new_literal(PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida."));
  }
}

static void
log_call(const OmieListing *listing, const Lane *lane, const OmieAnswer *answer, const char *fault)
{
  g_autofree char *ms = g_strdup_printf("%.1f", answer->https.duration_us / 1000.0);
  log_info("omie call", "call", listing->request.method->call, "account",
           listing->request.account->hash, "page", int_text(lane->page), "status",
           int_text(answer->https.status), "bytes", int_text((gint64)answer->https.bytes), "ms", ms,
           "fault", fault, NULL);
}

/* Tells everybody who shares the guard of an error answer. */
static gboolean
note_fault(OmieListing *listing, Lane *lane, const OmieJudgement *judgement, gint64 wait_ms)
{
  GError *error = NULL;
  if (!judgement->counts ||
      call_gate_note_fault(listing->db, &listing->policy, lane->holder, omie_block_s(judgement),
                           judgement->class == OMIE_RATE ? wait_ms : 0, &error))
    return TRUE;
  fail_lane(lane, error);
  return FALSE;
}

/* A refusal is remembered; the lane waits to ask again, or gives up. */
static void
take_refusal(OmieListing *listing, Lane *lane, const OmieJudgement *judgement, const char *message,
             gint64 wait_ms)
{
  g_clear_pointer(&lane->reply, omie_reply_free);
  g_clear_error(&lane->error);
  lane->error = g_error_new_literal(PONTE_ERROR, (gint)judgement->code, message);
  if (wait_ms < 0)
    lane->state = LANE_FAILED;
  else
    wait_lane(listing, lane, wait_ms);
}

/* A page is there: what it says about the pages to come. */
static void
take_page(OmieListing *listing, Lane *lane)
{
  gint64 total = omie_reply_total_pages(lane->reply);
  lane->state = LANE_DONE;
  if (total >= 0)
    listing->total_pages = total;
  if (MAX(listing->total_pages, lane->page) > setting_int(OMIE_MAX_PAGES))
    fail_lane(lane,
              g_error_new_literal(PONTE_ERROR, ERROR_UPSTREAM_FAULT, "Omie: paginação inválida."));
  if (lane->is_end || omie_is_last_page(lane->page, listing->total_pages,
                                        omie_reply_length(lane->reply), listing->page_size))
    listing->ended = TRUE;
}

static void
read_answer(OmieListing *listing, Lane *lane)
{
  g_auto(OmieJudgement) judgement = {0};
  omie_reply_end(lane->reply);
  OmieAnswer answer =
      omie_reply_answer(lane->reply, https_result(lane->call), setting_int(OMIE_TIMEOUT_MS));
  omie_judge(&answer, &judgement);
  g_autofree char *message =
      judgement.message != NULL ? omie_redact(listing->request.account, judgement.message) : NULL;
  log_call(listing, lane, &answer, message);
  g_clear_pointer(&lane->call, https_call_free);

  gint64 wait_ms = omie_retry_wait_ms(&judgement, lane->tries[judgement.class]++);
  lane->is_end = judgement.class == OMIE_EMPTY;
  if (!note_fault(listing, lane, &judgement, wait_ms))
    return;
  if (judgement.class == OMIE_FINE || judgement.class == OMIE_EMPTY)
    take_page(listing, lane);
  else
    take_refusal(listing, lane, &judgement, message, wait_ms);
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

static void
begin_page(OmieListing *listing, Lane *lane)
{
  memset(lane->tries, 0, sizeof lane->tries);
  g_clear_error(&lane->error);
  lane->page = listing->next_start++;
  ask_gate(listing, lane);
}

/* Does whatever is due in every lane, and starts pages that may start. */
static void
advance(OmieListing *listing)
{
  for (guint i = 0; i < listing->n_lanes; i++) {
    Lane *lane = &listing->lanes[i];
    if (lane->state == LANE_FREE && may_start(listing))
      begin_page(listing, lane);
    gint64 now = g_get_monotonic_time();
    if (lane->state == LANE_WAITING && now >= lane->not_before_us)
      ask_gate(listing, lane);
    if (lane->state == LANE_CLEARED && now >= lane->not_before_us)
      start_call(listing, lane);
    if (lane->state == LANE_CALLING && https_result(lane->call) != NULL)
      read_answer(listing, lane);
  }
}

static gint64
ms_until_something_is_due(const OmieListing *listing)
{
  gint64 now = g_get_monotonic_time();
  gint64 due = MIN(listing->request.deadline_us, now + TICK_MS * 1000);
  for (guint i = 0; i < listing->n_lanes; i++) {
    const Lane *lane = &listing->lanes[i];
    if (lane->state == LANE_WAITING || lane->state == LANE_CLEARED)
      due = MIN(due, lane->not_before_us);
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
  advance(listing); /* the next page comes in while the caller stores this one */
  return page;
}

OmiePage *
omie_listing_next(OmieListing *listing, GError **error)
{
  for (;;) {
    if (stop_requested()) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida.");
      return NULL;
    }
    advance(listing);
    Lane *lane = lane_of(listing, listing->next_deliver);
    if (lane == NULL)
      return NULL;
    if (lane->state == LANE_DONE)
      return deliver(listing, lane);
    if (g_get_monotonic_time() >= listing->request.deadline_us) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_DEADLINE, "Omie: tempo limite excedido.");
      return NULL;
    }
    if (lane->state == LANE_FAILED) {
      g_propagate_error(error, g_steal_pointer(&lane->error));
      return NULL;
    }
    https_wait(https_shared(), ms_until_something_is_due(listing));
  }
}

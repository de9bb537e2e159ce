#include "erp/omie/lane.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"

void
lane_init(Lane *lane)
{
  *lane = (Lane){.holder = g_uuid_string_random()};
}

void
lane_clear(Lane *lane)
{
  g_clear_pointer(&lane->call, https_call_free); /* before the reply it writes into */
  g_clear_pointer(&lane->body, json_writer_free);
  g_clear_pointer(&lane->reply, omie_reply_free);
  g_clear_error(&lane->error);
  omie_judgement_clear(&lane->refusal);
  g_clear_pointer(&lane->holder, g_free);
}

void
lane_fail(Lane *lane, GError *error)
{
  g_clear_error(&lane->error);
  lane->error = error;
  lane->state = LANE_FAILED;
}

/* A refusal that may pass: remembered, and asked again after a while, unless that is too late. */
static void
wait_lane(Lane *lane, const LaneContext *context, gint64 wait_ms)
{
  gint64 until = g_get_monotonic_time() + wait_ms * 1000;
  lane->due_us = MIN(until, context->request.deadline_us);
  lane->state = LANE_WAITING;
}

static JsonWriter *
write_request(const LaneContext *context, guint page)
{
  const OmieAccount *account = context->request.account;
  const OmieMethod *method = context->request.method;
  JsonWriter *w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "call", method->call);
  json_add_text(w, "app_key", account->app_key);
  json_add_text(w, "app_secret", account->app_secret);
  json_open_array(w, "param");
  json_open_object(w, NULL);
  if (!method->is_single) {
    json_add_int(w, method->page != NULL ? method->page : "pagina", page);
    json_add_int(w, method->page_size != NULL ? method->page_size : "registros_por_pagina",
                 context->page_size);
  }
  if (context->request.write_filter != NULL)
    context->request.write_filter(w, context->request.filter_data);
  json_close_object(w);
  json_close_array(w);
  json_close_object(w);
  return w;
}

static gint64
timeout_ms(const LaneContext *context)
{
  gint64 left_ms = (context->request.deadline_us - g_get_monotonic_time()) / 1000;
  return CLAMP(left_ms, 1, omie_method_timeout_ms(context->request.method));
}

static void
start_call(Lane *lane, const LaneContext *context)
{
  GError *error = NULL;
  lane->body = write_request(context, lane->page);
  lane->reply = omie_reply_new(context->request.method);
  HttpsRequest request = {
      .url = context->url,
      .body = json_writer_text(lane->body),
      .content_type = "application/json",
      .timeout_ms = timeout_ms(context),
      .max_bytes = (gsize)setting_int(OMIE_MAX_RESPONSE_BYTES),
      .only_once = context->request.method->is_write,
      .sink = omie_reply_feed,
      .sink_data = lane->reply,
  };
  lane->call = https_start(https_shared(), &request, &error);
  if (lane->call == NULL)
    lane_fail(lane, error);
  else
    lane->state = LANE_CALLING;
}

/* Asks the gate; its answer decides what the lane does next. */
static void
ask_gate(Lane *lane, const LaneContext *context)
{
  GateVerdict verdict;
  gint64 wait_ms;
  GError *error = NULL;
  if (!call_gate_enter(context->db, &context->policy, lane->holder, &context->request.lease,
                       &verdict, &wait_ms, &error)) {
    lane_fail(lane, error);
    return;
  }
  switch (verdict) {
  case GATE_GO:
    lane->due_us = g_get_monotonic_time() + wait_ms * 1000;
    lane->state = LANE_CLEARED;
    break;
  case GATE_BUSY: /* who stood in line steps back into it at once */
    wait_lane(lane, context, context->policy.stand_ms > 0 ? 0 : setting_int(OMIE_SLOT_WAIT_MS));
    break;
  case GATE_SUSPENDED: /* in the middle of a run the run ends with its own last error */
    if (lane->error == NULL)
      lane->refusal = (OmieJudgement){.class = OMIE_SUSPENDED, .stated_wait_s = wait_ms / 1000};
    lane_fail(lane, lane->error != NULL
                        ? g_steal_pointer(&lane->error)
                        : g_error_new_literal(PONTE_ERROR, ERROR_UPSTREAM_SUSPENDED,
                                              "Omie: chamadas suspensas para evitar bloqueio."));
    break;
  case GATE_LEASE_LOST:
    lane_fail(lane, g_error_new_literal(PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida."));
  }
}

static void
log_call(const Lane *lane, const LaneContext *context, const OmieAnswer *answer, const char *fault)
{
  g_autofree char *ms = g_strdup_printf("%.1f", (double)answer->https.duration_us / 1000);
  log_info("omie call", "call", context->request.method->call, "account",
           context->request.account->hash, "page", int_text(lane->page), "status",
           int_text(answer->https.status), "bytes", int_text((gint64)answer->https.bytes), "ms", ms,
           "fault", fault, "reason",
           answer->https.outcome != HTTPS_ANSWERED ? answer->https.reason : NULL, NULL);
}

/* Tells everybody who shares the guard of an error answer. */
static gboolean
note_fault(Lane *lane, const LaneContext *context, const OmieJudgement *judgement, gint64 wait_ms)
{
  GError *error = NULL;
  if (!judgement->counts ||
      call_gate_note_fault(context->db, &context->policy, lane->holder, omie_block_s(judgement),
                           judgement->class == OMIE_RATE ? wait_ms : 0, &error))
    return TRUE;
  lane_fail(lane, error);
  return FALSE;
}

/* A refusal is remembered; the lane waits to ask again, or gives up. */
static void
take_refusal(Lane *lane, const LaneContext *context, OmieJudgement *judgement, gint64 wait_ms)
{
  omie_judgement_clear(&lane->refusal);
  lane->refusal = *judgement;
  judgement->text = judgement->message = NULL; /* the lane's by now */
  g_clear_pointer(&lane->reply, omie_reply_free);
  g_clear_error(&lane->error);
  lane->error = g_error_new_literal(PONTE_ERROR, (gint)lane->refusal.code, lane->refusal.message);
  GError *error = NULL;
  if (wait_ms < 0)
    lane->state = LANE_FAILED;
  else if (call_gate_renew(context->db, &context->request.lease, wait_ms, &error))
    wait_lane(lane, context, wait_ms);
  else
    lane_fail(lane, error);
}

static void
read_answer(Lane *lane, const LaneContext *context)
{
  g_auto(OmieJudgement) judgement = {0};
  omie_reply_end(lane->reply);
  OmieAnswer answer = omie_reply_answer(lane->reply, https_result(lane->call),
                                        omie_method_timeout_ms(context->request.method));
  omie_judge(&answer, &judgement);
  omie_redact(context->request.account, &judgement.message);
  omie_redact(context->request.account, &judgement.text);
  log_call(lane, context, &answer, judgement.message);
  g_clear_pointer(&lane->call, https_call_free);
  g_clear_pointer(&lane->body, json_writer_free);

  gint64 wait_ms = omie_retry_wait_ms(&judgement, context->request.method->is_write,
                                      lane->tries[judgement.class]++);
  lane->is_end = judgement.class == OMIE_EMPTY;
  if (!note_fault(lane, context, &judgement, wait_ms))
    return;
  if (judgement.class == OMIE_FINE || judgement.class == OMIE_EMPTY)
    lane->state = LANE_DONE;
  else
    take_refusal(lane, context, &judgement, wait_ms);
}

void
lane_begin(Lane *lane, const LaneContext *context, guint page)
{
  memset(lane->tries, 0, sizeof lane->tries);
  g_clear_error(&lane->error);
  lane->page = page;
  ask_gate(lane, context);
}

gboolean
lane_advance(Lane *lane, const LaneContext *context)
{
  gint64 now = g_get_monotonic_time();
  if (lane->state == LANE_WAITING && now >= lane->due_us)
    ask_gate(lane, context);
  if (lane->state == LANE_CLEARED && now >= lane->due_us)
    start_call(lane, context);
  if (lane->state != LANE_CALLING || https_result(lane->call) == NULL)
    return FALSE;
  read_answer(lane, context);
  return lane->state == LANE_DONE;
}

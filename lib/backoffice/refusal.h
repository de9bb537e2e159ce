/* What Omie's refusals mean to the back office: the text for people, and whether a later attempt
 * may do better (backoffice.md 5.4).  Pure. */
#pragma once
#include "erp/omie/fault.h"
#include "jobs/queue.h"

typedef struct {
  char *text;
  gboolean may_retry;    /* by itself, later */
  gint64 not_before_s;   /* not sooner */
  gboolean hits_all;     /* the next call of this attempt would fare no better */
  gboolean is_suspended; /* our own guard did not even let it go out */
  gboolean is_unknown;   /* a write that may have been carried out */
  gboolean is_duplicate; /* "já cadastrado": it is there */
  gboolean is_missing;   /* Omie does not have this call or its members */
} Refusal;
void refusal_clear(Refusal *refusal);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Refusal, refusal_clear)

/* How a job ends that was refused so before it changed anything.  In the background a closed guard
 * only postpones it (14.8).  Takes the refusal's text. */
JobResult refusal_result(Refusal *refusal, const Claim *claim);

/* `error` is what the call failed with: it counts where Omie said nothing. */
void refusal_read(Refusal *refusal, const OmieJudgement *judgement, const GError *error);

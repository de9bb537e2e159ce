/* What an answer of Omie's means, and whether to ask again (fin.md 5.4, omie-api.md 3.3).  Pure. */
#pragma once
#include <glib.h>

#include "base/error.h"
#include "net/https.h"

typedef enum {
  OMIE_FINE,      /* data */
  OMIE_EMPTY,     /* "no records on this page": the end, not an error */
  OMIE_TRANSIENT, /* lost, late or unreadable */
  OMIE_BUSY,      /* the method allows one call at a time */
  OMIE_REDUNDANT, /* the same question within a minute */
  OMIE_RATE,
  OMIE_BLOCKED,   /* too many errors: nobody may call for a while */
  OMIE_SUSPENDED, /* our own guard holds calls back */
  OMIE_FINAL,     /* any other refusal: asking again does not help */
  N_OMIE_CLASSES,
} OmieClass;

/* An answer as it was received. */
typedef struct {
  HttpsResult https;
  gint64 timeout_ms;
  gboolean is_object;     /* the body is one whole JSON object */
  const char *fault_text; /* faultstring, descricao, error_message; NULL when there is none */
  const char *fault_code;
} OmieAnswer;

typedef struct {
  OmieClass class;
  HttpsResult https;    /* of the answer */
  PonteErrorCode code;  /* when this is the end of it */
  char *message;        /* for log and caller, not yet redacted; NULL for FINE and EMPTY */
  char *text;           /* Omie's own words in it, or the reason; likewise */
  gint64 stated_wait_s; /* what Omie itself asked to wait; -1 when it did not say */
  gboolean counts;      /* an error answer in the sense of Omie's error block */
} OmieJudgement;

void omie_judge(const OmieAnswer *answer, OmieJudgement *judgement);
void omie_judgement_clear(OmieJudgement *judgement);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OmieJudgement, omie_judgement_clear)

/* How long to wait before asking again, when `nth` (from 0) answers of this class came for the call
 * before; -1: do not.  A write is asked again only when it was surely not carried out. */
gint64 omie_retry_wait_ms(const OmieJudgement *judgement, gboolean is_write, guint nth);

/* Of a write that was refused so: may it have been carried out all the same? */
gboolean omie_outcome_is_unknown(const OmieJudgement *judgement);

/* For how long an answer suspends the method for everybody; 0: it does not. */
gint64 omie_block_s(const OmieJudgement *judgement);

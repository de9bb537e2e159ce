/* One page on its way: asks the gate, calls Omie, and where the answer is a refusal that may pass,
 * waits and asks again.  Private to the listing. */
#pragma once
#include "erp/omie/listing.h"

typedef enum {
  LANE_FREE,
  LANE_WAITING, /* until due_us, then it asks the gate */
  LANE_CLEARED, /* the gate said go; the call leaves at due_us */
  LANE_CALLING,
  LANE_DONE, /* the page is read, not yet delivered */
  LANE_FAILED,
} LaneState;

/* What all lanes of a listing share. */
typedef struct {
  Db *db;
  OmieListingRequest request;
  CallPolicy policy;
  char *url;
  guint page_size;
} LaneContext;

typedef struct {
  LaneState state;
  guint page;
  gint64 due_us;
  char *holder; /* stands for our place among the calls in flight */
  OmieReply *reply;
  JsonWriter *body; /* of the request, while the call lasts; wiped when freed */
  HttpsCall *call;
  guint tries[N_OMIE_CLASSES]; /* answers so far, by class */
  gboolean is_end;             /* Omie had nothing on this page */
  GError *error;               /* the last refusal; final when LANE_FAILED */
  OmieJudgement refusal;       /* what it was, its texts redacted */
} Lane;

void lane_init(Lane *lane);
void lane_clear(Lane *lane);

/* Starts on a page; the lane must be free. */
void lane_begin(Lane *lane, const LaneContext *context, guint page);

/* Does what is due.  TRUE when that ended in LANE_DONE. */
gboolean lane_advance(Lane *lane, const LaneContext *context);

/* Ends the lane with an error, which it takes. */
void lane_fail(Lane *lane, GError *error);

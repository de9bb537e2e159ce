/* One request on its way to an ERP.  Private to the exchange. */
#pragma once
#include "net/exchange.h"

typedef enum {
  EXCHANGE_WAITING, /* until due_us, then it asks guard, breaker and buckets */
  EXCHANGE_ASKING,  /* held, and Postgres has not answered yet */
  EXCHANGE_CLEARED, /* they said go; it goes on at due_us */
  EXCHANGE_SIGNING, /* a token is being got */
  EXCHANGE_CALLING,
  EXCHANGE_OVER,
} ExchangeState;

struct Exchange {
  Db *db;
  const ExchangePolicy *policy;
  const ExchangeRequest *request;
  ExchangeState state;
  gint64 due_us;
  gint64 asking_since_us; /* for a place among the calls in flight; 0: does not */
  char *host, *path;      /* for the log */

  char *holder; /* stands for our place at the guard */
  gboolean has_place, has_grant;
  RateGrant grant;

  OAuthFlow *flow;      /* of this attempt; owns the token */
  char *rejected;       /* the token that the ERP refused */
  gboolean has_renewed; /* once is all there is */
  gboolean is_replay;   /* of the same attempt */

  gboolean is_held; /* see exchange_hold */
  HttpsCall *call;
  char *authorization; /* a header */
  gboolean is_good;    /* the status is a 2xx */
  gboolean is_deaf;    /* the reader wants no more of an answer that is none */
  gboolean other_type; /* not the content type that was asked for */
  guint handshakes;    /* that failed */

  GError *error; /* the last attempt's; final once it is over */
  ExchangeResult result;
};

/* Ends it, with an error (which it takes) or well (NULL). */
void exchange_end(Exchange *x, GError *error);

/* Gives grant and place back; what went wrong then is logged, the answer stands. */
void exchange_tell_rate(Exchange *x, RateOutcome outcome, gint64 pause_ms, gboolean whole_day);
void exchange_tell_guard(Exchange *x, gboolean is_fault, gint64 block_s);

/* Asks all that must agree; its state tells what came of it. */
void exchange_ask(Exchange *x);

/* The same for one that is held, while its answer is waited for elsewhere: sends the question,
 * FALSE where that cannot be done; reads the answer; takes back what it brings. */
gboolean exchange_ask_ahead(Exchange *x);
void exchange_hear(Exchange *x);
void exchange_unask(Exchange *x);

/* Sends it (`token` or NULL), and frees what sending took. */
void exchange_send(Exchange *x, const char *token);
void exchange_drop_call(Exchange *x);

/* The call has ended: what to make of it. */
void exchange_read_answer(Exchange *x);

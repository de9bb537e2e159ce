/* One request to an ERP under every policy, in this order: deadline, retry, breaker and buckets,
 * credential, HTTPS, what the answer means, and what that teaches the breaker (erp-connectors.md
 * 4).  A state machine: many go on at once, each moved on by exchange_advance while https_wait
 * waits for all of them; exchange_run does so for one. */
#pragma once
#include "base/error.h"
#include "net/call_gate.h"
#include "net/https.h"
#include "net/oauth.h"
#include "net/rate.h"
#include "net/retry.h"

/* What became of a body. */
typedef enum {
  BODY_WHOLE,
  BODY_NONE,       /* empty: an empty list */
  BODY_TRUNCATED,  /* the text ends before it is over */
  BODY_UNEXPECTED, /* a page of HTML, or XML where JSON is due, or the reverse */
  BODY_MISSHAPEN,  /* well-formed, but not what was asked for */
  BODY_STOPPED,    /* whoever takes the rows wants no more: the exchange ends well */
  BODY_UNTAKEN,    /* whoever takes the rows failed; it knows why */
} BodyState;

/* Reads a body while it arrives; begun anew for each attempt. */
typedef struct {
  void (*begin)(gpointer reader);
  /* The head is there: rows count only with a 2xx.  `content_type` may be NULL. */
  void (*head)(gpointer reader, guint status, const char *content_type);
  HttpsSink take; /* FALSE: enough, `end` tells why.  Ends the transfer of a 2xx; of other answers
                     the rest is passed over.  May block for long. */
  /* Called when the body is over or `take` ended it; not when the transfer broke off. */
  BodyState (*end)(gpointer reader);
} BodyReader;

/* One answer, and what is to be done about it.  Filled in by the general rules (table of 4.1), then
 * shown to the ERP's own judge, which may change any of it. */
typedef struct {
  guint status; /* 0: none came */
  HttpsResult https;
  BodyState body;
  gboolean fine;          /* an answer to go on with (or an empty list) */
  gboolean retried;       /* may pass: asked again while attempts are left */
  gboolean counts;        /* as a failure of the breaker's */
  gboolean is_expired;    /* the credential was refused: renewed once, where it can be */
  PonteErrorCode code;    /* when this is the end of it */
  gint64 stated_wait_s;   /* what the ERP asked to wait; -1: it did not say */
  gboolean whole_day;     /* until midnight */
  gint64 block_s;         /* Omie: holds the method back for everybody; 0: does not */
  gint64 min_wait_ms;     /* before asking again; 0: as the retry policy says */
  char *message;          /* for the caller, Portuguese; the judge may replace it */
  char *upstream_message; /* the ERP's own words, not yet cleaned; NULL: none */
} ExchangeVerdict;

typedef void (*ExchangeJudge)(ExchangeVerdict *verdict, gpointer data);

typedef struct {
  const char *company, *operation; /* for the log */
  const RatePolicy *rate;
  RetryPolicy retry;
  gboolean retry_on_timeout;
  const OAuthClient *oauth;   /* adds Authorization: Bearer; NULL: the request has its credential */
  const char *const *secrets; /* never in a message; ended by NULL */
  const CallPolicy *guard;    /* Omie: guard and places besides; NULL: none */
  ExchangeJudge judge;        /* NULL: the general rules alone */
  gpointer judge_data;
  gint64 patience_ms; /* the longest wait for a token */
  gint64 deadline_us; /* of the whole run: a wait that would pass it is not begun */
  gint64 stall_s;     /* fewer than 100 bytes a second for so long is a time-out */
} ExchangePolicy;

typedef struct {
  const char *url;  /* logged without its query */
  const char *body; /* POST when not NULL */
  const char *content_type, *accept;
  const char *const *headers; /* ended by NULL, or NULL */
  gint64 timeout_ms;          /* of one attempt, the time the reader takes not counted */
  gsize max_bytes;            /* of the body, decompressed */
  const BodyReader *reader;   /* NULL: the body is of no interest */
  gpointer reader_data;
} ExchangeRequest;

/* How it ended. */
typedef struct {
  guint attempts, requests; /* requests: those sent, token calls not counted */
  guint status;             /* of the last answer */
  gint64 retry_after_s;     /* -1: not known */
  char *upstream_message;   /* cleaned: 200 characters, no secrets, no long digits; NULL */
  gint64 answered_us;       /* duration of the last attempt, waits not counted */
  gboolean content_type_mismatch;
} ExchangeResult;

/* The HTTPS client of all exchanges (and of token calls), for https_wait: of public addresses only,
 * unless ERP_ALLOW_PRIVATE_HOSTS is set. */
HttpsClient *exchange_client(void);

typedef struct Exchange Exchange;

/* Policy, request and what they point to must outlive it. */
Exchange *exchange_new(Db *db, const ExchangePolicy *policy, const ExchangeRequest *request);
void exchange_free(Exchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exchange, exchange_free)

/* Does what is due; TRUE once it is over. */
gboolean exchange_advance(Exchange *exchange);
gboolean exchange_is_over(const Exchange *exchange);
gint64 exchange_wait_ms(const Exchange *exchange); /* how long it has nothing to do but wait */

/* For one that has not begun: it may be sent, but its answer waits until exchange_release. */
void exchange_hold(Exchange *exchange);
void exchange_release(Exchange *exchange);

/* Ends one that is under way as INTERRUPTED; as freeing it, this counts nowhere. */
void exchange_interrupt(Exchange *exchange);

/* Of one that is over.  TRUE: the reader has a whole answer (or wanted no more).  Errors: codes of
 * erp-connectors.md 7 (base/error.h, ERROR_ERP_*). */
gboolean exchange_succeeded(Exchange *exchange, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const ExchangeResult *exchange_result(const Exchange *exchange);

/* Runs one to its end.  `abandoned` (or NULL) is asked whenever something came, and every 250 ms:
 * when it says TRUE the run ends as INTERRUPTED; so does a stop that was asked for. */
typedef gboolean (*ExchangeAbandoned)(gpointer data);
gboolean exchange_run(Exchange *exchange, ExchangeAbandoned abandoned, gpointer data,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Pure: the general rules for an answer (4.1), before the ERP's judge. */
void exchange_judge(ExchangeVerdict *verdict);
void exchange_verdict_clear(ExchangeVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExchangeVerdict, exchange_verdict_clear)

/* Pure: what the breaker learns from it. */
RateOutcome exchange_outcome(const ExchangeVerdict *verdict);

/* An ERP's words made fit for people and logs: one line, at most 200 characters, secrets (also as
 * URLs and base64 show them) and what looks like a CPF or CNPJ (11 or 14 digits, with or without
 * their marks) masked.  NULL for NULL.  The caller's. */
char *exchange_clean(const char *text, const char *const *secrets);

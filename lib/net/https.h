/* The HTTPS client: one long-lived libcurl multi handle per process, several calls at once.  https
 * only, certificates always verified against CURL_CA_BUNDLE, no redirects, no proxies, size and
 * time bounded.  What a failure means and what is repeated is decided above (net/exchange.h,
 * lib/erp). */
#pragma once
#include <glib.h>

typedef struct HttpsClient HttpsClient;
typedef struct HttpsCall HttpsCall;

/* Takes the answer's body as it arrives; FALSE ends the call as HTTPS_REFUSED. */
typedef gboolean (*HttpsSink)(const char *bytes, gsize length, gpointer data);

/* The head of the answer is there: called once, before the first byte of a body, or at the end
 * where there is none; not called when no answer came.  https_status and https_header tell of it.
 */
typedef void (*HttpsHead)(HttpsCall *call, gpointer data);

typedef struct {
  const char *url;  /* https://… */
  const char *body; /* POST when not NULL; must live, unchanged, as long as the call */
  const char *content_type;
  const char *accept;         /* NULL: application/json */
  const char *const *headers; /* further ones, "Name: value", ended by NULL; or NULL */
  gint64 timeout_ms;          /* of the whole call */
  gint64 stall_s;             /* with slow_sink: once the answer has begun, fewer than 100 bytes a
                                 second for so long are a time-out; 0: no such rule */
  gint64 connect_timeout_ms;  /* of the connection; 0: 10 s */
  gsize max_bytes;            /* of the body, after decompression */
  gboolean only_once;   /* never repeated by libcurl itself, whatever becomes of the connection */
  gboolean public_only; /* connects to addresses of the public internet alone */
  gboolean slow_sink;   /* the sink may block for long: its time is no part of timeout_ms */
  gboolean is_held;     /* with slow_sink: its body waits on the wire until https_release */
  gsize max_header;     /* bytes of one header line; 0: what libcurl takes */
  GString *location;    /* when not NULL: gets where a 3xx points, as the header says, or "" */
  HttpsHead head;       /* or NULL */
  HttpsSink sink;
  gpointer sink_data; /* of head and sink */
} HttpsRequest;

typedef enum {
  HTTPS_ANSWERED, /* a complete answer, whatever its status */
  HTTPS_TIMED_OUT,
  HTTPS_NOT_SENT,  /* no connection or no TLS: nothing of the request left */
  HTTPS_FAILED,    /* cut off in the middle */
  HTTPS_UNTRUSTED, /* the certificate does not hold */
  HTTPS_TOO_LARGE,
  HTTPS_REFUSED,    /* by the sink */
  HTTPS_NOT_PUBLIC, /* public_only, and the name leads elsewhere; nothing was connected */
  N_HTTPS_OUTCOMES
} HttpsOutcome;

typedef struct {
  HttpsOutcome outcome;
  guint status;          /* 0 when no answer came */
  gint64 retry_after_s;  /* 0 when not told */
  gboolean was_sent;     /* some of the request left, however it ended */
  gboolean no_handshake; /* NOT_SENT: connected, but TLS was not agreed upon */
  gint64 duration_us;
  gsize bytes;
  const char *reason; /* words for a failure, mostly libcurl's, for the log; static */
} HttpsResult;

/* The process's client; made at first use. */
HttpsClient *https_shared(void);

/* Another one, all of whose calls are public_only: it keeps its own connections, so that none is
 * used whose address was not looked at. */
HttpsClient *https_public(void);

/* TRUE for an absolute https URL with a host and without user info. */
gboolean https_url_is_acceptable(const char *url);

/* Sends a request; the call is the caller's.  NULL with NOT_CONFIGURED for a URL that is not https.
 */
HttpsCall *https_start(HttpsClient *client, const HttpsRequest *request,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves all calls on until something happened, `timeout_ms` passed, or a stop was asked for. */
void https_wait(HttpsClient *client, gint64 timeout_ms);

/* The result once the call has ended, else NULL.  Borrowed. */
const HttpsResult *https_result(const HttpsCall *call);

/* Lets the body of a held call come; the time until now is no part of its limits. */
void https_release(HttpsCall *call);

/* Of the answer's head, from HttpsHead on: the status, and a header's value (the first one of that
 * name; NULL: there is none; borrowed from the call). */
guint https_status(const HttpsCall *call);
const char *https_header(const HttpsCall *call, const char *name);

/* Ends the call if it is still under way, and frees it. */
void https_call_free(HttpsCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpsCall, https_call_free)

/* One call from start to end; the body goes to `body`.  Fails only as https_start does. */
gboolean https_fetch(HttpsClient *client, const HttpsRequest *request, GString *body,
                     HttpsResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "answered", "timed_out" …, for logs. */
const char *https_outcome_name(HttpsOutcome outcome);

/* The standard reason phrase of a status ("Bad Gateway"). */
const char *https_reason(guint status);

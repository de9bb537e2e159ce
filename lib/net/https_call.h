/* A call on its way.  Private to the HTTPS client. */
#pragma once
#include <curl/curl.h>

#include "net/call_clock.h"
#include "net/https.h"

struct HttpsClient {
  CURLM *multi;
  gboolean public_only;
  gint64 sinks_us;  /* that sinks worked so far */
  gsize received;   /* bytes of all bodies … */
  gsize turn_began; /* … when this turn of perform began */
  GPtrArray *timed; /* calls under way that have a clock of their own */
  GQueue spare; /* easy handles to use again: they keep the certificate store (platform-notes, curl
                   1) */
};

struct HttpsCall {
  HttpsClient *client;
  CURL *easy;
  struct curl_slist *headers;
  gsize max_bytes;
  HttpsSink sink;
  gpointer sink_data;
  const char *unread; /* of a body that is sent only once */
  GString *location;
  HttpsHead head;
  gboolean told_head;
  gsize max_header;
  gboolean has_clock, is_held, is_paused;
  CallClock clock;
  gboolean ended, too_large, refused, not_public;
  HttpsResult result;
};

/* Tells of the head, unless that was done. */
void https_tell_head(HttpsCall *call);

/* Writes the request into the call's easy handle. */
void https_configure(HttpsCall *call, const HttpsRequest *request);

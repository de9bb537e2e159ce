/* An answer as Omie writes it (omie-api.md 1.2, 1.3, 3.1). */
#pragma once
#include <glib.h>

#include "http/response.h"

typedef struct {
  guint status;
  const char *content_type;
  GString *body;
  char *faultcode; /* NULL: no fault */
  gint64 rows;     /* records listed */
  gboolean turned; /* faultcode before faultstring: Omie's faults come in both orders */
} OmieReply;

OmieReply *omie_reply_new(gboolean turned);
void omie_reply_free(OmieReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OmieReply, omie_reply_free)

/* Adds a JSON text with its quotes; what is outside ASCII as \uxxxx in lower case. */
void omie_add_text(GString *json, const char *text);

/* Makes the reply a fault; replaces what was in it. */
void omie_reply_fault(OmieReply *reply, guint status, const char *code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Omie's own refusals that more than one place gives. */
void omie_reply_bad_credentials(OmieReply *reply);
void omie_reply_blocked(OmieReply *reply, gint64 seconds);
void omie_reply_too_many(OmieReply *reply);
void omie_reply_broken(OmieReply *reply);
void omie_reply_no_records(OmieReply *reply, gint64 page);

/* The HTML page of Omie's nginx for a status. */
void omie_reply_gateway_page(OmieReply *reply, guint status);

/* Puts the reply into the HTTP answer. */
void omie_reply_send(const OmieReply *reply, Response *res);

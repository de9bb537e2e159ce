/* What a request needs from its transport: parameters, body, a way to answer.  Two
 * transports: a FastCGI connection, and the environment of a plain CGI (platform-notes, libfcgi 2).
 */
#pragma once
#include <fcgiapp.h>
#include <glib.h>

typedef struct {
  FCGX_Request *fastcgi; /* NULL: plain CGI */
  char **params;         /* NAME=value, ended by NULL */
} Gateway;

Gateway gateway_of_fastcgi(FCGX_Request *request);
Gateway gateway_of_cgi(void);

/* A CGI parameter; NULL when absent.  `count` (may be NULL) tells how often it was sent. */
const char *gateway_param(const Gateway *gateway, const char *name, guint *count);

/* Reads up to `size` bytes of the body; fewer only at its end. */
gsize gateway_read(const Gateway *gateway, char *buffer, gsize size);

/* Writes; FALSE when the peer is gone. */
gboolean gateway_write(const Gateway *gateway, const char *bytes, gsize length);

/* Hands on what was written and is still here.  FALSE when the peer is gone. */
gboolean gateway_flush(const Gateway *gateway);

/* From now on a peer that takes nothing for so long counts as gone. */
void gateway_set_patience(const Gateway *gateway, gint64 seconds);

/* Has the peer left before the answer was over?  nginx does so when its client did. */
gboolean gateway_is_abandoned(const Gateway *gateway);

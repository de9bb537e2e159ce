/* What passes between the tool, a person and the ERP's page when a client is authorized for the
 * first time, or anew: the page's address, and the code that comes back (erp-connectors.md 3.2). */
#pragma once
#include <glib.h>

/* Random text that stands for one authorization: what comes back with another one was not asked
 * for.  The caller's. */
char *oauth_state_new(void);

/* The page's address with all it is to know; `redirect_uri` and `scope` NULL: not told.  The
 * caller's. */
char *oauth_authorize_url(const char *page, const char *client_id, const char *redirect_uri,
                          const char *scope, const char *state);

/* The code in what a person gives back: the code itself, or the whole address that the page led to,
 * whose state is then checked.  The caller's; free with secret_free.  Errors: INVALID_PARAMETER for
 * what is neither, or has another state; ERP_AUTHENTICATION when the page said no. */
char *oauth_code_read(const char *text, const char *state,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fetching an attachment's content by the signed link of ObterAnexo (backoffice.md 6.7). */
#pragma once
#include <glib.h>

#define DOWNLOAD_MAX_REDIRECTS 3

/* Pure: may this link be followed?  https without user info, on the default port, to a host that
 * `hosts` names (a comma-separated list: ".omie.com.br" stands for all names below it, any other
 * entry for itself); or the API's own host and port, whatever they are.  A host that two readers
 * could read differently is refused.  *reason, set on FALSE: a static text in Portuguese. */
gboolean download_is_allowed(const char *url, const char *hosts, const char *api_base_url,
                             const char **reason);

/* Pure: does the link lead to the API's own host?  That one may stand on an inner address. */
gboolean download_is_of_api(const char *url, const char *api_base_url);

/* Pure: a limit as people read it, "10 MB" (of 2^20 bytes), "64 KB" or "1000 bytes".  The
 * caller's. */
char *download_size_text(gsize bytes);

/* Gets it: no credentials, at most 3 redirects, each checked again, at most `max_bytes`, within
 * OMIE_TIMEOUT_MS and before `deadline_us` (of g_get_monotonic_time()).  The bytes are appended to
 * `content`, which is as before on failure; an empty file is no failure.  One attempt only: who
 * calls holds the lease to be renewed between two (5.4).
 * Errors, a reason in Portuguese without the link, its code telling whether another attempt may
 * help: UPSTREAM_FAULT (no: a refused link, a refusal of the server, too large),
 * UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT (yes). */
gboolean download_fetch(const char *url, gsize max_bytes, gint64 deadline_us, GString *content,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

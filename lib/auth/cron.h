/* The shared secret of scheduled calls, CRON_SECRET. */
#pragma once
#include <glib.h>

/* FALSE when it is absent or shorter than 16 bytes: then no secret is accepted at all. */
gboolean cron_secret_is_configured(void);

/* Compares in constant time; FALSE when none is configured. */
gboolean cron_secret_matches(const char *shown);

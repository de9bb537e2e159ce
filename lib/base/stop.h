/* "Please finish": SIGTERM and SIGINT, blocked for good and read only through here, so that no
 * library call is ever cut short by a signal (platform-notes, libfcgi 3). */
#pragma once
#include <glib.h>

/* Blocks the signals for this process and its children.  Call before any library starts. */
void stop_block_signals(void);

/* A descriptor (signalfd) that is readable once a stop was asked for; made at first use, one per
 * process, non-blocking.  Never read it: whoever polls it next must see it as well. */
int stop_fd(void);

/* TRUE once a stop was asked for.  Long work looks between two steps. */
gboolean stop_requested(void);

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

/* What a process has yet to do before it ends in good order; `action` may take a while.  Told more
 * than once it is done once. */
void stop_add_farewell(void (*action)(void));

/* Does all of it.  Called after the last work, while the database may still be asked. */
void stop_farewell(void);

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

/* What could not be done in its time and is lost with the process: `action` tries it again and says
 * whether it is done.  Whoever waits for work has it tried each second; before the process ends
 * that goes on for at most `patience_s`.  There is one such thing at a time. */
void stop_add_leftover(gboolean (*action)(void), gint64 patience_s);

/* How long to wait for work before stop_try_leftover is due; -1: nothing is left over. */
int stop_leftover_wait_ms(void);
void stop_try_leftover(void);

/* Called after the last work, while the database may still be asked: may take the patience. */
void stop_farewell(void);

/* An https server of the test's own: it serves what harness_write wrote. */
#pragma once
#include <glib.h>

/* Starts it; returns its base URL, whose certificate the stack's programs trust. */
char *file_server_start(void);
void file_server_stop(void);

/* How often a path was asked for. */
gint64 file_server_hits(const char *path);

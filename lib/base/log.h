/* One JSON object per line on stderr.  Never log secrets, tokens, bodies or personal data. */
#pragma once
#include <glib.h>

/* Routes GLib's messages (ours and its own) to JSON lines with `program`; LOG_LEVEL filters. */
void log_init(const char *program);

/* The id that every following line carries, until the next call; NULL for none. */
void log_set_request_id(const char *id);
const char *log_request_id(void); /* that id; NULL for none */

/* A line with `message` and further members: name, value pairs of strings, ended by NULL.  A NULL
 * value leaves its member out.
 *   log_info("sync finished", "log_id", id, "pages", pages, NULL); */
void log_debug(const char *message, ...) G_GNUC_NULL_TERMINATED;
void log_info(const char *message, ...) G_GNUC_NULL_TERMINATED;
void log_warning(const char *message, ...) G_GNUC_NULL_TERMINATED;
void log_error(const char *message, ...) G_GNUC_NULL_TERMINATED;

/* Answers that take their time without a worker: the worker goes on to the next request, and a
 * thread keeps the connection until the answer is due.  So two hundred callers may wait for one
 * program.  When the program stops, those who wait lose their connection. */
#pragma once
#include "http/request.h"

/* Sends `answer` (head and body as a CGI writes them; taken) in `delay_ms`.  A cut one ends after
 * so many bytes, the connection with it.  Afterwards the handler returns TRUE; whatever it put into
 * its Response goes nowhere.  FALSE, and nothing done, where there is no FastCGI connection. */
gboolean late_answer(const Request *req, GString *answer, gsize cut_at, gint64 delay_ms);
#define LATE_WHOLE G_MAXSIZE

/* The same, but from byte `head` on only so many bytes a second. */
gboolean late_answer_drip(const Request *req, GString *answer, gsize head, guint bytes_per_s,
                          gint64 delay_ms);

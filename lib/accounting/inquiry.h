/* A caller's question to one company's ERP, from the URL to the ERP's first call: the question is
 * read, the connector made, a place for the run taken (erp-connectors.md 9).
 *
 *   Inquiry *inquiry = inquiry_new(request_is_abandoned, req);
 *   response_error_about(res, inquiry, inquiry_free);
 *   if (!inquiry_begin(inquiry, QUESTION_SUBLEDGER, request_query_text(req), …, error))
 *     return FALSE;
 *   … inquiry->question, inquiry->erp … */
#pragma once
#include "accounting/question.h"
#include "erp/runs.h"

typedef struct {
  Question question;
  const char *field; /* the parameter that was wrong */
  Erp *erp;
  ErpRun run;
  ExchangeAbandoned has_left;
  gpointer caller;
} Inquiry;

/* has_left(caller) says TRUE once nobody waits for the answer any more: the run then ends. */
Inquiry *inquiry_new(ExchangeAbandoned has_left, gpointer caller);

/* Gives the place back.  (Shaped as a GDestroyNotify: `inquiry` is an Inquiry.) */
void inquiry_free(gpointer inquiry);

/* `query` and `accept` as question_read has them; `deadline_us` is the caller's.  Errors: those of
 * question_read, erp_new and erp_run_enter. */
gboolean inquiry_begin(Inquiry *inquiry, QuestionKind kind, const char *query, const char *accept,
                       Db *db, gint64 deadline_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes what an error says besides its text and code (failure_write_members), and returns the
 * seconds for Retry-After, or -1.  `inquiry` NULL: it came before there was a question.  (Shaped as
 * Route.describe_error.) */
gint64 inquiry_describe_error(const GError *error, gconstpointer inquiry, JsonWriter *w);

/* The name of the file that a browser makes of the answer; the caller's. */
char *inquiry_file_name(const Inquiry *inquiry);

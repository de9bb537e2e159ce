/* Calls of Omie for its books (erp-connectors.md 6.3): the credential is in the body, a refusal is
 * a fault whatever the status, the same question is not asked twice within a minute. */
#pragma once
#include "erp/entry_run.h"
#include "erp/kept_rows.h"

/* Outside the rows of every answer. */
enum {
  OMIE_FAULT_TEXT,
  OMIE_FAULT_CODE,
  OMIE_PAGE,
  OMIE_PAGES,
  OMIE_TOTAL,
  OMIE_BALANCE_BEFORE, /* of a statement */
  OMIE_BALANCE_AFTER,
  N_OMIE_OUTSIDE
};

/* The body of a call: {"call","app_key","app_secret","param":[params]}; `params` is a JSON object.
 * The caller's; free with secret_free. */
char *omie_books_body(const Erp *erp, const char *call, const char *params);

/* The rate of a call: its method's 240 a minute, of a bucket that the client sync takes from as
 * well, beside what limits the whole key.  *bucket gets that bucket's key, the caller's, to outlive
 * the policy; the rest belongs to `erp`. */
RatePolicy omie_books_rate(const Erp *erp, const char *call, char **bucket);

/* The rows of a listing ("trial_balance": its wire names are rows.…, ….path, ….call), and what
 * stands outside them. */
RowShape omie_books_shape(const Erp *erp, const char *listing);

/* One call, its rows kept; from the cache when the same was answered within the last minute.  The
 * caller's. */
KeptRows *omie_books_keep(Erp *erp, const char *listing, const char *params, const RowShape *shape,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One call, its rows handed to `take` as they arrive, or from the cache likewise.  *page gets what
 * stands outside the rows (no rows in it), the caller's; NULL when the sink has enough. */
gboolean omie_books_stream(EntryRun *run, const char *listing, const char *params,
                           const RowShape *shape, RowTaker take, gpointer data, guint *rows,
                           KeptRows **page, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A number outside the rows; -1 when there is none. */
gint64 omie_books_number(const KeptRows *page, guint outside);

/* Is there a page after this one?  Keeps the totals that Omie tells. */
gboolean omie_books_has_more(const KeptRows *answer, ErpPages *pages, gint64 page);

/* The judge of Omie's profiles; its data is an ErpJudged. */
void omie_books_judge(ExchangeVerdict *verdict, gpointer data);

/* The same for an answer whose fault is known (NULL, NULL: none).  Pure. */
void omie_books_judge_fault(ExchangeVerdict *verdict, const char *text, const char *code);

/* Answers of the last minute, 1 MiB of them in this process: Omie refuses the same question. */
KeptRows *omie_books_cached(const char *key);           /* the caller's; NULL */
void omie_books_cache(const char *key, KeptRows *kept); /* keeps a reference, where it fits */
#define OMIE_CACHE_MAX_BYTES ((gsize)1024 * 1024)

/* Calls of a connector: URL, credential, one exchange, its rows.  For the files of the ERPs. */
#pragma once
#include "erp/connector.h"
#include "erp/rows.h"

/* Base and path as one URL, a path segment they share only once (6.0).  Pure; the caller's. */
char *erp_join_url(const char *base, const char *path);

/* Parameters of a URL, percent-encoded, in the order they are added; a NULL name or value adds
 * nothing. */
typedef struct {
  GString *text;
} ErpQuery;
void erp_query_init(ErpQuery *query);
void erp_query_add(ErpQuery *query, const char *name, const char *value);
void erp_query_add_int(ErpQuery *query, const char *name, gint64 value);
void erp_query_clear(ErpQuery *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ErpQuery, erp_query_clear)

typedef enum { ERP_JSON, ERP_XML } ErpBody;

typedef struct {
  const char *path;
  const ErpQuery *query;      /* NULL: none */
  const char *post;           /* a JSON body; NULL: GET */
  const char *const *headers; /* besides the credential; or NULL */
  ErpBody body;
  gboolean is_small;       /* class `default` (30 s) rather than `extract` (120 s) */
  const CallPolicy *guard; /* Omie */
} ErpCall;

/* What a profile's judge gets as its data: erp_call sets policy.judge_data to one of these. */
typedef struct {
  Erp *erp;
  const RowReader *reader; /* its `outside` cells are those of the answer judged */
  gboolean is_empty;       /* set by the judge: the answer says that there are no rows */
} ErpJudged;

/* One request under all policies, its rows into `reader`.  An answer 404 is ERP_NOT_FOUND; one
 * without the reader's array ERP_DATA, unless its shape is_object or the judge says otherwise by
 * the status.  What is wrong with a shape is told by erp_detail. */
gboolean erp_call(Erp *erp, const ErpCall *call, RowReader *reader,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in steps.  The reader must outlive it, and of the call its body and its guard. */
typedef struct ErpCalling ErpCalling;
typedef void (*ErpMeanwhile)(gpointer data);
ErpCalling *erp_calling_new(Erp *erp, const ErpCall *call, RowReader *reader,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void erp_calling_free(ErpCalling *calling);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ErpCalling, erp_calling_free)
/* To its end; `meanwhile` (or NULL) is called whenever a piece of the answer has come. */
gboolean erp_calling_run(ErpCalling *calling, ErpMeanwhile meanwhile, gpointer data,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One whose turn has not come, moved on as far as it goes: asked for, its answer left on the wire.
 */
void erp_calling_go_ahead(ErpCalling *calling);
/* Its turn has come.  FALSE: it was refused before it was sent, which says nothing by now. */
gboolean erp_calling_catch_up(ErpCalling *calling);

/* Pure guards against listings that never end (5.8); one per listing. */
typedef struct {
  gint64 max_pages, page, rows;
  gint64 declared_total, declared_pages; /* as the ERP tells them; -1: not told */
  guint repeated, empty;                 /* pages since the last with anything new */
} ErpPages;
void erp_pages_init(ErpPages *pages, gint64 max_pages);

/* One page was read: how many rows it had, how many of them were new (seen by the caller), whether
 * more are claimed, which number the server echoed (-1: none).  Errors: PAGING_LOOP, PAGING_LIMIT.
 */
gboolean erp_pages_note(ErpPages *pages, Erp *erp, guint rows, guint fresh, gboolean more,
                        gint64 echoed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The end: warns (count_mismatch) when the declared total was another. */
void erp_pages_end(const ErpPages *pages, Erp *erp);

/* Ids seen: 16-byte digests of up to 2,000,000 (48 MB; 1,000,000: 24 MB), then only those of the
 * last 50 pages, or of the last million where these are more (5.7). */
typedef struct ErpSeen ErpSeen;
ErpSeen *erp_seen_new(void);
void erp_seen_free(ErpSeen *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ErpSeen, erp_seen_free)
gboolean erp_seen_add(ErpSeen *seen, const char *id); /* TRUE when it is new */
/* Soon to be added: memory begins to look where it would be, a cache miss for a long list. */
void erp_seen_expect(const ErpSeen *seen, const char *id);
void erp_seen_end_page(ErpSeen *seen);

/* Listings in numbered pages, as ContaAzul and Bling have them (erp-connectors.md 5.8, 6.2, 6.4):
 * the page's number and size are parameters (or the number a part of the path), a page with fewer
 * rows than asked is the last unless a total says otherwise, or more was asked for than is usual.
 */
#pragma once
#include "erp/call.h"
#include "erp/row_map.h"

/* What stands outside the rows of every shape: the first cells of RowShape.outside, by the wire
 * keys outside_wire_keys[].  A detail's own cells follow from N_OUTSIDE. */
enum {
  OUTSIDE_TOTAL,
  OUTSIDE_PAGE,
  OUTSIDE_ERROR,       /* the ERP's words */
  OUTSIDE_DESCRIPTION, /* and more of them */
  OUTSIDE_ERROR_CODE,
  OUTSIDE_PERIOD, /* of a 429: "second" or "day" */
  OUTSIDE_FIELDS, /* what is wrong with each parameter */
  N_OUTSIDE
};
extern const char *const outside_wire_keys[N_OUTSIDE];

/* Fills the outside cells above. */
void erp_shape_outside(const Erp *erp, RowShape *shape);

/* A whole shape: rows under the wire name `arrays`, cells by these keys. */
RowShape erp_shape(const Erp *erp, const char *arrays, const char *const *keys, guint count);

typedef struct {
  const char *path;
  /* The path of a page from 2 on; NULL: the number is a parameter.  The caller's to free. */
  char *(*page_path)(const char *path, gint64 page);
  const char *const *params; /* name, value, … ended by a NULL name; a NULL value is left out */
  const RowShape *shape;
  int id_cell;            /* the row's identity; a row without one is never dropped; -1: none */
  gboolean keeps_repeats; /* rows come again are told again (accounts: they are compared above) */
  gint64 page_size;       /* 0: as configured, else 100 */
  gboolean is_single;     /* one page only: neither number nor size are sent */
  ErpBody body;
  gboolean is_small;
} ErpListing;

typedef struct {
  /* A row that was not seen before.  FALSE ends the run: with the error, or because there is
   * enough. */
  gboolean (*row)(const RowCell *cells, gpointer data, GError **error);
  gboolean (*page_end)(gpointer data, GError **error); /* between two pages; or NULL */
  gpointer data;
} ErpRowTaker;

/* Reads it all.  Rows whose id is in `seen` (NULL: a set of the listing's own) are dropped and
 * counted (duplicate_entry).  FALSE with the error, or without one when there was enough. */
gboolean erp_list(Erp *erp, const ErpListing *listing, ErpSeen *seen, const ErpRowTaker *taker,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Is there a page after one with so many rows?  `pages` is as before it was noted, `received`
 * counts what was new, this page's included.  A total decides where one is told that agrees with
 * what came; an empty page before it is reached is borne once, and twice where only little is
 * missing.  Pure. */
gboolean erp_has_more(const ErpPages *pages, gint64 received, guint rows, gint64 size);

/* The end of an operation, as it is told outside: having had enough (not done, but no failure) is
 * fine.  Takes the failure. */
gboolean erp_ended(gboolean done, GError **failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next piece of a period, of at most so many days; `window` begins as all zeros.  FALSE after
 * the last.  Pure. */
gboolean erp_next_window(const ErpPeriod *whole, guint days, ErpPeriod *window);

/* How accounts are listed. */
typedef struct {
  const AccountRules *rules; /* NULL: none of the ERP's own */
  /* told of every account that could be read, besides the sink; or NULL */
  void (*note)(const LedgerAccount *account, const RowCell *cells, gpointer data);
  gpointer data;
} AccountNotes;

/* Accounts, by the standard names of account rows, into sink->account (NULL: not wanted); `listing`
 * says where they are listed, `notes` may be NULL.  A code that comes again is told again: they are
 * compared above. */
gboolean erp_list_accounts(Erp *erp, const ErpListing *listing, const char *arrays,
                           const AccountNotes *notes, const LedgerSink *sink,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The companies a credential is for, by the wire names company.path, rows.companies, company.id and
 * company.name: one answer, a list or a single object. */
gboolean erp_list_companies(Erp *erp, ErpBody body,
                            void (*take)(const char *id, const char *name, gpointer data),
                            gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

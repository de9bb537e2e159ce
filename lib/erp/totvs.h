/* TOTVS Protheus (erp-connectors.md 6.1): what its files share, and its pure rules for the tests.
 */
#pragma once
#include "erp/call.h"
#include "erp/row_map.h"

/* Outside the rows of every answer. */
enum {
  TOTVS_HAS_NEXT,
  TOTVS_REMAINING,
  TOTVS_COMPANY,
  TOTVS_ERROR,             /* the ERP's words */
  TOTVS_ERROR_DESCRIPTION, /* and more of them */
  TOTVS_ERROR_CODE,
  N_TOTVS_OUTSIDE
};

/* Further cells of an entry, behind the standard ones. */
enum {
  TOTVS_BRANCH = N_ENTRY_CELLS, /* CT2_FILIAL */
  TOTVS_LOT,
  TOTVS_SUB_LOT,
  TOTVS_LINE,
  TOTVS_DEBIT_ACCOUNT,
  TOTVS_CREDIT_ACCOUNT,
  TOTVS_DEBIT_CENTER, /* CT2_CCD */
  TOTVS_CREDIT_CENTER,
  TOTVS_BATCH,
  TOTVS_SEQUENCE,
  N_TOTVS_ENTRY_CELLS
};

/* A GET of one page, under the wire names of a listing ("entries.path" …). */
typedef struct {
  ErpQuery query;
  char **headers;
  ErpCall call;
} TotvsRequest;

/* `account` and `period` may be NULL; what the profile has no name for is not sent. */
void totvs_request_init(TotvsRequest *request, const Erp *erp, const char *listing,
                        const char *account, const ErpPeriod *period, gint64 page);
void totvs_request_clear(TotvsRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TotvsRequest, totvs_request_clear)

/* The rows under the wire name `rows`, and what stands outside them. */
RowShape totvs_shape(const Erp *erp, const char *rows);

/* Fills what stands outside the rows. */
void totvs_shape_outside(const Erp *erp, RowShape *shape);

/* What a page says besides its rows: TRUE when another one follows.  Keeps the company's name, and
 * the total that the first page tells of. */
gboolean totvs_note_page(Erp *erp, ErpPages *pages, guint rows, RowCell has_next, RowCell remaining,
                         RowCell company);

/* Type codes 1 to 5 (5.1).  Pure. */
gboolean totvs_account_type(const char *text, AccountType *type);

/* A CT2 row has no id of its own: its key fields joined by "-", in place of what `id` holds.  Where
 * the last of them, the line, is missing, what else the row says stands for it, and another row may
 * say the same.  FALSE when it has none of the key fields.  Pure. */
gboolean totvs_entry_id(const RowCell *cells, GString *id);

/* A CT2 row's one amount goes to the side, or sides, on which `account` stands in it; to the side
 * CT2_DC names when the row names no accounts.  Sets account and cost center as well.  Pure. */
void totvs_place_amount(const RowCell *cells, const char *account, const char *direction,
                        gint64 amount, LedgerEntry *entry);

/* The name of an account by the profile's chart, which is asked for at most once in ten minutes;
 * NULL when it has none, or cannot be had (warned about).  Borrowed until the next call. */
const char *totvs_account_name(Erp *erp, const char *account);

/* The operations of both profiles; ctbr020 has no chart but the accounts of this month's balance.
 */
gboolean totvs_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error);
gboolean totvs_entries(Erp *erp, const char *account, const ErpPeriod *period,
                       const LedgerSink *sink, GError **error);
gboolean totvs_chart_of_balance(Erp *erp, const LedgerSink *sink, GError **error);
gboolean totvs_chart(Erp *erp, const LedgerSink *sink, GError **error);
gboolean totvs_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                         gpointer data, GError **error);

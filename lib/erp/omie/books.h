/* Omie's books (erp-connectors.md 6.3): what its files share, and the pure rules for the tests. */
#pragma once
#include "erp/omie/books_call.h"
#include "erp/row_map.h"

/* Further cells of a movement, behind the standard ones. */
enum {
  OMIE_OPERATION = N_ENTRY_CELLS,
  OMIE_ORIGIN,
  OMIE_INSTALMENT,
  OMIE_RECONCILED, /* day */
  OMIE_CATEGORY,
  OMIE_CATEGORY_NAME,
  OMIE_SITUATION,
  N_OMIE_ENTRY_CELLS
};

/* The rows of a listing of movements. */
RowShape omie_movement_shape(const Erp *erp, const char *listing);

/* What a movement tells besides the standard fields; `metadata` has room for 4 more and an end. */
guint omie_movement_extras(const RowCell *cells, LedgerExtra *metadata);

/* Type codes of accounts, categories and bank accounts (5.1).  Pure. */
gboolean omie_account_type(const char *text, AccountType *type);

/* Which side of a bank account: R and C are money in, P and D money out.  SIDE_UNSTATED for any
 * other word.  Pure. */
AccountSide omie_side(const char *direction);

/* An amount by its direction: to debit or credit, without its sign; an unknown word leaves both 0.
 * Pure. */
void omie_place_amount(const char *direction, gint64 amount, LedgerEntry *entry);

/* The account of a movement's counter-posting: the category, or TRANSF for transfers (0), or
 * SEM_CATEGORIA.  *is_category FALSE for the last two.  Borrowed.  Pure. */
const char *omie_category_account(const char *category, AccountSide bank_side, AccountType *type,
                                  gboolean *is_category);

/* Is this row of a statement a movement, rather than a balance or something yet to come?  Pure. */
gboolean omie_is_movement(const RowCell *cells);

/* Is a window of a statement whole: fewer rows than the call cuts off at, and the balances agree
 * (where both were told)?  Pure. */
#define OMIE_STATEMENT_CUT 50
gboolean omie_window_is_whole(guint rows, gboolean has_balances, gint64 before, gint64 moved,
                              gint64 after);

/* A bank account: its code is CC:<id>. */
typedef struct {
  char *code, *id, *name; /* name NULL: none was given */
  AccountType type;
} OmieBank;
GPtrArray *omie_banks(Erp *erp, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* the caller's */

gboolean omie_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                        gpointer data, GError **error);
gboolean omie_chart(Erp *erp, const LedgerSink *sink, GError **error);
gboolean omie_statement_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink,
                              GError **error);
gboolean omie_statement_entries(Erp *erp, const char *account, const ErpPeriod *period,
                                const LedgerSink *sink, GError **error);

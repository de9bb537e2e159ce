/* From a row's cells to accounts and entries, by the standard field names of the wire tables
 * (erp-connectors.md 6): the same for every ERP that answers in JSON. */
#pragma once
#include "erp/connector.h"
#include "erp/rows.h"

/* The cells of an account row, in this order; their wire keys are account_wire_keys[]. */
enum {
  ACCOUNT_CODE,
  ACCOUNT_NAME,
  ACCOUNT_TYPE,
  ACCOUNT_PARENT,
  ACCOUNT_LEVEL,
  ACCOUNT_SIDE,
  ACCOUNT_OPENING,
  ACCOUNT_DEBIT,
  ACCOUNT_CREDIT,
  ACCOUNT_CLOSING,
  ACCOUNT_SUMMARY,
  ACCOUNT_ID,
  N_ACCOUNT_CELLS
};
/* "account." and code, name, type, parent, level, side, opening, debit, credit, closing, summary,
 * id */
extern const char *const account_wire_keys[N_ACCOUNT_CELLS];

/* The cells of an entry row. */
enum {
  ENTRY_ID,
  ENTRY_DATE,
  ENTRY_POSTING,
  ENTRY_ACCOUNT,
  ENTRY_ACCOUNT_NAME,
  ENTRY_DEBIT,
  ENTRY_CREDIT,
  ENTRY_AMOUNT, /* with ENTRY_DIRECTION, where there are no two columns */
  ENTRY_DIRECTION,
  ENTRY_DESCRIPTION,
  ENTRY_DOCUMENT,
  ENTRY_DOCUMENT_TYPE,
  ENTRY_COST_CENTER,
  ENTRY_ENTITY_ID,
  ENTRY_ENTITY_NAME,
  N_ENTRY_CELLS
};
/* "entry." and id, date, posting, account, account_name, debit, credit, amount, direction,
 * description, document, document_type, cost_center, entity_id, entity_name */
extern const char *const entry_wire_keys[N_ENTRY_CELLS];

/* Fills the first `count` cells of a shape with the wire names of these keys. */
void erp_shape_cells(const Erp *erp, RowShape *shape, const char *const *keys, guint count);

/* The rules of one profile. */
typedef struct {
  gboolean (*type)(const char *text, AccountType *type); /* codes of this ERP alone, before 5.1 */
  gboolean flips_class;         /* ACCOUNT_SUMMARY "1" is synthetic (CLASSE_SEMANTICS=protheus) */
  gboolean summary_is_analytic; /* the flag says the reverse (Bling's analitica) */
} AccountRules;

/* Reads an account; FALSE when a flaw was told and the sink wants to end the run (`error` may be
 * set).  *fine FALSE: told as a flaw, to be left out.  Balances are as the ERP gave them, with the
 * side that their text stated: whoever knows the account's side makes them natural (2.5). */
gboolean erp_read_account(Erp *erp, const RowCell *cells, const AccountRules *rules,
                          LedgerAccount *account, const LedgerSink *sink, gboolean *fine,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads an entry: id and transaction date, which it must have, texts (no description is ""), and
 * both amounts, which must not be negative.  Without a posting date of its own it is the
 * transaction's. *direction gets ENTRY_DIRECTION's text or NULL, *amount ENTRY_AMOUNT's value (of
 * either sign), for ERPs that have these instead of two columns. */
gboolean erp_read_entry(Erp *erp, const RowCell *cells, LedgerEntry *entry, const char **direction,
                        gint64 *amount, const LedgerSink *sink, gboolean *fine,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One amount of a cell; absent is 0 with *present FALSE.  `side` NULL: a trailing D or C is wrong.
 * NULL when fine, else the problem. */
const char *erp_read_amount(const Erp *erp, const RowCell *cell, gint64 *centavos,
                            AccountSide *side, gboolean *present);

/* What connectors deliver (erp-connectors.md 2.4): accounts with their balances, postings to sum
 * them up from, entries of one account.  What a sink is given lives only during the call. */
#pragma once
#include "base/date.h"
#include "erp/values.h"

typedef struct {
  const char *code, *name; /* name NULL: the ERP gave none */
  AccountType type;        /* ACCOUNT_UNTYPED: derived above */
  const char *type_text;   /* what the ERP said, when it is no type we know */
  const char *parent;      /* NULL: not stated */
  gint64 level;            /* 0: not stated */
  AccountSide side;        /* the ERP's own normal side */
  gboolean has_summary, is_summary;
  gboolean has_amounts; /* the ERP's own balances; else they are summed up from postings */
  gboolean has_opening; /* without has_amounts: what postings begin with */
  gint64 opening, debit, credit, closing; /* centavos; debit, credit >= 0 */
  /* What a trailing D or C said.  Balances are as the ERP gave them: lib/accounting, which knows
   * the account's side, makes them natural, by this or else by BALANCE_SIGN (2.5). */
  AccountSide closing_side, opening_side;
} LedgerAccount;

typedef struct {
  const char *account, *name; /* name NULL: not known here */
  /* Stated: where the chart has no such account, the posting brings it along under this type.
   * ACCOUNT_UNTYPED: it becomes UNMAPPED:<account>, with a warning (erp-connectors.md 6.2). */
  AccountType type;
  gint64 debit, credit; /* centavos, >= 0 */
  GDate day;
  gboolean is_category; /* `account` is a category: CATEGORY_MAP is applied to it */
  gboolean is_charted;  /* the chart should have it: else UNMAPPED, though its type is stated */
} LedgerPosting;

#define LEDGER_MAX_METADATA 8
typedef struct {
  const char *name, *value; /* value NULL: left out */
} LedgerExtra;

typedef struct {
  const char *id;
  GDate transaction, posting;         /* an invalid GDate: none was given */
  const char *account, *account_name; /* NULL: none was given */
  gint64 debit, credit;
  const char *description, *document_number, *document_type, *cost_center, *entity_id, *entity_name;
  TimeText timestamp;                            /* "" when the source had no time */
  LedgerExtra metadata[LEDGER_MAX_METADATA + 1]; /* ended by a NULL name */
  gboolean is_outgoing;                          /* for the canonical type of a BOL */
} LedgerEntry;

/* A wire value that is wrong: which row, which field, which problem of erp/values.h. */
typedef struct {
  const char *row;   /* code or id; NULL: not known */
  const char *field; /* standard name: "opening_balance" */
  const char *problem;
} LedgerFlaw;

/* Where a run's rows go.  A callback returns FALSE with `error` set to end the run, or FALSE
 * without one when it has enough. */
typedef struct {
  gboolean (*account)(const LedgerAccount *account, gpointer data, GError **error);
  gboolean (*posting)(const LedgerPosting *posting, gpointer data, GError **error);
  gboolean (*entry)(const LedgerEntry *entry, gpointer data, GError **error);
  /* A row that cannot be read; TRUE goes on without it. */
  gboolean (*flaw)(const LedgerFlaw *flaw, gpointer data, GError **error);
  gpointer data;
} LedgerSink;

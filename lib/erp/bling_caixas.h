/* Bling, profile v3_caixas: movements of bank accounts, each against its category. */
#pragma once
#include "erp/bling.h"
#include "erp/kept_rows.h"

#define BLING_NO_CATEGORY "SEM_CATEGORIA"
#define BLING_TRANSFER    "TRANSF"
#define BLING_NO_BANK     "SEM_CONTA"

/* The cells of a movement after the standard ones of an entry. */
enum { CASH_BANK = N_ENTRY_CELLS, CASH_STATE, CASH_COMPETENCE, CASH_CATEGORY, N_CASH_CELLS };

/* What a movement stands against. */
typedef struct {
  const char *account, *name; /* "CAT:12" */
  AccountType type;           /* ACCOUNT_UNTYPED: by the movement's direction */
} CashCounter;

/* A movement's two lines.  `bank` is the financial account that was asked for (NULL: any), for
 * a row that does not name it.  *fine FALSE: not a movement that took place, or told as a flaw. */
gboolean bling_read_cash(Erp *erp, const RowCell *cells, const BlingAccount *bank,
                         const CashCounter *counter, const LedgerSink *sink, Voucher *voucher,
                         gboolean *fine, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A category's type by Bling's number; ACCOUNT_UNTYPED for 3, which is both.  Pure. */
AccountType bling_category_type(const char *number);

/* A pass over movements. */
typedef struct {
  VoucherTarget target;
  const CashCounter *counter; /* of bling_list_claimed */
  ErpSeen *categorized;       /* what a category has claimed; NULL: not looked at */
  /* of the listing under way */
  const BlingAccount *bank;
  RowShape shape;
  KeptRows *pending;
  Voucher voucher;
} CashRun;

/* The movements of one financial account, or of one category (the other is NULL), against
 * run->counter; those claimed before are left out. */
gboolean bling_list_claimed(CashRun *run, const BlingAccount *bank, const char *category,
                            const ErpPeriod *period, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All that no category has claimed, each by its detail: a transfer, or SEM_CATEGORIA. */
gboolean bling_list_leftovers(CashRun *run, const ErpPeriod *period,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

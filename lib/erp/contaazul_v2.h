/* ContaAzul's second API (erp-connectors.md 6.2, profile v2): it has no ledger, so its titles,
 * settlements and transfers are posted by the specification's table. */
#pragma once
#include "erp/contaazul.h"

/* The three accounts of the table that ContaAzul does not have. */
#define CONTAAZUL_RECEIVABLES "RECEIVABLES"
#define CONTAAZUL_PAYABLES    "PAYABLES"
#define CONTAAZUL_RESULT      "FINANCIAL_RESULT"

/* What it does not say. */
#define CONTAAZUL_NO_CATEGORY "SEM_CATEGORIA"
#define CONTAAZUL_NO_ACCOUNT  "SEM_CONTA"

typedef struct {
  const char *path; /* wire name of its search */
  const char *account, *name;
  AccountType type, category_type;
  gboolean is_incoming;
} TitleKind;
extern const TitleKind contaazul_receivable, contaazul_payable;

/* A share of an instalment. */
typedef struct {
  const char *category, *name; /* name NULL: not known */
  gint64 weight;               /* shares are to each other as these */
} CategoryShare;

/* An instalment of `amount`: its account against its categories, split by their weights to the
 * centavo; no shares, or weights of 0: all to the first, or to none.  Pure. */
void contaazul_post_instalment(Voucher *voucher, const TitleKind *kind, gint64 amount,
                               const CategoryShare *shares, guint count);

typedef struct {
  const char *bank; /* the financial account; NULL: not told */
  gint64 gross, interest, fine, fee, discount;
  gint64 net; /* -1: not told */
} Settlement;

/* A settlement; what net and gross differ by, told or not, is FINANCIAL_RESULT.  Pure. */
void contaazul_post_settlement(Voucher *voucher, const TitleKind *kind, const Settlement *settled);

/* A transfer between two financial accounts.  Pure. */
void contaazul_post_transfer(Voucher *voucher, const char *from, const char *to, gint64 amount);

/* The page size ContaAzul accepts that is next to, and not above, the one asked for.  Pure. */
gint64 contaazul_page_size(gint64 asked);

/* The passes over a period: instalments by the month they belong to, settlements by the day they
 * were paid.  FALSE with the error, or without one when the sink had enough. */
gboolean contaazul_list_instalments(const VoucherTarget *target, const TitleKind *kind,
                                    const ErpPeriod *period,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean contaazul_list_settlements(const VoucherTarget *target, const TitleKind *kind,
                                    const ErpPeriod *period,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean contaazul_list_transfers(const VoucherTarget *target, const TitleKind *kind,
                                  const ErpPeriod *period,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of them that may touch the target's account; or only those that move money. */
gboolean contaazul_list_all(const VoucherTarget *target, const ErpPeriod *period,
                            gboolean only_money, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The accounts; with a period and OPENING_POLICY=history also what the financial ones began it
 * with. */
gboolean contaazul_list_chart(Erp *erp, const ErpPeriod *period, const LedgerSink *sink,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

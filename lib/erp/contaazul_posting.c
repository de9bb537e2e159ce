/* The posting table of ContaAzul's second API. */
#include "erp/contaazul_v2.h"

const TitleKind contaazul_receivable = {.path = "receivables.path",
                                        .account = CONTAAZUL_RECEIVABLES,
                                        .name = "Contas a Receber",
                                        .type = ACCOUNT_ASSET,
                                        .category_type = ACCOUNT_REVENUE,
                                        .is_incoming = TRUE};
const TitleKind contaazul_payable = {.path = "payables.path",
                                     .account = CONTAAZUL_PAYABLES,
                                     .name = "Contas a Pagar",
                                     .type = ACCOUNT_LIABILITY,
                                     .category_type = ACCOUNT_EXPENSE,
                                     .is_incoming = FALSE};

/* An amount at the debit, or what is below zero at the credit; nothing is no line. */
static void
post(Voucher *voucher, VoucherLine line, gint64 debit)
{
  if (debit == 0)
    return;
  line.debit = MAX(debit, 0);
  line.credit = MAX(-debit, 0);
  voucher_add(voucher, &line);
}

/* amount × part ÷ whole, rounded down: sums and products of amounts need more than 64 bits. */
static gint64
portion(gint64 amount, __int128 part, __int128 whole)
{
  return (gint64)(amount * part / whole);
}

void
contaazul_post_instalment(Voucher *voucher, const TitleKind *kind, gint64 amount,
                          const CategoryShare *shares, guint count)
{
  static const CategoryShare unknown = {.category = CONTAAZUL_NO_CATEGORY};
  gint64 sign = kind->is_incoming ? 1 : -1, posted = 0;
  __int128 whole = 0, weight = 0;
  if (count == 0) {
    shares = &unknown;
    count = 1;
  }
  post(voucher, (VoucherLine){.account = kind->account, .name = kind->name, .type = kind->type},
       sign * amount);
  for (guint i = 0; i < count; i++)
    whole += shares[i].weight;
  for (guint i = 0; i < count; i++) {
    weight += shares[i].weight;
    gint64 upto = whole == 0 || i + 1 == count ? amount : portion(amount, weight, whole);
    post(voucher,
         (VoucherLine){.account = shares[i].category,
                       .name = shares[i].name,
                       .type = kind->category_type,
                       .is_category = TRUE},
         -sign * (upto - posted));
    posted = upto;
  }
}

void
contaazul_post_settlement(Voucher *voucher, const TitleKind *kind, const Settlement *settled)
{
  static const VoucherLine result = {
      .account = CONTAAZUL_RESULT, .name = "Resultado Financeiro", .type = ACCOUNT_EXPENSE};
  gint64 sign = kind->is_incoming ? 1 : -1;
  gint64 more = settled->interest + settled->fine, less = settled->discount;
  *(kind->is_incoming ? &less : &more) += settled->fee; /* a fee is always our cost */
  gint64 expected = settled->gross + more - less;
  gint64 net = settled->net >= 0 ? settled->net : expected;
  post(voucher,
       (VoucherLine){.account = settled->bank != NULL ? settled->bank : CONTAAZUL_NO_ACCOUNT,
                     .type = ACCOUNT_ASSET},
       sign * net);
  post(voucher, (VoucherLine){.account = kind->account, .name = kind->name, .type = kind->type},
       -sign * settled->gross);
  post(voucher, result, -sign * more);
  post(voucher, result, sign * less);
  post(voucher, result, -sign * (net - expected));
}

void
contaazul_post_transfer(Voucher *voucher, const char *from, const char *to, gint64 amount)
{
  post(voucher, (VoucherLine){.account = to, .type = ACCOUNT_ASSET}, amount);
  post(voucher, (VoucherLine){.account = from, .type = ACCOUNT_ASSET}, -amount);
}

gint64
contaazul_page_size(gint64 asked)
{
  static const gint64 sizes[] = {1000, 500, 200, 100, 50, 20, 10};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    if (asked >= sizes[i])
      return sizes[i];
  return asked > 0 ? 10 : 100;
}

#include "erp/contaazul_v2.h"

#include "erp/paging.h"

static const WireName names[] = {
    {"page", "pagina"},
    {"page_size", "tamanho_pagina"},
    {"outside.total", "itens_totais"},
    {"outside.page", "pagina"},
    {"error.message", "error_description,message,mensagem"},
    {"error.code", "codigo,code,error"},
    {"health.path", "/v1/pessoas/conta-conectada"},
    {"company.path", "/v1/pessoas/conta-conectada"},
    {"rows.companies", ""},
    {"company.id", "id,documento"},
    {"company.name", "razao_social,nome_fantasia,nome"},
    {"categories.path", "/v1/categorias"},
    {"rows.categories", ",data,items,itens"},
    {"account.code", "id"},
    {"account.name", "nome"},
    {"account.type", "tipo"},
    {"account.parent", "categoria_pai.id,categoria_pai,id_categoria_pai"},
    {"banks.path", "/v1/conta-financeira"},
    {"rows.banks", ",data,items,itens"},
    {"bank.id", "id"},
    {"bank.name", "nome"},
    {"bank.kind", "tipo"},
    {"balance.path", "/v1/conta-financeira/{id}/saldo-atual"},
    {"balance.amount", "saldo_atual"},
    {"receivables.path", "/v1/financeiro/eventos-financeiros/contas-a-receber/buscar"},
    {"payables.path", "/v1/financeiro/eventos-financeiros/contas-a-pagar/buscar"},
    {"titles.due_from", "data_vencimento_de"},
    {"titles.due_to", "data_vencimento_ate"},
    {"titles.from", "data_competencia_de"},
    {"titles.to", "data_competencia_ate"},
    {"titles.paid_from", "data_pagamento_de"},
    {"titles.paid_to", "data_pagamento_ate"},
    {"rows.titles", ",data,items,itens"},
    {"title.id", "id"},
    {"title.date", "data_competencia"},
    {"title.amount", "total,valor"},
    {"title.status", "status"},
    {"title.description", "descricao"},
    {"title.document", "numero_documento,codigo_referencia"},
    {"title.cost_centers", "centros_de_custo[]"},
    {"cost_center.name", "nome"},
    {"title.person", "cliente.id,fornecedor.id"},
    {"title.person_name", "cliente.nome,fornecedor.nome"},
    {"title.categories", "categorias[]"},
    {"title.shares", "rateio[]"},
    {"detail.path", "/v1/financeiro/eventos-financeiros/parcelas"},
    {"detail.shares", "evento.rateio[],rateio[]"},
    {"detail.settlements", "baixas[]"},
    {"detail.date", "evento.data_competencia,data_competencia"},
    {"share.category", "id_categoria,categoria.id,id"},
    {"share.name", "nome_categoria,categoria.nome,nome"},
    {"share.amount", "valor"},
    {"settlement.id", "id"},
    {"settlement.date", "data_pagamento"},
    {"settlement.account", "conta_financeira.id,id_conta_financeira"},
    {"settlement.method", "metodo_pagamento"},
    {"settlement.gross", "valor_composicao.valor_bruto,valor_bruto"},
    {"settlement.interest", "valor_composicao.juros,juros"},
    {"settlement.fine", "valor_composicao.multa,multa"},
    {"settlement.fee", "valor_composicao.taxa,taxa"},
    {"settlement.discount", "valor_composicao.desconto,desconto"},
    {"settlement.net", "valor_composicao.valor_liquido,valor_liquido"},
    {"transfers.path", "/v1/financeiro/transferencias"},
    {"transfers.from", "data_inicio"},
    {"transfers.to", "data_fim"},
    {"rows.transfers", ",data,items,itens"},
    {"transfer.id", "id"},
    {"transfer.date", "data"},
    {"transfer.amount", "valor"},
    {"transfer.description", "descricao"},
    {"transfer.from_account", "conta_origem.id,id_conta_origem"},
    {"transfer.to_account", "conta_destino.id,id_conta_destino"},
    {NULL, NULL},
};

/* ---- the passes over a period -----------------------------------------------------------------*/

/* Every record of a period, and which of the fixed accounts its postings touch. */
static const struct {
  gboolean (*list)(const VoucherTarget *target, const TitleKind *kind, const ErpPeriod *period,
                   GError **error);
  const TitleKind *kind;
  gboolean moves_money; /* touches financial accounts */
  const char *touches[2];
} passes[] = {
    {contaazul_list_instalments, &contaazul_receivable, FALSE, {CONTAAZUL_RECEIVABLES, NULL}},
    {contaazul_list_settlements,
     &contaazul_receivable,
     TRUE,
     {CONTAAZUL_RECEIVABLES, CONTAAZUL_RESULT}},
    {contaazul_list_instalments, &contaazul_payable, FALSE, {CONTAAZUL_PAYABLES, NULL}},
    {contaazul_list_settlements, &contaazul_payable, TRUE, {CONTAAZUL_PAYABLES, CONTAAZUL_RESULT}},
    {contaazul_list_transfers, NULL, TRUE, {NULL, NULL}},
};

static gboolean
is_fixed(const char *account)
{
  return g_str_equal(account, CONTAAZUL_RECEIVABLES) || g_str_equal(account, CONTAAZUL_PAYABLES) ||
         g_str_equal(account, CONTAAZUL_RESULT);
}

/* May a pass touch this account?  Of categories and financial accounts it is not known which of
 * the two they are. */
static gboolean
may_touch(gsize pass, const char *account)
{
  if (!is_fixed(account))
    return TRUE;
  return g_strcmp0(passes[pass].touches[0], account) == 0 ||
         g_strcmp0(passes[pass].touches[1], account) == 0;
}

gboolean
contaazul_list_all(const VoucherTarget *target, const ErpPeriod *period, gboolean only_money,
                   GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(passes); i++) {
    if (only_money && !passes[i].moves_money)
      continue;
    if (target->account != NULL && !may_touch(i, target->account))
      continue;
    if (!passes[i].list(target, passes[i].kind, period, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  VoucherTarget target = {.erp = erp, .period = period, .sink = sink};
  gboolean told = sink->account == NULL ||
                  contaazul_list_chart(erp, sink->posting != NULL ? period : NULL, sink, &failure);
  if (told && sink->posting != NULL)
    told = contaazul_list_all(&target, period, FALSE, &failure);
  return erp_ended(told, &failure, error);
}

static gboolean
entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
        GError **error)
{
  GError *failure = NULL;
  VoucherTarget target = {.erp = erp, .account = account, .sink = sink};
  return erp_ended(contaazul_list_all(&target, period, FALSE, &failure), &failure, error);
}

static gboolean
chart(Erp *erp, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  return erp_ended(contaazul_list_chart(erp, NULL, sink, &failure), &failure, error);
}

const ErpProfile contaazul_v2 = {
    .erp = ERP_CONTAAZUL,
    .name = "v2",
    .spellings = "2",
    .source = "ContaAzul",
    .base_url = "https://api-v2.contaazul.com",
    .token_url = "https://auth.contaazul.com/oauth2/token",
    .authorize_url = "https://auth.contaazul.com/oauth2/authorize",
    .authorize_scope = "openid profile aws.cognito.signin.user.admin",
    .auths = 1U << AUTH_OAUTH2,
    .default_auth = AUTH_OAUTH2,
    .wire = names,
    .is_aggregated = TRUE,
    .judge = contaazul_judge,
    .outside = erp_shape_outside,
    .books = books,
    .entries = entries,
    .chart = chart,
    .companies = contaazul_companies,
};

/* Bling, profile v3_caixas (erp-connectors.md 6.4): financial accounts, and categories of what
 * moved on them. */
#include "erp/bling_caixas.h"

#include <string.h>

#include "base/error.h"

#define BANK_PREFIX     "CF:"
#define CATEGORY_PREFIX "CAT:"

static const WireName names[] = {
    {"page", "pagina"},
    {"page_size", "limite"},
    {"error.message", "error.message"},
    {"error.description", "error.description"},
    {"error.code", "error.type"},
    {"error.period", "error.period,period"},
    {"error.fields", "error.fields[]"},
    {"health.path", "/empresas/me/dados-basicos"},
    {"company.path", "/empresas/me/dados-basicos"},
    {"rows.companies", "data"},
    {"company.id", "id"},
    {"company.name", "nome,razaoSocial"},
    {"banks.path", "/contas-contabeis"},
    {"rows.banks", "data"},
    {"bank.id", "id"},
    {"bank.name", "descricao,nome"},
    {"categories.path", "/categorias/receitas-despesas"},
    {"rows.categories", "data"},
    {"category.id", "id"},
    {"category.name", "descricao"},
    {"category.type", "tipo"},
    {"category.parent", "idCategoriaPai"},
    {"cash.path", "/caixas"},
    {"cash.detail", "/caixas/{id}"},
    {"cash.from", "dataInicial"},
    {"cash.to", "dataFinal"},
    {"cash.account", "idContaFinanceira"},
    {"cash.categories", "idsCategorias"},
    {"cash.state", "situacao"},
    {"rows.cash", "data"},
    {"detail.transfer", "data.transferencia"},
    {"entry.id", "id"},
    {"entry.date", "data"},
    {"entry.amount", "valor"},
    {"entry.direction", "debCred"},
    {"entry.description", "historico,descricao,observacoes"},
    {"entry.document", "numeroDocumento"},
    {"entry.document_type", "tipoDocumento,origem.tipo"},
    {"entry.cost_center", "centroCusto.descricao,centroCusto"},
    {"entry.entity_id", "contato.id"},
    {"entry.entity_name", "contato.nome"},
    {"entry.bank", "contaFinanceira.id"},
    {"entry.state", "situacao"},
    {"entry.competence", "competencia"},
    {"entry.category", "categoria.id"},
    {NULL, NULL},
};

/* ---- the chart --------------------------------------------------------------------------------*/

enum { ITEM_ID, ITEM_NAME, ITEM_TYPE, ITEM_PARENT, N_ITEM_CELLS };
static const char *const bank_keys[] = {"bank.id", "bank.name"};
static const char *const category_keys[N_ITEM_CELLS] = {"category.id", "category.name",
                                                        "category.type", "category.parent"};

static gboolean
keep_item(const RowCell *cells, gpointer data, GError **error)
{
  if (row_text(&cells[ITEM_ID]) == NULL || kept_rows_add(data, cells, KEPT_ROWS_MAX_BYTES))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_TOO_LARGE,
                      "A resposta do ERP passa do limite de tamanho.");
  return FALSE;
}

static KeptRows *
list_items(Erp *erp, const char *path, const char *arrays, const char *const *keys, guint count,
           GError **error)
{
  RowShape shape = erp_shape(erp, arrays, keys, count);
  g_autoptr(KeptRows) items = kept_rows_new(&shape);
  ErpListing listing = {
      .path = erp_wire(erp, path), .shape = &shape, .id_cell = ITEM_ID, .is_small = TRUE};
  ErpRowTaker taker = {.row = keep_item, .data = items};
  return erp_list(erp, &listing, NULL, &taker, error) ? g_steal_pointer(&items) : NULL;
}

static KeptRows *
list_categories(Erp *erp, GError **error)
{
  return list_items(erp, "categories.path", "rows.categories", category_keys, N_ITEM_CELLS, error);
}

/* Those whose type is known by themselves: what takes both is typed by its movements. */
static GHashTable *
typed_categories(const KeptRows *categories)
{
  GHashTable *typed = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < kept_rows_count(categories); i++) {
    const RowCell *cells = kept_rows_row(categories, i);
    if (bling_category_type(row_text(&cells[ITEM_TYPE])) != ACCOUNT_UNTYPED)
      g_hash_table_add(typed, (gpointer)row_text(&cells[ITEM_ID]));
  }
  return typed;
}

static gboolean
tell_categories(const KeptRows *categories, const LedgerSink *sink, GError **error)
{
  g_autoptr(GHashTable) typed = typed_categories(categories);
  for (guint i = 0; i < kept_rows_count(categories); i++) {
    const RowCell *cells = kept_rows_row(categories, i);
    const char *id = row_text(&cells[ITEM_ID]), *parent = row_text(&cells[ITEM_PARENT]);
    if (!g_hash_table_contains(typed, id))
      continue;
    gboolean has_parent = parent != NULL && g_hash_table_contains(typed, parent);
    g_autofree char *code = g_strconcat(CATEGORY_PREFIX, id, NULL);
    g_autofree char *above = has_parent ? g_strconcat(CATEGORY_PREFIX, parent, NULL) : NULL;
    LedgerAccount account = {.code = code,
                             .name = row_text(&cells[ITEM_NAME]),
                             .type = bling_category_type(row_text(&cells[ITEM_TYPE])),
                             .parent = above};
    if (!sink->account(&account, sink->data, error))
      return FALSE;
  }
  return TRUE;
}

static KeptRows *
list_banks(Erp *erp, GError **error)
{
  return list_items(erp, "banks.path", "rows.banks", bank_keys, G_N_ELEMENTS(bank_keys), error);
}

static gboolean
tell_banks(Erp *erp, const LedgerSink *sink, GError **error)
{
  g_autoptr(KeptRows) banks = list_banks(erp, error);
  for (guint i = 0; banks != NULL && i < kept_rows_count(banks); i++) {
    const RowCell *cells = kept_rows_row(banks, i);
    g_autofree char *code = g_strconcat(BANK_PREFIX, row_text(&cells[ITEM_ID]), NULL);
    LedgerAccount account = {
        .code = code, .name = row_text(&cells[ITEM_NAME]), .type = ACCOUNT_ASSET};
    if (!sink->account(&account, sink->data, error))
      return FALSE;
  }
  return banks != NULL;
}

static gboolean
tell_chart(Erp *erp, const KeptRows *categories, const LedgerSink *sink, GError **error)
{
  static const LedgerAccount in_transit = {
      .code = BLING_TRANSFER, .name = "Transferências", .type = ACCOUNT_ASSET};
  return tell_banks(erp, sink, error) && tell_categories(categories, sink, error) &&
         sink->account(&in_transit, sink->data, error);
}

/* ---- operations -------------------------------------------------------------------------------*/

/* Every movement of the period, against its category. */
static gboolean
list_all(const VoucherTarget *target, const KeptRows *categories, const ErpPeriod *period,
         GError **error)
{
  g_autoptr(ErpSeen) categorized = erp_seen_new();
  CashRun run = {.target = *target, .categorized = categorized};
  for (guint i = 0; i < kept_rows_count(categories); i++) {
    const RowCell *cells = kept_rows_row(categories, i);
    const char *id = row_text(&cells[ITEM_ID]);
    g_autofree char *code = g_strconcat(CATEGORY_PREFIX, id, NULL);
    CashCounter counter = {code, row_text(&cells[ITEM_NAME]),
                           bling_category_type(row_text(&cells[ITEM_TYPE]))};
    run.counter = &counter;
    if (!bling_list_claimed(&run, NULL, id, period, error))
      return FALSE;
  }
  return bling_list_leftovers(&run, period, error);
}

static gboolean
list_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  VoucherTarget target = {.erp = erp, .period = period, .sink = sink};
  g_autoptr(KeptRows) categories = list_categories(erp, error);
  if (categories == NULL || (sink->account != NULL && !tell_chart(erp, categories, sink, error)))
    return FALSE;
  return sink->posting == NULL || list_all(&target, categories, period, error);
}

static gboolean
books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  gboolean told = bling_begin(erp, &failure) && list_books(erp, period, sink, &failure);
  return erp_ended(told, &failure, error);
}

static void
put_items(GHashTable *accounts, const KeptRows *items, const char *prefix)
{
  for (guint i = 0; i < kept_rows_count(items); i++) {
    const RowCell *cells = kept_rows_row(items, i);
    const char *id = row_text(&cells[ITEM_ID]);
    g_autofree char *code = g_strconcat(prefix, id, NULL);
    bling_account_put(accounts, code, id, row_text(&cells[ITEM_NAME]));
  }
}

static gboolean
load_codes(Erp *erp, GHashTable *accounts, GError **error)
{
  g_autoptr(KeptRows) banks = list_banks(erp, error);
  g_autoptr(KeptRows) categories = banks != NULL ? list_categories(erp, error) : NULL;
  if (categories == NULL)
    return FALSE;
  put_items(accounts, banks, BANK_PREFIX);
  put_items(accounts, categories, CATEGORY_PREFIX);
  return TRUE;
}

static gboolean
list_of_account(const VoucherTarget *target, const ErpPeriod *period, GError **error)
{
  const BlingAccount *account = bling_account(target->erp, target->account, load_codes, error);
  if (account == NULL)
    return FALSE;
  gboolean is_bank = g_str_has_prefix(target->account, BANK_PREFIX);
  /* of a bank account only its own side is told, whatever it stands against */
  CashCounter counter = {is_bank ? BLING_NO_CATEGORY : target->account, account->name,
                         ACCOUNT_UNTYPED};
  CashRun run = {.target = *target, .counter = &counter};
  return bling_list_claimed(&run, is_bank ? account : NULL, is_bank ? NULL : account->id, period,
                            error);
}

static gboolean
list_entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
             GError **error)
{
  VoucherTarget target = {.erp = erp, .account = account, .sink = sink};
  gboolean needs_all = g_str_equal(account, BLING_NO_CATEGORY) ||
                       g_str_equal(account, BLING_TRANSFER) ||
                       voucher_is_mapped_to(erp_config_text(erp->config, "CATEGORY_MAP"), account);
  if (!needs_all)
    return list_of_account(&target, period, error);
  g_autoptr(KeptRows) categories = list_categories(erp, error);
  return categories != NULL && list_all(&target, categories, period, error);
}

static gboolean
entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
        GError **error)
{
  GError *failure = NULL;
  gboolean told = bling_begin(erp, &failure) && list_entries(erp, account, period, sink, &failure);
  return erp_ended(told, &failure, error);
}

static gboolean
chart_of(Erp *erp, const LedgerSink *sink, GError **error)
{
  LedgerSink accounts = *sink;
  accounts.posting = NULL;
  return books(erp, NULL, &accounts, error);
}

const ErpProfile bling_v3_caixas = {
    .erp = ERP_BLING,
    .name = "v3_caixas",
    .spellings = "caixas",
    .source = "Bling",
    .base_url = "https://bling.com.br/Api/v3",
    .token_url = "https://bling.com.br/Api/v3/oauth/token",
    .authorize_url = "https://bling.com.br/Api/v3/oauth/authorize",
    .auths = 1U << AUTH_OAUTH2 | 1U << AUTH_API_KEY,
    .default_auth = AUTH_OAUTH2,
    .wire = names,
    .is_aggregated = TRUE,
    .judge = bling_judge,
    .outside = erp_shape_outside,
    .books = books,
    .entries = entries,
    .chart = chart_of,
    .companies = bling_companies,
};

/* Bling, profile v3 (erp-connectors.md 6.4): a list of accounts, the movements of each. */
#include "erp/bling.h"

static const WireName names[] = {
    {"page", "pagina"},
    {"page_size", "limite"},
    {"error.message", "error.message"},
    {"error.description", "error.description"},
    {"error.code", "error.type"},
    {"error.period", "error.period,period"},
    {"error.fields", "error.fields[]"},
    {"health.path", "/empresas"},
    {"company.path", "/empresas"},
    {"rows.companies", "data"},
    {"company.id", "id"},
    {"company.name", "nome,razaoSocial"},
    {"chart.path", "/contascontabeis"},
    {"rows.chart", "data"},
    {"account.id", "id"},
    {"account.code", "codigo,id"},
    {"account.name", "descricao"},
    {"account.type", "tipo"},
    {"account.parent", "contaPai"},
    {"account.level", "nivel"},
    {"account.opening", "saldoInicial"},
    {"account.debit", "debito"},
    {"account.credit", "credito"},
    {"account.closing", "saldoFinal"},
    {"account.summary", "analitica"},
    {"movements.path", "/contascontabeis/{id}/movimentacoes"},
    {"movements.from", "dataInicial"},
    {"movements.to", "dataFinal"},
    {"movements.account", "conta"}, /* of LANCAMENTOS_PATH */
    {"rows.movements", "data"},
    {"entry.id", "id"},
    {"entry.date", "data"},
    {"entry.debit", "valorDebito"},
    {"entry.credit", "valorCredito"},
    {"entry.amount", "valor"},
    {"entry.direction", "debCred"},
    {"entry.description", "historico,descricao,observacoes"},
    {"entry.document", "numeroDocumento"},
    {"entry.document_type", "tipoDocumento,origem.tipo"},
    {"entry.cost_center", "centroCusto.descricao,centroCusto"},
    {"entry.entity_id", "contato.id"},
    {"entry.entity_name", "contato.nome"},
    {"entry.competence", "competencia"},
    {"entry.category", "categoria.id"},
    {"entry.state", "situacao"},
    {NULL, NULL},
};

/* ---- accounts ---------------------------------------------------------------------------------*/

static const AccountRules rules = {.summary_is_analytic = TRUE};

/* An account whose amounts are not told, but its movements are. */
typedef struct {
  char *id, *code, *name;
} Unsummed;

static void
unsummed_free(gpointer data)
{
  Unsummed *account = data;
  g_free(account->id);
  g_free(account->code);
  g_free(account->name);
  g_free(account);
}

typedef struct {
  GPtrArray *accounts; /* of Unsummed */
  ErpSeen *ids;        /* theirs: one that is listed twice moved once */
} AllUnsummed;

static const char *
id_of(const LedgerAccount *account, const RowCell *cells)
{
  const char *id = row_text(&cells[ACCOUNT_ID]);
  return id != NULL ? id : account->code;
}

static void
note_unsummed(const LedgerAccount *account, const RowCell *cells, gpointer data)
{
  AllUnsummed *all = data;
  const char *id = id_of(account, cells);
  if (account->has_amounts || (account->has_summary && account->is_summary) ||
      !erp_seen_add(all->ids, id))
    return;
  Unsummed *unsummed = g_new0(Unsummed, 1);
  *unsummed = (Unsummed){g_strdup(id), g_strdup(account->code), g_strdup(account->name)};
  g_ptr_array_add(all->accounts, unsummed);
}

static void
note_code(const LedgerAccount *account, const RowCell *cells, gpointer data)
{
  bling_account_put(data, account->code, id_of(account, cells), account->name);
}

static gboolean
list_accounts(Erp *erp, const AccountNotes *notes, const LedgerSink *sink, GError **error)
{
  ErpListing listing = {.path = erp_wire(erp, "chart.path")};
  return erp_list_accounts(erp, &listing, "rows.chart", notes, sink, error);
}

static gboolean
load_codes(Erp *erp, GHashTable *accounts, GError **error)
{
  static const LedgerSink nobody = {0};
  AccountNotes notes = {.rules = &rules, .note = note_code, .data = accounts};
  return list_accounts(erp, &notes, &nobody, error);
}

/* ---- movements --------------------------------------------------------------------------------*/

enum { MOVEMENT_COMPETENCE = N_ENTRY_CELLS, MOVEMENT_CATEGORY, MOVEMENT_STATE, N_MOVEMENT_CELLS };
static const char *const movement_keys[N_MOVEMENT_CELLS - N_ENTRY_CELLS] = {
    "entry.competence", "entry.category", "entry.state"};

typedef struct {
  VoucherTarget target;
  const char *code;
  const BlingAccount *names;
  Voucher voucher;
} Run;

static gboolean
take_movement(const RowCell *cells, gpointer data, GError **error)
{
  Run *run = data;
  gboolean fine = TRUE;
  if (!bling_read_movement(run->target.erp, cells, run->names, run->code, run->target.sink,
                           &run->voucher, &fine, error))
    return FALSE;
  if (!fine)
    return TRUE;
  voucher_extra(&run->voucher, "competencia", row_text(&cells[MOVEMENT_COMPETENCE]));
  voucher_extra(&run->voucher, "categoria", row_text(&cells[MOVEMENT_CATEGORY]));
  voucher_extra(&run->voucher, "situacao", row_text(&cells[MOVEMENT_STATE]));
  return voucher_tell(&run->voucher, &run->target, error);
}

/* The movements at a path; `param` names the account there, or is NULL. */
static gboolean
list_movements(Run *run, const char *path, const char *param, const ErpPeriod *period,
               GError **error)
{
  Erp *erp = run->target.erp;
  RowShape shape = erp_shape(erp, "rows.movements", entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = N_ENTRY_CELLS; i < N_MOVEMENT_CELLS; i++)
    shape.cells[i] = erp_wire(erp, movement_keys[i - N_ENTRY_CELLS]);
  BlingListing listing = {.listing = {.path = path, .shape = &shape, .id_cell = ENTRY_ID},
                          .from = erp_wire(erp, "movements.from"),
                          .to = erp_wire(erp, "movements.to"),
                          .params = {param, run->code}};
  ErpRowTaker taker = {.row = take_movement, .data = run};
  voucher_init(&run->voucher);
  gboolean listed = bling_list(erp, &listing, period, NULL, &taker, error);
  voucher_clear(&run->voucher);
  return listed;
}

static gboolean
list_of_account(Run *run, const char *id, const ErpPeriod *period, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string(id, NULL, FALSE);
  g_auto(GStrv) parts = g_strsplit(erp_wire(run->target.erp, "movements.path"), "{id}", 2);
  g_autofree char *path = g_strjoinv(quoted, parts);
  return list_movements(run, path, NULL, period, error);
}

/* ---- operations -------------------------------------------------------------------------------*/

/* Where a company's Bling answers whole balances. */
static gboolean
list_balances(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, const char *path,
              GError **error)
{
  DateText from = date_iso(&period->first), to = date_iso(&period->last);
  const char *params[] = {erp_wire(erp, "movements.from"), from.text, erp_wire(erp, "movements.to"),
                          to.text, NULL};
  ErpListing listing = {.path = path, .params = params};
  AccountNotes notes = {.rules = &rules};
  return erp_list_accounts(erp, &listing, "rows.chart", &notes, sink, error);
}

static gboolean
list_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  const char *path = erp_config_text(erp->config, "BALANCETE_PATH");
  if (path != NULL)
    return sink->account == NULL || list_balances(erp, period, sink, path, error);
  g_autoptr(GPtrArray) unsummed = g_ptr_array_new_with_free_func(unsummed_free);
  g_autoptr(ErpSeen) ids = erp_seen_new();
  AllUnsummed all = {unsummed, ids};
  AccountNotes notes = {.rules = &rules, .note = note_unsummed, .data = &all};
  if (!list_accounts(erp, &notes, sink, error))
    return FALSE;
  for (guint i = 0; i < unsummed->len && sink->posting != NULL; i++) {
    const Unsummed *account = g_ptr_array_index(unsummed, i);
    BlingAccount known = {account->id, account->name};
    Run run = {.target = {.erp = erp, .period = period, .sink = sink},
               .code = account->code,
               .names = &known};
    if (!list_of_account(&run, account->id, period, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  gboolean told = bling_begin(erp, &failure) && list_books(erp, period, sink, &failure);
  return erp_ended(told, &failure, error);
}

static gboolean
list_entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
             GError **error)
{
  const char *path = erp_config_text(erp->config, "LANCAMENTOS_PATH");
  Run run = {.target = {.erp = erp, .account = account, .sink = sink}, .code = account};
  if (path != NULL)
    return list_movements(&run, path, erp_wire(erp, "movements.account"), period, error);
  run.names = bling_account(erp, account, load_codes, error);
  return run.names != NULL && list_of_account(&run, run.names->id, period, error);
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
chart(Erp *erp, const LedgerSink *sink, GError **error)
{
  AccountNotes notes = {.rules = &rules};
  GError *failure = NULL;
  gboolean told = bling_begin(erp, &failure) && list_accounts(erp, &notes, sink, &failure);
  return erp_ended(told, &failure, error);
}

const ErpProfile bling_v3 = {
    .erp = ERP_BLING,
    .name = "v3",
    .spellings = "3",
    .source = "Bling",
    .base_url = "https://bling.com.br/Api/v3",
    .token_url = "https://bling.com.br/Api/v3/oauth/token",
    .authorize_url = "https://bling.com.br/Api/v3/oauth/authorize",
    .auths = 1U << AUTH_OAUTH2 | 1U << AUTH_API_KEY,
    .default_auth = AUTH_OAUTH2,
    .wire = names,
    .is_aggregated = TRUE, /* of accounts without amounts of their own */
    .judge = bling_judge,
    .outside = erp_shape_outside,
    .books = books,
    .entries = entries,
    .chart = chart,
    .companies = bling_companies,
};

/* The accounts of ContaAzul's second API: its categories, its financial accounts with what they
 * began with, and the three that the posting table adds. */
#include "base/error.h"
#include "base/settings.h"
#include "erp/contaazul_v2.h"
#include "erp/kept_rows.h"
#include "erp/paging.h"

enum { BANK_ID, BANK_NAME, BANK_KIND, N_BANK_CELLS };
static const char *const bank_keys[N_BANK_CELLS] = {"bank.id", "bank.name", "bank.kind"};
static const char *const card_words[] = {"cartao_credito", "cartao de credito", "cartao_de_credito",
                                         "credit_card", NULL};

static gboolean
keep_bank(const RowCell *cells, gpointer data, GError **error)
{
  if (row_text(&cells[BANK_ID]) == NULL || kept_rows_add(data, cells, KEPT_ROWS_MAX_BYTES))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_TOO_LARGE,
                      "A resposta do ERP passa do limite de tamanho.");
  return FALSE;
}

static KeptRows *
list_banks(Erp *erp, GError **error)
{
  RowShape shape = erp_shape(erp, "rows.banks", bank_keys, N_BANK_CELLS);
  g_autoptr(KeptRows) banks = kept_rows_new(&shape);
  ErpListing listing = {.path = erp_wire(erp, "banks.path"),
                        .shape = &shape,
                        .id_cell = BANK_ID,
                        .page_size = contaazul_page_size(erp->page_size),
                        .is_small = TRUE};
  ErpRowTaker taker = {.row = keep_bank, .data = banks};
  return erp_list(erp, &listing, NULL, &taker, error) ? g_steal_pointer(&banks) : NULL;
}

/* ---- what a financial account began with: its balance now less all that moved since
 * ------------*/

static gboolean
add_movement(const LedgerPosting *posting, gpointer data, G_GNUC_UNUSED GError **error)
{
  GHashTable *moved = data; /* account to gint64 */
  gint64 *sum = g_hash_table_lookup(moved, posting->account);
  if (sum == NULL) {
    sum = g_new0(gint64, 1);
    g_hash_table_insert(moved, g_strdup(posting->account), sum);
  }
  *sum += posting->debit - posting->credit;
  return TRUE;
}

static const char sql_today[] = "select ponte.local_date(now(), $1)";

static gboolean
today_of(Db *db, GDate *today, GError **error)
{
  g_autoptr(PGresult) found =
      db_query(db, DB_CLAIMS_SYSTEM, sql_today, DB_PARAMS(setting(APP_TIMEZONE)), error);
  if (found == NULL)
    return FALSE;
  if (!date_parse_iso(db_text(found, 0, 0), today))
    g_assert_not_reached();
  return TRUE;
}

/* The sums of what moved from the period's first day until today; NULL with the error. */
static GHashTable *
movements_since(Erp *erp, const GDate *first, GError **error)
{
  g_autoptr(GHashTable) moved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  LedgerSink sink = {.posting = add_movement, .data = moved};
  ErpPeriod since = {.first = *first};
  VoucherTarget target = {.erp = erp, .period = &since, .sink = &sink};
  if (!today_of(erp->db, &since.last, error))
    return NULL;
  if (g_date_compare(&since.first, &since.last) <= 0 &&
      !contaazul_list_all(&target, &since, TRUE, error))
    return NULL;
  return g_steal_pointer(&moved);
}

static gboolean
ask_balance(Erp *erp, const char *id, gint64 *balance, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string(id, NULL, FALSE);
  g_auto(GStrv) parts = g_strsplit(erp_wire(erp, "balance.path"), "{id}", 2);
  g_autofree char *path = g_strjoinv(quoted, parts);
  RowShape shape = {.is_object = TRUE};
  erp_shape_outside(erp, &shape);
  shape.outside[N_OUTSIDE] = erp_wire(erp, "balance.amount");
  g_autoptr(RowReader) reader = row_reader_new(&shape, NULL, NULL);
  ErpCall call = {.path = path, .is_small = TRUE};
  if (!erp_call(erp, &call, reader, error))
    return FALSE;
  RowCell cell = row_reader_outside(reader, N_OUTSIDE);
  gboolean present = FALSE;
  if (erp_read_amount(erp, &cell, balance, NULL, &present) == NULL && present)
    return TRUE;
  g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA,
              "O saldo da conta financeira %s do ContaAzul não pôde ser lido.", id);
  return FALSE;
}

static gboolean
set_opening(Erp *erp, GHashTable *moved, LedgerAccount *account, GError **error)
{
  gint64 balance = 0;
  if (!ask_balance(erp, account->code, &balance, error))
    return FALSE;
  const gint64 *movement = g_hash_table_lookup(moved, account->code);
  balance -= movement != NULL ? *movement : 0;
  account->has_opening = TRUE;
  account->opening = balance;
  account->opening_side = SIDE_DEBIT; /* money there is; what a card owes is below zero */
  return TRUE;
}

/* ---- the chart --------------------------------------------------------------------------------*/

static gboolean
tell_banks(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  gboolean with_opening =
      period != NULL && g_strcmp0(erp_config_text(erp->config, "OPENING_POLICY"), "history") == 0;
  g_autoptr(GHashTable) moved = NULL;
  g_autoptr(KeptRows) banks = list_banks(erp, error);
  if (banks == NULL)
    return FALSE;
  if (with_opening && (moved = movements_since(erp, &period->first, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < kept_rows_count(banks); i++) {
    const RowCell *cells = kept_rows_row(banks, i);
    gboolean is_card = voucher_word_in(row_text(&cells[BANK_KIND]), card_words);
    LedgerAccount account = {.code = row_text(&cells[BANK_ID]),
                             .name = row_text(&cells[BANK_NAME]),
                             .type = is_card ? ACCOUNT_LIABILITY : ACCOUNT_ASSET};
    if ((with_opening && !set_opening(erp, moved, &account, error)) ||
        !sink->account(&account, sink->data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
tell_fixed(const LedgerSink *sink, GError **error)
{
  static const LedgerAccount fixed[] = {
      {.code = CONTAAZUL_RECEIVABLES, .name = "Contas a Receber", .type = ACCOUNT_ASSET},
      {.code = CONTAAZUL_PAYABLES, .name = "Contas a Pagar", .type = ACCOUNT_LIABILITY},
      {.code = CONTAAZUL_RESULT, .name = "Resultado Financeiro", .type = ACCOUNT_EXPENSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
    if (!sink->account(&fixed[i], sink->data, error))
      return FALSE;
  return TRUE;
}

gboolean
contaazul_list_chart(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  ErpListing listing = {.path = erp_wire(erp, "categories.path"),
                        .page_size = contaazul_page_size(erp->page_size)};
  return erp_list_accounts(erp, &listing, "rows.categories", NULL, sink, error) &&
         tell_banks(erp, period, sink, error) && tell_fixed(sink, error);
}

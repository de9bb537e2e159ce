#include "erp/row_map.h"

#include <string.h>

#include "base/error.h"
#include "base/instant.h"

#define MAX_LEVEL 15 /* 2.3 */

const char *const account_wire_keys[N_ACCOUNT_CELLS] = {
    [ACCOUNT_CODE] = "account.code",       [ACCOUNT_NAME] = "account.name",
    [ACCOUNT_TYPE] = "account.type",       [ACCOUNT_PARENT] = "account.parent",
    [ACCOUNT_LEVEL] = "account.level",     [ACCOUNT_SIDE] = "account.side",
    [ACCOUNT_OPENING] = "account.opening", [ACCOUNT_DEBIT] = "account.debit",
    [ACCOUNT_CREDIT] = "account.credit",   [ACCOUNT_CLOSING] = "account.closing",
    [ACCOUNT_SUMMARY] = "account.summary", [ACCOUNT_ID] = "account.id",
};

const char *const entry_wire_keys[N_ENTRY_CELLS] = {
    [ENTRY_ID] = "entry.id",
    [ENTRY_DATE] = "entry.date",
    [ENTRY_POSTING] = "entry.posting",
    [ENTRY_ACCOUNT] = "entry.account",
    [ENTRY_ACCOUNT_NAME] = "entry.account_name",
    [ENTRY_DEBIT] = "entry.debit",
    [ENTRY_CREDIT] = "entry.credit",
    [ENTRY_AMOUNT] = "entry.amount",
    [ENTRY_DIRECTION] = "entry.direction",
    [ENTRY_DESCRIPTION] = "entry.description",
    [ENTRY_DOCUMENT] = "entry.document",
    [ENTRY_DOCUMENT_TYPE] = "entry.document_type",
    [ENTRY_COST_CENTER] = "entry.cost_center",
    [ENTRY_ENTITY_ID] = "entry.entity_id",
    [ENTRY_ENTITY_NAME] = "entry.entity_name",
};

void
erp_shape_cells(const Erp *erp, RowShape *shape, const char *const *keys, guint count)
{
  g_assert(count <= ROWS_MAX_CELLS);
  for (guint i = 0; i < count; i++)
    shape->cells[i] = erp_wire(erp, keys[i]);
}

/* A row that is being read: what is wrong with it is told once, by its first flaw. */
typedef struct {
  Erp *erp;
  const RowCell *cells;
  const char *row; /* its code or id */
  const char *field, *problem;
} Row;

static void
note_flaw(Row *row, const char *field, const char *problem)
{
  if (row->problem != NULL)
    return;
  row->field = field;
  row->problem = problem;
}

/* FALSE: the run ends. */
static gboolean
finish_row(const Row *row, const LedgerSink *sink, gboolean *fine, GError **error)
{
  *fine = row->problem == NULL;
  if (*fine)
    return TRUE;
  if (sink->flaw != NULL)
    return sink->flaw(&(LedgerFlaw){row->row, row->field, row->problem}, sink->data, error);
  erp_detail(row->erp, row->field, row->problem, row->row);
  g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA, "O ERP enviou um valor inválido em %s.",
              row->field);
  return FALSE;
}

/* ---- amounts ----------------------------------------------------------------------------------*/

const char *
erp_read_amount(const Erp *erp, const RowCell *cell, gint64 *centavos, AccountSide *side,
                gboolean *present)
{
  AccountSide unstated = SIDE_UNSTATED;
  *centavos = 0;
  *present = cell->kind != ROW_ABSENT;
  if (side != NULL)
    *side = unstated;
  if (cell->kind == ROW_ABSENT)
    return NULL;
  if (cell->kind == ROW_NUMBER)
    return amount_parse_number(cell->text, centavos);
  if (cell->kind == ROW_TEXT)
    return amount_parse_text(cell->text, erp->hint, centavos, side);
  return "invalid_amount";
}

/* A balance may be negative and state its side. */
static gboolean
read_balance(Row *row, guint cell, const char *field, gint64 *centavos, AccountSide *side)
{
  gboolean present;
  const char *problem = erp_read_amount(row->erp, &row->cells[cell], centavos, side, &present);
  if (problem != NULL)
    note_flaw(row, field, problem);
  return present;
}

/* A movement is neither negative nor on a side. */
static gboolean
read_movement(Row *row, guint cell, const char *field, gint64 *centavos)
{
  gboolean present;
  const char *problem = erp_read_amount(row->erp, &row->cells[cell], centavos, NULL, &present);
  if (problem == NULL && *centavos < 0)
    problem = "negative_amount";
  if (problem != NULL)
    note_flaw(row, field, problem);
  return present;
}

/* ---- accounts ---------------------------------------------------------------------------------*/

static void
read_code(Row *row, LedgerAccount *account)
{
  gboolean usual = TRUE;
  account->code = row->row;
  if (account->code == NULL || !account_code_check(account->code, &usual))
    note_flaw(row, "account_code", "invalid_account_code");
  else if (!usual)
    erp_warn(row->erp, "nonstandard_account_code", NULL); /* a chart may have thousands of them */
}

static void
read_type(const RowCell *cell, const AccountRules *rules, LedgerAccount *account)
{
  const char *text = row_text(cell);
  if (text == NULL || (rules->type != NULL && rules->type(text, &account->type)) ||
      account_type_parse(text, &account->type))
    return;
  account->type = ACCOUNT_UNTYPED;
  account->type_text = text;
}

static gint64
read_level(const RowCell *cell)
{
  const char *text = row_text(cell);
  gint64 level = 0;
  return text != NULL && g_ascii_string_to_signed(text, 10, 1, MAX_LEVEL, &level, NULL) ? level : 0;
}

static AccountSide
read_side(const RowCell *cell)
{
  static const struct {
    const char *text;
    AccountSide side;
  } sides[] = {{"D", SIDE_DEBIT}, {"1", SIDE_DEBIT}, {"C", SIDE_CREDIT}, {"2", SIDE_CREDIT}};
  const char *text = row_text(cell);
  for (gsize i = 0; i < G_N_ELEMENTS(sides) && text != NULL; i++)
    if (g_ascii_strcasecmp(text, sides[i].text) == 0)
      return sides[i].side;
  return SIDE_UNSTATED;
}

/* A class, 1 analytic and 2 synthetic (or the reverse), or a plain flag. */
static void
read_summary(const RowCell *cell, const AccountRules *rules, LedgerAccount *account)
{
  const char *text = row_text(cell);
  account->has_summary = text != NULL;
  if (text == NULL)
    return;
  gboolean is_class = g_str_equal(text, "1") || g_str_equal(text, "2");
  if (rules->summary_is_analytic)
    account->is_summary = !row_flag(cell);
  else if (is_class)
    account->is_summary = g_str_equal(text, "2") != rules->flips_class;
  else
    account->is_summary = row_flag(cell);
}

static void
read_amounts(Row *row, LedgerAccount *account)
{
  read_balance(row, ACCOUNT_OPENING, "opening_balance", &account->opening, &account->opening_side);
  gboolean debit = read_movement(row, ACCOUNT_DEBIT, "debit_amount", &account->debit);
  gboolean credit = read_movement(row, ACCOUNT_CREDIT, "credit_amount", &account->credit);
  gboolean closing = read_balance(row, ACCOUNT_CLOSING, "closing_balance", &account->closing,
                                  &account->closing_side);
  account->has_amounts = debit || credit || closing; /* an opening alone tells of no movement */
}

gboolean
erp_read_account(Erp *erp, const RowCell *cells, const AccountRules *rules, LedgerAccount *account,
                 const LedgerSink *sink, gboolean *fine, GError **error)
{
  Row row = {.erp = erp, .cells = cells, .row = row_text(&cells[ACCOUNT_CODE])};
  *account = (LedgerAccount){
      .name = row_text(&cells[ACCOUNT_NAME]),
      .parent = row_text(&cells[ACCOUNT_PARENT]),
      .level = read_level(&cells[ACCOUNT_LEVEL]),
      .side = read_side(&cells[ACCOUNT_SIDE]),
  };
  read_code(&row, account);
  read_type(&cells[ACCOUNT_TYPE], rules, account);
  read_summary(&cells[ACCOUNT_SUMMARY], rules, account);
  read_amounts(&row, account);
  return finish_row(&row, sink, fine, error);
}

/* ---- entries ----------------------------------------------------------------------------------*/

/* FALSE when there is no date. */
static gboolean
read_day(Row *row, guint cell, const char *field, GDate *day, TimeText *instant)
{
  const RowCell *from = &row->cells[cell];
  const char *problem = "";
  if (from->kind == ROW_TEXT || from->kind == ROW_NUMBER)
    problem = day_parse(from->text, from->kind == ROW_NUMBER, business_zone(), day, instant);
  else if (from->kind != ROW_ABSENT)
    problem = "invalid_date";
  if (problem != NULL && *problem != '\0')
    note_flaw(row, field, problem);
  return problem == NULL;
}

static void
read_days(Row *row, LedgerEntry *entry)
{
  g_date_clear(&entry->transaction, 1);
  g_date_clear(&entry->posting, 1);
  if (!read_day(row, ENTRY_DATE, "transaction_date", &entry->transaction, &entry->timestamp))
    note_flaw(row, "transaction_date", "date_required");
  if (!read_day(row, ENTRY_POSTING, "posting_date", &entry->posting, NULL))
    entry->posting = entry->transaction;
}

static void
read_entry_amounts(Row *row, LedgerEntry *entry, const char *direction, gint64 *amount)
{
  gboolean present;
  gboolean debit = read_movement(row, ENTRY_DEBIT, "debit_amount", &entry->debit);
  gboolean credit = read_movement(row, ENTRY_CREDIT, "credit_amount", &entry->credit);
  const char *problem =
      erp_read_amount(row->erp, &row->cells[ENTRY_AMOUNT], amount, NULL, &present);
  if (problem == NULL && !present && !debit && !credit && direction != NULL)
    problem = "amount_required"; /* it says on which side, and not how much */
  if (problem != NULL)
    note_flaw(row, "amount", problem);
}

gboolean
erp_read_entry(Erp *erp, const RowCell *cells, LedgerEntry *entry, const char **direction,
               gint64 *amount, const LedgerSink *sink, gboolean *fine, GError **error)
{
  Row row = {.erp = erp, .cells = cells, .row = row_text(&cells[ENTRY_ID])};
  const char *description = row_text(&cells[ENTRY_DESCRIPTION]);
  *entry = (LedgerEntry){
      .id = row.row,
      .account = row_text(&cells[ENTRY_ACCOUNT]),
      .account_name = row_text(&cells[ENTRY_ACCOUNT_NAME]),
      .description = description != NULL ? description : "",
      .document_number = row_text(&cells[ENTRY_DOCUMENT]),
      .document_type = row_text(&cells[ENTRY_DOCUMENT_TYPE]),
      .cost_center = row_text(&cells[ENTRY_COST_CENTER]),
      .entity_id = row_text(&cells[ENTRY_ENTITY_ID]),
      .entity_name = row_text(&cells[ENTRY_ENTITY_NAME]),
  };
  if (entry->id == NULL)
    note_flaw(&row, "entry_id", "missing_field");
  *direction = row_text(&cells[ENTRY_DIRECTION]);
  read_days(&row, entry);
  read_entry_amounts(&row, entry, *direction, amount);
  return finish_row(&row, sink, fine, error);
}

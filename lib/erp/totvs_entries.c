/* The entries of a Protheus account: rows of either service, the newer with debitValue and
 * creditValue, the older as they stand in table CT2. */
#include <string.h>

#include "base/text.h"
#include "erp/entry_run.h"
#include "erp/totvs.h"

static void
append_part(GString *id, const char *text)
{
  append_bytes(id, "-", 1);
  append_bytes(id, text, strlen(text));
}

gboolean
totvs_entry_id(const RowCell *cells, GString *id)
{
  static const guint parts[] = {ENTRY_DATE, TOTVS_LOT, TOTVS_SUB_LOT, ENTRY_DOCUMENT};
  static const guint others[] = {TOTVS_SEQUENCE, TOTVS_DEBIT_ACCOUNT, TOTVS_CREDIT_ACCOUNT,
                                 ENTRY_AMOUNT,   ENTRY_DEBIT,         ENTRY_CREDIT};
  const char *branch = row_text(&cells[TOTVS_BRANCH]), *line = row_text(&cells[TOTVS_LINE]);
  gboolean any = branch != NULL || line != NULL;
  g_string_assign(id, branch != NULL ? branch : "");
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    const char *text = row_text(&cells[parts[i]]);
    any |= text != NULL && parts[i] != ENTRY_DATE;
    append_part(id, text != NULL ? text : "");
  }
  if (line != NULL)
    append_part(id, line);
  for (guint i = 0; line == NULL && i < G_N_ELEMENTS(others); i++) {
    const char *text = row_text(&cells[others[i]]);
    if (text != NULL)
      append_part(id, text);
  }
  return any;
}

void
totvs_place_amount(const RowCell *cells, const char *account, const char *direction, gint64 amount,
                   LedgerEntry *entry)
{
  const char *debit = row_text(&cells[TOTVS_DEBIT_ACCOUNT]);
  const char *credit = row_text(&cells[TOTVS_CREDIT_ACCOUNT]);
  gboolean is_debit, is_credit;
  if (debit == NULL && credit == NULL) {
    is_debit = g_strcmp0(direction, "1") == 0;
    is_credit = g_strcmp0(direction, "2") == 0;
  } else {
    is_debit = g_strcmp0(debit, account) == 0;
    is_credit = g_strcmp0(credit, account) == 0;
    if (entry->account == NULL && !is_debit && !is_credit) { /* told above as another account's */
      is_debit = debit != NULL;
      is_credit = !is_debit;
      entry->account = is_debit ? debit : credit;
    }
  }
  entry->debit = is_debit ? amount : 0;
  entry->credit = is_credit ? amount : 0;
  if (entry->cost_center == NULL)
    entry->cost_center = row_text(&cells[is_debit ? TOTVS_DEBIT_CENTER : TOTVS_CREDIT_CENTER]);
}

typedef struct {
  EntryRun *run;
  const char *account; /* the one asked for */
  const char *name;    /* its name, where rows have none; or NULL */
  const ErpPeriod *period;
  GString *id;       /* of a row that has none of its own */
  GHashTable *parts; /* of the page: ids of rows without a line */
} Movements;

/* The id of a row that has none of its own.  Rows without a line that say the same are not the same
 * row, when they stand in one answer. */
static gboolean
make_id(const Movements *movements, const RowCell *cells)
{
  if (!totvs_entry_id(cells, movements->id))
    return FALSE;
  if (row_text(&cells[TOTVS_LINE]) == NULL) {
    g_autofree char *part = entry_part_id(movements->parts, movements->id->str);
    g_string_assign(movements->id, part);
  }
  return TRUE;
}

static gboolean
has_columns(const RowCell *cells)
{
  return cells[ENTRY_DEBIT].kind != ROW_ABSENT || cells[ENTRY_CREDIT].kind != ROW_ABSENT;
}

static gboolean
take(const RowCell *cells, gpointer data)
{
  Movements *movements = data;
  EntryRun *run = movements->run;
  RowCell own[ROWS_MAX_CELLS];
  LedgerEntry entry;
  const char *direction = NULL;
  gint64 amount = 0;
  gboolean fine;
  GError *error = NULL;
  memcpy(own, cells, sizeof own[0] * N_TOTVS_ENTRY_CELLS);
  if (row_text(&own[ENTRY_ID]) == NULL && make_id(movements, own))
    own[ENTRY_ID] = (RowCell){ROW_TEXT, movements->id->str};
  if (row_text(&own[ENTRY_ID]) != NULL)
    erp_seen_expect(run->seen, row_text(&own[ENTRY_ID]));
  if (!erp_read_entry(run->erp, own, &entry, &direction, &amount, run->sink, &fine, &error))
    return entry_run_stop(run, error);
  if (!fine)
    return entry_run_take(run, NULL, NULL);
  if (!has_columns(cells))
    totvs_place_amount(own, movements->account, direction, amount, &entry);
  if (entry.account_name == NULL)
    entry.account_name = movements->name; /* another account's rows are left out anyway */
  entry.is_outgoing = entry.credit > entry.debit;
  entry.metadata[0] = (LedgerExtra){"batch", row_text(&own[TOTVS_BATCH])};
  entry.metadata[1] = (LedgerExtra){"sequence", row_text(&own[TOTVS_SEQUENCE])};
  entry.metadata[2] = (LedgerExtra){NULL, NULL};
  return entry_run_take(run, &entry, entry.id);
}

static RowShape
shape_of(const Erp *erp)
{
  static const char *const keys[] = {
      "entry.branch",
      "entry.lot",
      "entry.sub_lot",
      "entry.line",
      "entry.debit_account",
      "entry.credit_account",
      "entry.debit_cost_center",
      "entry.credit_cost_center",
      "entry.batch",
      "entry.sequence",
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(keys) == N_TOTVS_ENTRY_CELLS - N_ENTRY_CELLS);
  RowShape shape = totvs_shape(erp, "rows.entries");
  erp_shape_cells(erp, &shape, entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    shape.cells[N_ENTRY_CELLS + i] = erp_wire(erp, keys[i]);
  return shape;
}

static ErpCalling *
ask(gint64 page, RowReader *reader, gpointer data, GError **error)
{
  const Movements *movements = data;
  Erp *erp = movements->run->erp;
  g_auto(TotvsRequest) request = {0};
  totvs_request_init(&request, erp, "entries", movements->account, movements->period, page);
  return erp_calling_new(erp, &request.call, reader, error);
}

/* It stands before the rows, or behind them. */
static gboolean
has_next(const RowReader *reader)
{
  RowCell cell = row_reader_outside(reader, TOTVS_HAS_NEXT);
  return row_flag(&cell);
}

gboolean
totvs_entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
              GError **error)
{
  const RowShape shape = shape_of(erp);
  g_auto(EntryRun) run = {0};
  g_autoptr(GString) id = g_string_new(NULL);
  g_autoptr(GHashTable) parts = entry_parts_new();
  /* rows of ctb_v1 tell the name */
  const char *name = erp->profile == &totvs_ctbr020 ? totvs_account_name(erp, account) : NULL;
  Movements movements = {&run, account, name, period, id, parts};
  const EntryPages pages = {ask, has_next, &shape, take, &movements};
  entry_run_init(&run, erp, sink);
  for (gboolean more = TRUE; more;) {
    g_hash_table_remove_all(parts);
    if (!entry_run_page(&run, &pages, error))
      return FALSE;
    if (run.has_enough)
      return TRUE;
    guint rows = row_reader_count(run.reader);
    more = totvs_note_page(erp, &run.pages, rows, row_reader_outside(run.reader, TOTVS_HAS_NEXT),
                           row_reader_outside(run.reader, TOTVS_REMAINING),
                           row_reader_outside(run.reader, TOTVS_COMPANY));
    if (!entry_run_end_page(&run, rows, more, -1, error))
      return FALSE;
  }
  erp_pages_end(&run.pages, erp);
  return TRUE;
}

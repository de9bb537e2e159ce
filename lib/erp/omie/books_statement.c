#include "erp/omie/books_statement.h"

#include "base/json.h"
#include "erp/paging.h"

#define WINDOW_DAYS 30

typedef struct {
  const OmieStatement *statement;
  const OmieBank *bank;
  RowShape shape;
  ErpSeen *seen;
  gboolean is_open; /* its opening was told */
  gboolean adds_up; /* the window under way: its balances say that every row is a movement */
} Reading;

/* It has movements, or a balance, or says that there is nothing. */
static gboolean
is_statement(const KeptRows *kept)
{
  static const guint signs[] = {OMIE_BALANCE_BEFORE, OMIE_FAULT_TEXT, OMIE_FAULT_CODE};
  gboolean any = kept_rows_found_array(kept);
  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
    any |= kept_rows_outside(kept, signs[i]).kind != ROW_ABSENT;
  return any;
}

static KeptRows *
ask(const Reading *reading, const ErpPeriod *window, GError **error)
{
  Erp *erp = reading->statement->erp;
  g_autoptr(JsonWriter) w = json_writer_new();
  gint64 number;
  json_open_object(w, NULL);
  if (g_ascii_string_to_signed(reading->bank->id, 10, 0, G_MAXINT64, &number, NULL))
    json_add_int(w, erp_wire(erp, "entries.account"), number);
  else
    json_add_text(w, erp_wire(erp, "entries.account"), reading->bank->id);
  json_add_text(w, erp_wire(erp, "entries.from"), date_br(&window->first).text);
  json_add_text(w, erp_wire(erp, "entries.to"), date_br(&window->last).text);
  json_add_text(w, erp_wire(erp, "entries.balance_only"), "N");
  json_close_object(w);
  erp->pages++;
  g_autoptr(KeptRows) kept =
      omie_books_keep(erp, "entries", json_writer_text(w), &reading->shape, error);
  if (kept == NULL || is_statement(kept))
    return g_steal_pointer(&kept);
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_DATA,
                      "A resposta do ERP não tem a forma esperada.");
  return NULL;
}

/* ---- is a window whole? -----------------------------------------------------------------------*/

static gboolean
balance_of(const Erp *erp, const KeptRows *kept, guint outside, gint64 *centavos)
{
  RowCell cell = kept_rows_outside(kept, outside);
  gboolean present;
  return erp_read_amount(erp, &cell, centavos, NULL, &present) == NULL && present;
}

/* What the movements come to; FALSE when one of them cannot be read (which is told later). */
static gboolean
sum(const Erp *erp, const KeptRows *kept, gint64 *moved)
{
  *moved = 0;
  for (guint i = 0; i < kept_rows_count(kept); i++) {
    const RowCell *cells = kept_rows_row(kept, i);
    AccountSide side = omie_side(row_text(&cells[ENTRY_DIRECTION]));
    gint64 amount;
    gboolean present;
    if (!omie_is_movement(cells))
      continue;
    if (side == SIDE_UNSTATED ||
        erp_read_amount(erp, &cells[ENTRY_AMOUNT], &amount, NULL, &present) != NULL ||
        __builtin_add_overflow(*moved, side == SIDE_DEBIT ? ABS(amount) : -ABS(amount), moved))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_whole(Reading *reading, const KeptRows *kept)
{
  const Erp *erp = reading->statement->erp;
  gint64 before = 0, after = 0, moved = 0;
  reading->adds_up = balance_of(erp, kept, OMIE_BALANCE_BEFORE, &before) &&
                     balance_of(erp, kept, OMIE_BALANCE_AFTER, &after) && sum(erp, kept, &moved);
  return omie_window_is_whole(kept_rows_count(kept), reading->adds_up, before, moved, after);
}

/* ---- its movements ----------------------------------------------------------------------------*/

/* A movement that says neither in nor out. */
static gboolean
refuse(const OmieStatement *statement, const char *id, GError **error)
{
  LedgerFlaw flaw = {id, "debit_amount", "invalid_direction"};
  if (statement->sink->flaw != NULL)
    return statement->sink->flaw(&flaw, statement->sink->data, error);
  erp_detail(statement->erp, flaw.field, flaw.problem, id);
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_DATA,
                      "O Omie enviou um movimento sem entrada nem saída.");
  return FALSE;
}

/* `parts` counts the rows of each id in a window that adds up: a movement in several rows (parts of
 * several categories) has them all under one id.  NULL: such rows are one that came twice. */
static gboolean
hand_on_row(const Reading *reading, const RowCell *cells, GHashTable *parts, GError **error)
{
  const OmieStatement *statement = reading->statement;
  OmieMovement movement = {.bank = reading->bank, .cells = cells};
  const char *direction = NULL;
  gint64 amount = 0;
  gboolean fine;
  if (!erp_read_entry(statement->erp, cells, &movement.entry, &direction, &amount, statement->sink,
                      &fine, error))
    return FALSE;
  if (!fine)
    return TRUE;
  g_autofree char *part_id = parts != NULL ? entry_part_id(parts, movement.entry.id) : NULL;
  if (part_id != NULL)
    movement.entry.id = part_id;
  g_autofree char *key = g_strconcat(reading->bank->id, "/", movement.entry.id, NULL);
  if (!erp_seen_add(reading->seen, key)) {
    erp_warn(statement->erp, "duplicate_entry", NULL);
    return TRUE;
  }
  movement.side = omie_side(direction);
  if (movement.side == SIDE_UNSTATED)
    return refuse(statement, movement.entry.id, error);
  movement.amount = ABS(amount);
  movement.category = row_text(&cells[OMIE_CATEGORY]);
  movement.category_name = row_text(&cells[OMIE_CATEGORY_NAME]);
  movement.entry.is_outgoing = movement.side == SIDE_CREDIT;
  if (movement.entry.description == NULL || *movement.entry.description == '\0')
    movement.entry.description = movement.category_name;
  return statement->movement(&movement, statement->data, error);
}

/* Tells what the account began with, once: by the first window that says so.  Before any movement
 * at the latest, and so without it where the ERP has not said it until then; `kept` NULL: it never
 * did. */
static gboolean
open_account(Reading *reading, const KeptRows *kept, GError **error)
{
  const OmieStatement *statement = reading->statement;
  gint64 before = 0;
  gboolean has_opening =
      kept != NULL && balance_of(statement->erp, kept, OMIE_BALANCE_BEFORE, &before);
  if (reading->is_open || (!has_opening && kept != NULL && kept_rows_count(kept) == 0))
    return TRUE;
  reading->is_open = TRUE;
  return statement->opening == NULL ||
         statement->opening(reading->bank, has_opening, before, statement->data, error);
}

static gboolean
hand_on(Reading *reading, const KeptRows *kept, GError **error)
{
  g_autoptr(GHashTable) parts = reading->adds_up ? entry_parts_new() : NULL;
  if (!open_account(reading, kept, error))
    return FALSE;
  for (guint i = 0; i < kept_rows_count(kept); i++) {
    const RowCell *cells = kept_rows_row(kept, i);
    if (omie_is_movement(cells) && !hand_on_row(reading, cells, parts, error))
      return FALSE;
  }
  erp_seen_end_page(reading->seen);
  return TRUE;
}

/* ---- windows ----------------------------------------------------------------------------------*/

gboolean
omie_halve(const ErpPeriod *window, ErpPeriod *first, ErpPeriod *second)
{
  gint days = g_date_days_between(&window->first, &window->last) + 1;
  if (days < 2)
    return FALSE;
  *first = (ErpPeriod){window->first, date_plus(&window->first, days / 2 - 1)};
  *second = (ErpPeriod){date_plus(&window->first, days / 2), window->last};
  return TRUE;
}

static gboolean
read_window(Reading *reading, const ErpPeriod *window, GError **error)
{
  ErpPeriod first, second;
  g_autoptr(KeptRows) kept = ask(reading, window, error);
  if (kept == NULL)
    return FALSE;
  if (is_whole(reading, kept))
    return hand_on(reading, kept, error);
  g_clear_pointer(&kept, kept_rows_unref);
  if (omie_halve(window, &first, &second))
    return read_window(reading, &first, error) && read_window(reading, &second, error);
  g_set_error(error, PONTE_ERROR, ERROR_ERP_EXTRACT_TRUNCATED,
              "O extrato da conta %s em %s veio incompleto do Omie.", reading->bank->code,
              date_br(&window->first).text);
  return FALSE;
}

gboolean
omie_statement_read(const OmieStatement *statement, const OmieBank *bank, const ErpPeriod *period,
                    ErpSeen *seen, GError **error)
{
  Reading reading = {.statement = statement,
                     .bank = bank,
                     .shape = omie_movement_shape(statement->erp, "entries"),
                     .seen = seen};
  ErpPeriod window = {0};
  reading.shape.is_object = TRUE; /* a month without movements may come without their list */
  while (erp_next_window(period, WINDOW_DAYS, &window))
    if (!read_window(&reading, &window, error))
      return FALSE;
  return open_account(&reading, NULL, error);
}

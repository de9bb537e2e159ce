/* What the rows of Omie's books mean; nothing here asks anybody. */
#include "base/text.h"
#include "erp/omie/books.h"

gboolean
omie_account_type(const char *text, AccountType *type)
{
  static const struct {
    const char *code;
    AccountType type;
  } types[] = {
      {"REC", ACCOUNT_REVENUE}, {"DES", ACCOUNT_EXPENSE},  {"BAN", ACCOUNT_ASSET},
      {"OUT", ACCOUNT_ASSET},   {"CC", ACCOUNT_ASSET},     {"CX", ACCOUNT_ASSET},
      {"CV", ACCOUNT_ASSET},    {"CR", ACCOUNT_LIABILITY}, /* credit card */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    if (g_ascii_strcasecmp(text, types[i].code) == 0) {
      *type = types[i].type;
      return TRUE;
    }
  return FALSE;
}

AccountSide
omie_side(const char *direction)
{
  if (direction == NULL || direction[0] == '\0' || direction[1] != '\0')
    return SIDE_UNSTATED;
  switch (g_ascii_toupper(direction[0])) {
  case 'R':
  case 'C':
    return SIDE_DEBIT;
  case 'P':
  case 'D':
    return SIDE_CREDIT;
  default:
    return SIDE_UNSTATED;
  }
}

RowShape
omie_movement_shape(const Erp *erp, const char *listing)
{
  static const char *const keys[] = {"entry.operation",  "entry.origin",   "entry.instalment",
                                     "entry.reconciled", "entry.category", "entry.category_name",
                                     "entry.situation"};
  G_STATIC_ASSERT(G_N_ELEMENTS(keys) == N_OMIE_ENTRY_CELLS - N_ENTRY_CELLS);
  RowShape shape = omie_books_shape(erp, listing);
  erp_shape_cells(erp, &shape, entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    shape.cells[N_ENTRY_CELLS + i] = erp_wire(erp, keys[i]);
  return shape;
}

guint
omie_movement_extras(const RowCell *cells, LedgerExtra *metadata)
{
  metadata[0] = (LedgerExtra){"operation", row_text(&cells[OMIE_OPERATION])};
  metadata[1] = (LedgerExtra){"origin", row_text(&cells[OMIE_ORIGIN])};
  metadata[2] = (LedgerExtra){"instalment", row_text(&cells[OMIE_INSTALMENT])};
  metadata[3] = (LedgerExtra){"reconciliation_date", row_text(&cells[OMIE_RECONCILED])};
  metadata[4] = (LedgerExtra){NULL, NULL};
  return 4;
}

void
omie_place_amount(const char *direction, gint64 amount, LedgerEntry *entry)
{
  AccountSide side = omie_side(direction);
  gint64 size = ABS(amount);
  entry->debit = side == SIDE_DEBIT ? size : 0;
  entry->credit = side == SIDE_CREDIT ? size : 0;
}

/* The first segment of a category tells its kind (1 revenue, 2 expense, 0 transfers). */
const char *
omie_category_account(const char *category, AccountSide bank_side, AccountType *type,
                      gboolean *is_category)
{
  gboolean has_one = category != NULL && g_ascii_isdigit(category[0]) &&
                     (category[1] == '.' || category[1] == '\0');
  *is_category = FALSE;
  *type = ACCOUNT_ASSET;
  if (has_one && category[0] == '0')
    return "TRANSF";
  *type = bank_side == SIDE_DEBIT ? ACCOUNT_REVENUE : ACCOUNT_EXPENSE;
  if (category == NULL)
    return "SEM_CATEGORIA";
  *is_category = TRUE;
  if (has_one && (category[0] == '1' || category[0] == '2'))
    *type = category[0] == '1' ? ACCOUNT_REVENUE : ACCOUNT_EXPENSE;
  return category;
}

static gboolean
is_word(const RowCell *cell, const char *const *words)
{
  const char *text = row_text(cell);
  g_autofree char *folded = text != NULL ? text_fold(text) : NULL;
  return folded != NULL && g_strv_contains(words, folded);
}

gboolean
omie_is_movement(const RowCell *cells)
{
  static const char *const to_come[] = {"previsto", "vence hoje", NULL};
  static const char *const balances[] = {"saldo", "saldo anterior", NULL};
  return row_text(&cells[ENTRY_DIRECTION]) != NULL && !is_word(&cells[OMIE_SITUATION], to_come) &&
         !is_word(&cells[ENTRY_DESCRIPTION], balances) &&
         !is_word(&cells[ENTRY_ENTITY_NAME], balances) &&
         !is_word(&cells[OMIE_CATEGORY_NAME], balances);
}

gboolean
omie_window_is_whole(guint rows, gboolean has_balances, gint64 before, gint64 moved, gint64 after)
{
  return rows < OMIE_STATEMENT_CUT && (!has_balances || before + moved == after);
}

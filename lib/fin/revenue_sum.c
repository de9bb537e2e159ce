#include "fin/revenue_sum.h"

#include "base/error.h"
#include "base/money.h"

#define LEFT_OUT G_MAXUINT

/* What is kept of a title: 16 bytes, since a month may hold a million. */
typedef struct {
  gint64 centavos;
  guint code; /* index into codes, or LEFT_OUT */
} Title;

struct RevenueSum {
  const OmieTitleDate *date;
  const DateRange *days;
  GArray *titles;
  GHashTable *by_id;   /* codigo_lancamento_omie → index + 1 */
  GPtrArray *codes;    /* in order of first sight */
  GHashTable *by_code; /* code → index */
};

RevenueSum *
revenue_sum_new(const OmieTitleDate *date, const DateRange *days)
{
  RevenueSum *sum = g_new0(RevenueSum, 1);
  *sum = (RevenueSum){
      .date = date,
      .days = days,
      .titles = g_array_new(FALSE, FALSE, sizeof(Title)),
      .by_id = g_hash_table_new(NULL, NULL),
      .codes = g_ptr_array_new_with_free_func(g_free),
      .by_code = g_hash_table_new(g_str_hash, g_str_equal),
  };
  return sum;
}

void
revenue_sum_free(RevenueSum *sum)
{
  g_array_unref(sum->titles);
  g_hash_table_unref(sum->by_id);
  g_hash_table_unref(sum->by_code);
  g_ptr_array_unref(sum->codes);
  g_free(sum);
}

/* The index of a code, which it takes. */
static guint
intern_code(RevenueSum *sum, char *code)
{
  gpointer index;
  if (g_hash_table_lookup_extended(sum->by_code, code, NULL, &index)) {
    g_free(code);
    return GPOINTER_TO_UINT(index);
  }
  g_hash_table_insert(sum->by_code, code, GUINT_TO_POINTER(sum->codes->len));
  g_ptr_array_add(sum->codes, code);
  return sum->codes->len - 1;
}

static char *
code_of(const OmieRow *row)
{
  char *code = omie_cell_code(&row->cells[OMIE_TITLE_CLIENT]);
  return code != NULL ? code : omie_cell_code(&row->cells[OMIE_TITLE_OTHER_CLIENT]);
}

static gboolean
read_value(const OmieRow *row, gint64 *centavos, GError **error)
{
  const OmieCell *cell = &row->cells[OMIE_TITLE_VALUE];
  if (cell->kind == OMIE_ABSENT)
    cell = &row->cells[OMIE_TITLE_OTHER_VALUE];
  *centavos = 0;
  if (cell->kind == OMIE_ABSENT || (cell->text != NULL && money_parse(cell->text, centavos)))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_UPSTREAM_FAULT,
                      "Omie: valor inválido em contas a receber.");
  return FALSE;
}

/* Remembers a title under its id; without an id every row is a title of its own. */
static void
keep(RevenueSum *sum, const OmieCell *id, Title title)
{
  guint64 number = 0;
  if (id->text == NULL ||
      !g_ascii_string_to_unsigned(id->text, 10, 1, G_MAXUINT64, &number, NULL)) {
    g_array_append_val(sum->titles, title);
    return;
  }
  gpointer key = GSIZE_TO_POINTER(number);
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(sum->by_id, key));
  if (place > 0) {
    g_array_index(sum->titles, Title, place - 1) = title;
    return;
  }
  g_array_append_val(sum->titles, title);
  g_hash_table_insert(sum->by_id, key, GUINT_TO_POINTER(sum->titles->len));
}

gboolean
revenue_sum_add(RevenueSum *sum, const OmieRow *row, GError **error)
{
  Title title = {0, LEFT_OUT};
  gboolean counts = !omie_title_is_cancelled(row) && omie_title_is_of(row, sum->date, sum->days);
  char *code = counts ? code_of(row) : NULL;
  if (code != NULL) {
    title.code = intern_code(sum, code);
    if (!read_value(row, &title.centavos, error))
      return FALSE;
  }
  keep(sum, &row->cells[OMIE_TITLE_ID], title);
  return TRUE;
}

GArray *
revenue_sum_totals(const RevenueSum *sum, GError **error)
{
  g_autoptr(GArray) totals = g_array_sized_new(FALSE, TRUE, sizeof(CodeRevenue), sum->codes->len);
  gboolean fits = TRUE;
  g_array_set_size(totals, sum->codes->len);
  for (guint i = 0; i < sum->titles->len && fits; i++) {
    const Title *title = &g_array_index(sum->titles, Title, i);
    if (title->code == LEFT_OUT)
      continue;
    CodeRevenue *revenue = &g_array_index(totals, CodeRevenue, title->code);
    revenue->code = sum->codes->pdata[title->code];
    fits = !__builtin_add_overflow(revenue->centavos, title->centavos, &revenue->centavos);
  }
  guint kept = 0; /* a code whose titles were all replaced by left out ones has none */
  for (guint i = 0; i < totals->len && fits; i++) {
    CodeRevenue revenue = g_array_index(totals, CodeRevenue, i);
    fits = revenue.centavos >= -MONEY_MAX && revenue.centavos <= MONEY_MAX;
    if (revenue.code != NULL)
      g_array_index(totals, CodeRevenue, kept++) = revenue;
  }
  if (!fits) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_UPSTREAM_FAULT,
                        "Omie: valor inválido em contas a receber.");
    return NULL;
  }
  g_array_set_size(totals, kept);
  return g_steal_pointer(&totals);
}

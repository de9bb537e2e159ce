#include "erp/voucher.h"

#include <string.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/text.h"
#include "erp/row_map.h"

void
voucher_init(Voucher *voucher)
{
  *voucher = (Voucher){.lines = g_array_new(FALSE, FALSE, sizeof(VoucherLine)),
                       .texts = g_string_chunk_new(512)};
}

void
voucher_reset(Voucher *voucher)
{
  voucher->entry = (LedgerEntry){0};
  g_array_set_size(voucher->lines, 0);
  g_string_chunk_clear(voucher->texts);
}

void
voucher_clear(Voucher *voucher)
{
  g_clear_pointer(&voucher->lines, g_array_unref);
  g_clear_pointer(&voucher->texts, g_string_chunk_free);
}

void
voucher_add(Voucher *voucher, const VoucherLine *line)
{
  VoucherLine copy = *line;
  copy.account = g_string_chunk_insert(voucher->texts, line->account);
  copy.name = line->name != NULL ? g_string_chunk_insert(voucher->texts, line->name) : NULL;
  g_array_append_val(voucher->lines, copy);
}

void
voucher_extra(Voucher *voucher, const char *name, const char *value)
{
  LedgerExtra *extra = voucher->entry.metadata;
  guint count = 0;
  while (count < LEDGER_MAX_METADATA && extra[count].name != NULL)
    count++;
  if (value != NULL && count < LEDGER_MAX_METADATA)
    extra[count] = (LedgerExtra){name, value};
}

char *
voucher_mapped(const char *map, const char *category)
{
  char *mapped = NULL; /* of several the last, as in a balance */
  g_auto(GStrv) pairs = g_strsplit(map != NULL ? map : "", ",", -1);
  for (char **pair = pairs; *pair != NULL; pair++) {
    char *equals = strchr(*pair, '=');
    if (equals == NULL)
      continue;
    *equals = '\0';
    if (!g_str_equal(g_strstrip(*pair), category))
      continue;
    g_free(mapped);
    mapped = g_strdup(g_strstrip(equals + 1));
  }
  return mapped;
}

gboolean
voucher_is_mapped_to(const char *map, const char *account)
{
  g_auto(GStrv) pairs = g_strsplit(map != NULL ? map : "", ",", -1);
  for (char **pair = pairs; *pair != NULL; pair++) {
    char *equals = strchr(*pair, '=');
    if (equals != NULL && g_str_equal(g_strstrip(equals + 1), account))
      return TRUE;
  }
  return FALSE;
}

static gboolean
line_is_on(const VoucherLine *line, const char *account, const char *map)
{
  g_autofree char *mapped =
      line->is_category && map != NULL ? voucher_mapped(map, line->account) : NULL;
  return g_str_equal(mapped != NULL ? mapped : line->account, account);
}

static gboolean
tell_entries(const Voucher *voucher, const VoucherTarget *target, GError **error)
{
  const char *map =
      target->erp->config != NULL ? erp_config_text(target->erp->config, "CATEGORY_MAP") : NULL;
  guint touching = 0;
  for (guint i = 0; i < voucher->lines->len; i++)
    touching +=
        line_is_on(&g_array_index(voucher->lines, VoucherLine, i), target->account, map) ? 1 : 0;
  for (guint i = 0; i < voucher->lines->len && touching > 0; i++) {
    const VoucherLine *line = &g_array_index(voucher->lines, VoucherLine, i);
    if (!line_is_on(line, target->account, map))
      continue;
    g_autofree char *id = touching > 1 ? g_strdup_printf("%s#%u", voucher->entry.id, i + 1) : NULL;
    LedgerEntry entry = voucher->entry;
    entry.id = id != NULL ? id : voucher->entry.id;
    entry.account = target->account;
    /* the category's name is not that of the account it is mapped to */
    entry.account_name = g_str_equal(line->account, target->account) ? line->name : NULL;
    if (!g_date_valid(&entry.posting))
      entry.posting = entry.transaction;
    entry.debit = line->debit;
    entry.credit = line->credit;
    if (!target->sink->entry(&entry, target->sink->data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
tell_postings(const Voucher *voucher, const VoucherTarget *target, GError **error)
{
  const GDate *day = &voucher->entry.transaction;
  if (target->period != NULL && (g_date_compare(day, &target->period->first) < 0 ||
                                 g_date_compare(day, &target->period->last) > 0)) {
    erp_warn(target->erp, "out_of_period", NULL);
    return TRUE;
  }
  for (guint i = 0; i < voucher->lines->len; i++) {
    const VoucherLine *line = &g_array_index(voucher->lines, VoucherLine, i);
    LedgerPosting posting = {.account = line->account,
                             .name = line->name,
                             .type = line->type,
                             .debit = line->debit,
                             .credit = line->credit,
                             .day = *day,
                             .is_category = line->is_category,
                             .is_charted = line->is_charted};
    if (!target->sink->posting(&posting, target->sink->data, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
voucher_tell(const Voucher *voucher, const VoucherTarget *target, GError **error)
{
  return target->account != NULL ? tell_entries(voucher, target, error)
                                 : tell_postings(voucher, target, error);
}

gboolean
voucher_flaw(Erp *erp, const LedgerSink *sink, const char *row, const char *field,
             const char *problem, GError **error)
{
  if (sink->flaw != NULL)
    return sink->flaw(&(LedgerFlaw){row, field, problem}, sink->data, error);
  erp_detail(erp, field, problem, row);
  g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA, "O ERP enviou um valor inválido em %s.", field);
  return FALSE;
}

gboolean
voucher_amount(Erp *erp, const LedgerSink *sink, const char *row, const char *field,
               const RowCell *cell, gboolean required, gint64 *centavos, gboolean *fine,
               GError **error)
{
  gint64 value = 0;
  gboolean present = FALSE;
  const char *problem = erp_read_amount(erp, cell, &value, NULL, &present);
  if (problem == NULL && required && !present)
    problem = "amount_required";
  if (problem == NULL && value < 0)
    problem = "negative_amount";
  if (problem != NULL) {
    *fine = FALSE;
    return voucher_flaw(erp, sink, row, field, problem, error);
  }
  if (present)
    *centavos = value;
  return TRUE;
}

gboolean
voucher_day(Erp *erp, const LedgerSink *sink, const char *row, const char *field,
            const RowCell *cell, GDate *day, TimeText *instant, gboolean *fine, GError **error)
{
  const char *text = row_text(cell);
  const char *problem =
      text != NULL ? day_parse(text, cell->kind == ROW_NUMBER, business_zone(), day, instant) : "";
  if (problem == NULL)
    return TRUE;
  *fine = FALSE;
  return voucher_flaw(erp, sink, row, field, *problem == '\0' ? "date_required" : problem, error);
}

gboolean
voucher_word_in(const char *word, const char *const *words)
{
  if (word == NULL)
    return FALSE;
  g_autofree char *folded = text_fold(word);
  for (; *words != NULL; words++)
    if (g_str_equal(folded, *words))
      return TRUE;
  return FALSE;
}

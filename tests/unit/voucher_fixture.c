#include "voucher_fixture.h"

#include <string.h>

#include "base/decimal.h"
#include "erp_fixture.h"

static void
add_amounts(GString *told, gint64 debit, gint64 credit)
{
  g_string_append_printf(told, " %s", decimal_text(debit, SCALE_MONEY).text);
  g_string_append_printf(told, " %s", decimal_text(credit, SCALE_MONEY).text);
}

static gboolean
tell_posting(const LedgerPosting *posting, gpointer data, G_GNUC_UNUSED GError **error)
{
  GString *told = ((Dialect *)data)->told;
  g_string_append_printf(told, "%s %s%s", date_iso(&posting->day).text, posting->account,
                         posting->is_category ? "*" : "");
  add_amounts(told, posting->debit, posting->credit);
  g_string_append_c(told, '\n');
  return TRUE;
}

static gboolean
tell_entry(const LedgerEntry *entry, gpointer data, G_GNUC_UNUSED GError **error)
{
  GString *told = ((Dialect *)data)->told;
  g_string_append_printf(told, "%s %s %s", entry->id, date_iso(&entry->transaction).text,
                         entry->account);
  add_amounts(told, entry->debit, entry->credit);
  g_string_append_printf(told, " %s\n",
                         entry->document_number != NULL ? entry->document_number : "-");
  return TRUE;
}

static gboolean
tell_flaw(const LedgerFlaw *flaw, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_string_append_printf(((Dialect *)data)->told, "%s: %s %s\n", flaw->row, flaw->field,
                         flaw->problem);
  return TRUE;
}

static void
warning_free(gpointer data)
{
  ErpWarning *warning = data;
  g_free(warning->code);
  g_free(warning->about);
  g_free(warning);
}

void
dialect_init(Dialect *dialect, const ErpProfile *profile, const char *company)
{
  *dialect = (Dialect){.told = g_string_new(NULL)};
  dialect->erp = (Erp){.company = erp_company(company),
                       .profile = profile,
                       .config = erp_fixture_config(company),
                       .hint = HINT_COMMA,
                       .warnings = g_ptr_array_new_with_free_func(warning_free),
                       .error_details = g_ptr_array_new_with_free_func(g_free)};
  dialect->sink = (LedgerSink){
      .posting = tell_posting, .entry = tell_entry, .flaw = tell_flaw, .data = dialect};
  dialect->target = (VoucherTarget){.erp = &dialect->erp, .sink = &dialect->sink};
  voucher_init(&dialect->voucher);
}

void
dialect_clear(Dialect *dialect)
{
  voucher_clear(&dialect->voucher);
  g_ptr_array_unref(dialect->erp.warnings);
  g_ptr_array_unref(dialect->erp.error_details);
  erp_config_free(dialect->erp.config);
  g_string_free(dialect->told, TRUE);
}

void
dialect_ask_account(Dialect *dialect, const char *account)
{
  dialect->target.account = account;
}

void
dialect_tell(Dialect *dialect)
{
  g_autoptr(GError) error = NULL;
  assert_true(voucher_tell(&dialect->voucher, &dialect->target, &error));
  assert_null(error);
}

static gboolean
take(const RowCell *cells, gpointer data)
{
  Dialect *dialect = data;
  g_autoptr(GError) error = NULL;
  gboolean fine = TRUE;
  assert_true(dialect->read(dialect, cells, &fine, &error));
  assert_null(error);
  if (fine)
    dialect_tell(dialect);
  return TRUE;
}

static BodyState
deliver(RowReader *reader, const BodyReader *body, guint status, const char *text)
{
  body->begin(reader);
  body->head(reader, status, NULL);
  (void)body->take(text, strlen(text), reader);
  return body->end(reader);
}

void
dialect_feed(Dialect *dialect, const char *arrays, const char *const *keys, guint n_keys,
             const BodyReader *body, const char *text)
{
  RowShape shape = erp_shape(&dialect->erp, arrays, entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = 0; i < n_keys; i++)
    shape.cells[N_ENTRY_CELLS + i] = erp_wire(&dialect->erp, keys[i]);
  g_autoptr(RowReader) reader = row_reader_new(&shape, take, dialect);
  assert_int_equal(deliver(reader, body, 200, text), BODY_WHOLE);
}

void
dialect_assert_told(Dialect *dialect, const char *expected)
{
  assert_string_equal(dialect->told->str, expected);
  g_string_truncate(dialect->told, 0);
}

guint64
dialect_warnings(const Dialect *dialect, const char *code)
{
  guint64 count = 0;
  for (guint i = 0; i < dialect->erp.warnings->len; i++) {
    const ErpWarning *warning = g_ptr_array_index(dialect->erp.warnings, i);
    count += g_str_equal(warning->code, code) ? warning->count : 0;
  }
  return count;
}

void
dialect_judge(Dialect *dialect, const BodyReader *body, guint status, const char *text,
              Judged *judged)
{
  RowShape shape = {.is_object = TRUE};
  erp_shape_outside(&dialect->erp, &shape);
  g_autoptr(RowReader) reader = row_reader_new(&shape, NULL, NULL);
  ErpJudged data = {.erp = &dialect->erp, .reader = reader};
  judged_clear(judged);
  g_ptr_array_set_size(dialect->erp.error_details, 0);
  judged->verdict = (ExchangeVerdict){.status = status,
                                      .https = {.outcome = HTTPS_ANSWERED, .status = status},
                                      .body = deliver(reader, body, status, text),
                                      .stated_wait_s = -1};
  exchange_judge(&judged->verdict);
  dialect->erp.profile->judge(&judged->verdict, &data);
  judged->details = dialect->erp.error_details->len / 3;
}

void
judged_clear(Judged *judged)
{
  exchange_verdict_clear(&judged->verdict);
  *judged = (Judged){0};
}

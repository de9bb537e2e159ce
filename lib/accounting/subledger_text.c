#include "accounting/subledger_text.h"

#include "accounting/csv.h"
#include "accounting/row_text.h"
#include "accounting/run.h"
#include "accounting/warnings.h"
#include "base/log.h"
#include "base/money.h"

#define HEADER                                                                                     \
  "entry_id,transaction_date,posting_date,account_code,account_name,debit_amount,credit_amount,"   \
  "description,document_number,document_type,cost_center,entity_id,entity_name\r\n"

#define ADD(text, literal) append_bytes(text, literal, sizeof(literal) - 1)

void
subledger_text_begin(SubledgerText *out, QuestionFormat format, const SubledgerHead *head)
{
  *out = (SubledgerText){.format = format, .text = g_string_sized_new(80 * 1024)};
  if (format == FORMAT_CSV) {
    if (head->bom)
      ADD(out->text, CSV_BOM);
    ADD(out->text, HEADER);
    return;
  }
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "company_id", head->company_id);
  json_add_text(w, "account_code", head->account);
  json_add_text(w, "period_start", date_iso(&head->period.first).text);
  json_add_text(w, "period_end", date_iso(&head->period.last).text);
  json_add_text(w, "currency", head->currency);
  g_string_append(out->text, json_writer_text(w)); /* left open */
  ADD(out->text, ",\"entries\":[");
}

void
subledger_text_clear(SubledgerText *out)
{
  if (out->text != NULL)
    g_string_free(out->text, TRUE);
  out->text = NULL;
}

static const GDate *
posting_of(const LedgerEntry *entry)
{
  return g_date_valid(&entry->posting) ? &entry->posting : &entry->transaction;
}

static void
add_metadata(GString *text, const LedgerEntry *entry, const char *canonical_type)
{
  ADD(text, ",\"metadata\":{\"document_type_canonical\":");
  append_json(text, canonical_type);
  if (*entry->timestamp.text != '\0') {
    ADD(text, ",\"transaction_timestamp\":");
    append_json(text, entry->timestamp.text);
  }
  for (const LedgerExtra *extra = entry->metadata; extra->name != NULL; extra++) {
    if (extra->value == NULL)
      continue;
    ADD(text, ",");
    append_json(text, extra->name);
    ADD(text, ":");
    append_json(text, extra->value);
  }
  ADD(text, "}}");
}

/* By hand: a writer that looks at each value by itself would be most of the time of a run of a
 * million entries. */
static void
add_json(GString *text, const LedgerEntry *entry, const char *canonical_type)
{
  ADD(text, "{\"entry_id\":");
  append_json(text, entry->id);
  ADD(text, ",\"transaction_date\":\"");
  append_day(text, &entry->transaction);
  ADD(text, "\",\"posting_date\":\"");
  append_day(text, posting_of(entry));
  ADD(text, "\",\"account_code\":");
  append_json(text, entry->account);
  ADD(text, ",\"account_name\":");
  append_json(text, entry->account_name);
  ADD(text, ",\"debit_amount\":\"");
  append_money(text, entry->debit);
  ADD(text, "\",\"credit_amount\":\"");
  append_money(text, entry->credit);
  ADD(text, "\",\"description\":");
  append_json(text, entry->description != NULL ? entry->description : "");
  ADD(text, ",\"document_number\":");
  append_json_or_null(text, entry->document_number);
  ADD(text, ",\"document_type\":");
  append_json_or_null(text, entry->document_type);
  ADD(text, ",\"cost_center\":");
  append_json_or_null(text, entry->cost_center);
  ADD(text, ",\"entity_id\":");
  append_json_or_null(text, entry->entity_id);
  ADD(text, ",\"entity_name\":");
  append_json_or_null(text, entry->entity_name);
  add_metadata(text, entry, canonical_type);
}

static void
add_csv(GString *text, const LedgerEntry *entry)
{
  csv_add_text(text, entry->id);
  append_day(text, &entry->transaction);
  ADD(text, ",");
  append_day(text, posting_of(entry));
  ADD(text, ",");
  csv_add_text(text, entry->account);
  csv_add_text(text, entry->account_name);
  append_money(text, entry->debit);
  ADD(text, ",");
  append_money(text, entry->credit);
  ADD(text, ",");
  csv_add_text(text, entry->description);
  csv_add_text(text, entry->document_number);
  csv_add_text(text, entry->document_type);
  csv_add_text(text, entry->cost_center);
  csv_add_text(text, entry->entity_id);
  csv_add_text(text, entry->entity_name);
  csv_end_row(text);
}

gboolean
subledger_text_entry(SubledgerText *out, const LedgerEntry *entry, const char *canonical_type)
{
  gint64 debit, credit;
  if (__builtin_add_overflow(out->total_debit, entry->debit, &debit) ||
      __builtin_add_overflow(out->total_credit, entry->credit, &credit))
    return FALSE;
  out->total_debit = debit;
  out->total_credit = credit;
  if (out->format == FORMAT_CSV)
    add_csv(out->text, entry);
  else {
    if (out->count > 0)
      ADD(out->text, ",\n");
    add_json(out->text, entry, canonical_type);
  }
  out->count++;
  return TRUE;
}

void
subledger_text_end(SubledgerText *out, const GPtrArray *warnings, gint64 extracted_s,
                   const Failure *failure)
{
  if (out->format == FORMAT_CSV)
    return;
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_int(w, "entry_count", out->count);
  json_add_text(w, "total_debit", money_text(out->total_debit).text);
  json_add_text(w, "total_credit", money_text(out->total_credit).text);
  json_open_array(w, "warnings");
  warnings_write(w, warnings);
  json_close_array(w);
  json_add_text(w, "extracted_at", run_time_text(extracted_s).text);
  json_add_bool(w, "complete", failure == NULL);
  if (failure == NULL)
    json_add_null(w, "error");
  else
    failure_write_object(w, "error", failure, log_request_id());
  json_close_object(w);
  ADD(out->text, "],");
  g_string_append(out->text, json_writer_text(w) + 1); /* without its brace: it goes on an object */
}

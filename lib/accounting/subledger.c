#include "accounting/subledger.h"

#include "accounting/entry_filter.h"
#include "accounting/run.h"
#include "accounting/subledger_text.h"
#include "base/error.h"
#include "base/log.h"

#define PIECE    (64 * 1024)
#define CURRENCY "BRL"

typedef struct {
  Erp *erp;
  const Question *question;
  const char *account; /* as the ERP knows it */
  SubledgerText text;
  EntryFilter filter;
  SubledgerWrite write;
  gpointer data;
  gboolean skips_bad, has_begun, is_gone;
} Run;

/* Once the ERP answered: its currency is known by then. */
static void
begin(Run *run)
{
  if (run->has_begun)
    return;
  const Erp *erp = run->erp;
  SubledgerHead head = {
      .company_id = erp->company_id != NULL ? erp->company_id : erp->company->code,
      .account = run->question->account,
      .currency = erp->currency != NULL ? erp->currency : CURRENCY,
      .period = run->question->period,
      .bom = run->question->bom,
  };
  subledger_text_begin(&run->text, run->question->format, &head);
  run->has_begun = TRUE;
}

/* Hands on what is there; FALSE when nobody takes it. */
static gboolean
hand_on(Run *run)
{
  GString *text = run->text.text;
  run->is_gone = run->is_gone || !run->write(text->str, text->len, run->data);
  g_string_truncate(text, 0);
  return !run->is_gone;
}

/* A row that cannot be taken: the end of the run, or counted (BAD_ROW_POLICY). */
static gboolean
refuse(Run *run, const LedgerFlaw *flaw, GError **error)
{
  if (!run->skips_bad)
    return run_refuse(run->erp, flaw, error);
  erp_warn(run->erp, "bad_row", flaw->problem);
  return TRUE;
}

static gboolean
take_flaw(const LedgerFlaw *flaw, gpointer data, GError **error)
{
  return refuse(data, flaw, error);
}

/* What is wrong with an entry (5.7): its field and problem; NULL: nothing. */
static const char *
find_problem(const LedgerEntry *entry, const char **field)
{
  const struct {
    gboolean is_wrong;
    const char *field, *problem;
  } rules[] = {
      {entry->id == NULL || *entry->id == '\0', "entry_id", "missing_field"},
      {!g_date_valid(&entry->transaction), "transaction_date", "date_required"},
      {entry->debit < 0, "debit_amount", "negative_amount"},
      {entry->credit < 0, "credit_amount", "negative_amount"},
      {entry->debit == 0 && entry->credit == 0, "debit_amount", "zero_entry"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
    if (rules[i].is_wrong) {
      *field = rules[i].field;
      return rules[i].problem;
    }
  return NULL;
}

/* Rows that were not asked for are left out, and counted: the word to count them under, or NULL. */
static const char *
find_stray(const Run *run, const LedgerEntry *entry)
{
  const ErpPeriod *period = &run->question->period;
  if (entry->account != NULL && !g_str_equal(entry->account, run->account))
    return "other_account";
  if (g_date_valid(&entry->transaction) &&
      (g_date_compare(&entry->transaction, &period->first) < 0 ||
       g_date_compare(&entry->transaction, &period->last) > 0))
    return "out_of_period";
  return NULL;
}

static gboolean
write_entry(Run *run, const LedgerEntry *given, GError **error)
{
  const char *canonical;
  LedgerEntry entry = *given;
  if (!entry_filter_takes(&run->filter, given, &canonical))
    return TRUE;
  entry.account = run->question->account;
  if (entry.account_name == NULL || *entry.account_name == '\0')
    entry.account_name = run->account; /* as the trial balance has it */
  if (!subledger_text_entry(&run->text, &entry, canonical)) {
    LedgerFlaw flaw = {entry.id, "debit_amount", "amount_out_of_range"};
    return run_refuse(run->erp, &flaw, error);
  }
  return run->text.text->len < PIECE || hand_on(run);
}

static gboolean
take_entry(const LedgerEntry *entry, gpointer data, GError **error)
{
  Run *run = data;
  const char *field = NULL;
  begin(run);
  const char *stray = find_stray(run, entry);
  if (stray != NULL) {
    erp_warn(run->erp, stray, NULL);
    return TRUE;
  }
  const char *problem = find_problem(entry, &field);
  if (problem != NULL) {
    LedgerFlaw flaw = {entry->id, field, problem};
    return refuse(run, &flaw, error);
  }
  if (entry->debit != 0 && entry->credit != 0)
    erp_warn(run->erp, "both_sides", NULL);
  return write_entry(run, entry, error);
}

static gboolean
extract(Run *run, GError **error)
{
  Erp *erp = run->erp;
  const char *policy = erp_config_text(erp->config, "BAD_ROW_POLICY");
  LedgerSink sink = {.entry = take_entry, .flaw = take_flaw, .data = run};
  run->skips_bad = g_strcmp0(policy, "skip") == 0 && !run->question->strict;
  if (erp->profile->entries == NULL) {
    g_set_error(error, PONTE_ERROR, ERROR_ERP_UNSUPPORTED, "%s não tem lançamentos neste perfil.",
                erp->profile->source);
    return FALSE;
  }
  return run_prepare(erp, run->question, error) &&
         erp->profile->entries(erp, run->account, &run->question->period, &sink, error);
}

/* Ends the text; with `failed` NULL it is complete. */
static gboolean
end(Run *run, const GError *failed, GError **error)
{
  Failure failure = {.error = failed, .erp = run->erp};
  begin(run);
  subledger_text_end(&run->text, run->erp->warnings, g_get_real_time() / G_USEC_PER_SEC,
                     failed != NULL ? &failure : NULL);
  if (!run->is_gone && hand_on(run))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "Quem pediu não espera mais.");
  return FALSE;
}

static gboolean
stream(Run *run, const gboolean *began, GError **error)
{
  g_autoptr(GError) failed = NULL;
  if (extract(run, &failed))
    return end(run, NULL, error);
  if (!*began || run->is_gone || run->question->format == FORMAT_CSV) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
  }
  log_warning("subledger broke off", "code", error_word(failed), "company", run->erp->company->code,
              "error", failed->message, NULL);
  return end(run, failed, error);
}

gboolean
subledger_stream(Erp *erp, const Question *question, SubledgerWrite write, gpointer data,
                 const gboolean *began, GError **error)
{
  Run run = {.erp = erp,
             .question = question,
             .account = question_erp_code(question->account),
             .write = write,
             .data = data};
  entry_filter_init(&run.filter, question);
  gboolean fine = stream(&run, began, error);
  entry_filter_clear(&run.filter);
  subledger_text_clear(&run.text);
  return fine;
}

/* The text of a subledger, entry by entry: JSON or CSV (erp-connectors.md 2.4, 9).  Pure. */
#pragma once
#include "accounting/failure.h"
#include "accounting/question.h"

typedef struct {
  GString *text; /* what is not handed on yet; whoever does truncates it */
  QuestionFormat format;
  gint64 count, total_debit, total_credit;
} SubledgerText;

/* What stands before the entries. */
typedef struct {
  const char *company_id, *account, *currency;
  ErpPeriod period;
  gboolean bom;
} SubledgerHead;

void subledger_text_begin(SubledgerText *out, QuestionFormat format, const SubledgerHead *head);
void subledger_text_clear(SubledgerText *out);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SubledgerText, subledger_text_clear)

/* Adds an entry, which has an id, a date, an account and its name, and counts it.  FALSE when the
 * totals would pass 64 bits: nothing is added. */
gboolean subledger_text_entry(SubledgerText *out, const LedgerEntry *entry,
                              const char *canonical_type) G_GNUC_WARN_UNUSED_RESULT;

/* What stands after them; `failure` NULL: the list is complete.  A CSV just ends. */
void subledger_text_end(SubledgerText *out, const GPtrArray *warnings, gint64 extracted_s,
                        const Failure *failure);

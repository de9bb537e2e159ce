/* What an attempt tells of itself: `detalhes` and `mensagem_erro` (backoffice.md 6.9, 6.11b).
 * Pure. */
#pragma once
#include "backoffice/refusal.h"
#include "backoffice/transfer_plan.h"

typedef struct {
  TransferCount count;
  GPtrArray *duplicates; /* names, at most 20 */
  GPtrArray *troubles;   /* name, id, reason … in threes; at most 20 files */
  gboolean may_retry;    /* one of the files may fare better later */
  gint64 not_before_s;
  gint64 started_us;
} TransferReport;
void transfer_report_init(TransferReport *report);
void transfer_report_clear(TransferReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TransferReport, transfer_report_clear)

void transfer_report_duplicate(TransferReport *report, const char *name);

/* A file that could not be transferred, and whether it may be later. */
void transfer_report_trouble(TransferReport *report, const ListedFile *file, const char *reason,
                             gboolean may_retry, gint64 not_before_s);

/* `detalhes`.  Caller frees. */
char *transfer_report_json(const TransferReport *report);

/* "<open> de <total> anexos não transferidos: <nome>: <motivo>"; NULL when nothing is open.  Caller
 * frees. */
char *transfer_report_message(const TransferReport *report);

/* What both runs share: whose books are asked for, and rows of an ERP that cannot be read. */
#pragma once
#include "accounting/question.h"

/* Makes the connector ask for what the question asks: the ERP's number of the company, checked
 * where it has to be.  May ask the ERP (CHECK_COMPANY).  Errors: ERP_NOT_CONFIGURED naming the
 * variable, INVALID_PARAMETER, ERP_UNSUPPORTED, those of a call. */
gboolean run_prepare(Erp *erp, const Question *question, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ERP_DATA about a value of a row, with its detail; always FALSE.  `row` may be NULL. */
gboolean run_refuse(Erp *erp, const LedgerFlaw *flaw, GError **error);

/* Unix time as "2026-02-03T12:00:07Z". */
TimeText run_time_text(gint64 seconds);

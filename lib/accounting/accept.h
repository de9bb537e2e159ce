/* Which form of an answer a caller prefers, by its Accept header (erp-connectors.md 9).  Pure. */
#pragma once
#include "accounting/question.h"

/* JSON where both are as welcome; NULL or blank: JSON.  FALSE when neither is acceptable. */
gboolean accept_format(const char *accept, QuestionFormat *format) G_GNUC_WARN_UNUSED_RESULT;

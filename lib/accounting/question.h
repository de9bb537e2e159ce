/* What a caller asks for, from the URL's parameters (erp-connectors.md 2.2, 2.3, 9): a table of
 * parameters per endpoint; what is unknown, repeated or wrong is refused by name. */
#pragma once
#include "erp/connector.h"

typedef enum { QUESTION_HEALTH, QUESTION_TRIAL_BALANCE, QUESTION_SUBLEDGER } QuestionKind;
typedef enum { FORMAT_JSON, FORMAT_CSV } QuestionFormat;

typedef struct {
  QuestionKind kind;
  GPtrArray *companies; /* of const ErpCompany; one, but for QUESTION_HEALTH */
  gboolean is_list;     /* health of several: {"results":[…]} */
  char *company_id;     /* NULL: as configured */
  ErpPeriod period;
  char *account;
  /* filters; empty or NULL: all */
  GArray *account_types; /* of AccountType */
  gboolean leave_out_zero;
  gint64 level; /* 0: all */
  char *range_from, *range_to;
  char *cost_center;
  GPtrArray *document_types; /* of char *, folded */
  gboolean strict, bom;
  QuestionFormat format;
  char *complaint; /* what *field points to where it is no fixed name */
} Question;

/* What a trial balance sets before the code of an account that has movements and that the chart
 * does not have (6.2). */
#define UNMAPPED "UNMAPPED:"

/* Pure: an account's code as the ERP knows it, without UNMAPPED; a part of `code`. */
const char *question_erp_code(const char *code);

/* Reads the query string (not decoded, may be NULL) and the Accept header (NULL: none) into
 * `question`, which begins zeroed.  The wrong parameter's name goes to *field (NULL: none of them),
 * valid until question_clear.  Errors: INVALID_PARAMETER (also missing), REPEATED_PARAMETER,
 * UNKNOWN_PARAMETER, INVALID_PERIOD, AMBIGUOUS_COMPANY (with the codes in *field, by commas),
 * COMPANY_UNKNOWN, NOT_ACCEPTABLE.  An empty value counts as absent. */
gboolean question_read(QuestionKind kind, const char *query, const char *accept, Question *question,
                       const char **field, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void question_clear(Question *question);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

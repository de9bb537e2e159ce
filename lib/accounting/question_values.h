/* The parameters of the questions (erp-connectors.md 2.2, 2.3, 9).  For question.c alone. */
#pragma once
#include "accounting/question.h"

typedef struct Parameter Parameter;

/* Reads a value, not empty and trimmed; NULL when it is fine, else what it has to be. */
typedef const char *(*ReadValue)(const Parameter *parameter, Question *question, const char *text);

struct Parameter {
  const char *name;
  guint kinds, required; /* of questions: a bit per QuestionKind */
  ReadValue read;        /* NULL: `company`, which has errors of its own */
  gsize offset;          /* of the member of Question that it goes to */
};

/* In the order in which they are judged. */
extern const Parameter question_parameters[];
extern const guint n_question_parameters;

/* The one of this name; NULL when such a question has none. */
const Parameter *question_parameter(QuestionKind kind, const char *name);

/* What a message says: variables, Meta's template payload, and the same as plain text
 * (data-collecting.md 9.2 to 9.4, gateway: 9.6).  Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef struct {
  const char *name;         /* of the template, at Meta */
  const json_t *components; /* its column componentes */
  const json_t *variables;  /* texts by the identifiers of 9.2; amounts as decimals */
} Template;

/* The digits to send to, with 55; NULL when the phone is not valid (9.4).  Caller frees. */
char *template_number(const char *phone);

/* The text of a variable, amounts as "R$ 1.234,50"; "" when it has none.  Caller frees. */
char *template_variable(const Template *message, const char *identifier);

/* As Meta accepts a parameter: no newline or tab, at most three blanks in a row, trimmed.  Caller
 * frees. */
char *template_sanitise(const char *text);

/* The first parameter that would be sent empty, by the name of its variable; NULL: none.
 * Borrowed. */
const char *template_empty_parameter(const Template *message);

/* The body of a call to Meta's Cloud API.  Caller frees. */
char *template_payload(const Template *message, const char *to);

/* The body of a call to the gateway; `text` as template_text.  Caller frees. */
char *template_gateway_payload(const Template *message, const char *session, const char *to,
                               const char *text, const char *client_id);

/* The message as a person reads it: the chat's copy, and what the gateway sends.  Caller frees. */
char *template_text(const Template *message);

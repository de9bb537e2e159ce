/* Texts that the CRM's harness hands out: they last until the end of the test; and those it is
 * given. */
#pragma once
#include <glib.h>

/* Takes a text (NULL stays NULL). */
const char *crm_keep(char *text);

/* Frees all of them. */
void crm_forget_texts(void);

/* A text, or what is usual when there is none. */
static inline const char *
crm_or(const char *text, const char *usual)
{
  return text != NULL ? text : usual;
}

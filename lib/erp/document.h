/* CPF and CNPJ as a partner's identifier carries them (data-collecting.md 4.7).  Pure. */
#pragma once
#include <glib.h>

/* "123.456.789-01", "12.345.678/0001-99" (of more than fourteen digits the first fourteen), fewer
 * digits as they are; NULL when there is none.  Caller frees. */
char *document_format(const char *identifier);

/* Calling routes as a person of the finance team. */
#pragma once
#include "harness_http.h"

/* Good for as long as the tests run; the harness keeps it. */
const char *finance_token(void);

/* finance_get("/api/fin/clients", "?limit=2"); the query may be "" */
Answer *finance_get(const char *path, const char *query);
Answer *finance_post(const char *path, const char *body);

/* Runs of the client sync: starting them, letting time pass between them, comparing what they
 * leave. */
#pragma once
#include <glib.h>

#include "harness_http.h"

#define SYNC         "/api/fin/erp/sync"
#define SYNC_PROGRAM "fin/erp/sync"

/* The sync route, as a person of the finance team. */
Answer *sync_post(void);
Answer *sync_get(void);
Pending *sync_start(void);
const char *answer_last_run(const Answer *answer, const char *member); /* of a GET's lastSync */

/* Starts a run that must succeed and returns the number of records it counted. */
#define sync_ok() sync_ok_at(__FILE__, __LINE__)
gint64 sync_ok_at(const char *file, int line);

/* Starts a run that must fail so, for the caller and in the log. */
#define assert_run_fails(status, text) assert_run_fails_at(status, text, __FILE__, __LINE__)
void assert_run_fails_at(guint status, const char *text, const char *file, int line);

/* Puts a run that started just now, so that a POST that passes every check meets the cooldown, and
 * returns a token to make it with.  The harness keeps the token. */
const char *run_just_now(void);

/* Makes every run of the log, and what is known of calls to Omie, older by so much ("301 s"). */
void runs_age(const char *interval);

/* Lets another run start within a test: for our cooldown, and for Omie's redundancy window. */
void five_minutes_pass(void);

/* One column of the newest run. */
char *last_run(const char *column);
#define assert_last_run(column, expected) assert_last_run_at(column, expected, __FILE__, __LINE__)
void assert_last_run_at(const char *column, const char *expected, const char *file, int line);

/* What a user would compare: code, name, document and e-mail of every client, in order. */
char *clients_snapshot(void);

/* Seeds so many clients and returns the rows that an undisturbed run makes of them; everything else
 * is as it was before that run. */
char *undisturbed_rows(guint clients);

/* Time passes, whatever the sandbox was told to answer is over, and the next run succeeds and
 * leaves exactly these rows. */
#define assert_next_run_leaves(rows, clients)                                                      \
  assert_next_run_leaves_at(rows, clients, __FILE__, __LINE__)
void assert_next_run_leaves_at(const char *rows, guint clients, const char *file, int line);

/* What every integration test stands on: the real nginx, programs, Postgres and sandbox of one
 * stack, found through the PONTE_* environment that tests/run exports.
 *
 * A test program is a list of CASE()s handed to RUN().  Each case starts from the same state: no
 * clients, no runs, a fresh app in the sandbox without faults, programs with their default
 * settings.  Nothing in a test sleeps: WAIT_FOR polls a condition until a deadline. */
#pragma once
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <glib.h>

#include "harness_attachments.h"
#include "harness_db.h"
#include "harness_files.h"
#include "harness_http.h"
#include "harness_log.h"
#include "harness_omie.h"
#include "harness_orders.h"
#include "harness_process.h"
#include "harness_run.h"
#include "harness_titles.h"
#include "harness_token.h"

#define HEALTH "/api/health"

int harness_open(void **state);
int harness_close(void **state);
int harness_before(void **state);
int harness_after(void **state);

#define CASE(test) cmocka_unit_test_setup_teardown(test, harness_before, harness_after)
#define RUN(name, tests)                                                                           \
  (harness_filter(), cmocka_run_group_tests_name(name, tests, harness_open, harness_close))

/* Limits the run to tests whose name matches PONTE_TEST ("test_a_run*"), when it is set. */
void harness_filter(void);

/* A variable that tests/run exports; the test fails when it is missing. */
const char *harness_env(const char *name);

/* The lines KEY=VALUE that the stack's programs get as environment.  Free with g_strfreev. */
char **harness_settings(void);

/* Fails the test when `condition` does not become true within the deadline. */
#define WAIT_SECONDS 30
#define WAIT_FOR(condition)                                                                        \
  do {                                                                                             \
    gint64 wait_until = g_get_monotonic_time() + WAIT_SECONDS * G_USEC_PER_SEC;                    \
    while (!(condition)) {                                                                         \
      if (g_get_monotonic_time() > wait_until)                                                     \
        fail_msg("still not true after %d s: %s", WAIT_SECONDS, #condition);                       \
      g_usleep(5000);                                                                              \
    }                                                                                              \
  } while (0)

/* Runs a program to its end; returns its exit status (-1: signal), with its output when asked.
 * `environment` NULL: the test's own. */
int run_command(const char *const *argv, char **environment, const char *input, char **output,
                char **errors);

/* run_command that must succeed; returns its output. */
#define RUN_OK(...) run_command_ok((const char *const[]){__VA_ARGS__, NULL}, __FILE__, __LINE__)
char *run_command_ok(const char *const *argv, const char *file, int line);

/* A directory of this test program, removed at its end. */
const char *harness_folder(void);

/* A file in it; returns its path. */
char *harness_write(const char *name, const char *content);

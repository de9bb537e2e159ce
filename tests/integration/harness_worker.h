/* The worker, and its jobs as rows of their tables. */
#pragma once
#include "harness_backoffice.h"

#define WORKER          "_worker"
#define CLOSURE_PROGRAM "purchase-orders/encerrar"

#define TRANSFERS "backoffice.attachment_transfer_log"
#define CLOSURES  "backoffice.purchase_order_closure_log"

/* Settings under which nothing waits but what a test is about. */
#define NO_RATE  "OMIE_PER_MINUTE=0"
#define NO_GUARD "OMIE_GUARD_ERRORS=1000"
#define NO_WAITS                                                                                   \
  "OMIE_TRANSIENT_WAITS_MS=10", "OMIE_BUSY_WAITS_MS=50,100,200", "OMIE_SLOT_WAIT_MS=10"
#define NO_PAUSE  "JOB_RETRY_BASE_S=0", "JOB_RETRY_JITTER_S=0"
#define POLLS     "JOB_POLL_MS=50"
#define SWEEPS    "JOB_SWEEP_MS=50"
#define UNHURRIED NO_RATE, NO_GUARD, NO_WAITS

/* backoffice_before with no worker, and an Omie that never finds a question asked too often. */
int worker_before(void **state);
int worker_after(void **state);
#define WORKER_CASE(test) cmocka_unit_test_setup_teardown(test, worker_before, worker_after)

#define worker_start(...) program_restart(WORKER, __VA_ARGS__)

/* The program run from a shell with such arguments and settings, up to its end; its exit status.
 *   worker_run((const char *[]){"--once", NULL}, &errors, "JOB_LEASE_S=1", NULL) */
int worker_run(const char *const *arguments, char **output, char **errors,
               ...) G_GNUC_NULL_TERMINATED;

/* Works off what is due, in a process of its own; must succeed. */
#define worker_once(...) worker_once_with(__FILE__, __LINE__, __VA_ARGS__, NULL)
void worker_once_with(const char *file, int line, ...) G_GNUC_NULL_TERMINATED;

/* The one worker process (the program must run with JOB_WORKERS=1), once it listens. */
pid_t worker_process(void);

/* Stops that process in its tracks, and lets it go on (worker_after does it as well). */
void worker_pause(void);
void worker_resume(void);

/* A receipt and a payable of the sandbox with so many small files in the one and one in the other
 * (an empty payable costs an error answer of Omie's). */
void pair_put(gint64 origin, gint64 target, guint files);

/* A job that is due now, as the route leaves it; returns its id. */
gint64 transfer_put(gint64 origin, gint64 target);
gint64 closure_put(const char *number, const char *item);

/* One column of a job. */
char *transfer_column(gint64 id, const char *column);
char *closure_column(gint64 id, const char *column);
#define assert_transfer(id, column, expected)                                                      \
  do {                                                                                             \
    g_autofree char *cell = transfer_column(id, column);                                           \
    assert_string_equal(cell != NULL ? cell : "(null)", expected);                                 \
  } while (0)
#define assert_closure(id, column, expected)                                                       \
  do {                                                                                             \
    g_autofree char *cell = closure_column(id, column);                                            \
    assert_string_equal(cell != NULL ? cell : "(null)", expected);                                 \
  } while (0)
gboolean transfer_is(gint64 id, const char *status);
gboolean closure_is(gint64 id, const char *status);

/* Our own guard holds back a method for so many seconds. */
void guard_close(const char *method, guint seconds);

/* Calls of a method wait in the sandbox, their work done and their answer held back, until
 * omie_release. */
void calls_hold(const char *method);

/* The methods called so far, in order: "ConsultarPedCompra,AlterarPedidoCompra". */
char *methods_called(void);
#define assert_methods_called(expected)                                                            \
  do {                                                                                             \
    g_autofree char *called = methods_called();                                                    \
    assert_string_equal(called != NULL ? called : "", expected);                                   \
  } while (0)

/* The programs of the stack: settings, processes, and Postgres itself. */
#pragma once
#include <glib.h>
#include <sys/types.h>

/* Starts a program anew with settings that last until the end of the test:
 *   program_restart("fin/erp/sync", "OMIE_TIMEOUT_MS=1000") */
#define program_restart(...) program_restart_with(__VA_ARGS__, NULL)
void program_restart_with(const char *name, ...) G_GNUC_NULL_TERMINATED;
void program_restart_list(const char *name, const char *const *overrides); /* ended by NULL */

/* As tests/run left them: whatever a test restarted, started or killed. */
void programs_restore(void);

/* The first process of a program (0: it does not run), and its workers (GArray of pid_t). */
pid_t program_parent(const char *name);
GArray *program_workers(const char *name);
guint program_worker_count(const char *name);
gboolean process_lives(pid_t pid);

/* kill -9: of the parent and all workers; of the workers alone. */
void program_kill(const char *name);
void program_kill_workers(const char *name);

/* The most memory that any of the program's processes ever held, in KiB. */
gint64 program_peak_kib(const char *name);

/* A program run once from a shell, as a plain CGI; extra environment "NAME=value", NULL-terminated.
 * Returns its whole output. */
char *program_run_cgi(const char *name, const char *const *environment, const char *input);
/* The same, and what it logged (caller frees). */
char *program_run_cgi_logged(const char *name, const char *const *environment, const char *input,
                             char **log);

/* The environment that programs get (caller frees with g_strfreev). */
char **program_environment(void);

void postgres_stop(void);
void postgres_start(void);
void postgres_restart(void);

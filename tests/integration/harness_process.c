/* The processes of programs, and restarting them by deploy/program. */
#include "harness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Programs that run otherwise than tests/run left them; the value tells whether they ran at all. */
static GHashTable *disturbed;

/* The state letter and the parent of a process, from /proc/PID/stat; FALSE when there is none. */
static gboolean
read_stat(pid_t pid, char *condition, int *parent)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return FALSE;
  const char *after_name = strrchr(text, ')') + 2;
  *condition = *after_name;
  *parent = (int)g_ascii_strtoll(after_name + 2, NULL, 10);
  return TRUE;
}

gboolean
process_lives(pid_t pid)
{
  char condition;
  int parent;
  return pid > 0 && read_stat(pid, &condition, &parent) && condition != 'Z' && condition != 'X';
}

pid_t
program_parent(const char *name)
{
  g_autofree char *slug = g_strdelimit(g_strdup(name), "/:", '-');
  g_autofree char *path = g_build_filename(harness_env("PONTE_STATE_DIR"), "pids", slug, NULL);
  g_autofree char *text = NULL; /* deploy/program keeps it: "pid start-time" */
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  pid_t pid = (pid_t)g_ascii_strtoll(text, NULL, 10);
  return process_lives(pid) ? pid : 0;
}

static void
remember(const char *name)
{
  if (disturbed == NULL)
    disturbed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (!g_hash_table_contains(disturbed, name))
    g_hash_table_insert(disturbed, g_strdup(name), GINT_TO_POINTER(program_parent(name) != 0));
}

static void
deploy_program(const char *action, const char *name, const char *const *overrides)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(argv, g_build_filename(harness_env("PONTE_ROOT"), "deploy", "program", NULL));
  g_ptr_array_add(argv, g_strdup(action));
  g_ptr_array_add(argv, g_strdup(name));
  for (guint i = 0; overrides != NULL && overrides[i] != NULL; i++)
    g_ptr_array_add(argv, g_strdup(overrides[i]));
  g_ptr_array_add(argv, NULL);
  g_autofree char *output = NULL, *errors = NULL;
  int status = run_command((const char *const *)argv->pdata, NULL, NULL, &output, &errors);
  if (status != 0)
    fail_msg("deploy/program %s %s ended with %d: %s%s", action, name, status, output, errors);
}

void
program_restart_with(const char *name, ...)
{
  const char *overrides[24] = {NULL};
  va_list args;
  va_start(args, name);
  for (guint i = 0; (overrides[i] = va_arg(args, const char *)) != NULL; i++)
    g_assert(i < G_N_ELEMENTS(overrides) - 1);
  va_end(args);
  program_restart_list(name, overrides);
}

void
program_restart_list(const char *name, const char *const *overrides)
{
  remember(name);
  deploy_program("restart", name, overrides);
}

void
programs_restore(void)
{
  if (disturbed == NULL)
    return;
  GHashTableIter iter;
  gpointer name, ran;
  g_hash_table_iter_init(&iter, disturbed);
  while (g_hash_table_iter_next(&iter, &name, &ran))
    deploy_program(GPOINTER_TO_INT(ran) ? "restart" : "stop", name, NULL);
  g_hash_table_remove_all(disturbed);
}

GArray *
program_workers(const char *name)
{
  GArray *workers = g_array_new(FALSE, FALSE, sizeof(pid_t));
  pid_t of = program_parent(name);
  g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
  for (const char *entry; of != 0 && (entry = g_dir_read_name(proc)) != NULL;) {
    pid_t pid = (pid_t)g_ascii_strtoll(entry, NULL, 10);
    char condition;
    int parent;
    if (pid > 0 && read_stat(pid, &condition, &parent) && parent == of && condition != 'Z')
      g_array_append_val(workers, pid);
  }
  return workers;
}

void
program_kill_workers(const char *name)
{
  g_autoptr(GArray) workers = program_workers(name);
  for (guint i = 0; i < workers->len; i++)
    kill(g_array_index(workers, pid_t, i), SIGKILL);
}

guint
program_worker_count(const char *name)
{
  g_autoptr(GArray) workers = program_workers(name);
  return workers->len;
}

void
program_kill(const char *name)
{
  g_autoptr(GArray) pids = program_workers(name);
  pid_t parent = program_parent(name);
  remember(name);
  if (parent == 0)
    return;
  kill(parent, SIGSTOP); /* it must neither replace its workers nor take leave of them */
  program_kill_workers(name);
  kill(parent, SIGKILL);
  WAIT_FOR(!process_lives(parent));
  for (guint i = 0; i < pids->len; i++)
    WAIT_FOR(!process_lives(g_array_index(pids, pid_t, i)));
}

static gint64
peak_of(pid_t pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  const char *line = strstr(text, "VmHWM:");
  return line != NULL ? g_ascii_strtoll(line + strlen("VmHWM:"), NULL, 10) : 0;
}

gint64
program_peak_kib(const char *name)
{
  g_autoptr(GArray) pids = program_workers(name);
  gint64 peak = peak_of(program_parent(name));
  for (guint i = 0; i < pids->len; i++)
    peak = MAX(peak, peak_of(g_array_index(pids, pid_t, i)));
  return peak;
}

char **
program_environment(void)
{
  char **environment = g_get_environ();
  g_auto(GStrv) lines = harness_settings();
  for (char **line = lines; *line != NULL; line++) {
    char *equals = strchr(*line, '=');
    if (equals == NULL || **line == '#')
      continue;
    *equals = '\0';
    environment = g_environ_setenv(environment, *line, equals + 1, TRUE);
  }
  return environment;
}

char *
program_run_cgi(const char *name, const char *const *environment, const char *input)
{
  g_autofree char *log = NULL;
  return program_run_cgi_logged(name, environment, input, &log);
}

char *
program_run_cgi_logged(const char *name, const char *const *environment, const char *input,
                       char **log)
{
  g_autofree char *path = g_build_filename(harness_env("PONTE_BUILD"), "bin", name, NULL);
  g_auto(GStrv) variables = program_environment();
  for (guint i = 0; environment[i] != NULL; i++) {
    const char *equals = strchr(environment[i], '=');
    g_autofree char *key = g_strndup(environment[i], (gsize)(equals - environment[i]));
    variables = g_environ_setenv(g_steal_pointer(&variables), key, equals + 1, TRUE);
  }
  char *output = NULL;
  int status = run_command((const char *const[]){path, NULL}, variables, input, &output, log);
  if (status != 0)
    print_message("%s ended with %d: %s\n", path, status, *log);
  return output;
}

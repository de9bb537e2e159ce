/* Programs found by the socket they serve, and restarted by deploy/program. */
#include "harness.h"

#include <glib/gstdio.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Programs that run otherwise than tests/run left them; the value tells whether they ran at all. */
static GHashTable *disturbed;

/* A program's first process, from the file that deploy/program keeps; 0 when it does not run. */
static pid_t
recorded_pid(const char *name)
{
  g_autofree char *slug = g_strdelimit(g_strdup(name), "/:", '-');
  g_autofree char *path = g_build_filename(harness_env("PONTE_STATE_DIR"), "pids", slug, NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  pid_t pid = (pid_t)g_ascii_strtoll(text, NULL, 10);
  return kill(pid, 0) == 0 ? pid : 0;
}

static void
remember(const char *name)
{
  if (disturbed == NULL)
    disturbed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (!g_hash_table_contains(disturbed, name))
    g_hash_table_insert(disturbed, g_strdup(name), GINT_TO_POINTER(recorded_pid(name) != 0));
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
    g_assert_cmpuint(i, <, G_N_ELEMENTS(overrides) - 1);
  va_end(args);
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

static char *
socket_path(const char *name)
{
  g_autofree char *file = g_strdelimit(g_strdup(name), "/:", '-');
  g_autofree char *folder = g_build_filename(harness_env("PONTE_STATE_DIR"), "run", NULL);
  char resolved[PATH_MAX]; /* the folder may be a link, because socket paths have to be short */
  if (realpath(folder, resolved) == NULL)
    fail_msg("there is no %s", folder);
  return g_strdup_printf("%s/%s.sock", resolved, file);
}

/* The inode of the listening socket at a path, from /proc/net/unix. */
static char *
listening_inode(const char *path)
{
  g_autofree char *text = NULL;
  g_file_get_contents("/proc/net/unix", &text, NULL, NULL);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    char flags[16], inode[24], found[256];
    if (sscanf(*line, "%*s %*s %*s %15s %*s %*s %23s %255s", flags, inode, found) == 3 &&
        g_str_equal(flags, "00010000") && g_str_equal(found, path))
      return g_strdup(inode);
  }
  return NULL;
}

static gboolean
has_socket(const char *pid, const char *wanted)
{
  g_autofree char *link = g_strdup_printf("/proc/%s/fd/0", pid);
  g_autofree char *target = g_file_read_link(link, NULL);
  return g_strcmp0(target, wanted) == 0;
}

static GArray *
processes_of(const char *name)
{
  GArray *pids = g_array_new(FALSE, FALSE, sizeof(pid_t));
  g_autofree char *path = socket_path(name);
  g_autofree char *inode = listening_inode(path);
  if (inode == NULL)
    return pids;
  g_autofree char *wanted = g_strdup_printf("socket:[%s]", inode);
  g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
  for (const char *entry; (entry = g_dir_read_name(proc)) != NULL;) {
    if (g_ascii_isdigit(*entry) && has_socket(entry, wanted)) {
      pid_t pid = (pid_t)g_ascii_strtoll(entry, NULL, 10);
      g_array_append_val(pids, pid);
    }
  }
  return pids;
}

static pid_t
parent_of(pid_t pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  int parent = 0;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return 0;
  sscanf(strrchr(text, ')') + 1, " %*c %d", &parent);
  return parent;
}

static gboolean
holds(const GArray *pids, pid_t pid)
{
  for (guint i = 0; i < pids->len; i++) {
    if (g_array_index(pids, pid_t, i) == pid)
      return TRUE;
  }
  return FALSE;
}

pid_t
program_parent(const char *name)
{
  g_autoptr(GArray) pids = processes_of(name);
  for (guint i = 0; i < pids->len; i++) {
    if (!holds(pids, parent_of(g_array_index(pids, pid_t, i))))
      return g_array_index(pids, pid_t, i);
  }
  return 0;
}

GArray *
program_workers(const char *name)
{
  g_autoptr(GArray) pids = processes_of(name);
  GArray *workers = g_array_new(FALSE, FALSE, sizeof(pid_t));
  for (guint i = 0; i < pids->len; i++) {
    pid_t pid = g_array_index(pids, pid_t, i);
    if (holds(pids, parent_of(pid)))
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

static gboolean
is_gone(const char *name)
{
  g_autoptr(GArray) pids = processes_of(name);
  return pids->len == 0;
}

void
program_kill(const char *name)
{
  pid_t parent = program_parent(name);
  remember(name);
  if (parent > 0)
    kill(parent, SIGSTOP); /* it must neither replace its workers nor take leave of them */
  program_kill_workers(name);
  if (parent > 0)
    kill(parent, SIGKILL);
  WAIT_FOR(is_gone(name));
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
  g_autoptr(GArray) pids = processes_of(name);
  gint64 peak = 0;
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
  g_autofree char *path = g_build_filename(harness_env("PONTE_BUILD"), "bin", name, NULL);
  g_auto(GStrv) variables = program_environment();
  for (guint i = 0; environment[i] != NULL; i++) {
    const char *equals = strchr(environment[i], '=');
    g_autofree char *key = g_strndup(environment[i], (gsize)(equals - environment[i]));
    variables = g_environ_setenv(g_steal_pointer(&variables), key, equals + 1, TRUE);
  }
  char *output = NULL;
  g_autofree char *errors = NULL;
  int status = run_command((const char *const[]){path, NULL}, variables, input, &output, &errors);
  if (status != 0)
    print_message("%s ended with %d: %s\n", path, status, errors);
  return output;
}

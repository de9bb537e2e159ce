/* What happens around each test, and running commands. */
#include "harness.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

const char *
harness_env(const char *name)
{
  const char *value = g_getenv(name);
  if (value == NULL)
    fail_msg("%s is not set: start the tests with tests/run", name);
  return value;
}

char **
harness_settings(void)
{
  g_autofree char *path = g_build_filename(harness_env("PONTE_STATE_DIR"), "settings", NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    fail_msg("cannot read %s", path);
  return g_strsplit(text, "\n", -1);
}

void
harness_filter(void)
{
  setvbuf(stdout, NULL, _IOLBF, 0); /* so that the log tells where a test program hung */
  if (g_getenv("PONTE_TEST") != NULL)
    cmocka_set_test_filter(g_getenv("PONTE_TEST"));
}

int
harness_open(G_GNUC_UNUSED void **state)
{
  curl_global_init(CURL_GLOBAL_DEFAULT);
  g_setenv("STATE_DIR", harness_env("PONTE_STATE_DIR"), TRUE); /* for the scripts of deploy/ */
  g_setenv("BUILD", harness_env("PONTE_BUILD"), TRUE);
  folder = g_dir_make_tmp("ponte-test-XXXXXX", NULL);
  g_chmod(folder, 0755); /* nginx and Postgres read it as other users */
  return folder != NULL ? 0 : -1;
}

static void
remove_folder(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *entry = g_build_filename(path, name, NULL);
    if (g_file_test(entry, G_FILE_TEST_IS_DIR))
      remove_folder(entry);
    else
      g_remove(entry);
  }
  g_rmdir(path);
}

int
harness_close(G_GNUC_UNUSED void **state)
{
  admin_disconnect();
  remove_folder(folder);
  g_clear_pointer(&folder, g_free);
  curl_global_cleanup();
  return 0;
}

int
harness_before(G_GNUC_UNUSED void **state)
{
  database_reset();
  omie_reset();
  return 0;
}

/* Runs after failures as well, so it must bring back whatever a test may have taken away. */
int
harness_after(G_GNUC_UNUSED void **state)
{
  if (!database_answers())
    postgres_start();
  omie_release();
  calls_abandon();
  file_server_stop();
  programs_restore();
  return 0;
}

const char *
harness_folder(void)
{
  return folder;
}

char *
harness_write(const char *name, const char *content)
{
  char *path = g_build_filename(folder, name, NULL);
  if (!g_file_set_contents(path, content, -1, NULL))
    fail_msg("cannot write %s", path);
  g_chmod(path, 0644);
  return path;
}

static gpointer
read_all(gpointer data)
{
  g_autoptr(GIOChannel) channel = g_io_channel_unix_new(GPOINTER_TO_INT(data));
  g_io_channel_set_encoding(channel, NULL, NULL);
  g_io_channel_set_close_on_unref(channel, TRUE);
  char *text = NULL;
  g_io_channel_read_to_end(channel, &text, NULL, NULL);
  return text;
}

static void
write_all(int fd, const char *text)
{
  gsize left = text != NULL ? strlen(text) : 0;
  while (left > 0) {
    gssize sent = write(fd, text, left);
    if (sent <= 0)
      break;
    text += sent;
    left -= (gsize)sent;
  }
  close(fd);
}

int
run_command(const char *const *argv, char **environment, const char *input, char **output,
            char **errors)
{
  g_autoptr(GError) error = NULL;
  GPid pid;
  int in, out, err, status;
  if (!g_spawn_async_with_pipes(NULL, (char **)argv, environment,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                &in, &out, &err, &error))
    fail_msg("%s", error->message);
  GThread *reader = g_thread_new("stderr", read_all, GINT_TO_POINTER(err));
  write_all(in, input);
  g_autofree char *text = read_all(GINT_TO_POINTER(out));
  g_autofree char *complaints = g_thread_join(reader);
  waitpid(pid, &status, 0);
  if (output != NULL)
    *output = g_steal_pointer(&text);
  if (errors != NULL)
    *errors = g_steal_pointer(&complaints);
  // cppcheck-suppress memleak ; g_thread_join gives the thread back
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *
run_command_ok(const char *const *argv, const char *file, int line)
{
  g_autofree char *errors = NULL;
  char *output = NULL;
  int status = run_command(argv, NULL, NULL, &output, &errors);
  if (status != 0) {
    print_error("%s ended with %d:\n%s%s\n", argv[0], status, output, errors);
    _fail(file, line);
  }
  return output;
}

#include "harness_authorize.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness_ledger_book.h"

#define PROMPT "Enter: "
#define STATE  "{state}"

void
authorized_clear(Authorized *authorized)
{
  g_free(authorized->url);
  g_free(authorized->output);
  g_free(authorized->errors);
}

/* Until the text ends with `end`, or nothing more comes. */
static void
read_until(int fd, const char *end, GString *text)
{
  char bytes[1024];
  gssize count = 1;
  while (count > 0 && (end == NULL || !g_str_has_suffix(text->str, end)))
    if ((count = read(fd, bytes, sizeof bytes)) > 0)
      g_string_append_len(text, bytes, count);
}

static char **
environment_of(const Book *book)
{
  char **environment = program_environment();
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, book->settings);
  while (g_hash_table_iter_next(&iter, &name, &value))
    environment = g_environ_setenv(environment, name, value, TRUE);
  return environment;
}

static char *
find_url(const char *output)
{
  const char *begin = strstr(output, "https://");
  return begin != NULL ? g_strndup(begin, strcspn(begin, " \n")) : NULL;
}

static void
answer_with(int fd, const char *url, const char *answer)
{
  g_autofree char *state = url_parameter(url, "state");
  g_autoptr(GString) line = g_string_new(answer);
  g_string_replace(line, STATE, state, 0);
  g_string_append_c(line, '\n');
  if (write(fd, line->str, line->len) != (gssize)line->len)
    fail_msg("the tool took no answer");
}

Authorized
book_authorize(const Book *book, const char *answer)
{
  g_autofree char *program =
      g_build_filename(harness_env("PONTE_BUILD"), "bin", "_authorize", NULL);
  g_auto(GStrv) environment = environment_of(book);
  char *argv[] = {program, book->company, NULL};
  g_autoptr(GString) output = g_string_new(NULL), errors = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  Authorized authorized = {.status = -1};
  GPid pid;
  int in, out, err, status;
  if (!g_spawn_async_with_pipes(NULL, argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                &pid, &in, &out, &err, &error))
    fail_msg("%s", error->message);
  read_until(out, PROMPT, output);
  authorized.url = find_url(output->str);
  if (authorized.url != NULL && answer != NULL)
    answer_with(in, authorized.url, answer);
  close(in);
  read_until(out, NULL, output);
  read_until(err, NULL, errors); /* a few lines: the pipe holds them */
  close(out);
  close(err);
  waitpid(pid, &status, 0);
  authorized.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  authorized.output = g_strdup(output->str);
  authorized.errors = g_strdup(errors->str);
  return authorized;
}

char *
book_code(const Book *book, const char *redirect_uri)
{
  return sql_text("insert into sandbox.ledger_code (code, who, redirect_uri)"
                  " values ('codigo-' || gen_random_uuid(), $1, nullif($2, '')) returning code",
                  book->who, redirect_uri != NULL ? redirect_uri : "");
}

char *
url_parameter(const char *url, const char *name)
{
  const char *query = strchr(url, '?');
  g_autoptr(GHashTable) members =
      query != NULL ? g_uri_parse_params(query + 1, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
  return members != NULL ? g_strdup(g_hash_table_lookup(members, name)) : NULL;
}

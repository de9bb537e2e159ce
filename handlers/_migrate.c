/* Applies the numbered files of sql/, takes them back, or tells how things stand.  Connects to
 * MIGRATE_DATABASE_URL, else to DATABASE_URL.
 *   _migrate up | down [LEVEL] | status [--dir sql]
 *   _migrate service      the same connection as a section of a libpq service file, for psql */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/settings.h"
#include "db/migrate.h"

#define EXIT_USAGE 2

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PQconninfoOption, PQconninfoFree)

typedef struct {
  const char *verb;
  const char *dir;
  int level; /* -1: not given */
} Wish;

static const char *
database_url(void)
{
  return setting_is_set(MIGRATE_DATABASE_URL) ? setting(MIGRATE_DATABASE_URL)
                                              : setting(DATABASE_URL);
}

static gboolean
read_arguments(int argc, char **argv, Wish *wish)
{
  gint64 level;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--dir") == 0 && i + 1 < argc)
      wish->dir = argv[++i];
    else if (wish->verb == NULL)
      wish->verb = argv[i];
    else if (strcmp(wish->verb, "down") == 0 && wish->level < 0 &&
             g_ascii_string_to_signed(argv[i], 10, 0, G_MAXINT, &level, NULL))
      wish->level = (int)level;
    else
      return FALSE;
  }
  return wish->verb != NULL;
}

static void
print_step(const char *what, const char *name)
{
  printf("%s %s\n", what, name);
  fflush(stdout);
}

/* psql takes a URL only from its command line, where a password would be seen by everybody. */
static gboolean
print_service(GError **error)
{
  char *message = NULL;
  g_autoptr(PQconninfoOption) options = PQconninfoParse(database_url(), &message);
  if (options == NULL) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "the database URL is not a connection string"); /* libpq would quote it */
    PQfreemem(message);
    return FALSE;
  }
  for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (option->val != NULL)
      printf("%s=%s\n", option->keyword, option->val);
  return TRUE;
}

static gboolean
fulfil(const Wish *wish, GError **error)
{
  if (!settings_load(error))
    return FALSE;
  if (*database_url() == '\0') {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "neither MIGRATE_DATABASE_URL nor DATABASE_URL is set");
    return FALSE;
  }
  if (strcmp(wish->verb, "up") == 0)
    return migrate_up(database_url(), wish->dir, print_step, error);
  if (strcmp(wish->verb, "down") == 0)
    return migrate_down(database_url(), wish->dir, wish->level, print_step, error);
  if (strcmp(wish->verb, "status") == 0)
    return migrate_status(database_url(), wish->dir, print_step, error);
  return print_service(error);
}

int
main(int argc, char **argv)
{
  static const char *const verbs[] = {"up", "down", "status", "service", NULL};
  g_autoptr(GError) error = NULL;
  Wish wish = {.dir = "sql", .level = -1};
  if (!read_arguments(argc, argv, &wish) || !g_strv_contains(verbs, wish.verb)) {
    fprintf(stderr, "usage: _migrate up | down [LEVEL] | status | service  [--dir sql]\n");
    return EXIT_USAGE;
  }
  if (fulfil(&wish, &error))
    return 0;
  fprintf(stderr, "migrate: %s\n", error->message);
  return 1;
}

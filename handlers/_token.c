/* Prints an HS256 token signed with JWT_SECRET, as deploy/token gives it to people and tests:
 *   _token [--role NAME] [--sub UUID] [--minutes N]
 * The role goes where JWT_ROLE_CLAIM says; JWT_AUDIENCE and JWT_ISSUER are put in when set. */
#include <jansson.h>
#include <jwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"

#define DEFAULT_SUB     "00000000-0000-4000-8000-000000000001"
#define DEFAULT_MINUTES 60
#define MAX_MINUTES     (366 * 24 * 60)
#define EXIT_USAGE      2

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

typedef struct {
  char *role, *sub;
  int minutes;
} Options;

static void
options_clear(Options *options)
{
  g_free(options->role);
  g_free(options->sub);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
refuse(GError **error, const char *message)
{
  g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

static gboolean
check(const Options *options, int argc, GError **error)
{
  if (argc > 1)
    return refuse(error, "unexpected argument");
  if (options->role != NULL && *options->role == '\0')
    return refuse(error, "--role is empty");
  if (options->sub != NULL && !g_uuid_string_is_valid(options->sub))
    return refuse(error, "--sub is not a UUID");
  if (options->minutes < 1 || options->minutes > MAX_MINUTES)
    return refuse(error, "--minutes is not within 1 and 527040");
  return TRUE;
}

static gboolean
parse(int argc, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"role", 0, 0, G_OPTION_ARG_STRING, &options->role, "application role", "NAME"},
      {"sub", 0, 0, G_OPTION_ARG_STRING, &options->sub, "user id (" DEFAULT_SUB ")", "UUID"},
      {"minutes", 0, 0, G_OPTION_ARG_INT, &options->minutes, "how long it holds (60)", "N"},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_option_context_set_summary(context, "Prints an HS256 token signed with JWT_SECRET.");
  g_option_context_add_main_entries(context, entries, NULL);
  return g_option_context_parse(context, &argc, &argv, error) && check(options, argc, error);
}

/* "app_metadata.role" makes {"app_metadata": {"role": …}}. */
static void
put_role(json_t *claims, const char *role)
{
  g_auto(GStrv) names = g_strsplit(setting(JWT_ROLE_CLAIM), ".", -1);
  json_t *object = claims;
  guint last = g_strv_length(names) - 1;
  for (guint i = 0; i < last; i++) {
    json_object_set_new(object, names[i], json_object());
    object = json_object_get(object, names[i]);
  }
  json_object_set_new(object, names[last], json_string(role));
}

static json_t *
make_claims(const Options *options)
{
  json_int_t now = g_get_real_time() / G_USEC_PER_SEC;
  json_t *claims = json_object();
  json_object_set_new(claims, "sub", json_string(options->sub ? options->sub : DEFAULT_SUB));
  json_object_set_new(claims, "iat", json_integer(now));
  json_object_set_new(claims, "exp", json_integer(now + (json_int_t)options->minutes * 60));
  if (setting_is_set(JWT_AUDIENCE))
    json_object_set_new(claims, "aud", json_string(setting(JWT_AUDIENCE)));
  if (setting_is_set(JWT_ISSUER))
    json_object_set_new(claims, "iss", json_string(setting(JWT_ISSUER)));
  if (options->role != NULL)
    put_role(claims, options->role);
  return claims;
}

static gboolean
print_token(const json_t *claims)
{
  const char *secret = setting(JWT_SECRET);
  char *text = json_dumps(claims, JSON_COMPACT);
  char *token = NULL;
  jwt_t *jwt = NULL;
  if (text != NULL && jwt_new(&jwt) == 0 && jwt_add_grants_json(jwt, text) == 0 &&
      jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)secret, (int)strlen(secret)) == 0)
    token = jwt_encode_str(jwt);
  if (token != NULL)
    puts(token);
  jwt_free(jwt);
  free(text);
  gboolean made = token != NULL;
  free(token);
  return made;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_auto(Options) options = {.minutes = DEFAULT_MINUTES};
  if (!parse(argc, argv, &options, &error)) {
    fprintf(stderr, "%s\nusage: _token [--role NAME] [--sub UUID] [--minutes N]\n", error->message);
    return EXIT_USAGE;
  }
  if (!settings_load(&error) || !setting_is_set(JWT_SECRET) || !setting_is_set(JWT_ROLE_CLAIM)) {
    fprintf(stderr, "%s\n", error ? error->message : "JWT_SECRET (or JWT_ROLE_CLAIM) is not set");
    return EXIT_FAILURE;
  }
  g_autoptr(json_t) claims = make_claims(&options);
  gboolean made = print_token(claims);
  if (!made)
    fprintf(stderr, "the token could not be made (is --role valid UTF-8?)\n");
  return made ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* main() of every route: describe, check the settings, answer once as a plain CGI, or serve FastCGI
 * on fd 0. */
#include <fcgiapp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "http/internal.h"

static gboolean
check_settings(GError **error)
{
  if (!settings_load(error))
    return FALSE;
  if (!route.no_database && !setting_is_set(DATABASE_URL)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, "DATABASE_URL não configurada.");
    return FALSE;
  }
  return auth_check_settings(route_access(), error);
}

/* Limits may come from settings, so these are read; whether they suffice to serve is not asked. */
static int
describe(GError **error)
{
  if (!settings_load(error)) {
    fprintf(stderr, "%s\n", (*error)->message);
    return 1;
  }
  describe_route();
  return 0;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc == 2 && strcmp(argv[1], "--describe") == 0)
    return describe(&error);
  stop_block_signals();
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* no core dump may hold a secret (fin.md 15.3) */
  if (!check_settings(&error)) {
    log_init(route_url);
    log_error(error->message, NULL);
    return 1;
  }
  log_init(route_url);
  settings_hide_secrets();
  if (argc == 2 && strcmp(argv[1], "--check") == 0)
    return 0;
  if (!FCGX_IsCGI())
    return serve_fastcgi();
  Gateway cgi = gateway_of_cgi();
  gboolean answered = dispatch(&cgi);
  stop_farewell();
  return answered ? 0 : 1;
}

/* Looks over a configuration before anybody calls: one line per thing, exit 1 when something that
 * routes need is missing.  Never prints a value. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/auth.h"
#include "auth/cron.h"
#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "db/migrate.h"
#include "erp/connector.h"
#include "erp/omie/account.h"

static gboolean all_well = TRUE;

static void
report(const char *subject, const GError *problem)
{
  printf("%-8s %-12s %s\n", problem == NULL ? "ok" : "MISSING", subject,
         problem == NULL ? "" : problem->message);
  all_well &= problem == NULL;
}

static void
check_database(void)
{
  g_autoptr(GError) problem = NULL;
  int expected = migrate_expected_level();
  int current = -1;
  if (!setting_is_set(DATABASE_URL))
    g_set_error_literal(&problem, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "DATABASE_URL não configurada.");
  else if ((current = migrate_current_level(db_shared(), &problem)) >= 0 && current < expected)
    g_set_error(&problem, PONTE_ERROR, ERROR_MIGRATIONS_PENDING, "Migrações pendentes: %d de %d.",
                current, expected);
  report("database", problem);
}

static void
check_tokens(void)
{
  g_autoptr(GError) problem = NULL;
  gboolean ready = auth_check_settings(ROLES_OF_ANY_AREA, &problem);
  (void)ready;
  report("tokens", problem);
}

static void
check_cron(void)
{
  g_autoptr(GError) problem = NULL;
  if (!cron_secret_is_configured())
    g_set_error_literal(&problem, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "CRON_SECRET ausente ou com menos de 16 caracteres.");
  report("crons", problem);
}

static void
check_trust(void)
{
  g_autoptr(GError) problem = NULL;
  if (access(setting(CURL_CA_BUNDLE), R_OK) != 0)
    g_set_error_literal(&problem, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "CURL_CA_BUNDLE não pode ser lido.");
  report("authorities", problem);
}

static void
check_omie(void)
{
  g_autoptr(GError) problem = NULL;
  g_auto(OmieAccount) account = {0};
  gboolean ready = omie_account_init(&account, &problem);
  (void)ready;
  report("Omie", problem);
}

/* Which companies' books are read is anybody's choice: one that is not configured is no fault. */
static void
check_books(void)
{
  for (guint i = 0; i < n_erp_companies; i++) {
    g_autoptr(GError) problem = NULL;
    g_autoptr(Erp) erp = erp_new(&erp_companies[i], db_shared(), &problem);
    printf("%-8s %-12s %s\n", erp != NULL ? "ok" : "off", erp_companies[i].code,
           erp != NULL ? erp_type_title(erp_companies[i].erp) : problem->message);
  }
}

int
main(void)
{
  g_autoptr(GError) problem = NULL;
  gboolean loaded = settings_load(&problem);
  log_init("_check");
  report("settings", problem);
  if (!loaded)
    return EXIT_FAILURE;
  check_database();
  check_tokens();
  check_cron();
  check_trust();
  check_omie();
  check_books();
  db_disconnect(db_shared());
  return all_well ? EXIT_SUCCESS : EXIT_FAILURE;
}

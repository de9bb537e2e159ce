#include "erp_fixture.h"

#include <string.h>

int
erp_fixture_clear(G_GNUC_UNUSED void **state)
{
  g_auto(GStrv) names = g_listenv();
  for (char **name = names; *name != NULL; name++)
    for (guint i = 0; i < n_erp_settings; i++)
      if (g_str_has_prefix(*name, erp_settings[i].prefix) || g_str_has_prefix(*name, "ERP_"))
        g_unsetenv(*name);
  return settings_load(NULL) ? 0 : -1;
}

void
erp_fixture_set(const char *name, const char *value)
{
  if (value != NULL)
    g_setenv(name, value, TRUE);
  else
    g_unsetenv(name);
  assert_true(settings_load(NULL));
}

ErpConfig *
erp_fixture_config(const char *company)
{
  g_autoptr(GError) error = NULL;
  ErpConfig *config = erp_config_new(erp_company(company), &error);
  assert_null(error);
  return config;
}

void
erp_fixture_assert_named(GError **error, const char *variable, const char *value)
{
  assert_true(g_error_matches(*error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED));
  if (strstr((*error)->message, variable) == NULL)
    fail_msg("%s is not named: %s", variable, (*error)->message);
  assert_true(value == NULL || strstr((*error)->message, value) == NULL);
  g_clear_error(error);
}

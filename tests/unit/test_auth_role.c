/* Where a role comes from, and where it must not. */
#include "unit.h"

#include "auth/auth.h"
#include "auth/role.h"
#include "base/settings.h"
#include <string.h>

static void
test_the_role_comes_from_the_configured_claim(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *path, *claims, *role;
  } cases[] = {
      {"app_metadata.role", "{\"app_metadata\":{\"role\":\"cfo\"}}", "cfo"},
      {"app_metadata.role", "{\"app_metadata\":{\"role\":\"Fin\"}}", "Fin"},
      {"app_metadata.role", "{\"app_metadata\":{\"role\":\"\"}}", NULL},
      {"app_metadata.role", "{\"app_metadata\":{\"role\":[\"admin\"]}}", NULL},
      {"app_metadata.role", "{\"app_metadata\":{\"role\":null}}", NULL},
      {"app_metadata.role", "{\"app_metadata\":{}}", NULL},
      {"app_metadata.role", "{\"app_metadata\":\"admin\"}", NULL},
      {"app_metadata.role", "{\"app_metadata\":[{\"role\":\"admin\"}]}", NULL},
      {"app_metadata.role", "{\"role\":\"admin\"}", NULL},
      {"app_metadata.role", "{\"user_metadata\":{\"role\":\"admin\"}}", NULL},
      {"app_metadata.role", "{\"app_metadata.role\":\"admin\"}", NULL},
      {"app_metadata.role", "{\"app_metadata\":{\"role\":\"system\"}}", NULL},
      {"app_metadata.role", "{}", NULL},
      {"user_role", "{\"user_role\":\"fin\"}", "fin"},
      {"a.b.c", "{\"a\":{\"b\":{\"c\":\"fin\"}}}", "fin"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    json_t *claims = json_loads(cases[i].claims, 0, NULL);
    const char *role = role_in_claims(claims, cases[i].path);
    if (cases[i].role == NULL)
      assert_null(role);
    else {
      assert_non_null(role);
      assert_string_equal(role, cases[i].role);
    }
    json_decref(claims);
  }
}

static void
clear_environment(void)
{
  g_setenv("JWT_SECRET", "a secret of more than thirty-two characters", TRUE);
  g_unsetenv("JWT_ROLE_SOURCE");
  g_unsetenv("JWT_ROLE_CLAIM");
}

static void
test_settings_that_let_users_choose_their_role_are_refused(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *variable, *value;
    gboolean good;
  } cases[] = {
      {"JWT_ROLE_CLAIM", "app_metadata.role", TRUE},
      {"JWT_ROLE_CLAIM", "user_role", TRUE},
      {"JWT_ROLE_CLAIM", "user_metadata.role", FALSE},
      {"JWT_ROLE_CLAIM", "user_metadata", FALSE},
      {"JWT_ROLE_CLAIM", "role", FALSE},
      {"JWT_ROLE_CLAIM", "", FALSE},
      {"JWT_ROLE_CLAIM", "a..b", FALSE},
      {"JWT_ROLE_CLAIM", ".role", FALSE},
      {"JWT_ROLE_SOURCE", "profiles", TRUE},
      {"JWT_ROLE_SOURCE", "claim", TRUE},
      {"JWT_ROLE_SOURCE", "profiles, claim", TRUE},
      {"JWT_ROLE_SOURCE", "claim,profiles", FALSE},
      {"JWT_ROLE_SOURCE", "token", FALSE},
      {"JWT_ROLE_SOURCE", "", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    clear_environment();
    g_setenv(cases[i].variable, cases[i].value, TRUE);
    assert_true(settings_load(NULL));
    assert_int_equal(auth_check_settings(ACCESS_ROLES(AREA_FIN), &error), cases[i].good);
    assert_true(cases[i].good || strstr(error->message, cases[i].variable) != NULL);
    assert_true(auth_check_settings(ACCESS_CRON, NULL));
    assert_true(auth_check_settings(ACCESS_PUBLIC, NULL));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_role_comes_from_the_configured_claim),
      cmocka_unit_test(test_settings_that_let_users_choose_their_role_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

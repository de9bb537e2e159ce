/* Who may call what.  Where `db` is NULL the case also shows that the database is not asked. */
#include "unit.h"

#include "auth/auth.h"
#include "base/error.h"
#include "base/settings.h"
#include "make_token.h"

#define SECRET      "a secret of more than thirty-two characters"
#define CRON        "cron-secret-of-24-bytes!"
#define SUB         "5b2f6c1e-98ab-4c7d-8e21-0f3a6b7c8d9e"
#define HS256       "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define USERS       ACCESS_ROLES(AREA_FIN)
#define CRON_ONLY   ACCESS_CRON
#define MIXED       (ACCESS_ROLES(AREA_FIN) | ACCESS_CRON)
#define BEARER_CRON "Bearer " CRON

static void
set_up(const char *cron_secret)
{
  g_setenv("JWT_SECRET", SECRET, TRUE);
  g_setenv("CRON_SECRET", cron_secret, TRUE);
  g_setenv("JWT_ROLE_SOURCE", "claim", TRUE);
  g_setenv("JWT_ROLE_CLAIM", "app_metadata.role", TRUE);
  assert_true(settings_load(NULL));
}

static char *
bearer_with(const char *app_metadata)
{
  gint64 soon = g_get_real_time() / G_USEC_PER_SEC + 60;
  g_autofree char *payload =
      g_strdup_printf("{\"sub\":\"%s\",\"aud\":\"authenticated\",\"exp\":%" G_GINT64_FORMAT
                      ",\"role\":\"authenticated\",\"user_metadata\":{\"role\":\"admin\"}"
                      ",\"app_metadata\":%s}",
                      SUB, soon, app_metadata);
  g_autofree char *token = make_token(HS256, payload, (Signer){.secret = SECRET});
  return g_strconcat("Bearer ", token, NULL);
}

/* The error's code and text, or who was recognised: "cron", "user ROLE". */
static char *
identify(const char *authorization, const char *cron_secret, guint access)
{
  g_auto(Caller) caller = {0};
  g_autoptr(GError) error = NULL;
  const Credentials shown = {authorization, authorization != NULL, cron_secret};
  if (!auth_identify(&shown, access, NULL, &caller, &error))
    return g_strdup_printf("%u %s %s", error_status(error), error_word(error), error->message);
  if (caller.system)
    return g_strdup("cron");
  return caller.sub == NULL ? g_strdup("nobody") : g_strdup_printf("user %s", caller.role);
}

static void
assert_identified(const char *authorization, const char *cron_secret, guint access,
                  const char *expected)
{
  g_autofree char *found = identify(authorization, cron_secret, access);
  assert_string_equal(found, expected);
}

#define NO_USER   "401 unauthenticated Não autenticado."
#define BAD_USER  "401 invalid_token Não autenticado."
#define NO_CRON   "401 unauthenticated Não autorizado."
#define BAD_CRON  "401 invalid_token Não autorizado."
#define NO_SECRET "500 not_configured CRON_SECRET não configurado."

static void
test_user_routes_take_tokens_only(G_GNUC_UNUSED void **state)
{
  g_autofree char *bearer = bearer_with("{\"role\":\"fin\"}");
  g_autofree char *lower = g_strconcat("bearer ", bearer + 7, NULL);
  g_autofree char *upper = g_strconcat("BEARER ", bearer + 7, NULL);
  g_autofree char *two_spaces = g_strconcat("Bearer  ", bearer + 7, NULL);
  const struct {
    const char *authorization, *cron_secret, *expected;
  } cases[] = {
      {bearer, NULL, "user fin"},    {lower, NULL, "user fin"},
      {upper, NULL, "user fin"},     {bearer, CRON, "user fin"},
      {NULL, NULL, NO_USER},         {NULL, CRON, NO_USER},
      {"", NULL, NO_USER},           {"Basic dXNlcjpwYXNz", NULL, NO_USER},
      {"Bearerx", NULL, NO_USER},    {bearer + 7, NULL, NO_USER},
      {"Bearer", NULL, BAD_USER},    {"Bearer ", NULL, BAD_USER},
      {two_spaces, NULL, BAD_USER},  {"Bearer x", NULL, BAD_USER},
      {BEARER_CRON, NULL, BAD_USER},
  };
  set_up(CRON);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_identified(cases[i].authorization, cases[i].cron_secret, USERS, cases[i].expected);
}

static void
test_cron_routes_take_the_secret_only(G_GNUC_UNUSED void **state)
{
  g_autofree char *bearer = bearer_with("{\"role\":\"admin\"}");
  const struct {
    const char *authorization, *cron_secret, *expected;
  } cases[] = {
      {BEARER_CRON, NULL, "cron"},
      {"bearer " CRON, NULL, "cron"},
      {NULL, CRON, "cron"},
      {"Basic dXNlcjpwYXNz", CRON, "cron"},
      {NULL, NULL, NO_CRON},
      {NULL, "", NO_CRON},
      {CRON, NULL, NO_CRON},
      {NULL, "wrong", BAD_CRON},
      {NULL, CRON "x", BAD_CRON},
      {"Bearer wrong", NULL, BAD_CRON},
      {"Bearer wrong", CRON, BAD_CRON}, /* a bearer alone decides */
      {"Bearer ", CRON, BAD_CRON},
      {"Bearer  " CRON, NULL, BAD_CRON},
      {"Bearer cron-secret-of-24-bytes", NULL, BAD_CRON},
      {bearer, NULL, BAD_CRON},
      {bearer, CRON, BAD_CRON},
  };
  set_up(CRON);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_identified(cases[i].authorization, cases[i].cron_secret, CRON_ONLY, cases[i].expected);
}

static void
test_routes_of_both_take_either(G_GNUC_UNUSED void **state)
{
  g_autofree char *bearer = bearer_with("{\"role\":\"fin\"}");
  set_up(CRON);
  assert_identified(bearer, NULL, MIXED, "user fin");
  assert_identified(bearer, CRON, MIXED, "user fin");
  assert_identified(BEARER_CRON, NULL, MIXED, "cron");
  assert_identified(NULL, CRON, MIXED, "cron");
  assert_identified(NULL, NULL, MIXED, NO_USER);
  assert_identified(NULL, "wrong", MIXED, BAD_USER);
  assert_identified("Bearer wrong", CRON, MIXED, BAD_USER);
  assert_identified("Bearer ", NULL, MIXED, BAD_USER);
}

static void
test_without_a_proper_cron_secret_no_secret_is_accepted(G_GNUC_UNUSED void **state)
{
  static const char *const secrets[] = {"", "fifteen-letters"};
  g_autofree char *bearer = bearer_with("{\"role\":\"fin\"}");
  for (guint i = 0; i < G_N_ELEMENTS(secrets); i++) {
    g_autofree char *same = g_strconcat("Bearer ", secrets[i], NULL);
    set_up(secrets[i]);
    assert_identified(same, NULL, CRON_ONLY, NO_SECRET);
    assert_identified(NULL, "fifteen-letters", CRON_ONLY, NO_SECRET);
    assert_identified(NULL, NULL, CRON_ONLY, NO_SECRET);
    assert_identified(NULL, "fifteen-letters", MIXED, NO_SECRET);
    assert_identified(same, NULL, MIXED, BAD_USER);
    assert_identified(NULL, NULL, MIXED, NO_USER);
    assert_identified(bearer, "fifteen-letters", MIXED, "user fin");
  }
  set_up("sixteen-letters!");
  assert_identified(NULL, "sixteen-letters!", CRON_ONLY, "cron");
}

static void
test_two_authorization_headers_are_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *bearer = bearer_with("{\"role\":\"fin\"}");
  static const guint accesses[] = {USERS, CRON_ONLY, MIXED};
  set_up(CRON);
  for (guint i = 0; i < G_N_ELEMENTS(accesses); i++) {
    g_auto(Caller) caller = {0};
    g_autoptr(GError) error = NULL;
    const Credentials twice = {i == 0 ? bearer : BEARER_CRON, 2, CRON};
    assert_false(auth_identify(&twice, accesses[i], NULL, &caller, &error));
    assert_true(g_error_matches(error, PONTE_ERROR, ERROR_INVALID_TOKEN));
  }
}

static void
test_public_routes_look_at_nothing(G_GNUC_UNUSED void **state)
{
  set_up("");
  assert_identified("Bearer rubbish", "wrong", ACCESS_PUBLIC, "nobody");
  assert_identified(NULL, NULL, ACCESS_PUBLIC, "nobody");
}

static void
test_a_user_without_application_role_is_known_but_may_nothing(G_GNUC_UNUSED void **state)
{
  g_autofree char *bearer = bearer_with("{}");
  g_auto(Caller) caller = {0};
  const Credentials shown = {bearer, 1, NULL};
  set_up(CRON);
  assert_true(auth_identify(&shown, USERS, NULL, &caller, NULL));
  assert_string_equal(caller.sub, SUB);
  assert_null(caller.role); /* neither the database role nor user_metadata */
  assert_int_equal(caller.areas, 0);
  assert_false(auth_permits(&caller, MIXED));
}

static void
test_a_role_opens_the_areas_that_list_it(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *app_metadata;
    guint areas;
  } cases[] = {
      {"{\"role\":\"admin\"}", ROLES_OF_ANY_AREA},
      {"{\"role\":\"superadmin\"}", ROLES_OF_ANY_AREA},
      {"{\"role\":\"cfo\"}",
       ACCESS_ROLES(AREA_FIN) | ACCESS_ROLES(AREA_BACKOFFICE) | ACCESS_ROLES(AREA_ERP)},
      {"{\"role\":\"fin\"}", ACCESS_ROLES(AREA_FIN) | ACCESS_ROLES(AREA_BACKOFFICE)},
      {"{\"role\":\"FIN\"}", 0},
      {"{\"role\":\" fin\"}", 0},
      {"{\"role\":\"admin,superadmin\"}", 0},
      {"{\"role\":\"sales\"}", 0},
      {"{\"role\":\"employee\"}", 0},
  };
  set_up(CRON);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Caller) caller = {0};
    g_autofree char *bearer = bearer_with(cases[i].app_metadata);
    const Credentials shown = {bearer, 1, NULL};
    assert_true(auth_identify(&shown, USERS, NULL, &caller, NULL));
    assert_int_equal(caller.areas, cases[i].areas);
  }
}

static void
test_permission_needs_a_common_area_or_the_secret(G_GNUC_UNUSED void **state)
{
  const Caller nobody = {0}, system = {.system = TRUE}, fin = {.areas = ACCESS_ROLES(AREA_FIN)};
  const struct {
    const Caller *caller;
    guint access;
    gboolean permitted;
  } cases[] = {
      {&nobody, ACCESS_PUBLIC, TRUE},
      {&fin, ACCESS_PUBLIC, TRUE},
      {&nobody, MIXED, FALSE},
      {&nobody, 0, FALSE},
      {&fin, USERS, TRUE},
      {&fin, MIXED, TRUE},
      {&fin, CRON_ONLY, FALSE},
      {&fin, ACCESS_ROLES(AREA_CRM), FALSE},
      {&fin, ROLES_OF_ANY_AREA, TRUE},
      {&system, CRON_ONLY, TRUE},
      {&system, MIXED, TRUE},
      {&system, USERS, FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_int_equal(auth_permits(cases[i].caller, cases[i].access), cases[i].permitted);
}

static void
assert_claims(const Caller *caller, const char *expected)
{
  g_autofree char *claims = auth_claims(caller);
  assert_string_equal(claims, expected);
}

static void
test_claims_for_row_security_are_written_by_the_program(G_GNUC_UNUSED void **state)
{
  char sub[] = SUB, role[] = "fin", quoted[] = "a\"b";
  const guint areas = ACCESS_ROLES(AREA_FIN) | ACCESS_ROLES(AREA_BACKOFFICE);
  assert_claims(&(Caller){.system = TRUE}, "{\"role\":\"system\"}");
  assert_claims(&(Caller){.sub = sub, .role = role, .areas = areas},
                "{\"sub\":\"" SUB "\",\"role\":\"fin\",\"areas\":[\"fin\",\"backoffice\"]}");
  assert_claims(&(Caller){.sub = sub, .role = quoted},
                "{\"sub\":\"" SUB "\",\"role\":\"a\\\"b\",\"areas\":[]}");
  assert_claims(&(Caller){0}, "{\"sub\":null,\"role\":null,\"areas\":[]}");
}

static void
test_a_database_that_is_away_is_said_so(G_GNUC_UNUSED void **state)
{
  g_autofree char *bearer = bearer_with("{\"role\":\"admin\"}");
  g_auto(Caller) caller = {0};
  g_autoptr(GError) error = NULL;
  g_autoptr(Db) away = db_new("host=/nonexistent dbname=none");
  const Credentials shown = {bearer, 1, NULL};
  set_up(CRON);
  g_setenv("JWT_ROLE_SOURCE", "profiles,claim", TRUE);
  assert_true(settings_load(NULL));
  assert_false(auth_identify(&shown, USERS, away, &caller, &error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE));
  assert_null(caller.sub);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_user_routes_take_tokens_only),
      cmocka_unit_test(test_cron_routes_take_the_secret_only),
      cmocka_unit_test(test_routes_of_both_take_either),
      cmocka_unit_test(test_without_a_proper_cron_secret_no_secret_is_accepted),
      cmocka_unit_test(test_two_authorization_headers_are_refused),
      cmocka_unit_test(test_public_routes_look_at_nothing),
      cmocka_unit_test(test_a_user_without_application_role_is_known_but_may_nothing),
      cmocka_unit_test(test_a_role_opens_the_areas_that_list_it),
      cmocka_unit_test(test_permission_needs_a_common_area_or_the_secret),
      cmocka_unit_test(test_claims_for_row_security_are_written_by_the_program),
      cmocka_unit_test(test_a_database_that_is_away_is_said_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

/* Members of a body, of which the first wrong one is told (backoffice.md 3.7 to 3.9). */
#include "unit.h"

#include "http/members.h"
#include "http/route.h"

/* members.h answers through lib/http, which belongs to some route. */
const Route route = {.family = &family_backoffice};
const char route_url[] = "/api/test";

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

#define MISSING "falta"
#define WRONG   "errado"

static json_t *
body_of(const char *value)
{
  g_autofree char *text = g_strdup_printf("{\"m\":%s}", value);
  json_error_t error;
  json_t *body = json_loads(text, 0, &error);
  if (body == NULL)
    fail_msg("%s: %s", text, error.text);
  return body;
}

static void
assert_told(const char *value, const Members *members, const char *complaint)
{
  if (g_strcmp0(members->complaint, complaint) != 0)
    fail_msg("%s: told %s, not %s", value, members->complaint ? members->complaint : "nothing",
             complaint ? complaint : "nothing");
}

static void
test_an_integer_is_a_whole_number_from_one_on(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value;
    gint64 number;
    const char *told;
  } cases[] = {
      {"1", 1, NULL},
      {"9223372036854775807", G_MAXINT64, NULL},
      {"\"1\"", 1, NULL},
      {"\"0000000000000000042\"", 42, NULL},
      {"\"9223372036854775807\"", G_MAXINT64, NULL},
      {"null", 0, MISSING},
      {"\"\"", 0, MISSING},
      {"0", 0, MISSING},
      {"\"0\"", 0, WRONG},
      {"-1", 0, WRONG},
      {"1.0", 0, WRONG},
      {"0.0", 0, WRONG},
      {"1e2", 0, WRONG},
      {"true", 0, WRONG},
      {"false", 0, WRONG},
      {"[1]", 0, WRONG},
      {"{}", 0, WRONG},
      {"\"-1\"", 0, WRONG},
      {"\"+1\"", 0, WRONG},
      {"\" 1\"", 0, WRONG},
      {"\"1.0\"", 0, WRONG},
      {"\"0x1\"", 0, WRONG},
      {"\"\u0661\"", 0, WRONG}, /* an Arabic digit */
      {"\"9223372036854775808\"", 0, WRONG},
      {"\"00000000000000000001\"", 0, WRONG}, /* 20 digits */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(json_t) body = body_of(cases[i].value);
    g_auto(Members) members = members_of(body);
    assert_int_equal(members_integer(&members, "m", MISSING, WRONG), cases[i].number);
    assert_told(cases[i].value, &members, cases[i].told);
  }
}

static void
test_a_flag_may_be_a_word_or_a_number(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value;
    int flag; /* -1: the fallback */
    const char *told;
  } cases[] = {
      {"true", 1, NULL},   {"false", 0, NULL},       {"1", 1, NULL},
      {"0", 0, NULL},      {"\"true\"", 1, NULL},    {"\"FALSE\"", 0, NULL},
      {"\"1\"", 1, NULL},  {"\"0\"", 0, NULL},       {"null", -1, NULL},
      {"\"\"", -1, WRONG}, {"\" true\"", -1, WRONG}, {"\"sim\"", -1, WRONG},
      {"2", -1, WRONG},    {"-1", -1, WRONG},        {"1.0", -1, WRONG},
      {"[]", -1, WRONG},   {"{}", -1, WRONG},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gboolean fallback = FALSE; fallback <= TRUE; fallback++) {
      g_autoptr(json_t) body = body_of(cases[i].value);
      g_auto(Members) members = members_of(body);
      gboolean flag = members_flag(&members, "m", fallback, WRONG);
      assert_told(cases[i].value, &members, cases[i].told);
      assert_int_equal(flag, cases[i].flag < 0 ? fallback : cases[i].flag);
    }
}

static void
test_text_is_trimmed_and_blank_is_missing(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value, *text, *told, *number_text, *number_told;
  } cases[] = {
      {"\"abc\"", "abc", NULL, "abc", NULL},
      {"\" \\t a b\\n\"", "a b", NULL, "a b", NULL},
      {"\"\\u00a0\\u3000\xc3\xa7\\u2003\"", "\xc3\xa7", NULL, "\xc3\xa7", NULL},
      {"\"a\\tb\"", "a\tb", NULL, "a\tb", NULL},
      {"\"\"", NULL, MISSING, NULL, MISSING},
      {"\" \\r\\n \"", NULL, MISSING, NULL, MISSING},
      {"null", NULL, MISSING, NULL, MISSING},
      {"7", NULL, WRONG, "7", NULL},
      {"-7", NULL, WRONG, "-7", NULL},
      {"0", NULL, WRONG, "0", NULL},
      {"7.5", NULL, WRONG, NULL, WRONG},
      {"true", NULL, WRONG, NULL, WRONG},
      {"[\"a\"]", NULL, WRONG, NULL, WRONG},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(json_t) body = body_of(cases[i].value);
    g_auto(Members) plain = members_of(body), numbers = members_of(body);
    const char *text = members_text(&plain, "m", MISSING, WRONG);
    assert_told(cases[i].value, &plain, cases[i].told);
    assert_int_equal(g_strcmp0(text, cases[i].text), 0);
    const char *number = members_number_text(&numbers, "m", MISSING, WRONG);
    assert_told(cases[i].value, &numbers, cases[i].number_told);
    assert_int_equal(g_strcmp0(number, cases[i].number_text), 0);
  }
}

static void
test_what_may_be_missing_may_also_be_empty(G_GNUC_UNUSED void **state)
{
  static const char *const values[] = {"null", "\"\"", "\"  \""};
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autoptr(json_t) body = body_of(values[i]);
    g_auto(Members) members = members_of(body);
    assert_null(members_text(&members, "m", NULL, WRONG));
    assert_null(members_text(&members, "other", NULL, WRONG));
    assert_int_equal(members_integer(&members, "other", NULL, WRONG), 0);
    assert_null(members.complaint);
  }
  g_auto(Members) none = members_of(NULL);
  assert_null(members_text(&none, "m", NULL, WRONG));
  assert_true(members_flag(&none, "m", TRUE, WRONG));
  assert_null(none.complaint);
}

static void
test_the_first_complaint_stands(G_GNUC_UNUSED void **state)
{
  g_autoptr(json_t) body = body_of("\"abc\"");
  g_auto(Members) members = members_of(body);
  members_expect(&members, TRUE, "m", "fits");
  assert_null(members.complaint);
  members_expect_length(&members, "m", "ab\xc3\xa7", 3);
  members_expect_length(&members, "m", NULL, 0);
  assert_null(members.complaint);
  assert_int_equal(members_integer(&members, "m", MISSING, "first"), 0);
  assert_null(members_text(&members, "m", MISSING, WRONG));
  members_expect_length(&members, "m", "abc", 2);
  members_expect(&members, FALSE, "other", "second");
  assert_string_equal(members.complaint, "first");
  assert_string_equal(members.about, "m");
}

static void
test_a_long_text_is_told_with_its_limit(G_GNUC_UNUSED void **state)
{
  g_auto(Members) members = members_of(NULL);
  members_expect_length(&members, "numero_nf", "1234", 3);
  assert_string_equal(members.complaint, "numero_nf deve ter no máximo 3 caracteres");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_integer_is_a_whole_number_from_one_on),
      cmocka_unit_test(test_a_flag_may_be_a_word_or_a_number),
      cmocka_unit_test(test_text_is_trimmed_and_blank_is_missing),
      cmocka_unit_test(test_what_may_be_missing_may_also_be_empty),
      cmocka_unit_test(test_the_first_complaint_stands),
      cmocka_unit_test(test_a_long_text_is_told_with_its_limit),
  };
  return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}

/* Small JSON bodies: what is read, and the few words about what is not (backoffice.md 3.4). */
#include "unit.h"

#include <string.h>

#include "http/json_body.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static const JsonRules strict = {0}, lenient = {16, TRUE, TRUE};

static void
assert_read(const char *text, const JsonRules *rules, const char *expected)
{
  g_autofree char *reason = NULL;
  g_autoptr(json_t) value = json_body_read(text, strlen(text), rules, &reason);
  if (value == NULL)
    fail_msg("%s: %s", text, reason);
  char *written = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  assert_string_equal(written, expected);
  free(written);
}

static void
assert_refused(const char *text, gsize length, const JsonRules *rules, const char *expected)
{
  g_autofree char *reason = NULL;
  g_autoptr(json_t) value = json_body_read(text, length, rules, &reason);
  if (value != NULL)
    fail_msg("%s was read", text);
  assert_string_equal(reason, expected);
}
#define assert_refused_text(text, rules, expected)                                                 \
  assert_refused(text, strlen(text), rules, expected)

static void
test_the_last_of_repeated_members_counts(G_GNUC_UNUSED void **state)
{
  assert_read("{\"a\":1,\"a\":2}", &lenient, "{\"a\":2}");
  assert_refused_text("{\"a\":1,\"a\":2}", &strict, "membro repetido");
}

static void
test_integers_beyond_64_bits_become_their_digits(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text, *expected;
  } cases[] = {
      {"[9223372036854775807,-5]", "[9223372036854775807,-5]"},
      {"[9223372036854775808]", "[\"9223372036854775808\"]"},
      {"[-9223372036854775809,7]", "[\"-9223372036854775809\",7]"},
      {"{\"a\":99999999999999999999,\"b\":[1.5,1e3]}",
       "{\"a\":\"99999999999999999999\",\"b\":[1.5,1000.0]}"},
      {"[\"99999999999999999999\\\"1\\\\\",99999999999999999999]",
       "[\"99999999999999999999\\\"1\\\\\",\"99999999999999999999\"]"},
      {"99999999999999999999", "\"99999999999999999999\""},
      {"[1234567890123456789,99999999999999999999]", /* its neighbours become text, too */
       "[\"1234567890123456789\",\"99999999999999999999\"]"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_read(cases[i].text, &lenient, cases[i].expected);
  assert_refused_text("[99999999999999999999]", &strict, "número fora do intervalo");
  assert_refused_text("[1e999]", &lenient, "número fora do intervalo");
  assert_refused_text("[99999999999999999999,1e999]", &lenient, "número fora do intervalo");
  assert_refused_text("[99999999999999999999,01]", &lenient,
                      "sintaxe inválida na linha 1, coluna 25");
  assert_refused_text("[99999999999999999999,\"", &lenient, "fim inesperado");
}

static void
test_depth_is_limited(G_GNUC_UNUSED void **state)
{
  static const JsonRules two = {.max_depth = 2};
  assert_read("{\"a\":[1]}", &two, "{\"a\":[1]}");
  assert_read("1", &two, "1");
  assert_refused_text("{\"a\":[[]]}", &two, "profundidade acima de 2");
  assert_refused_text("[1,{\"a\":{}}]", &two, "profundidade acima de 2");
  g_autofree char *deep = g_strnfill(100000, '[');
  assert_refused_text(deep, &lenient, "profundidade excessiva");
}

static void
test_what_is_wrong_is_said_in_few_words(G_GNUC_UNUSED void **state)
{
  assert_refused_text("", &lenient, "fim inesperado");
  assert_refused_text("{", &lenient, "fim inesperado");
  assert_refused_text("{} x", &lenient, "texto depois do fim");
  assert_refused_text("\"\xff\"", &lenient, "UTF-8 inválido");
  assert_refused_text("{\n  a:1}", &lenient, "sintaxe inválida na linha 2, coluna 3");
  assert_refused("[1]\0", 4, &lenient, "texto depois do fim");
  assert_refused("\0[1]", 4, &lenient, "fim inesperado");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_last_of_repeated_members_counts),
      cmocka_unit_test(test_integers_beyond_64_bits_become_their_digits),
      cmocka_unit_test(test_depth_is_limited),
      cmocka_unit_test(test_what_is_wrong_is_said_in_few_words),
  };
  return cmocka_run_group_tests_name("json body", tests, NULL, NULL);
}

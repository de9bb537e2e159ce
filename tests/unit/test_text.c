/* Cleaning of text from foreign systems. */
#include "unit.h"

#include <string.h>

#include "base/text.h"

typedef struct {
  const char *in, *out;
} Pair;

static void
assert_pairs(char *(*function)(const char *), const Pair *pairs, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *out = function(pairs[i].in);
    assert_string_equal(out, pairs[i].out);
  }
}

static void
test_entities_are_decoded_once(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {
      {"", ""},
      {"plain", "plain"},
      {"A &amp; B", "A & B"},
      {"A &amp;amp; B", "A &amp; B"},
      {"&lt;b&gt; &quot;x&quot; &apos;y&apos;", "<b> \"x\" 'y'"},
      {"&#65;&#x42;&#X43;&#231;", "ABCç"},
      {"&#x1F600;", "\xF0\x9F\x98\x80"},
  };
  assert_pairs(text_decode_entities, pairs, G_N_ELEMENTS(pairs));
}

static void
test_what_is_no_entity_stays(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {
      {"&", "&"},
      {"A & B", "A & B"},
      {"&amp", "&amp"},
      {"&nbsp;", "&nbsp;"},
      {"&AMP;", "&AMP;"},
      {"&#;", "&#;"},
      {"&#x;", "&#x;"},
      {"&#-5;", "&#-5;"},
      {"&# 65;", "&# 65;"},
      {"&#65", "&#65"},
      {"&#xD800;", "&#xD800;"},
      {"&#x110000;", "&#x110000;"},
      {"&#99999999999999999999999;", "&#99999999999999999999999;"},
  };
  assert_pairs(text_decode_entities, pairs, G_N_ELEMENTS(pairs));
}

static void
test_an_entity_of_nul_is_dropped(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {{"a&#0;b", "ab"}, {"a&#x0;b", "ab"}};
  assert_pairs(text_decode_entities, pairs, G_N_ELEMENTS(pairs));
}

static void
test_both_ends_are_trimmed_of_unicode_space(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {
      {"", ""},
      {"   ", ""},
      {"  Acme  ", "Acme"},
      {"\t\r\nAcme\n", "Acme"},
      {"\xC2\xA0"
       "Acme\xE2\x80\x83",
       "Acme"}, /* no-break space, em space */
      {"\xEF\xBB\xBF"
       "Acme\xE2\x80\x8B",
       "Acme"}, /* byte order mark, zero width space */
      {"A\tB\nC\x7F"
       "D",
       "A B C D"},
      {" São  Paulo ", "São  Paulo"},
  };
  assert_pairs(text_trim, pairs, G_N_ELEMENTS(pairs));
}

static void
test_digits_are_ascii_digits_in_order(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {
      {"11.222.333/0001-81", "11222333000181"},
      {"", ""},
      {"abc", ""},
      {"\xD9\xA1"
       "2",
       "2"}, /* an Arabic one is no digit of a CNPJ */
  };
  assert_pairs(text_digits, pairs, G_N_ELEMENTS(pairs));
}

static void
test_a_text_is_cut_between_code_points(G_GNUC_UNUSED void **state)
{
  const struct {
    const char *in;
    glong max;
    const char *out;
  } cases[] = {
      {"ação", 4, "ação"}, {"ação", 3, "açã"}, {"ação", 2, "aç"}, {"ação", 0, ""}, {"", 5, ""}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *out = text_cut(cases[i].in, cases[i].max);
    assert_string_equal(out, cases[i].out);
  }
}

static void
test_folding_drops_case_and_accents(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {
      {"Já existe uma REQUISIÇÃO", "ja existe uma requisicao"},
      {"Não Existem Registros!", "nao existem registros!"},
      {"", ""},
  };
  assert_pairs(text_fold, pairs, G_N_ELEMENTS(pairs));
}

static void
test_one_line_has_single_spaces(G_GNUC_UNUSED void **state)
{
  const Pair pairs[] = {
      {"", ""},
      {" \n ", ""},
      {"  a\r\n\t b  ", "a b"},
      {"a\xC2\xA0\xC2\xA0"
       "b",
       "a b"},
      {"a\x01"
       "b",
       "a b"},
  };
  assert_pairs(text_one_line, pairs, G_N_ELEMENTS(pairs));
}

static void
test_every_occurrence_of_a_secret_is_hidden(G_GNUC_UNUSED void **state)
{
  const char *const secrets[] = {"", "key-1", "s3cret", NULL};
  const char *const none[] = {NULL};
  g_autofree char *hidden = text_redact("key-1 and s3cret, s3cret", secrets);
  g_autofree char *same = text_redact("key-1", none);
  assert_string_equal(hidden, "*** and ***, ***");
  assert_string_equal(same, "key-1");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_entities_are_decoded_once),
      cmocka_unit_test(test_what_is_no_entity_stays),
      cmocka_unit_test(test_an_entity_of_nul_is_dropped),
      cmocka_unit_test(test_both_ends_are_trimmed_of_unicode_space),
      cmocka_unit_test(test_digits_are_ascii_digits_in_order),
      cmocka_unit_test(test_a_text_is_cut_between_code_points),
      cmocka_unit_test(test_folding_drops_case_and_accents),
      cmocka_unit_test(test_one_line_has_single_spaces),
      cmocka_unit_test(test_every_occurrence_of_a_secret_is_hidden),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

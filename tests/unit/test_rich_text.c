/* data-collecting.md 9.3: the editor's HTML as the text that chat and gateway show. */
#include "crm/rich_text.h"

#include "unit.h"

static char *
known(const char *name, G_GNUC_UNUSED gconstpointer data)
{
  if (g_str_equal(name, "clientName"))
    return g_strdup("Maria & Filhos");
  return g_str_equal(name, "purchaseValue") ? g_strdup("R$ 10,00") : NULL;
}

static void
check(const char *html, const char *expected)
{
  g_autofree char *text = rich_text_plain(html, known, NULL);
  if (!g_str_equal(text, expected))
    fail_msg("%s\n  gave     \"%s\"\n  expected \"%s\"", html, text, expected);
}

static void
test_a_mention_shows_its_variable(G_GNUC_UNUSED void **state)
{
  check("<p>Olá <span class=\"mention\" data-type=\"mention\" "
        "data-id=\"clientName\">@Nome</span>!</p>",
        "Olá Maria & Filhos!");
  check("Olá <span data-type='mention' id=clientName>@<b>No</b>me</span>.", "Olá Maria & Filhos.");
  check("<a class=\"chip mention\" data-label=\"purchaseValue\">x</a>", "R$ 10,00");
  check("<span data-type=\"mention\" data-id=\"purchaseValue\"/> hoje", "R$ 10,00 hoje");
}

static void
test_a_mention_with_an_unknown_id_goes_by_its_label(G_GNUC_UNUSED void **state)
{
  check("<span data-type=\"mention\" data-id=\"17\" data-label=\"clientName\">@</span>",
        "Maria & Filhos");
  check("a<span data-type=\"mention\" data-id=\"17\">@x</span>b", "ab");
}

static void
test_elements_inside_a_mention_go_with_it(G_GNUC_UNUSED void **state)
{
  check("<span class=\"mention\" data-id=\"purchaseValue\"><span>@</span><span>valor</span></span> "
        "ok",
        "R$ 10,00 ok");
}

static void
test_paragraphs_and_breaks_are_lines(G_GNUC_UNUSED void **state)
{
  check("<p>um</p><p>dois<br>três<br/>quatro</p>", "um\ndois\ntrês\nquatro");
  check("<ul><li>um</li><li>dois</li></ul>", "um\ndois");
  check("<p>um</p><p></p><p>dois</p>", "um\n\ndois");
}

static void
test_other_tags_disappear(G_GNUC_UNUSED void **state)
{
  check("<p><strong>um</strong> <em class=\"a>b\">dois</em><!-- nota --></p>", "um dois");
}

static void
test_entities_are_decoded_once(G_GNUC_UNUSED void **state)
{
  check("a&nbsp;b &amp; c &lt;d&gt; &quot;e&quot; f&#39;s", "a b & c <d> \"e\" f's");
  check("&amp;nbsp; &amp;lt;", "&nbsp; &lt;");
}

static void
test_a_sign_that_opens_no_tag_stays(G_GNUC_UNUSED void **state)
{
  check("2 < 3 e 4 > 3", "2 < 3 e 4 > 3");
  check("fim <b", "fim <b");
  check("<", "<");
  check("", "");
}

static void
test_blanks_are_collapsed_and_lines_trimmed(G_GNUC_UNUSED void **state)
{
  check("<p>  um \t  dois </p>\n\n  <p> três</p>", "um dois\n\n\ntrês");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_mention_shows_its_variable),
      cmocka_unit_test(test_a_mention_with_an_unknown_id_goes_by_its_label),
      cmocka_unit_test(test_elements_inside_a_mention_go_with_it),
      cmocka_unit_test(test_paragraphs_and_breaks_are_lines),
      cmocka_unit_test(test_other_tags_disappear),
      cmocka_unit_test(test_entities_are_decoded_once),
      cmocka_unit_test(test_a_sign_that_opens_no_tag_stays),
      cmocka_unit_test(test_blanks_are_collapsed_and_lines_trimmed),
  };
  return cmocka_run_group_tests_name("rich text", tests, NULL, NULL);
}

/* The rows of an XML answer, as Bling v2 gives it (erp-connectors.md 6.4). */
#include "rows_fixture.h"

#include "erp/xml_rows.h"

static const Delivery xml_answer = {&xml_rows, 200, "application/xml", 0};

static const RowShape receivables = {
    .arrays = "contasreceber.contareceber,contaspagar.contapagar",
    .cells = {"id", "valor", "cliente.nome,fornecedor.nome", "historico"},
    .outside = {"erros.erro.cod", "erros.erro.msg"}};

#define ROW_A                                                                                      \
  "<contareceber><id>88001</id><situacao>aberto</situacao><valor>1500,50</valor>"                  \
  "<historico>Pedido 77 &amp; <![CDATA[<b>]]>&#231;</historico><x><valor>9</valor></x>"            \
  "<cliente><id>41</id><nome>Cliente Beta</nome></cliente></contareceber>"
#define SEEN_A "0=88001 1=1500,50 2=Cliente Beta 3=Pedido 77 & <b>\xC3\xA7 \n"

static void
assert_rows(const char *text, const char *seen)
{
  for (gsize piece = 0; piece < 3; piece++) {
    g_auto(Rows) rows;
    rows_init(&rows, &receivables);
    Delivery delivery = xml_answer;
    delivery.piece = piece;
    assert_int_equal(feed_text(&rows, &delivery, text), BODY_WHOLE);
    assert_string_equal(rows.seen->str, seen);
  }
}

static void
test_rows_are_elements_and_their_cells_too(G_GNUC_UNUSED void **state)
{
  assert_rows("<?xml version=\"1.0\"?>\n<retorno><contasreceber>" ROW_A
              "<contareceber><valor/><historico>  </historico><id>2</id></contareceber>"
              "</contasreceber></retorno>",
              SEEN_A "0=2 3= \n");
  assert_rows(
      "\xEF\xBB\xBF<retorno><contaspagar><contapagar><fornecedor><nome>F</nome></fornecedor>"
      "</contapagar></contaspagar></retorno>",
      "2=F \n");
}

static void
test_a_list_without_rows_is_a_list(G_GNUC_UNUSED void **state)
{
  g_auto(Rows) rows;
  rows_init(&rows, &receivables);
  assert_int_equal(feed_text(&rows, &xml_answer, "<retorno><contasreceber/></retorno>"),
                   BODY_WHOLE);
  assert_true(row_reader_found_array(rows.reader));
  assert_int_equal(row_reader_count(rows.reader), 0);
}

static void
test_faults_are_read_from_outside_the_rows(G_GNUC_UNUSED void **state)
{
  static const char text[] =
      "<retorno><erros><erro><cod>14</cod><msg>Nada</msg></erro>"
      "<erro><cod>3</cod></erro></erros><contasreceber>" ROW_A "</contasreceber></retorno>";
  static const Delivery refusal = {&xml_rows, 401, NULL, 0};
  for (guint i = 0; i < 2; i++) {
    g_auto(Rows) rows;
    rows_init(&rows, &receivables);
    assert_int_equal(feed_text(&rows, i == 0 ? &xml_answer : &refusal, text), BODY_WHOLE);
    assert_string_equal(row_reader_outside(rows.reader, 0).text, "14");
    assert_string_equal(row_reader_outside(rows.reader, 1).text, "Nada");
    assert_string_equal(rows.seen->str, i == 0 ? SEEN_A : "");
  }
  g_auto(Rows) rows;
  rows_init(&rows, &receivables);
  assert_int_equal(feed_text(&rows, &xml_answer, "<retorno><erros/></retorno>"), BODY_WHOLE);
  assert_false(row_reader_found_array(rows.reader));
  assert_int_equal(feed_text(&rows, &refusal, "<html><p>"), BODY_WHOLE);
}

/* F-18 */
static void
test_an_answer_cut_anywhere_is_known_as_cut(G_GNUC_UNUSED void **state)
{
  static const char text[] = "<retorno><contasreceber>" ROW_A "</contasreceber></retorno>";
  gsize first_end = (gsize)(strstr(text, "</contareceber>") + strlen("</contareceber>") - text);
  for (gsize length = 1; length < strlen(text); length++) {
    g_auto(Rows) rows;
    rows_init(&rows, &receivables);
    assert_int_equal(feed(&rows, &xml_answer, text, length), BODY_TRUNCATED);
    if (length < first_end)
      assert_string_equal(rows.seen->str, "");
    assert_int_equal(feed_text(&rows, &xml_answer, text), BODY_WHOLE);
    assert_string_equal(rows.seen->str, SEEN_A); /* once, whether or not the first had it */
  }
}

static void
assert_state(const char *text, BodyState wanted, const char *reason)
{
  g_auto(Rows) rows;
  rows_init(&rows, &receivables);
  BodyState got = feed_text(&rows, &xml_answer, text);
  if (got != wanted || g_strcmp0(row_reader_reason(rows.reader), reason) != 0)
    fail_msg("%.60s: %d, %s", text, got, row_reader_reason(rows.reader));
  assert_string_equal(rows.seen->str, "");
}

/* F-50 */
static void
test_a_document_type_is_refused_with_all_its_entities(G_GNUC_UNUSED void **state)
{
  assert_state("<!DOCTYPE retorno [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
               "<retorno><contasreceber><contareceber><id>&x;</id></contareceber></contasreceber>"
               "</retorno>",
               BODY_MISSHAPEN, "doctype");
  assert_state("<?xml version=\"1.0\"?><!-- <a> --><!DOCTYPE r><r/>", BODY_MISSHAPEN, "doctype");
  assert_state("<!DOCTYPE retorno SYSTEM \"http://127.0.0.1:1/x.dtd\"><retorno/>", BODY_MISSHAPEN,
               "doctype");
  GString *laughs = g_string_new("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a0 \"ha\">");
  for (guint i = 1; i < 10; i++) {
    g_string_append_printf(laughs, "<!ENTITY a%u \"", i);
    for (guint j = 0; j < 10; j++)
      g_string_append_printf(laughs, "&a%u;", i - 1);
    g_string_append(laughs, "\">");
  }
  g_string_append(laughs, "]><r><contasreceber><contareceber><id>&a9;</id></contareceber>"
                          "</contasreceber></r>");
  assert_state(laughs->str, BODY_MISSHAPEN, "doctype");
  g_string_free(laughs, TRUE);
}

/* F-20 */
static void
test_a_page_or_json_is_no_answer(G_GNUC_UNUSED void **state)
{
  assert_state("<!DOCTYPE html><html><body>x</body></html>", BODY_UNEXPECTED, NULL);
  assert_state(" <HTML></HTML>", BODY_UNEXPECTED, NULL);
  assert_state("{\"retorno\":{}}", BODY_UNEXPECTED, NULL);
  assert_state("Service unavailable", BODY_UNEXPECTED, NULL);
  assert_state("<retorno><a></b></retorno>", BODY_UNEXPECTED, "no_xml");
  assert_state("<retorno>&undefined;</retorno>", BODY_UNEXPECTED, "no_xml");
  assert_state("<?xml version=\"1.0\" encoding='UTF-7'?><r/>", BODY_UNEXPECTED, "unknown_charset");
  assert_state("<", BODY_TRUNCATED, NULL);
  assert_state("<?xml version=\"1.0\"?><!-- x --> <?y?>", BODY_TRUNCATED, NULL);
  assert_state("", BODY_NONE, NULL);
  assert_state("\r\n", BODY_NONE, NULL);
}

static void
test_rows_and_depth_have_limits(G_GNUC_UNUSED void **state)
{
  assert_state("<retorno><contasreceber><contareceber><id>1</id><id>2</id></contareceber>"
               "</contasreceber></retorno>",
               BODY_MISSHAPEN, "member_twice");
  GString *deep = g_string_new(NULL);
  for (guint i = 0; i < 33; i++)
    g_string_append(deep, "<a>");
  for (guint i = 0; i < 33; i++)
    g_string_append(deep, "</a>");
  assert_state(deep->str, BODY_MISSHAPEN, "too_deep");
  assert_state(deep->str + strlen("<a>"), BODY_UNEXPECTED, "no_xml"); /* an end tag too many */
  g_string_free(deep, TRUE);
  g_autofree char *padding = g_strnfill(1200000, 'x');
  g_autofree char *large =
      g_strconcat("<retorno><contasreceber><contareceber><historico>", padding,
                  "</historico></contareceber></contasreceber></retorno>", NULL);
  assert_state(large, BODY_MISSHAPEN, "row_too_large");
}

static void
test_other_charsets_are_decoded(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *content_type, *declaration, *name;
    gboolean decoded;
  } cases[] = {
      {"text/xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", "A\xE7\xE3o", FALSE},
      {"text/xml", "<?xml version=\"1.0\" encoding=\"windows-1252\"?>", "A\xE7\xE3o", FALSE},
      {"text/xml; charset=iso-8859-1", "", "A\xE7\xE3o", FALSE},
      {"text/xml; charset=utf-8", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
       "A\xC3\xA7\xC3\xA3o", FALSE},
      {"text/xml", "<?xml version=\"1.0\"?>", "A\xE7\xE3o", TRUE},
      {NULL, "", "A\xC3\xA7\xC3\xA3o", FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Rows) rows;
    rows_init(&rows, &receivables);
    Delivery delivery = {&xml_rows, 200, cases[i].content_type, 0};
    g_autofree char *text =
        g_strdup_printf("%s<retorno><contasreceber><contareceber><historico>%s</historico>"
                        "</contareceber></contasreceber></retorno>",
                        cases[i].declaration, cases[i].name);
    assert_int_equal(feed_text(&rows, &delivery, text), BODY_WHOLE);
    assert_string_equal(rows.seen->str, "3=A\xC3\xA7\xC3\xA3o \n");
    assert_int_equal(row_reader_was_decoded(rows.reader), cases[i].decoded);
  }
}

static void
test_whoever_has_enough_ends_the_answer(G_GNUC_UNUSED void **state)
{
  g_auto(Rows) rows;
  rows_init(&rows, &receivables);
  rows.left = 1;
  assert_int_equal(feed_text(&rows, &xml_answer,
                             "<retorno><contasreceber>" ROW_A ROW_A "</contasreceber></retorno>"),
                   BODY_STOPPED);
  assert_string_equal(rows.seen->str, SEEN_A);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows_are_elements_and_their_cells_too),
      cmocka_unit_test(test_a_list_without_rows_is_a_list),
      cmocka_unit_test(test_faults_are_read_from_outside_the_rows),
      cmocka_unit_test(test_an_answer_cut_anywhere_is_known_as_cut),
      cmocka_unit_test(test_a_document_type_is_refused_with_all_its_entities),
      cmocka_unit_test(test_a_page_or_json_is_no_answer),
      cmocka_unit_test(test_rows_and_depth_have_limits),
      cmocka_unit_test(test_other_charsets_are_decoded),
      cmocka_unit_test(test_whoever_has_enough_ends_the_answer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

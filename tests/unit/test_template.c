/* data-collecting.md 9.2 to 9.4: variables, what is sent to Meta and to the gateway, the number. */
#include "crm/template.h"

#include "unit.h"

static json_t *
json(const char *text)
{
  json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
  assert_non_null(value);
  return value;
}

typedef struct {
  json_t *components, *variables;
  Template message;
} Fixture;

static void
fixture_clear(Fixture *fixture)
{
  json_decref(fixture->components);
  json_decref(fixture->variables);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_clear)

static Fixture
make(const char *components, const char *variables)
{
  Fixture made = {json(components), json(variables), {0}};
  made.message = (Template){"boas_vindas", made.components, made.variables};
  return made;
}

#define BODY(parameters) "{\"corpo\":{\"conteudo\":\"<p>Oi</p>\",\"parametros\":[" parameters "]}}"

static void
assert_json(char *text, const char *expected)
{
  json_t *got = json(text), *wanted = json(expected);
  if (!json_equal(got, wanted))
    fail_msg("got      %s\nexpected %s", text, expected);
  json_decref(got);
  json_decref(wanted);
  g_free(text);
}

static const struct {
  const char *identifier, *text;
} values[] = {
    {"clientName", "Maria"},
    {"clientEmail", ""},
    {"clientSuggestedProduct", ""},
    {"purchaseValue", "R$ 1.234,50"},
    {"purchaseCashbackAccumulated", "R$ 0,07"},
    {"cashbackLifetimeAccumulated", "R$ 1.000.000,00"},
    {"cashbackLifetimeRedeemed", "R$ 0,00"}, /* missing */
    {"cashbackAvailableBalance", ""},        /* not an amount: better not sent than wrong */
    {"cashbackExpiringDate", "31/12/2026"},
    {"somethingElse", ""},
};

/* DC 91 */
static void
test_amounts_are_reais_and_what_is_missing_is_empty(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f = make("{}", "{\"clientName\":\"Maria\",\"clientEmail\":null,"
                                 "\"clientSuggestedProduct\":null,\"purchaseValue\":\"1234.5\","
                                 "\"purchaseCashbackAccumulated\":\"0.07\","
                                 "\"cashbackLifetimeAccumulated\":\"1000000\","
                                 "\"cashbackAvailableBalance\":\"muito\","
                                 "\"cashbackExpiringDate\":\"31/12/2026\"}");
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autofree char *text = template_variable(&f.message, values[i].identifier);
    if (!g_str_equal(text, values[i].text))
      fail_msg("%s: \"%s\"", values[i].identifier, text);
  }
}

static const struct {
  const char *given, *sent;
} texts[] = {
    {"uma linha", "uma linha"},
    {"duas\r\nlinhas", "duas linhas"},
    {"um\ttabulador", "um tabulador"},
    {"seis      brancos", "seis   brancos"},
    {"três   brancos", "três   brancos"},
    {"quatro    brancos", "quatro   brancos"},
    {"  nas pontas \n", "nas pontas"},
    {"a \n\t\r b", "a   b"},
    {" \n\t ", ""},
};

/* DC 91 */
static void
test_a_parameter_is_made_acceptable(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *text = template_sanitise(texts[i].given);
    if (!g_str_equal(text, texts[i].sent))
      fail_msg("\"%s\" gave \"%s\"", texts[i].given, text);
  }
}

static const struct {
  const char *phone, *to;
} phones[] = {
    {"(11) 98765-4321", "5511987654321"},
    {"1133334444", "551133334444"},
    {"5511987654321", "5511987654321"},
    {"+55 11 3333-4444", "551133334444"},
    {"55987654321", "5555987654321"}, /* area 55, in Rio Grande do Sul */
    {"5533334444", "555533334444"},
    {"987654321", NULL},
    {"", NULL},
    {NULL, NULL},
    {"sem telefone", NULL},
    {"119876543210", NULL},
    {"55119876543210", NULL},
};

static void
test_a_number_has_the_country_or_is_none(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(phones); i++) {
    g_autofree char *to = template_number(phones[i].phone);
    if (g_strcmp0(to, phones[i].to) != 0)
      fail_msg("%s gave %s", phones[i].phone, to);
  }
}

/* DC 83 */
static void
test_named_parameters_are_sent_in_order(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f = make(BODY("{\"nome\":\"nome\",\"identificador\":\"clientName\"},"
                                "{\"nome\":\"valor\",\"identificador\":\"purchaseValue\"}"),
                           "{\"clientName\":\"Maria\\nSouza\",\"purchaseValue\":\"10\"}");
  assert_json(template_payload(&f.message, "5511987654321"),
              "{\"messaging_product\":\"whatsapp\",\"to\":\"5511987654321\",\"type\":\"template\","
              "\"template\":{\"name\":\"boas_vindas\",\"language\":{\"code\":\"pt_BR\"},"
              "\"components\":[{\"type\":\"body\",\"parameters\":["
              "{\"type\":\"text\",\"parameter_name\":\"nome\",\"text\":\"Maria Souza\"},"
              "{\"type\":\"text\",\"parameter_name\":\"valor\",\"text\":\"R$ 10,00\"}]}]}}");
}

static void
test_a_template_of_places_sends_no_names(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f =
      make(BODY("{\"nome\":\"1\",\"identificador\":\"clientName\"}"), "{\"clientName\":\"Maria\"}");
  assert_json(template_payload(&f.message, "1"),
              "{\"messaging_product\":\"whatsapp\",\"to\":\"1\",\"type\":\"template\","
              "\"template\":{\"name\":\"boas_vindas\",\"language\":{\"code\":\"pt_BR\"},"
              "\"components\":[{\"type\":\"body\",\"parameters\":["
              "{\"type\":\"text\",\"text\":\"Maria\"}]}]}}");
}

/* DC 83 */
static void
test_footer_buttons_and_a_text_header_stay_at_home(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f =
      make("{\"cabecalho\":{\"tipo\":\"text\",\"conteudo\":\"Oi\"},"
           "\"corpo\":{\"conteudo\":\"x\",\"parametros\":[]},\"rodape\":{\"conteudo\":\"tchau\"},"
           "\"botoes\":[{\"tipo\":\"url\",\"texto\":\"veja\",\"dados\":{\"url\":\"https://a\"}}]}",
           "{}");
  assert_json(template_payload(&f.message, "1"),
              "{\"messaging_product\":\"whatsapp\",\"to\":\"1\",\"type\":\"template\","
              "\"template\":{\"name\":\"boas_vindas\",\"language\":{\"code\":\"pt_BR\"},"
              "\"components\":[]}}");
}

static void
test_a_picture_on_top_is_sent_by_its_link(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f =
      make("{\"cabecalho\":{\"tipo\":\"image\",\"conteudo\":\"https://a.example/f/oi.png?x=1\"},"
           "\"corpo\":{\"conteudo\":\"x\"}}",
           "{}");
  assert_json(template_payload(&f.message, "1"),
              "{\"messaging_product\":\"whatsapp\",\"to\":\"1\",\"type\":\"template\","
              "\"template\":{\"name\":\"boas_vindas\",\"language\":{\"code\":\"pt_BR\"},"
              "\"components\":[{\"type\":\"header\",\"parameters\":[{\"type\":\"image\","
              "\"image\":{\"link\":\"https://a.example/f/oi.png?x=1\"}}]}]}}");
  assert_json(template_gateway_payload(&f.message, "s1", "5511987654321", "Oi", "i1"),
              "{\"sessionId\":\"s1\",\"to\":\"5511987654321\",\"content\":{\"type\":\"image\","
              "\"text\":\"Oi\",\"mediaUrl\":\"https://a.example/f/oi.png?x=1\","
              "\"mediaFileName\":\"oi.png\"},\"clientMessageId\":\"i1\"}");
}

static void
test_a_text_goes_through_the_gateway_as_it_reads(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f =
      make("{\"corpo\":{\"conteudo\":\"<p>Oi <span data-type=\\\"mention\\\" "
           "data-id=\\\"clientName\\\">@</span>,</p><p>seu saldo é <span class=\\\"mention\\\" "
           "data-id=\\\"cashbackAvailableBalance\\\">@</span></p>\"}}",
           "{\"clientName\":\"Maria\",\"cashbackAvailableBalance\":\"7.5\"}");
  g_autofree char *text = template_text(&f.message);
  assert_string_equal(text, "Oi Maria,\nseu saldo é R$ 7,50");
  assert_json(template_gateway_payload(&f.message, "s1", "1", text, "i1"),
              "{\"sessionId\":\"s1\",\"to\":\"1\",\"content\":{\"type\":\"text\","
              "\"text\":\"Oi Maria,\\nseu saldo é R$ 7,50\"},\"clientMessageId\":\"i1\"}");
}

/* DC 86 */
static void
test_a_parameter_without_a_value_is_named(G_GNUC_UNUSED void **state)
{
  g_auto(Fixture) f = make(BODY("{\"nome\":\"a\",\"identificador\":\"clientName\"},"
                                "{\"nome\":\"b\",\"identificador\":\"clientEmail\"}"),
                           "{\"clientName\":\"Maria\",\"clientEmail\":\" \\n \"}");
  assert_string_equal(template_empty_parameter(&f.message), "clientEmail");
  json_object_set_new(f.variables, "clientEmail", json_string("a@b.example"));
  assert_null(template_empty_parameter(&f.message));
}

static void
test_components_of_any_shape_do_no_harm(G_GNUC_UNUSED void **state)
{
  static const char *const shapes[] = {"[]",
                                       "null",
                                       "7",
                                       "{\"corpo\":[1]}",
                                       "{\"corpo\":{\"conteudo\":3,\"parametros\":{\"a\":1}}}",
                                       "{\"cabecalho\":\"image\",\"corpo\":{}}"};
  for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
    g_auto(Fixture) f = make(shapes[i], "{}");
    g_autofree char *payload = template_payload(&f.message, "1"), *text = template_text(&f.message);
    assert_non_null(strstr(payload, "\"components\":[]"));
    assert_string_equal(text, "");
    assert_null(template_empty_parameter(&f.message));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_amounts_are_reais_and_what_is_missing_is_empty),
      cmocka_unit_test(test_a_parameter_is_made_acceptable),
      cmocka_unit_test(test_a_number_has_the_country_or_is_none),
      cmocka_unit_test(test_named_parameters_are_sent_in_order),
      cmocka_unit_test(test_a_template_of_places_sends_no_names),
      cmocka_unit_test(test_footer_buttons_and_a_text_header_stay_at_home),
      cmocka_unit_test(test_a_picture_on_top_is_sent_by_its_link),
      cmocka_unit_test(test_a_text_goes_through_the_gateway_as_it_reads),
      cmocka_unit_test(test_a_parameter_without_a_value_is_named),
      cmocka_unit_test(test_components_of_any_shape_do_no_harm),
  };
  return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}

/* What is refused of clients and contracts entered by hand, and how it is named. */
#include "harness_register.h"

/* Each in place of a member's good value: JSON texts, separated by |. */
#define NO_TEXT "1|1.5|true|false|[]|[\"x\"]|{}|{\"a\":1}"

static const struct {
  const char *path, *member, *values;
} wrong[] = {
    {CLIENTS, "name", NO_TEXT "|null|\"\"|\"  \"|\"\\u00a0\\t\""},
    {CLIENTS, "document", NO_TEXT "|\"ISENTO\"|\"-./\""},
    {CLIENTS, "contact_email", NO_TEXT},
    {CLIENTS, "omie_codigo",
     "1.5|true|[]|{}|0|-1|\"0\"|\"-7\"|\"7a\"|\"7 8\"|\"1e3\"|\"99999999999999999999\""},
    {CLIENTS, "id", NO_TEXT "|\"7\"|\"" ID "0\"|\"zb9a2f6e-6c1d-4d7b-8f53-2a3d5e7f9b10\""},
    {CONTRACTS, "id", NO_TEXT "|\"7\"|\"{" ID "}\""},
    {CONTRACTS, "client_id", NO_TEXT "|null|\"\"|\"7\"|\"" NO_CLIENT "\""},
    {CONTRACTS, "mrr",
     "null|\"\"|true|[]|{}|-1|-0.01|1.001|0.005|1e-3|10000000000000|1e300|\"1.001\"|\"-1\"|\"1,"
     "50\"|"
     "\"R$ 1\"|\"1.000,00\"|\"1 000\"|\"0x10\"|\"NaN\"|\"1.\"|\".5\"|\"10000000000000.00\""},
    {CONTRACTS, "start_date",
     NO_TEXT "|\"2026-02-30\"|\"2023-02-29\"|\"2026-2-1\"|\"01/02/2026\"|\"amanha\"|\"20260201\"|"
             "\"2026-02-01T00:00:00Z\"|\"0000-01-01\"|\"-026-01-01\""},
    {CONTRACTS, "end_date", NO_TEXT "|\"2026-13-01\"|\"2024-12-31\""},
    {CONTRACTS, "renewal_date", NO_TEXT "|\"2026-00-01\""},
    {CONTRACTS, "adjustment_index", NO_TEXT},
    {CONTRACTS, "notes", NO_TEXT},
};

/* A good body with one member replaced. */
static char *
body_with(const char *path, const char *member, const char *value)
{
  g_autoptr(json_t) body =
      json_loads(g_str_equal(path, CLIENTS) ? "{\"name\":\"A\"}"
                                            : "{\"client_id\":\"" CLIENT_ID
                                              "\",\"mrr\":1,\"start_date\":\"2025-01-01\"}",
                 0, NULL);
  json_object_del(body, member);
  g_autofree char *rest = json_dumps(body, JSON_COMPACT);
  const char *comma = json_object_size(body) > 0 ? "," : "";
  return g_strdup_printf("{\"%s\":%s%s%s", member, value, comma, rest + 1);
}

static void
test_every_wrong_value_is_named_and_nothing_is_stored(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_auto(GStrv) values = g_strsplit(wrong[i].values, "|", -1);
    for (gsize j = 0; values[j] != NULL; j++) {
      g_autofree char *body = body_with(wrong[i].path, wrong[i].member, values[j]);
      assert_wrong(wrong[i].path, body, wrong[i].member);
    }
  }
  assert_count(1, "fin.clients");
  assert_count(0, "fin.contracts");
}

/* One answer is enough to correct a form. */
static void
test_all_wrong_members_are_named_at_once(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  assert_wrong(CLIENTS, "{}", "name");
  assert_wrong(CLIENTS, "", "name");
  assert_wrong(CONTRACTS, "{}", "client_id,mrr");
  assert_wrong(CLIENTS,
               "{\"id\":1,\"name\":2,\"document\":[],\"contact_email\":{},\"omie_codigo\":true,"
               "\"razao\":1,\"nome\":null}",
               "contact_email,document,id,name,nome,omie_codigo,razao");
  assert_wrong(CONTRACTS,
               "{\"id\":\"x\",\"client_id\":\"x\",\"mrr\":\"x\",\"start_date\":\"x\","
               "\"end_date\":\"x\",\"renewal_date\":\"x\",\"adjustment_index\":1,\"notes\":1,"
               "\"created_at\":\"2026-01-01T00:00:00.000Z\"}",
               "adjustment_index,client_id,created_at,end_date,id,mrr,notes,renewal_date,"
               "start_date");
  g_autoptr(Answer) unknown = finance_post(CLIENTS, "{\"name\":\"A\",\"x\":1}");
  assert_string_equal(
      json_string_value(json_object_get(json_object_get(unknown->json, "fields"), "x")),
      "Campo desconhecido.");
  g_autoptr(Answer) nobody = finance_post(CONTRACTS, "{\"client_id\":\"" NO_CLIENT "\",\"mrr\":1}");
  assert_string_equal(
      json_string_value(json_object_get(json_object_get(nobody->json, "fields"), "client_id")),
      "Cliente não encontrado.");
}

static void
test_an_amount_is_exact_as_number_and_as_text(G_GNUC_UNUSED void **state)
{
  static const char *const amounts[][2] = {
      {"0", "0.00"},
      {"0.1", "0.10"},
      {"0.29", "0.29"},
      {"\"1.1\"", "1.10"},
      {"\" 1234.56 \"", "1234.56"},
      {"1e3", "1000.00"},
      {"1.5E1", "15.00"},
      {"4503599627370.47", "4503599627370.47"},
      {"9999999999999.99", "9999999999999.99"},
      {"\"9999999999999.99\"", "9999999999999.99"},
      {"9999999999999", "9999999999999.00"},
  };
  client_of_contracts();
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
    g_autofree char *body = body_with(CONTRACTS, "mrr", amounts[i][0]);
    g_autofree char *member = g_strdup_printf("\"mrr\":%s,", amounts[i][1]);
    assert_created(CONTRACTS, body, member);
    assert_sql(amounts[i][1], "select mrr from fin.contracts");
    sql("truncate fin.contracts");
  }
}

/* 3.4: a number's text decides, not the nearest double */
static void
test_a_third_decimal_is_refused_however_large_the_amount(G_GNUC_UNUSED void **state)
{
  static const char *const amounts[] = {"\"9999999999999.991\"", "0.0000000000000000001",
                                        "1000.0000000000000001", "9999999999999.991"};
  client_of_contracts();
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
    g_autofree char *body = body_with(CONTRACTS, "mrr", amounts[i]);
    assert_wrong(CONTRACTS, body, "mrr");
  }
}

/* 3.2 */
static void
test_a_body_that_is_huge_or_no_object_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const paths[] = {CLIENTS, CONTRACTS};
  static const char *const bodies[] = {"[]",
                                       "null",
                                       "\"x\"",
                                       "{\"name\":\"A\"",
                                       "{\"name\":\"\xff\"}",
                                       "{\"name\":\"A\",\"name\":\"B\"}"};
  g_autofree char *spaces = g_strnfill(5 * 1024 * 1024, ' ');
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(Answer) huge = finance_post(paths[i], spaces);
    assert_error(huge, 413, "Corpo da requisição excede o limite.");
    for (gsize j = 0; j < G_N_ELEMENTS(bodies); j++) {
      g_autoptr(Answer) answer = finance_post(paths[i], bodies[j]);
      assert_error_code(answer, 400, "Body JSON inválido.", "invalid_json");
    }
    g_autoptr(Answer) form = call("POST", paths[i], .token = finance_token(), .body = "name=A",
                                  .content_type = "text/plain");
    assert_error(form, 415, "Content-Type deve ser application/json.");
  }
  assert_count(0, "fin.clients");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_every_wrong_value_is_named_and_nothing_is_stored),
      CASE(test_all_wrong_members_are_named_at_once),
      CASE(test_an_amount_is_exact_as_number_and_as_text),
      CASE(test_a_third_decimal_is_refused_however_large_the_amount),
      CASE(test_a_body_that_is_huge_or_no_object_is_refused),
  };
  return RUN("clients and contracts: validation", tests);
}

/* The way in for clients and contracts where there is no other front end: what is accepted, what is
 * refused and how it is named, and that sending it twice does no harm. */
#include "harness.h"

#include <string.h>

#define CLIENTS   "/api/fin/clients"
#define CONTRACTS "/api/fin/contracts"
#define ID        "0b9a2f6e-6c1d-4d7b-8f53-2a3d5e7f9b10"
#define CLIENT_ID "c11e0000-0000-4000-8000-000000000001"
#define NO_CLIENT "00000000-0000-4000-8000-000000000099"

static const char *
finance_token(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return token;
}

static Answer *
post(const char *path, const char *body)
{
  return call("POST", path, .token = finance_token(), .body = body);
}

static Answer *
get(const char *path, const char *query)
{
  g_autofree char *whole = g_strconcat(path, query, NULL);
  return call("GET", whole, .token = finance_token());
}

/* A client for contracts to belong to. */
static void
put_client(void)
{
  sql("insert into fin.clients (id, name, omie_codigo) values ('" CLIENT_ID "', 'ACME', '7')");
}

static void
assert_created(const char *path, const char *body, const char *expected)
{
  g_autoptr(Answer) answer = post(path, body);
  if (answer->status != 201)
    fail_msg("%s: %s", body, answer->body);
  if (strstr(answer->body, expected) == NULL)
    fail_msg("%s is not in %s", expected, answer->body);
}

/* The members that the error's `fields` names, each with a text, in order: "mrr,name". */
static char *
wrong_members(const Answer *answer)
{
  json_t *fields = json_object_get(answer->json, "fields");
  g_autoptr(GString) names = g_string_new(NULL);
  const char *name;
  json_t *message;
  json_object_foreach(fields, name, message)
  {
    assert_true(json_is_string(message) && *json_string_value(message) != '\0');
    g_string_append_printf(names, "%s%s", names->len > 0 ? "," : "", name);
  }
  return sql_text("select string_agg(n, ',' order by n collate \"C\")"
                  "  from regexp_split_to_table($1, ',') n",
                  names->str);
}

static void
assert_wrong(const char *path, const char *body, const char *members)
{
  g_autoptr(Answer) answer = post(path, body);
  if (answer->status != 400)
    print_error("%s\n", body);
  assert_error_code(answer, 400, "Campos inválidos.", "invalid_fields");
  g_autofree char *named = wrong_members(answer);
  if (!g_str_equal(named, members))
    fail_msg("%s: %s is wrong, not %s: %s", body, named, members, answer->body);
}

static void
test_a_client_is_stored_and_answered_as_stored(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = post(
      CLIENTS, "{\"id\":\"" ID "\",\"name\":\"  ACME LTDA \",\"document\":\"11.222.333/0001-81\","
               "\"contact_email\":\"Fin@Acme.com\",\"omie_codigo\":\"2485994\"}");
  assert_status(answer, 201);
  g_autofree char *expected =
      sql_text("select format('{\"id\":\"" ID "\",\"name\":\"ACME LTDA\","
               "\"document\":\"11222333000181\",\"contact_email\":\"Fin@Acme.com\","
               "\"omie_codigo\":\"2485994\",\"created_at\":\"%s\",\"updated_at\":\"%s\"}',"
               " ponte.instant_text(created_at), ponte.instant_text(updated_at)) from fin.clients"
               " where id = '" ID "' and document = '11222333000181' and name = 'ACME LTDA'");
  assert_string_equal(g_strchomp(answer->body), expected);
}

static void
test_a_contract_is_stored_and_answered_as_stored(G_GNUC_UNUSED void **state)
{
  put_client();
  g_autoptr(Answer) answer =
      post(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":1000.5,"
                      "\"start_date\":\"2024-02-29\",\"end_date\":\"2027-12-31\","
                      "\"renewal_date\":\"2026-12-01\",\"adjustment_index\":\"IPCA\","
                      "\"notes\":\"ção\"}");
  assert_status(answer, 201);
  g_autofree char *expected =
      sql_text("select format('{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":1000.50,"
               "\"start_date\":\"2024-02-29\",\"end_date\":\"2027-12-31\","
               "\"renewal_date\":\"2026-12-01\",\"adjustment_index\":\"IPCA\","
               "\"notes\":\"ção\",\"created_at\":\"%s\"}', ponte.instant_text(created_at))"
               "  from fin.contracts where mrr = 1000.50");
  assert_string_equal(g_strchomp(answer->body), expected);
}

static void
test_what_is_not_given_is_null_and_the_id_is_made(G_GNUC_UNUSED void **state)
{
  put_client();
  assert_created(CLIENTS, "{\"name\":\"A\",\"document\":null,\"contact_email\":null,\"id\":null}",
                 "\"name\":\"A\",\"document\":null,\"contact_email\":null,\"omie_codigo\":null,");
  assert_created(CLIENTS, "{\"name\":\"A\"}", "\"name\":\"A\""); /* a name is no key */
  assert_created(CONTRACTS, "{\"client_id\":\"" CLIENT_ID "\",\"mrr\":0}",
                 "\"mrr\":0.00,\"start_date\":null,\"end_date\":null,\"renewal_date\":null,"
                 "\"adjustment_index\":null,\"notes\":null,");
  assert_count(3, "fin.clients");
  assert_count(1, "fin.contracts");
}

static void
test_names_may_be_written_in_any_script(G_GNUC_UNUSED void **state)
{
  static const char *const names[] = {"Açúcar União \\\"S/A\\\"",
                                      "日本株式会社",
                                      "\xF0\x9F\x8C\x89",
                                      "שלום",
                                      "<b>&amp;</b>",
                                      "a\xCC\x83"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *member = g_strdup_printf("\"name\":\"%s\"", names[i]);
    g_autofree char *body = g_strdup_printf("{%s}", member);
    assert_created(CLIENTS, body, member);
  }
  g_autofree char *letters = sql_text("select repeat('ç', 200)");
  g_autofree char *longest = g_strdup_printf("{\"name\":\"%s\"}", letters);
  assert_created(CLIENTS, longest, letters);
  g_autofree char *longer = g_strdup_printf("{\"name\":\"%s!\"}", letters);
  assert_wrong(CLIENTS, longer, "name");
  g_autoptr(Answer) nul = post(CLIENTS, "{\"name\":\"a\\u0000b\"}");
  assert_error(nul, 400, NULL);
  g_autoptr(Answer) half = post(CLIENTS, "{\"name\":\"\\ud83c\"}");
  assert_error_code(half, 400, "Body JSON inválido.", "invalid_json");
}

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
  put_client();
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
  put_client();
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
  g_autoptr(Answer) unknown = post(CLIENTS, "{\"name\":\"A\",\"x\":1}");
  assert_string_equal(
      json_string_value(json_object_get(json_object_get(unknown->json, "fields"), "x")),
      "Campo desconhecido.");
  g_autoptr(Answer) nobody = post(CONTRACTS, "{\"client_id\":\"" NO_CLIENT "\",\"mrr\":1}");
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
  put_client();
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
  put_client();
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
    g_autofree char *body = body_with(CONTRACTS, "mrr", amounts[i]);
    assert_wrong(CONTRACTS, body, "mrr");
  }
}

static void
test_a_contract_may_end_on_the_day_it_starts(G_GNUC_UNUSED void **state)
{
  put_client();
  assert_created(CONTRACTS,
                 "{\"client_id\":\"" CLIENT_ID "\",\"mrr\":1,\"start_date\":\"2026-02-10\","
                 "\"end_date\":\"2026-02-10\"}",
                 "\"end_date\":\"2026-02-10\"");
}

/* Whoever lost the answer sends it again. */
static void
test_the_same_id_with_the_same_content_finds_the_row(G_GNUC_UNUSED void **state)
{
  static const char client[] =
      "{\"id\":\"" ID "\",\"name\":\"A\",\"document\":\"1-2\",\"omie_codigo\":\"7\"}";
  static const char reworded[] = "{\"omie_codigo\":7, \"document\":\"12\",\"name\":\" A\","
                                 "\"id\":\"0B9A2F6E-6C1D-4D7B-8F53-2A3D5E7F9B10\"}";
  g_autoptr(Answer) first = post(CLIENTS, client);
  assert_status(first, 201);
  g_autoptr(Answer) again = post(CLIENTS, client), other = post(CLIENTS, reworded);
  assert_status(again, 200);
  assert_status(other, 200);
  assert_string_equal(again->body, first->body);
  assert_string_equal(other->body, first->body);
  g_autoptr(Answer) contract =
      post(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":1000.5}");
  g_autoptr(Answer) repeated =
      post(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":\"1000.50\"}");
  assert_status(contract, 201);
  assert_status(repeated, 200);
  assert_string_equal(repeated->body, contract->body);
  assert_count(1, "fin.clients");
  assert_count(1, "fin.contracts");
}

static void
test_the_same_id_with_other_content_is_a_conflict(G_GNUC_UNUSED void **state)
{
  static const char *const clients[] = {
      "{\"id\":\"" ID "\",\"name\":\"B\",\"document\":\"12\"}",
      "{\"id\":\"" ID "\",\"name\":\"A\"}",
      "{\"id\":\"" ID "\",\"name\":\"A\",\"document\":\"12\",\"contact_email\":\"a@b\"}"};
  static const char *const contracts[] = {
      "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":2}",
      "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":1,\"notes\":\"x\"}",
      "{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":1}"};
  put_client();
  assert_created(CLIENTS, "{\"id\":\"" ID "\",\"name\":\"A\",\"document\":\"12\"}", "");
  assert_created(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":1}", "");
  for (gsize i = 0; i < 3; i++) {
    g_autoptr(Answer) client = post(CLIENTS, clients[i]);
    assert_error_code(client, 409, NULL, "conflict");
    g_autoptr(Answer) contract = post(CONTRACTS, contracts[i]);
    assert_error_code(contract, 409, NULL, "conflict");
  }
  assert_sql("A|12", "select name || '|' || document from fin.clients where id = '" ID "'");
  assert_sql("1.00", "select mrr from fin.contracts");
}

static void
test_a_code_belongs_to_one_client(G_GNUC_UNUSED void **state)
{
  put_client();
  static const char *const bodies[] = {
      "{\"name\":\"B\",\"omie_codigo\":7}", "{\"name\":\"ACME\",\"omie_codigo\":\"7\"}",
      "{\"id\":\"" ID "\",\"name\":\"B\",\"omie_codigo\":\"007\"}"};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Answer) answer = post(CLIENTS, bodies[i]);
    assert_error_code(answer, 409, "Já existe um cliente com este omie_codigo.", "conflict");
  }
  assert_count(1, "fin.clients");
}

#define ROUNDS 80 /* two inserts must meet within microseconds to be in each other's way */

/* So many of the same at once: one of them creates it, the others find it. */
static void
assert_once(const char *path, const char *body)
{
  Pending *pending[8];
  guint created = 0;
  for (guint i = 0; i < G_N_ELEMENTS(pending); i++)
    pending[i] = call_start("POST", path, .token = finance_token(), .body = body);
  for (guint i = 0; i < G_N_ELEMENTS(pending); i++) {
    g_autoptr(Answer) answer = call_finish(pending[i]);
    if (answer->status != 200)
      assert_status(answer, 201);
    created += answer->status == 201;
  }
  assert_int_equal(created, 1);
}

static void
test_equal_posts_at_once_make_one_row(G_GNUC_UNUSED void **state)
{
  program_restart("fin/clients", "ROUTE_WORKERS=8");
  program_restart("fin/contracts", "ROUTE_WORKERS=8");
  for (guint round = 1; round <= ROUNDS; round++) {
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *client =
        g_strdup_printf("{\"id\":\"%s\",\"name\":\"A\",\"omie_codigo\":%u}", id, round);
    g_autofree char *contract =
        g_strdup_printf("{\"id\":\"%s\",\"client_id\":\"%s\",\"mrr\":1}", id, id);
    assert_once(CLIENTS, client);
    assert_once(CONTRACTS, contract);
  }
  assert_count(ROUNDS, "fin.clients");
  assert_count(ROUNDS, "fin.contracts");
}

static void
test_two_clients_that_want_one_code_at_once_get_one_row(G_GNUC_UNUSED void **state)
{
  static const char a[] = "{\"name\":\"A\",\"omie_codigo\":7}";
  static const char b[] = "{\"name\":\"B\",\"omie_codigo\":7}";
  Pending *one = call_start("POST", CLIENTS, .token = finance_token(), .body = a);
  Pending *other = call_start("POST", CLIENTS, .token = finance_token(), .body = b);
  g_autoptr(Answer) first = call_finish(one), second = call_finish(other);
  assert_int_equal(MIN(first->status, second->status), 201);
  assert_error_code(first->status == 409 ? first : second, 409,
                    "Já existe um cliente com este omie_codigo.", "conflict");
  assert_count(1, "fin.clients");
}

/* A user's role, never the scheduler's secret (reading: test_summary.c) */
static void
test_only_the_finance_roles_write(G_GNUC_UNUSED void **state)
{
  static const char *const paths[] = {CLIENTS, CONTRACTS};
  static const char *const roles[] = {"ops", "sales", "employee", "system"};
  g_autofree char *cfo = token_for_role("cfo");
  g_autofree char *secret = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  static const char body[] = "{\"name\":\"A\"}";
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS(roles); j++) {
      g_autofree char *token = token_for_role(roles[j]);
      g_autoptr(Answer) answer = call("POST", paths[i], .token = token, .body = body);
      assert_error_code(answer, 403, NULL, "forbidden");
    }
    g_autoptr(Answer) nobody = call("POST", paths[i], .body = body);
    assert_error_code(nobody, 401, "Não autenticado.", "unauthenticated");
    g_autoptr(Answer) cron = call("POST", paths[i], .body = body, .headers = {secret});
    assert_error(cron, 401, NULL);
    g_autoptr(Answer) bearer =
        call("POST", paths[i], .body = body, .token = harness_env("CRON_SECRET"));
    assert_error(bearer, 401, NULL);
  }
  assert_count(0, "fin.clients");
  g_autoptr(Answer) good = call("POST", CLIENTS "/", .token = cfo, .body = body);
  assert_status(good, 201);
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
    g_autoptr(Answer) huge = post(paths[i], spaces);
    assert_error(huge, 413, "Corpo da requisição excede o limite.");
    for (gsize j = 0; j < G_N_ELEMENTS(bodies); j++) {
      g_autoptr(Answer) answer = post(paths[i], bodies[j]);
      assert_error_code(answer, 400, "Body JSON inválido.", "invalid_json");
    }
    g_autoptr(Answer) form = call("POST", paths[i], .token = finance_token(), .body = "name=A",
                                  .content_type = "text/plain");
    assert_error(form, 415, "Content-Type deve ser application/json.");
  }
  assert_count(0, "fin.clients");
}

/* The names of a list's rows, "a,b". */
static char *
names_in(const Answer *answer, const char *member)
{
  assert_status(answer, 200);
  assert_int_equal(json_object_size(answer->json), 1);
  GString *names = g_string_new(NULL);
  gsize i;
  json_t *row;
  json_array_foreach(json_object_get(answer->json, "rows"), i, row)
  {
    g_string_append_printf(names, "%s%s", i > 0 ? "," : "",
                           json_string_value(json_object_get(row, member)));
  }
  return g_string_free(names, FALSE);
}

static void
test_clients_are_found_by_name_document_and_code(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.clients (name, document, omie_codigo) values"
      " ('Beta SA', '99888777000166', '20'), ('ACME LTDA', '11222333000181', '7'),"
      " ('AÇÚCAR UNIÃO', null, '8'), ('50% Off_', null, null)");
  static const char *const searches[][2] = {
      {"", "50% Off_,ACME LTDA,AÇÚCAR UNIÃO,Beta SA"},
      {"?search=acme", "ACME LTDA"},
      {"?search=a%C3%A7%C3%BAcar", "AÇÚCAR UNIÃO"},
      {"?search=11.222.333%2F0001-81", "ACME LTDA"},
      {"?search=99888777000166", "Beta SA"},
      {"?search=20", "Beta SA"},
      {"?search=%25", "50% Off_"},
      {"?search=_", "50% Off_"},
      {"?search=%27%20or%20true--", ""},
      {"?search=nada", ""},
      {"?limit=2", "50% Off_,ACME LTDA"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(searches); i++) {
    g_autoptr(Answer) answer = get(CLIENTS, searches[i][0]);
    g_autofree char *names = names_in(answer, "name");
    if (!g_str_equal(names, searches[i][1]))
      fail_msg("%s found %s, not %s", searches[i][0], names, searches[i][1]);
  }
  static const char *const limits[] = {"?limit=0", "?limit=501", "?limit=x", "?limit="};
  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
    g_autoptr(Answer) client = get(CLIENTS, limits[i]), contract = get(CONTRACTS, limits[i]);
    assert_error_code(client, 400, "limit deve estar entre 1 e 500.", "invalid_parameter");
    assert_error_code(contract, 400, "limit deve estar entre 1 e 500.", "invalid_parameter");
  }
}

static void
test_contracts_are_listed_with_their_client(G_GNUC_UNUSED void **state)
{
  put_client();
  assert_created(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":12.3}", "");
  sql("insert into fin.contracts (mrr, notes) select 1, 'of nobody' from generate_series(1, 150)");
  g_autoptr(Answer) usual = get(CONTRACTS, "");
  assert_int_equal(json_array_size(json_object_get(usual->json, "rows")), 100);
  g_autoptr(Answer) answer = get(CONTRACTS, "?client_id=" CLIENT_ID);
  g_autofree char *clients = names_in(answer, "client_name");
  assert_string_equal(clients, "ACME");
  static const char *const members[] = {"\"id\":\"" ID "\"",     "\"client_id\":\"" CLIENT_ID "\"",
                                        "\"omie_codigo\":\"7\"", "\"mrr\":12.30",
                                        "\"start_date\":null",   "\"created_at\":\""};
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
    assert_non_null(strstr(answer->body, members[i]));
  g_autoptr(Answer) none = get(CONTRACTS, "?client_id=" NO_CLIENT);
  g_autofree char *nothing = names_in(none, "client_name");
  assert_string_equal(nothing, "");
  g_autoptr(Answer) no_id = get(CONTRACTS, "?client_id=7");
  assert_error_code(no_id, 400, NULL, "invalid_parameter");
}

/* From nothing to a divergence by these routes alone. */
static void
test_a_person_with_curl_gets_a_reconciliation(G_GNUC_UNUSED void **state)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/Sao_Paulo");
  g_autoptr(GDateTime) local = g_date_time_to_timezone(now, zone);
  g_autofree char *today = g_date_time_format(local, "%d/%m/%Y");
  g_autofree char *title =
      g_strdup_printf("{\"codigo_lancamento_omie\":1,\"codigo_cliente_fornecedor\":2485994,"
                      "\"valor_documento\":949.99,\"data_registro\":\"%s\"}",
                      today);
  title_put(title);
  g_autoptr(Answer) client = post(CLIENTS, "{\"name\":\"ACME LTDA\",\"omie_codigo\":2485994}");
  const char *id = answer_text(client, "id");
  g_autofree char *contract = g_strdup_printf("{\"client_id\":\"%s\",\"mrr\":\"600.00\"}", id);
  g_autofree char *second = g_strdup_printf("{\"client_id\":\"%s\",\"mrr\":400}", id);
  assert_created(CONTRACTS, contract, "\"mrr\":600.00");
  assert_created(CONTRACTS, second, "\"mrr\":400.00");
  g_autoptr(Answer) answer = get("/api/fin/reconciliation", "");
  assert_member(answer, "source", "live");
  g_autofree char *row =
      g_strdup_printf("\"alerts\":[{\"client_id\":\"%s\",\"client_name\":\"ACME LTDA\","
                      "\"mrr\":1000.00,\"faturamento_omie\":949.99,\"divergencia\":50.01}]}",
                      id);
  if (strstr(answer->body, row) == NULL)
    fail_msg("%s is not in %s", row, answer->body);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_client_is_stored_and_answered_as_stored),
      CASE(test_a_contract_is_stored_and_answered_as_stored),
      CASE(test_what_is_not_given_is_null_and_the_id_is_made),
      CASE(test_names_may_be_written_in_any_script),
      CASE(test_every_wrong_value_is_named_and_nothing_is_stored),
      CASE(test_all_wrong_members_are_named_at_once),
      CASE(test_an_amount_is_exact_as_number_and_as_text),
      CASE(test_a_third_decimal_is_refused_however_large_the_amount),
      CASE(test_a_contract_may_end_on_the_day_it_starts),
      CASE(test_the_same_id_with_the_same_content_finds_the_row),
      CASE(test_the_same_id_with_other_content_is_a_conflict),
      CASE(test_a_code_belongs_to_one_client),
      CASE(test_equal_posts_at_once_make_one_row),
      CASE(test_two_clients_that_want_one_code_at_once_get_one_row),
      CASE(test_only_the_finance_roles_write),
      CASE(test_a_body_that_is_huge_or_no_object_is_refused),
      CASE(test_clients_are_found_by_name_document_and_code),
      CASE(test_contracts_are_listed_with_their_client),
      CASE(test_a_person_with_curl_gets_a_reconciliation),
  };
  return RUN("clients and contracts", tests);
}

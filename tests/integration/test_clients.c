/* Clients entered by hand: what is stored and answered, whose a code is, and how one is found. */
#include "harness_register.h"

static void
test_a_client_is_stored_and_answered_as_stored(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = finance_post(
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
  g_autoptr(Answer) nul = finance_post(CLIENTS, "{\"name\":\"a\\u0000b\"}");
  assert_error(nul, 400, NULL);
  g_autoptr(Answer) half = finance_post(CLIENTS, "{\"name\":\"\\ud83c\"}");
  assert_error_code(half, 400, "Body JSON inválido.", "invalid_json");
}

static void
test_a_code_belongs_to_one_client(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  static const char *const bodies[] = {
      "{\"name\":\"B\",\"omie_codigo\":7}", "{\"name\":\"ACME\",\"omie_codigo\":\"7\"}",
      "{\"id\":\"" ID "\",\"name\":\"B\",\"omie_codigo\":\"007\"}"};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Answer) answer = finance_post(CLIENTS, bodies[i]);
    assert_error_code(answer, 409, "Já existe um cliente com este omie_codigo.", "conflict");
  }
  assert_count(1, "fin.clients");
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
    g_autoptr(Answer) answer = finance_get(CLIENTS, searches[i][0]);
    g_autofree char *names = rows_text(answer, "name");
    if (!g_str_equal(names, searches[i][1]))
      fail_msg("%s found %s, not %s", searches[i][0], names, searches[i][1]);
  }
  static const char *const limits[] = {"?limit=0", "?limit=501", "?limit=x", "?limit="};
  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
    g_autoptr(Answer) client = finance_get(CLIENTS, limits[i]),
                      contract = finance_get(CONTRACTS, limits[i]);
    assert_error_code(client, 400, "limit deve estar entre 1 e 500.", "invalid_parameter");
    assert_error_code(contract, 400, "limit deve estar entre 1 e 500.", "invalid_parameter");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_client_is_stored_and_answered_as_stored),
      CASE(test_names_may_be_written_in_any_script),
      CASE(test_a_code_belongs_to_one_client),
      CASE(test_two_clients_that_want_one_code_at_once_get_one_row),
      CASE(test_clients_are_found_by_name_document_and_code),
  };
  return RUN("clients", tests);
}

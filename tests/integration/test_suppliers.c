/* Looking for suppliers in Omie's register (backoffice.md 20.1). */
#include "harness_backoffice.h"

#include <string.h>

#define SUPPLIERS "/api/suppliers"
#define PROGRAM   "suppliers"

static int
before(void **state)
{
  backoffice_before(state);
  sql("truncate backoffice.supplier_search");
  omie_put("{\"codigo_cliente_omie\":11,\"razao_social\":\"Gráfica &amp; Cia\","
           "\"cnpj_cpf\":\"11.222.333/0001-81\",\"tags\":[{\"tag\":\"Fornecedor\"}]}");
  omie_put("{\"codigo_cliente_omie\":2485994017,\"razao_social\":\"PAPEL GRÁFICO LTDA\","
           "\"cnpj_cpf\":\"\",\"tags\":[{\"tag\":\"Cliente\"}]}");
  return 0;
}

static void
assert_found(const char *query, const char *ids)
{
  g_autoptr(Answer) answer = bo_get(SUPPLIERS "%s", query);
  assert_status(answer, 200);
  assert_true(json_is_array(answer->json));
  g_autoptr(GString) found = g_string_new(NULL);
  json_t *row;
  size_t i;
  json_array_foreach(answer->json, i, row)
  {
    g_string_append_printf(found, "%s%" JSON_INTEGER_FORMAT, i > 0 ? "," : "",
                           json_integer_value(json_object_get(row, "id")));
  }
  assert_string_equal(found->str, ids);
}

static void
test_a_part_of_the_name_finds_a_supplier(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = bo_get(SUPPLIERS "/?search=%%20Gr%%C3%%A1fica");
  assert_status(answer, 200);
  assert_string_equal(
      answer->body, "[{\"id\":11,\"nome\":\"Gráfica & Cia\",\"cnpj_cpf\":\"11.222.333/0001-81\"}]");
  g_autofree char *asked = omie_parameters(1);
  g_autoptr(json_t) parameters = json_loads(asked, 0, NULL);
  assert_int_equal(json_integer_value(json_object_get(parameters, "registros_por_pagina")), 50);
  assert_string_equal(json_string_value(json_object_get(
                          json_object_get(parameters, "clientesFiltro"), "razao_social")),
                      "Gráfica");
  assert_found("?q=papel", "2485994017");
  assert_found("?search=nobody", "");
}

static void
test_a_whole_document_finds_its_owner(G_GNUC_UNUSED void **state)
{
  assert_found("?search=11222333000181", "11");
  assert_found("?search=11.222.333%2F0001-81", "11"); /* the same: no second call */
  assert_int_equal(omie_calls(), 1);
  g_autofree char *asked = omie_parameters(1);
  assert_non_null(strstr(asked, "\"cnpj_cpf\""));
  assert_null(strstr(asked, "razao_social"));
}

static void
test_without_a_text_the_first_fifty_come(G_GNUC_UNUSED void **state)
{
  omie_seed(120);
  g_autoptr(Answer) answer = bo_get(SUPPLIERS "?search=");
  assert_status(answer, 200);
  assert_int_equal(json_array_size(answer->json), 50);
  assert_int_equal(omie_calls(), 1);
}

static void
test_a_tag_leaves_clients_out(G_GNUC_UNUSED void **state)
{
  program_restart(PROGRAM, "OMIE_TAG_FORNECEDOR= Fornecedor ");
  assert_found("?search=gr%C3%A1f", "11");
  assert_found("", "11");
}

static void
test_who_looks_for_the_same_shares_one_call(G_GNUC_UNUSED void **state)
{
  Pending *calls[4];
  omie_hold(1);
  program_restart(PROGRAM, "ROUTE_WORKERS=4", "OMIE_SLOT_WAIT_MS=20");
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    calls[i] = call_start("GET", SUPPLIERS "?search=papel", .token = fin_token());
  WAIT_FOR(held_count() == 1);
  omie_release();
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    assert_status(answer, 200);
    assert_int_equal(json_array_size(answer->json), 1);
  }
  assert_found("?q=+papel+", "2485994017");
  assert_int_equal(omie_calls(), 1);

  sql("update backoffice.supplier_search set fetched_at = fetched_at - interval '61 s'");
  omie_forget();
  assert_found("?search=papel", "2485994017");
  assert_int_equal(omie_calls(), 2);
}

static void
test_a_refusal_of_omie_is_a_502(G_GNUC_UNUSED void **state)
{
  omie_fault(0, 500, "SOAP-ENV:Client-101", "ERROR: Tag [X] com problema!");
  g_autoptr(Answer) answer = bo_get(SUPPLIERS "?search=papel");
  assert_erro(answer, 502, NULL);
  assert_error_code(answer, 502, NULL, "upstream_fault");
  omie_answers_clear();
  omie_forget();
  assert_found("?search=papel", "2485994017"); /* a failure is not kept */
}

static void
test_a_search_that_nothing_can_match_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *text = g_strnfill(61, 'a');
  g_autoptr(Answer) answer = bo_get(SUPPLIERS "?q=%s", text);
  assert_erro(answer, 400, "search deve ter no máximo 60 caracteres");
  assert_int_equal(omie_calls(), 0);
}

static void
test_only_the_back_office_looks_for_suppliers(G_GNUC_UNUSED void **state)
{
  g_autofree char *sales = token_for_role("sales");
  g_autoptr(Answer) nobody = call("GET", SUPPLIERS);
  assert_detail(nobody, 401, NULL);
  g_autoptr(Answer) other = call("GET", SUPPLIERS, .token = sales);
  assert_detail(other, 403, NULL);
  assert_int_equal(omie_calls(), 0);
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, before, harness_after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_part_of_the_name_finds_a_supplier),
      CASE(test_a_whole_document_finds_its_owner),
      CASE(test_without_a_text_the_first_fifty_come),
      CASE(test_a_tag_leaves_clients_out),
      CASE(test_who_looks_for_the_same_shares_one_call),
      CASE(test_a_refusal_of_omie_is_a_502),
      CASE(test_a_search_that_nothing_can_match_is_refused),
      CASE(test_only_the_back_office_looks_for_suppliers),
  };
  return RUN("suppliers", tests);
}

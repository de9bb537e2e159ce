/* What the sync asks Omie for, and what counts as the end of a listing (fin.md 5.1 to 5.3, 6.4,
 * 6.8). */
#include "harness.h"

#include <string.h>

/* F01 */
static void
test_all_clients_of_omie_arrive(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  g_autoptr(Answer) answer = sync_post();
  assert_status(answer, 200);
  assert_true(json_is_true(json_object_get(answer->json, "success")));
  assert_int_equal(answer_int(answer, "recordCount"), 3);
  assert_sql(answer_text(answer, "logId"), "select id::text from fin.erp_sync_log");
  assert_last_run("status", "success");
  assert_last_run("record_count", "3");
  assert_last_run("error_message", NULL);
  assert_sql("t", "select finished_at >= started_at from fin.erp_sync_log");
  assert_last_run("requested_by", USER_ID);
  assert_count(3, "fin.clients");
}

/* F01, 6.8 */
static void
test_the_answer_of_a_run_has_exactly_the_documented_members(G_GNUC_UNUSED void **state)
{
  omie_seed(1);
  g_autoptr(Answer) answer = sync_post();
  assert_status(answer, 200);
  assert_int_equal(json_object_size(answer->json), 3);
  assert_header(answer, "content-type", "application/json; charset=utf-8");
  assert_header(answer, "cache-control", "no-store");
  assert_header(answer, "x-content-type-options", "nosniff");
}

/* F02 */
static void
test_three_pages_are_asked_for_one_by_one(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(120);
  assert_int_equal(sync_ok(), 120);
  g_autofree char *pages = omie_pages();
  assert_string_equal(pages, "1,2,3");
  for (guint i = 1; i <= 3; i++) {
    g_autofree char *text = omie_parameters(i);
    g_autoptr(json_t) param = json_loads(text, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(param, "registros_por_pagina")), 50);
    assert_int_equal(json_object_size(param), 2);
  }
  assert_count(120, "fin.clients");
  assert_sql("3", "select details ->> 'paginas' from fin.erp_sync_log");
  assert_sql("120", "select details ->> 'inseridos' from fin.erp_sync_log");
}

/* F03 */
static void
test_a_short_page_does_not_end_the_listing(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=2");
  omie_page(1, 3, "{\"codigo_cliente_omie\":1,\"razao_social\":\"A\"}");
  omie_page(2, 3,
            "{\"codigo_cliente_omie\":2,\"razao_social\":\"B\"},"
            "{\"codigo_cliente_omie\":3,\"razao_social\":\"C\"}");
  omie_page(3, 3, "{\"codigo_cliente_omie\":4,\"razao_social\":\"D\"}");
  assert_int_equal(sync_ok(), 4);
  g_autofree char *pages = omie_pages();
  assert_string_equal(pages, "1,2,3");
}

/* 5.2 */
static void
test_a_listing_that_grows_is_read_to_its_new_end(G_GNUC_UNUSED void **state)
{
  omie_page(1, 2, "{\"codigo_cliente_omie\":1,\"razao_social\":\"A\"}");
  omie_page(2, 3, "{\"codigo_cliente_omie\":2,\"razao_social\":\"B\"}");
  omie_page(3, 3, "{\"codigo_cliente_omie\":3,\"razao_social\":\"C\"}");
  assert_int_equal(sync_ok(), 3);
  assert_int_equal(omie_calls(), 3);
}

/* 5.2 */
static void
test_without_a_total_the_first_short_page_is_the_last(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=1");
  omie_answer(.page = 1, .body = "{\"pagina\":1,\"clientes_cadastro\":[{\"codigo_cliente_omie\":1,"
                                 "\"razao_social\":\"A\"}]}");
  omie_answer(.page = 2, .body = "{\"pagina\":2,\"clientes_cadastro\":[]}");
  assert_int_equal(sync_ok(), 1);
  assert_int_equal(omie_calls(), 2);
}

/* 5.2 */
static void
test_an_endless_listing_is_refused(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_MAX_PAGES=3");
  omie_page(0, 9, "{\"codigo_cliente_omie\":1,\"razao_social\":\"A\"}");
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 502, "Omie: paginação inválida.");
  assert_last_run("error_message", "Omie: paginação inválida.");
}

/* F04 */
static void
test_the_other_name_of_the_list_is_read_all_the_same(G_GNUC_UNUSED void **state)
{
  omie_answer(.page = 1,
              .body =
                  "{\"pagina\":1,\"total_de_paginas\":1,\"registros\":1,\"total_de_registros\":1,"
                  "\"lista_clientes_cadastro\":[{\"codigo_cliente_omie\":5,"
                  "\"razao_social\":\"OUTRO NOME\"}]}");
  assert_int_equal(sync_ok(), 1);
  assert_sql("OUTRO NOME", "select name from fin.clients where omie_codigo = '5'");
}

/* F05 */
static void
test_an_empty_register_is_a_success_with_no_records(G_GNUC_UNUSED void **state)
{
  assert_int_equal(sync_ok(), 0);
  assert_last_run("status", "success");
  assert_last_run("record_count", "0");
  assert_int_equal(omie_calls(), 1);
}

/* F05: the same as an empty list with status 200, and with the other wording */
static void
test_other_forms_of_an_empty_register_are_no_error_either(G_GNUC_UNUSED void **state)
{
  omie_answer(.page = 1, .body = "{\"pagina\":1,\"total_de_paginas\":0,\"registros\":0,"
                                 "\"total_de_registros\":0,\"clientes_cadastro\":[]}");
  assert_int_equal(sync_ok(), 0);
  omie_answers_clear();
  five_minutes_pass();
  omie_fault(1, 500, "SOAP-ENV:Client-5113",
             "ERROR: N\\u00e3o existem cadastros para a p\\u00e1gina [1]!");
  assert_int_equal(sync_ok(), 0);
}

/* F06 */
static void
test_the_tag_setting_asks_omie_for_that_tag_alone(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_TAG_APENAS_CLIENTE=  Cliente ");
  omie_put(
      "{\"codigo_cliente_omie\":1,\"razao_social\":\"CLIENTE\",\"tags\":[{\"tag\":\"Cliente\"}]}");
  omie_put("{\"codigo_cliente_omie\":2,\"razao_social\":\"FORNECEDOR\","
           "\"tags\":[{\"tag\":\"Fornecedor\"}]}");
  assert_int_equal(sync_ok(), 1);
  g_autofree char *text = omie_parameters(1);
  g_autoptr(json_t) param = json_loads(text, 0, NULL);
  const json_t *tags = json_object_get(json_object_get(param, "clientesFiltro"), "tags");
  assert_int_equal(json_array_size(tags), 1);
  assert_string_equal(json_string_value(json_object_get(json_array_get(tags, 0), "tag")),
                      "Cliente");
  assert_sql("CLIENTE", "select name from fin.clients");
}

/* F06 */
static void
test_a_tag_setting_of_spaces_asks_for_everybody(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_TAG_APENAS_CLIENTE=   ");
  omie_seed(2);
  assert_int_equal(sync_ok(), 2);
  g_autofree char *text = omie_parameters(1);
  assert_null(strstr(text, "clientesFiltro"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_all_clients_of_omie_arrive),
      CASE(test_the_answer_of_a_run_has_exactly_the_documented_members),
      CASE(test_three_pages_are_asked_for_one_by_one),
      CASE(test_a_short_page_does_not_end_the_listing),
      CASE(test_a_listing_that_grows_is_read_to_its_new_end),
      CASE(test_without_a_total_the_first_short_page_is_the_last),
      CASE(test_an_endless_listing_is_refused),
      CASE(test_the_other_name_of_the_list_is_read_all_the_same),
      CASE(test_an_empty_register_is_a_success_with_no_records),
      CASE(test_other_forms_of_an_empty_register_are_no_error_either),
      CASE(test_the_tag_setting_asks_omie_for_that_tag_alone),
      CASE(test_a_tag_setting_of_spaces_asks_for_everybody),
  };
  return RUN("sync", tests);
}

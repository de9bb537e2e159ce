/* Which rows of a list, and in what order (backoffice.md 13.3 to 13.5). */
#include "harness_backoffice.h"

/* B79, 13.5 */
static void
test_every_bad_filter_is_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = bo_get(
      ORDERS "?status=x&id_nf_servico=12a&created_at_after=ontem&created_at_before=2025-02-30");
  assert_error_code(answer, 400, NULL, "invalid_parameter");
  static const struct {
    const char *name, *text;
  } told[] = {{"status", "Faça uma escolha válida. x não é uma das escolhas disponíveis."},
              {"id_nf_servico", "Informe um número."},
              {"created_at_after", "Informe uma data/hora válida."},
              {"created_at_before", "Informe uma data/hora válida."}};
  for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
    const json_t *list = json_object_get(answer->json, told[i].name);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_array_get(list, 0)), told[i].text);
  }
  g_autoptr(Answer) lenient =
      bo_get(ORDERS "?status=&id_nf_servico=&created_at_after=&foo=x&foo=y");
  assert_status(lenient, 200);
}

/* B80, 13.3 */
static void
test_rows_come_in_the_order_that_was_asked_for(G_GNUC_UNUSED void **state)
{
  closures("4");
  sql("update backoffice.purchase_order_closure_log set tentativas = (5 - id) % 3");
  static const struct {
    const char *ordering, *ids;
  } orders[] = {
      {"", "4,3,2,1"},
      {"foo", "4,3,2,1"},
      {"lease_token", "4,3,2,1"},
      {"-tentativas", "3,4,1,2"},
      {"tentativas", "2,4,1,3"},
      {"tentativas,id", "2,1,4,3"},
      {"foo,-numero_pedido", "4,3,2,1"},
      {"created_at", "1,2,3,4"},
      {"id;drop table x", "4,3,2,1"},
      {"--id", "4,3,2,1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
    g_autofree char *ordering = g_uri_escape_string(orders[i].ordering, NULL, FALSE);
    g_autoptr(Answer) answer = bo_get(ORDERS "?ordering=%s", ordering);
    assert_status(answer, 200);
    assert_listed(answer, "id", orders[i].ids);
  }
}

/* B81, 13.4 */
static void
test_search_finds_parts_of_words_in_any_case(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.purchase_order_closure_log"
      " (numero_pedido, item_pedido, numero_nf_servico, id_nf_servico) values"
      " ('PO123', null, 'NF789', 555), ('po-ÇA', '001', 'X%_', 789)");
  static const struct {
    const char *search, *ids;
  } searches[] = {
      {"nf789", "1"},      {"789", "2,1"},           {"55", "1"},
      {"po%20789", "2,1"}, {"po 001", "2"},          {"po%09%0A555", "1"},
      {"po%20zzz", ""},    {"%C3%A7a", "2"},         {"%25", "2"},
      {"_", "2"},          {"%27%20or%201%3D1", ""}, {"%20", "2,1"},
      {"123%0Anf", "1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(searches); i++) {
    g_autofree char *escaped = g_strdelimit(g_strdup(searches[i].search), " ", '+');
    g_autoptr(Answer) answer = bo_get(ORDERS "?search=%s", escaped);
    assert_status(answer, 200);
    assert_listed(answer, "id", searches[i].ids);
  }
}

/* 13.4, 10.2 */
static void
test_filters_are_exact_and_work_together(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.attachment_transfer_log (origem_tabela, origem_id, destino_id, "
      "status,"
      " origem_tabela_omie, destino_tabela_omie) values"
      " ('com-recebimento', 1, 9, 'pending', 'a', 'b'), ('com-recebimento', 2, 8, 'failed', 'a', "
      "'b'),"
      " ('nota-entrada', 1, 9223372036854775807, 'failed', 'a', 'b')");
  static const struct {
    const char *query, *ids;
  } filters[] = {
      {"origem_id=1", "3,1"},
      {"origem_id=1&status=failed", "3"},
      {"destino_id=9223372036854775807", "3"},
      {"destino_id=-9", ""},
      {"origem_tabela=com-recebimento", "2,1"},
      {"origem_tabela=com", ""},
      {"origem_tabela=%27%3B--", ""},
      {"destino_tabela=conta_a_pagar&status=pending", "1"},
      {"search=922337", "3"},
      {"task_id=x&worker=y", "3,2,1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
    g_autoptr(Answer) answer = bo_get(ATTACHMENTS "?%s&ordering=-id", filters[i].query);
    assert_status(answer, 200);
    assert_listed(answer, "id", filters[i].ids);
  }
}

/* 13.4: inclusive, days in local time */
static void
test_days_begin_and_end_at_local_midnight(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.purchase_order_closure_log"
      " (numero_pedido, numero_nf_servico, id_nf_servico, created_at) values"
      " ('a', 'n', 1, '2025-11-18T02:59:59.999999Z'), ('b', 'n', 1, '2025-11-18T03:00:00Z'),"
      " ('c', 'n', 1, '2025-11-19T02:59:59.999999Z'), ('d', 'n', 1, '2025-11-19T03:00:00Z')");
  static const struct {
    const char *query, *ids;
  } spans[] = {
      {"created_at_after=2025-11-18", "4,3,2"},
      {"created_at_before=2025-11-18", "3,2,1"},
      {"created_at_after=2025-11-18&created_at_before=2025-11-18", "3,2"},
      {"created_at_after=2025-11-18T00:00", "4,3,2"},
      {"created_at_after=2025-11-18T00:00:00.000001", "4,3"},
      {"created_at_before=2025-11-18T00:00:00", "2,1"},
      {"created_at_before=2025-11-18T03:00:00Z", "2,1"},
      {"created_at_before=2025-11-18T05:00:00%2B02:00", "2,1"},
      {"created_at_before=2025-11-18T05:00:00+0200", "2,1"},
      {"created_at_before=2025-11-18%2000:00:00", "2,1"},
      {"created_at_before=2025-11-18T00:00:00-03", "2,1"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(spans); i++) {
    g_autoptr(Answer) answer = bo_get(ORDERS "?%s", spans[i].query);
    assert_status(answer, 200);
    assert_listed(answer, "id", spans[i].ids);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      BACKOFFICE_CASE(test_every_bad_filter_is_told),
      BACKOFFICE_CASE(test_rows_come_in_the_order_that_was_asked_for),
      BACKOFFICE_CASE(test_search_finds_parts_of_words_in_any_case),
      BACKOFFICE_CASE(test_filters_are_exact_and_work_together),
      BACKOFFICE_CASE(test_days_begin_and_end_at_local_midnight),
  };
  return RUN("backoffice filters", tests);
}

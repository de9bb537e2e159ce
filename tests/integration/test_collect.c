/* /api/cron/data-collecting: who may call it, what it asks of whom, what it answers
 * (data-collecting.md 1.1 to 1.5, 1.9, 1.11). */
#include "harness_crm.h"

#include <string.h>

static void
assert_nothing_was_touched(void)
{
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 0);
  assert_null(last_sync_of("O1"));
  assert_int_equal(crm_count("utils", "O1"), 0);
  assert_count(0, "crm.organizations where lease_token is not null");
}

/* DC 1 */
static void
test_without_the_secret_nothing_happens(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autoptr(Answer) none = call("GET", COLLECT);
  assert_error_code(none, 401, NULL, "unauthenticated");
  g_autoptr(Answer) wrong = call("POST", COLLECT, .token = "nao-e-este-o-segredo");
  assert_error_code(wrong, 401, NULL, "invalid_token");
  assert_nothing_was_touched();
}

/* DC 2, as settled: 500 */
static void
test_a_program_without_a_secret_refuses_every_call(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  collect_restart("CRON_SECRET=");
  g_autoptr(Answer) answer = collect("");
  assert_error_code(answer, 500, "CRON_SECRET não configurado.", "not_configured");
  assert_nothing_was_touched();
}

/* DC 2 */
static void
test_other_methods_are_refused(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autoptr(Answer) other = call("DELETE", COLLECT, .token = harness_env("CRON_SECRET"));
  assert_error_code(other, 405, "Método não permitido.", "method_not_allowed");
  assert_non_null(answer_header(other, "allow"));
  assert_nothing_was_touched();
}

/* DC 3 */
static void
test_wrong_parameters_are_named(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query, *field;
  } cases[] = {
      {"?modo=tudo", "modo"},
      {"?modo=", "modo"},
      {"?de=2026-03-05&ate=2026-03-04", "de"},
      {"?de=2026-01-01&ate=2026-02-09", "de"},
      {"?de=05/03/2026", "de"},
      {"?ate=2026-02-30", "ate"},
  };
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = collect(cases[i].query);
    assert_error_code(answer, 400, NULL, "invalid_parameter");
    assert_member(answer, "campo", cases[i].field);
  }
  assert_nothing_was_touched();
}

static void
test_an_unknown_or_unconnected_organization_is_not_found(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", NULL);
  g_autoptr(Answer) unknown = collect("?organizacao=O9");
  assert_error_code(unknown, 404, "Organização não encontrada.", "not_found");
  g_autoptr(Answer) unconnected = collect("?organizacao=O2");
  assert_error_code(unconnected, 404, "Organização não encontrada.", "not_found");
  assert_nothing_was_touched();
}

/* DC 4 */
static void
test_all_connected_organizations_are_collected(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", NULL);
  organization_put("O3", CARDAPIO);
  sale_put(.id = "1001");
  order_put(.id = 5001);
  g_autoptr(Answer) answer = collect_ok();
  assert_string_equal(collected_organizations(answer), "O1,O3");
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_collected(answer, "O3", "vendasCriadas", "1");
  assert_collected_total(answer, "vendasCriadas", "2");
  assert_collected_total(answer, "organizacoesOk", "2");
  assert_non_null(last_sync_of("O1"));
  assert_null(last_sync_of("O2"));
  assert_non_null(last_sync_of("O3"));
  assert_count(0, "crm.organizations where lease_token is not null");
}

static void
test_one_organization_can_be_collected_alone(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", ONLINE);
  g_autoptr(Answer) answer = collect_ok_with("?organizacao=O2");
  assert_string_equal(collected_organizations(answer), "O2");
  assert_null(last_sync_of("O1"));
  assert_non_null(last_sync_of("O2"));
  assert_int_equal(sales_calls_of(ONLINE_SOFTWARE, NULL, token_of("O1")), 0);
}

/* 1.9: the members, in this order */
static void
test_the_answer_has_the_members_that_callers_know(G_GNUC_UNUSED void **state)
{
  static const char *const members[] = {"mensagem",
                                        "execucaoId",
                                        "modo",
                                        "iniciadoEm",
                                        "finalizadoEm",
                                        "janela",
                                        "organizacoes",
                                        "organizacaoId",
                                        "integracaoTipo",
                                        "duracaoMs",
                                        "status",
                                        "erro",
                                        "registrosRecebidos",
                                        "registrosRejeitados",
                                        "registrosDuplicados",
                                        "vendasCriadas",
                                        "vendasAtualizadas",
                                        "vendasInalteradas",
                                        "vendasCanceladas",
                                        "vendasComErro",
                                        "clientesCriados",
                                        "produtosCriados",
                                        "vendedoresCriados",
                                        "parceirosCriados",
                                        "adicionaisCriados",
                                        "cashbackAcumulado",
                                        "cashbackCampanhas",
                                        "cashbackEstornado",
                                        "interacoesAgendadas",
                                        "interacoesImediatas",
                                        "interacoesCanceladas",
                                        "mensagensEnviadas",
                                        "mensagensComFalha",
                                        "conversoesAtribuidas",
                                        "instrucoesSql",
                                        "totais",
                                        "organizacoesOk",
                                        "organizacoesParciais",
                                        "organizacoesComFalha",
                                        "organizacoesOcupadas",
                                        "organizacoesAdiadas"};
  organization_put("O1", ONLINE);
  sale_put(.id = "1001", .total = "199.90");
  g_autoptr(Answer) answer = collect_ok();
  const char *place = answer->body;
  for (guint i = 0; place != NULL && i < G_N_ELEMENTS(members); i++) {
    g_autofree char *quoted = g_strdup_printf("\"%s\":", members[i]);
    place = strstr(place, quoted);
    if (place == NULL)
      print_error("%s is missing, or at another place, in %s\n", members[i], answer->body);
  }
  assert_non_null(place);
  assert_member(answer, "mensagem", "EXECUTADO COM SUCESSO");
  assert_member(answer, "modo", "normal");
  assert_true(g_str_has_suffix(answer_text(answer, "iniciadoEm"), "-03:00"));
  assert_true(g_str_has_suffix(answer_text(answer, "finalizadoEm"), "-03:00"));
  assert_header(answer, "cache-control", "no-store");
  assert_header(answer, "content-type", "application/json; charset=utf-8");
  assert_collected(answer, "O1", "cashbackAcumulado", "0.00");
  assert_collected(answer, "O1", "registrosRecebidos", "1");
}

static void
test_a_scheduler_may_post_as_well(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001");
  g_autoptr(Answer) answer = call("POST", COLLECT, .token = harness_env("CRON_SECRET"));
  assert_status(answer, 201);
  assert_collected(answer, "O1", "vendasCriadas", "1");
}

/* DC 9 */
static void
test_a_day_without_sales_is_fine(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "erro", NULL);
  assert_collected(answer, "O1", "registrosRecebidos", "0");
  assert_non_null(last_sync_of("O1"));
}

/* DC 10: the calendar itself is tests/unit/test_window.c */
static void
test_the_days_asked_for_are_those_of_the_window(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autoptr(Answer) answer = collect_ok_with("?de=2026-03-01&ate=2026-03-04");
  const json_t *window = json_object_get(answer->json, "janela");
  assert_string_equal(json_string_value(json_object_get(window, "de")), "2026-03-01");
  assert_string_equal(json_string_value(json_object_get(window, "ate")), "2026-03-04");
  g_autofree char *from = sales_parameter(ONLINE_SOFTWARE, 1, "dtinicio");
  g_autofree char *to = sales_parameter(ONLINE_SOFTWARE, 1, "dtfim");
  g_autofree char *routine = sales_parameter(ONLINE_SOFTWARE, 1, "rotina");
  assert_string_equal(from, "01032026");
  assert_string_equal(to, "04032026");
  assert_string_equal(routine, "listarVendas001");
}

/* DC 17 */
static void
test_a_retroactive_run_stores_sales_without_cashback(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  sale_put(.id = "1001", .day = day_iso(-2), .client = "Maria Souza", .total = "100.00");
  sale_put(.id = "1002", .day = day_iso(0), .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) answer = collect_ok_with("?modo=retroativo");
  assert_member(answer, "modo", "retroativo");
  const json_t *window = json_object_get(answer->json, "janela");
  assert_string_equal(json_string_value(json_object_get(window, "de")), day_iso(-5));
  assert_string_equal(json_string_value(json_object_get(window, "ate")), day_iso(-1));
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_non_null(sale_id("O1", "1001"));
  assert_string_equal(balance_of("O1", "Maria Souza"), "0.00");
  assert_null(movements_of("O1", "Maria Souza"));
  assert_null(interactions_of_client("O1", "Maria Souza"));
  assert_string_equal(client_column("O1", "Maria Souza", "metadata_total_compras"), "0");
}

/* 1.4: who waited longest comes first */
static void
test_organizations_that_waited_longest_come_first(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", ONLINE);
  organization_put("O3", ONLINE);
  sql("update crm.organizations set integracao_data_ultima_sincronizacao ="
      "  case id when 'O1' then now() - interval '1 hour' when 'O2' then now() - interval '2 hours'"
      "  end");
  g_autoptr(Answer) answer = collect_ok();
  assert_string_equal(collected_organizations(answer), "O3,O2,O1");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CRM_CASE(test_without_the_secret_nothing_happens),
      CRM_CASE(test_a_program_without_a_secret_refuses_every_call),
      CRM_CASE(test_other_methods_are_refused),
      CRM_CASE(test_wrong_parameters_are_named),
      CRM_CASE(test_an_unknown_or_unconnected_organization_is_not_found),
      CRM_CASE(test_all_connected_organizations_are_collected),
      CRM_CASE(test_one_organization_can_be_collected_alone),
      CRM_CASE(test_the_answer_has_the_members_that_callers_know),
      CRM_CASE(test_a_scheduler_may_post_as_well),
      CRM_CASE(test_a_day_without_sales_is_fine),
      CRM_CASE(test_the_days_asked_for_are_those_of_the_window),
      CRM_CASE(test_a_retroactive_run_stores_sales_without_cashback),
      CRM_CASE(test_organizations_that_waited_longest_come_first),
  };
  return RUN("collect", tests);
}

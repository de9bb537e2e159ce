/* What fails in one organization's collection stays there (data-collecting.md 1.4.4, 1.8). */
#include "harness_crm.h"

#include <string.h>

/* O1 with whatever is wrong, and a healthy store O3 with an order. */
static void
two_organizations(void)
{
  organization_put("O1", ONLINE);
  organization_put("O3", CARDAPIO);
  order_put(.id = 5001);
}

static void
assert_only_o1_failed(const Answer *answer, const char *code)
{
  assert_collected(answer, "O1", "status", "FALHA");
  assert_collected(answer, "O1", "erro", code);
  assert_null(last_sync_of("O1"));
  assert_int_equal(import_rows("O1", "error"), 1);
  assert_string_equal(import_cell("O1", "error", "dados ->> 'codigo'"), code);
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "vendasCriadas", "1");
  assert_non_null(last_sync_of("O3"));
  assert_collected_total(answer, "organizacoesComFalha", "1");
  assert_count(0, "crm.organizations where lease_token is not null");
}

/* DC 5, and the other configurations of 1.4.4 */
static void
test_a_wrong_configuration_fails_without_a_call(G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = {
      "{}",
      "[]",
      "null",
      "{\"token\":\"\"}",
      "{\"token\":7}",
      "{\"tipo\":\"CARDAPIO-WEB\",\"token\":\"x\"}",
  };
  two_organizations();
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    organization_configure("O1", wrong[i]);
    g_autoptr(Answer) answer = collect_ok();
    assert_collected(answer, "O1", "erro", "CONFIG_INVALIDA");
    assert_collected(answer, "O3", "status", "OK");
    assert_null(last_sync_of("O1"));
  }
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 0);
  assert_int_equal(import_rows("O1", "error"), 1); /* one a day, not one a run (1.10) */
  assert_string_equal(import_cell("O1", "error", "dados ->> 'etapa'"), "configuracao");
  assert_string_equal(import_cell("O1", "error", "identificador"), "ONLINE_IMPORTATION");
  assert_string_equal(import_cell("O1", "error", "valor -> 'dados' ->> 'organizacaoId'"), "O1");
}

/* DC 6 */
static void
test_an_unreachable_erp_fails_its_organization_alone(G_GNUC_UNUSED void **state)
{
  two_organizations();
  collect_restart("ONLINE_SOFTWARE_BASE_URL=https://127.0.0.1:1");
  g_autoptr(Answer) answer = collect_ok();
  assert_only_o1_failed(answer, "ERP_INACESSIVEL");
}

/* DC 7 */
static void
test_a_hanging_erp_is_given_up_in_time(G_GNUC_UNUSED void **state)
{
  two_organizations();
  collect_restart("ERP_TIMEOUT_TOTAL_S=1");
  sales_answer(.service = ONLINE_SOFTWARE, .trick = "hang", .delay_ms = 5000);
  g_autoptr(Answer) answer = collect_ok();
  assert_only_o1_failed(answer, "ERP_TEMPO_ESGOTADO");
}

static void
test_what_an_erp_refuses_is_told_by_its_status(G_GNUC_UNUSED void **state)
{
  static const struct {
    guint status;
    const char *code;
  } cases[] = {
      {401, "ERP_NAO_AUTORIZADO"}, {403, "ERP_NAO_AUTORIZADO"}, {500, "ERP_HTTP_500"},
      {404, "ERP_HTTP_404"},       {503, "ERP_HTTP_503"},
  };
  two_organizations();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    sales_answers_clear();
    sales_answer(.service = ONLINE_SOFTWARE, .status = cases[i].status);
    g_autoptr(Answer) answer = collect_ok();
    assert_collected(answer, "O1", "status", "FALHA");
    assert_collected(answer, "O1", "erro", cases[i].code);
    assert_collected(answer, "O3", "status", "OK");
  }
  assert_null(last_sync_of("O1"));
  assert_int_equal(import_rows("O1", "error"), 4); /* a row for each code */
  assert_int_equal(import_rows("O1", "log"), 0);
}

/* DC 8 */
static void
test_a_page_of_html_is_kept_as_text(G_GNUC_UNUSED void **state)
{
  two_organizations();
  sales_answer(.service = ONLINE_SOFTWARE, .status = 200, .body = "<html><body>Manutenção</body>",
               .type = "text/html");
  g_autoptr(Answer) answer = collect_ok();
  assert_only_o1_failed(answer, "ENVELOPE_INVALIDO");
  assert_int_equal(import_rows("O1", "log"), 1);
  assert_string_equal(import_cell("O1", "log", "(dados -> 'sales')::text"), "null");
  assert_string_equal(import_cell("O1", "log", "dados ->> 'textoBruto'"),
                      "<html><body>Manutenção</body>");
}

/* Of a long one the beginning is enough. */
static void
test_a_long_page_is_cut_between_two_characters(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) page = g_string_new("<");
  while (page->len < 40000)
    g_string_append(page, "ção");
  organization_put("O1", ONLINE);
  sales_answer(.service = ONLINE_SOFTWARE, .status = 200, .body = page->str);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "erro", "ENVELOPE_INVALIDO");
  const char *kept = import_cell("O1", "log", "dados ->> 'textoBruto'");
  assert_true(strlen(kept) <= 16384 && strlen(kept) > 16380);
  assert_true(g_str_has_prefix(page->str, kept));
}

/* DC 9 */
static void
test_an_envelope_without_its_list_is_invalid(G_GNUC_UNUSED void **state)
{
  static const char *const bodies[] = {"{}", "{\"resultado\":null}", "{\"resultado\":{}}",
                                       "\"resultado\"", "{\"resultado\":[{\"id\":\"1\"},"};
  two_organizations();
  for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
    sales_answers_clear();
    sales_answer(.service = ONLINE_SOFTWARE, .status = 200, .body = bodies[i]);
    g_autoptr(Answer) answer = collect_ok();
    assert_collected(answer, "O1", "erro", "ENVELOPE_INVALIDO");
    assert_collected(answer, "O1", "registrosRecebidos", "0");
  }
  assert_int_equal(crm_count("sales", "O1"), 0);
  assert_null(last_sync_of("O1"));
}

/* 2.2: a bare array is an answer too */
static void
test_a_bare_list_is_taken_as_well(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sales_answer(.service = ONLINE_SOFTWARE, .status = 200, .body = " [ ] ");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
}

static void
test_an_answer_beyond_the_limit_is_not_taken(G_GNUC_UNUSED void **state)
{
  two_organizations();
  sales_seed(NULL, 100, 0);
  collect_restart("ERP_MAX_BYTES=20000");
  g_autoptr(Answer) answer = collect_ok();
  assert_only_o1_failed(answer, "ENVELOPE_INVALIDO");
}

/* 2.1 */
static void
test_a_passing_failure_is_tried_again(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001");
  sales_answer(.service = ONLINE_SOFTWARE, .status = 502, .times = 1);
  sales_answer(.service = ONLINE_SOFTWARE, .trick = "reset", .call = 2, .times = 1);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 3);
}

/* 1.8: the list of organizations cannot be read */
static void
test_without_a_database_the_run_does_not_begin(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  postgres_stop();
  g_autoptr(Answer) answer = collect("");
  assert_error_code(answer, 503, NULL, "database_unavailable");
  assert_non_null(answer_header(answer, "retry-after"));
}

/* 1.8: the connection is lost while an ERP is asked; the next statement opens another */
static void
test_a_lost_connection_is_opened_anew(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001");
  sales_hold(ONLINE_SOFTWARE, NULL);
  Pending *run = collect_start();
  WAIT_FOR(sales_held() == 1);
  sql("select pg_terminate_backend(pid) from pg_stat_activity"
      " where application_name = 'ponte' and pid <> pg_backend_pid()");
  sales_release();
  g_autoptr(Answer) answer = call_finish(run);
  assert_status(answer, 201);
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "vendasCriadas", "1");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CRM_CASE(test_a_wrong_configuration_fails_without_a_call),
      CRM_CASE(test_an_unreachable_erp_fails_its_organization_alone),
      CRM_CASE(test_a_hanging_erp_is_given_up_in_time),
      CRM_CASE(test_what_an_erp_refuses_is_told_by_its_status),
      CRM_CASE(test_a_page_of_html_is_kept_as_text),
      CRM_CASE(test_a_long_page_is_cut_between_two_characters),
      CRM_CASE(test_an_envelope_without_its_list_is_invalid),
      CRM_CASE(test_a_bare_list_is_taken_as_well),
      CRM_CASE(test_an_answer_beyond_the_limit_is_not_taken),
      CRM_CASE(test_a_passing_failure_is_tried_again),
      CRM_CASE(test_without_a_database_the_run_does_not_begin),
      CRM_CASE(test_a_lost_connection_is_opened_anew),
  };
  return RUN("collect_faults", tests);
}

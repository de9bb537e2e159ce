/* Several runs at once: each organization is one run's, held by a lease that is renewed, given back
 * and taken over (data-collecting.md 1.6, DESIGN "Settled points"). */
#include "harness_crm.h"

/* DC 14 */
static void
test_an_organization_that_somebody_has_is_left_alone(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O3", CARDAPIO);
  organization_hold("O1", "1 minute");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OCUPADA");
  assert_collected(answer, "O1", "erro", NULL);
  assert_collected(answer, "O3", "status", "OK");
  assert_collected_total(answer, "organizacoesOcupadas", "1");
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 0);
  assert_null(last_sync_of("O1"));
  assert_count(1, "crm.organizations where id = 'O1' and worker = 'outra'");
}

static void
test_the_lease_of_a_dead_run_is_taken_over(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_hold("O1", "-1 second");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_count(0, "crm.organizations where lease_token is not null or lease_ate is not null");
}

static void
test_a_second_run_finds_the_organization_taken_while_the_erp_is_slow(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  collect_restart("COLETA_LEASE_S=1");
  sales_hold(ONLINE_SOFTWARE, NULL);
  Pending *first = collect_start();
  WAIT_FOR(sales_held() == 1);
  sql("create temp table first_lease as select lease_ate from crm.organizations");
  WAIT_FOR(sql_number("select count(*) from crm.organizations o, first_lease f"
                      " where o.lease_ate > f.lease_ate + interval '1 second'") == 1);
  sql("drop table first_lease");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "status", "OCUPADA");
  sales_release();
  g_autoptr(Answer) answer = call_finish(first);
  assert_collected(answer, "O1", "status", "OK");
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 1);
}

/* How many of the organizations of an answer have this status. */
static guint
count_of(const Answer *answer, const char *status)
{
  const json_t *all = json_object_get(answer->json, "organizacoes");
  guint count = 0;
  for (size_t i = 0; i < json_array_size(all); i++)
    count +=
        g_str_equal(json_string_value(json_object_get(json_array_get(all, i), "status")), status);
  return count;
}

static void
test_two_runs_share_the_organizations(G_GNUC_UNUSED void **state)
{
  enum { ORGANIZATIONS = 12 };
  collect_restart("COLETA_PARALELAS=2");
  for (guint i = 0; i < ORGANIZATIONS; i++) {
    g_autofree char *id = g_strdup_printf("O%02u", i);
    organization_put(id, ONLINE);
    sale_put(.token = token_of(id), .id = "1001");
  }
  sales_latency(ONLINE_SOFTWARE, 200);
  Pending *one = collect_start(), *other = collect_start();
  g_autoptr(Answer) first = call_finish(one);
  g_autoptr(Answer) second = call_finish(other);
  assert_status(first, 201);
  assert_status(second, 201);
  assert_int_equal(count_of(first, "OK") + count_of(second, "OK"), ORGANIZATIONS);
  assert_int_equal(count_of(first, "OCUPADA") + count_of(second, "OCUPADA"), ORGANIZATIONS);
  assert_true(count_of(first, "OK") > 0 && count_of(second, "OK") > 0);
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), ORGANIZATIONS); /* each asked once */
  assert_count(ORGANIZATIONS, "crm.sales");
}

/* DC 15: somebody takes the organization away while its ERP is asked; what he stores stays as it
 * is, and who lost it stores nothing. */
static void
test_a_run_that_lost_its_lease_stores_nothing(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
  sales_seed(NULL, 20, 5);
  sales_hold(ONLINE_SOFTWARE, NULL);
  Pending *slow = collect_start();
  WAIT_FOR(sales_held() == 1);
  organization_release("O1");
  Pending *fast = collect_start();
  WAIT_FOR(sales_held() == 2);
  sql("update crm.organizations set integracao_data_ultima_sincronizacao = null");
  sales_release();
  g_autoptr(Answer) first = call_finish(slow);
  g_autoptr(Answer) second = call_finish(fast);
  assert_collected(first, "O1", "status", "FALHA");
  assert_collected(first, "O1", "erro", "ERRO_INTERNO");
  assert_collected(first, "O1", "vendasCriadas", "0");
  assert_collected(second, "O1", "status", "OK");
  assert_collected(second, "O1", "vendasCriadas", "20");
  assert_count(20, "crm.sales");
  assert_ledger_holds("O1");
  assert_count(0, "(select venda_id from crm.cashback_program_transactions where tipo = 'ACÚMULO'"
                  "  group by 1 having count(*) > 1) t");
  assert_count(0, "crm.organizations where lease_token is not null");
}

/* DC 16 */
static void
test_what_the_time_budget_leaves_out_comes_first_next_time(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", ONLINE);
  organization_put("O3", ONLINE);
  collect_restart("COLETA_PARALELAS=1", "EXECUCAO_ORCAMENTO_S=2");
  sales_latency(ONLINE_SOFTWARE, 2100);
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "status", "OK");
  assert_collected(first, "O2", "status", "ADIADA");
  assert_collected(first, "O3", "status", "ADIADA");
  assert_collected_total(first, "organizacoesAdiadas", "2");
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 1);
  assert_null(last_sync_of("O2"));
  sales_latency(ONLINE_SOFTWARE, 0);
  collect_restart("COLETA_PARALELAS=1");
  g_autoptr(Answer) second = collect_ok();
  assert_string_equal(collected_organizations(second), "O2,O3,O1");
  assert_collected_total(second, "organizacoesOk", "3");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CRM_CASE(test_an_organization_that_somebody_has_is_left_alone),
      CRM_CASE(test_the_lease_of_a_dead_run_is_taken_over),
      CRM_CASE(test_a_second_run_finds_the_organization_taken_while_the_erp_is_slow),
      CRM_CASE(test_two_runs_share_the_organizations),
      CRM_CASE(test_a_run_that_lost_its_lease_stores_nothing),
      CRM_CASE(test_what_the_time_budget_leaves_out_comes_first_next_time),
  };
  return RUN("collect_sharing", tests);
}

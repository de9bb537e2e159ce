/* What others do to the tables meanwhile must not stop the import, nor other organizations'. */
#include "harness.h"

#include "harness_import.h"

static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  return failed;
}
#define HAZARD_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

/* 6.7: his cashback went with him, its movements stayed */
static void
test_a_cancelled_sale_of_a_deleted_client_is_updated(G_GNUC_UNUSED void **state)
{
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) first = collect_ok();
  assert_text(balance_of("O1", "MARIA SOUZA"), "5.00");
  sql("delete from crm.clients");
  sale_change("1", "{\"natureza\":\"SN99\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "status", "OK");
  assert_collected(second, "O1", "vendasCanceladas", "1");
  assert_collected(second, "O1", "cashbackEstornado", "0.00");
}

/* 4.7: the code that somebody gave by hand stays where it is */
static void
test_a_partner_whose_code_another_one_has_is_made_without(G_GNUC_UNUSED void **state)
{
  sql("insert into crm.partners (organizacao_id, identificador, codigo_afiliacao, nome)"
      " values ('O1', 'JOAO', '12345678901', 'João')");
  sale_put(.id = "1", .client = "Maria Souza", .partner = "12345678901");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "vendasComErro", "0");
  assert_sql("t", "select codigo_afiliacao is null from crm.partners"
                  " where identificador = '12345678901'");
}

/* 1.8: one organization waits for the row, and no record is to blame */
static void
test_a_row_that_somebody_holds_stops_one_organization_alone(G_GNUC_UNUSED void **state)
{
  organization_put("O2", ONLINE);
  client_put("K1", "O1", "Maria Souza");
  sale_put(.id = "1", .client = "Maria Souza");
  sale_put(.id = "2", .client = "Ana Lima");
  sale_put(.token = token_of("O2"), .id = "3", .client = "Rita Alves");
  g_autoptr(PGconn) other = admin_connect();
  PQclear(PQexec(other, "begin; select 1 from crm.clients where id = 'K1' for update"));
  g_autoptr(Answer) held = collect_ok();
  assert_collected(held, "O1", "status", "FALHA");
  assert_collected(held, "O1", "vendasComErro", "0");
  assert_collected(held, "O2", "status", "OK");
  PQclear(PQexec(other, "rollback"));
  g_autoptr(Answer) free = collect_ok();
  assert_collected(free, "O1", "status", "OK");
  assert_collected(free, "O1", "vendasCriadas", "2");
}

/* 1.11: a run of other days is not done by the one that ended a moment ago */
static void
test_other_days_are_collected_however_fresh_today_is(G_GNUC_UNUSED void **state)
{
  sql("update crm.organizations set integracao_data_ultima_sincronizacao = now() + '1 minute'");
  g_autoptr(Answer) today = collect_ok();
  assert_collected(today, "O1", "status", "OCUPADA");
  g_autoptr(Answer) before_today = collect_ok_with("?modo=retroativo");
  assert_collected(before_today, "O1", "status", "OK");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      HAZARD_CASE(test_a_cancelled_sale_of_a_deleted_client_is_updated),
      HAZARD_CASE(test_a_partner_whose_code_another_one_has_is_made_without),
      HAZARD_CASE(test_a_row_that_somebody_holds_stops_one_organization_alone),
      HAZARD_CASE(test_other_days_are_collected_however_fresh_today_is),
  };
  return RUN("import: hazards", tests);
}

/* A run that is stopped, killed or cut off from its database half way: what it stored stays, the
 * next one does the rest, and the rows are those of an undisturbed run (DESIGN, "Every effect can
 * be repeated"). */
#include "harness_crm.h"

#include <signal.h>

#define SALES 40

static PGconn *blocker;

/* Imports wait before they store until imports_release. */
static void
imports_hold(void)
{
  blocker = admin_connect();
  PQclear(PQexec(blocker, "begin"));
  PQclear(PQexec(blocker, "lock table crm.sale_items in share mode"));
}

static gboolean
import_waits(void)
{
  return sql_number("select count(*) from pg_stat_activity"
                    " where wait_event_type = 'Lock' and application_name = 'ponte'") > 0;
}

static void
imports_release(void)
{
  g_clear_pointer(&blocker, PQfinish);
}

static int
before(void **state)
{
  int failed = crm_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .cashback_kind = "FIXO",
               .cashback_value = "1.00");
  sales_seed(NULL, SALES, 7);
  return failed;
}

static int
after(void **state)
{
  imports_release();
  return crm_after(state);
}

/* What an undisturbed run leaves; the tables are empty again afterwards. */
static char *
undisturbed(void)
{
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  char *rows = g_strdup(crm_snapshot("O1"));
  sql("truncate crm.sales, crm.clients, crm.products, crm.sellers, crm.partners,"
      " crm.cashback_program_balances, crm.interactions, crm.utils cascade");
  sql("update crm.organizations set integracao_data_ultima_sincronizacao = null");
  return rows;
}

static void
assert_next_run_completes(const char *rows)
{
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_string_equal(crm_snapshot("O1"), rows);
  assert_ledger_holds("O1");
}

/* While nothing has been fetched there is nothing to finish. */
static void
test_a_stop_while_the_erp_is_asked_postpones_the_organization(G_GNUC_UNUSED void **state)
{
  sales_hold(ONLINE_SOFTWARE, NULL);
  Pending *run = collect_start();
  WAIT_FOR(sales_held() == 1);
  kill(program_parent(COLLECT_PROGRAM), SIGTERM);
  g_autoptr(Answer) answer = call_finish(run);
  sales_release();
  assert_status(answer, 201);
  assert_collected(answer, "O1", "status", "ADIADA");
  assert_null(last_sync_of("O1"));
  assert_count(0, "crm.sales");
  assert_count(0, "crm.organizations where lease_token is not null");
}

static void
test_a_stop_lets_the_batch_finish_and_leaves_the_rest(G_GNUC_UNUSED void **state)
{
  g_autofree char *rows = undisturbed();
  collect_restart("COLETA_LOTE=5");
  imports_hold();
  Pending *run = collect_start();
  WAIT_FOR(import_waits());
  kill(program_parent(COLLECT_PROGRAM), SIGTERM);
  imports_release();
  g_autoptr(Answer) answer = call_finish(run);
  assert_status(answer, 201);
  assert_collected(answer, "O1", "status", "ADIADA");
  assert_collected(answer, "O1", "vendasCriadas", "5");
  assert_count(5, "crm.sales");
  assert_null(last_sync_of("O1"));
  assert_count(0, "crm.organizations where lease_token is not null");
  collect_restart("COLETA_LOTE=5");
  assert_next_run_completes(rows);
}

static void
test_a_killed_run_is_taken_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  g_autofree char *rows = undisturbed();
  collect_restart("COLETA_LOTE=5", "COLETA_LEASE_S=30");
  imports_hold();
  Pending *run = collect_start();
  WAIT_FOR(import_waits());
  program_kill(COLLECT_PROGRAM);
  imports_release();
  answer_free(call_finish(run));
  collect_restart("COLETA_LOTE=5");
  g_autoptr(Answer) early = collect_ok();
  assert_collected(early, "O1", "status", "OCUPADA");
  WAIT_FOR(!import_waits());
  sql("update crm.organizations set lease_ate = now() - interval '1 ms'");
  assert_next_run_completes(rows);
}

/* 1.8: the current organization fails; the run goes on when the database is there again, or ends */
static void
test_a_restarted_database_costs_an_organization_its_turn_at_most(G_GNUC_UNUSED void **state)
{
  g_autofree char *rows = undisturbed();
  collect_restart("COLETA_LOTE=5");
  imports_hold();
  Pending *run = collect_start();
  WAIT_FOR(import_waits());
  postgres_restart();
  imports_release();
  g_autoptr(Answer) answer = call_finish(run);
  if (answer->status == 201) {
    assert_collected(answer, "O1", "status", "FALHA");
    assert_collected(answer, "O1", "erro", "BANCO_INDISPONIVEL");
  } else
    assert_error_code(answer, 503, NULL, "database_unavailable");
  sql("update crm.organizations set lease_ate = now() - interval '1 ms'"
      " where lease_ate is not null");
  assert_next_run_completes(rows);
}

int
main(void)
{
#define CUT(test) cmocka_unit_test_setup_teardown(test, before, after)
  const struct CMUnitTest tests[] = {
      CUT(test_a_stop_while_the_erp_is_asked_postpones_the_organization),
      CUT(test_a_stop_lets_the_batch_finish_and_leaves_the_rest),
      CUT(test_a_killed_run_is_taken_over_after_its_lease),
      CUT(test_a_restarted_database_costs_an_organization_its_turn_at_most),
  };
  return RUN("collect_interruptions", tests);
}

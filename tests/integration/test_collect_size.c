/* What a run costs: statements, time with many organizations, memory with many sales
 * (data-collecting.md 13). */
#include "harness_crm.h"

#include <stdlib.h>

static gint64
statements_of(const Answer *answer, const char *organization)
{
  return g_ascii_strtoll(collected(answer, organization, "instrucoesSql"), NULL, 10);
}

/* 13: at most 12 fixed ones per organization, and none per unchanged sale beyond one look */
static void
test_unchanged_sales_cost_one_look_however_many_they_are(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sales_seed(NULL, 3, 0);
  answer_free(collect_ok());
  g_autoptr(Answer) few = collect_ok();
  assert_collected(few, "O1", "vendasInalteradas", "3");
  assert_true(statements_of(few, "O1") <= 12);
  sales_seed(NULL, 300, 0);
  answer_free(collect_ok());
  g_autoptr(Answer) many = collect_ok();
  assert_collected(many, "O1", "vendasInalteradas", "300");
  assert_int_equal(statements_of(many, "O1"), statements_of(few, "O1"));
}

/* 13: at most 10 per new sale; a batch of them shares its statements */
static void
test_new_sales_of_a_batch_share_their_statements(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  sale_put(.id = "1001");
  g_autoptr(Answer) one = collect_ok();
  assert_collected(one, "O1", "vendasCriadas", "1");
  assert_true(statements_of(one, "O1") <= 12 + 10);
  sales_seed(NULL, 200, 0);
  g_autoptr(Answer) many = collect_ok();
  assert_collected(many, "O1", "vendasCriadas", "200");
  assert_true(statements_of(many, "O1") <= 12 + 10);
}

/* Organizations are asked at once: forty that answer after a second do not take forty seconds. */
static void
test_slow_erps_are_waited_for_together(G_GNUC_UNUSED void **state)
{
  enum { ORGANIZATIONS = 40 };
  for (guint i = 0; i < ORGANIZATIONS; i++) {
    g_autofree char *id = g_strdup_printf("O%02u", i);
    organization_put(id, ONLINE);
    sale_put(.token = token_of(id), .id = "1001");
  }
  sales_latency(ONLINE_SOFTWARE, 1000);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected_total(answer, "organizacoesOk", "40");
  assert_collected_total(answer, "vendasCriadas", "40");
  assert_true(sales_calls_at_once(ONLINE_SOFTWARE) > 20);
}

/* More than memory may hold at once: it is read, kept and imported piece by piece. */
static void
test_memory_stays_flat_with_many_sales(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sales_seed(NULL, 4000, 300);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "registrosRecebidos", "4000");
  assert_collected(answer, "O1", "vendasCriadas", "4000");
#ifndef __SANITIZE_ADDRESS__ /* which keeps freed memory for a while */
  assert_true(program_peak_kib(COLLECT_PROGRAM) < 48 * 1024);
#endif
  assert_string_equal(
      import_cell("O1", "log", "jsonb_array_length(dados -> 'sales' -> 'resultado')"), "4000");
  assert_count(0, "crm.raw_part");
  assert_ledger_holds("O1");
  g_autoptr(Answer) again = collect_ok();
  assert_collected(again, "O1", "vendasInalteradas", "4000");
  assert_int_equal(import_rows("O1", "log"), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CRM_CASE(test_unchanged_sales_cost_one_look_however_many_they_are),
      CRM_CASE(test_new_sales_of_a_batch_share_their_statements),
      CRM_CASE(test_slow_erps_are_waited_for_together),
      CRM_CASE(test_memory_stays_flat_with_many_sales),
  };
  return RUN("collect_size", tests);
}

/* From nothing to a divergence by the routes alone: what a person with curl does. */
#include "harness_register.h"

#include <string.h>

static void
test_a_person_with_curl_gets_a_reconciliation(G_GNUC_UNUSED void **state)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/Sao_Paulo");
  g_autoptr(GDateTime) local = g_date_time_to_timezone(now, zone);
  g_autofree char *today = g_date_time_format(local, "%d/%m/%Y");
  g_autofree char *title =
      g_strdup_printf("{\"codigo_lancamento_omie\":1,\"codigo_cliente_fornecedor\":2485994,"
                      "\"valor_documento\":949.99,\"data_registro\":\"%s\"}",
                      today);
  title_put(title);
  g_autoptr(Answer) client =
      finance_post(CLIENTS, "{\"name\":\"ACME LTDA\",\"omie_codigo\":2485994}");
  const char *id = answer_text(client, "id");
  g_autofree char *contract = g_strdup_printf("{\"client_id\":\"%s\",\"mrr\":\"600.00\"}", id);
  g_autofree char *second = g_strdup_printf("{\"client_id\":\"%s\",\"mrr\":400}", id);
  assert_created(CONTRACTS, contract, "\"mrr\":600.00");
  assert_created(CONTRACTS, second, "\"mrr\":400.00");
  g_autoptr(Answer) answer = finance_get("/api/fin/reconciliation", "");
  assert_member(answer, "source", "live");
  g_autofree char *row =
      g_strdup_printf("\"alerts\":[{\"client_id\":\"%s\",\"client_name\":\"ACME LTDA\","
                      "\"mrr\":1000.00,\"faturamento_omie\":949.99,\"divergencia\":50.01}]}",
                      id);
  if (strstr(answer->body, row) == NULL)
    fail_msg("%s is not in %s", row, answer->body);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_person_with_curl_gets_a_reconciliation),
  };
  return RUN("clients and contracts: reconciliation", tests);
}

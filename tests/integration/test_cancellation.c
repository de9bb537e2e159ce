/* What a cancelled sale takes back: cashback, totals and what was still to be said
 * (data-collecting.md 6.7). */
#include "harness.h"

#include "harness_import.h"

#define CANCELLED "{\"natureza\":\"SN99\"}"

/* One cell of the movement that cancels a sale's cashback. */
#define CANCELLATION(expression)                                                                   \
  "select " expression " from crm.cashback_program_transactions t"                                 \
  "  join crm.cashback_program_transactions o on o.id = t.transacao_origem_id"                     \
  "  join crm.sales s on s.id = t.venda_id"                                                        \
  " where s.id_externo = $1 and t.tipo = 'CANCELAMENTO'"

static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1", .partner_value = "2");
  return failed;
}
#define CANCELLATION_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

static void
collect_quietly(void)
{
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
}

/* DC 56 */
static void
test_a_cancelled_sale_is_as_if_it_had_not_been(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .delay = "2");
  client_put("K1", "O1", "Maria Souza", .available = "7.00", .purchases = "3",
             .purchased = "250.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  collect_quietly();
  assert_text(balance_of("O1", "MARIA SOUZA"), "12.00");
  assert_non_null(interactions_of_sale("O1", "1"));
  sale_change("1", CANCELLED);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "vendasAtualizadas", "1");
  assert_collected(answer, "O1", "vendasCanceladas", "1");
  assert_collected(answer, "O1", "cashbackEstornado", "5.00");
  assert_collected(answer, "O1", "interacoesCanceladas", "1");
  assert_text(balances_of("O1", "MARIA SOUZA"), "7.00 12.00 0.00"); /* what was ever gained stays */
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO EXPIRADO 5.00 (0.00) 7.00>12.00; "
                                                 "CANCELAMENTO ATIVO -5.00 (0.00) 12.00>7.00");
  assert_sql(
      "VENDA_CANCELADA 5.00 0.00",
      CANCELLATION("concat_ws(' ', t.metadados ->> 'motivo',"
                   "  t.metadados ->> 'valorEstornado', t.metadados ->> 'valorNaoRecuperado')"),
      "1");
  assert_sql("t",
             CANCELLATION("o.tipo = 'ACÚMULO' and o.id = t.metadados ->> 'transacaoOrigemId'"
                          " and t.venda_valor = 100 and t.expiracao_data is null"),
             "1");
  assert_null(interactions_of_sale("O1", "1"));
  assert_cells(client_column, "O1", "MARIA SOUZA", {"metadata_total_compras", "3"},
               {"metadata_valor_total_compras", "250.00"});
  assert_ledger_holds("O1");
}

/* What became of 10.00 of cashback before its sale is cancelled. */
typedef struct {
  const char *id; /* sale and buyer */
  const char *redeemed;
  const char *otherwise; /* SQL over the buyer $1 */
  const char *changed;
  const char *available, *returned; /* afterwards; given back, NULL: no cancellation is written */
} Consumption;

static const Consumption consumptions[] = {
    {"nothing used", NULL, NULL, CANCELLED, "0.00", "10.00"},
    {"partly used", "6.00", NULL, CANCELLED, "0.00", "4.00"},
    {"all used", "10.00", NULL, CANCELLED, "0.00", "0.00"},
    {"balance lowered otherwise", NULL,
     "update crm.cashback_program_balances set saldo_valor_disponivel = 3 where cliente_id = $1",
     CANCELLED, "0.00", "3.00"},
    {"balance gone", NULL, "delete from crm.cashback_program_balances where cliente_id = $1",
     CANCELLED, NULL, "0.00"},
    {"expired", NULL,
     "with gone as (update crm.cashback_program_balances set saldo_valor_disponivel = 0"
     "               where cliente_id = $1 returning cliente_id)"
     " update crm.cashback_program_transactions t set status = 'EXPIRADO', valor_restante = 0"
     "   from gone where t.cliente_id = gone.cliente_id",
     CANCELLED, "0.00", NULL},
    {"value withdrawn", NULL, NULL, "{\"valor\":\"0.00\"}", "0.00", "10.00"},
    {"now of nobody", NULL, NULL, "{\"natureza\":\"SN99\",\"cliente\":\"AO CONSUMIDOR\"}", "0.00",
     "10.00"},
    {"now of another", NULL, NULL, "{\"natureza\":\"SN99\",\"cliente\":\"Outra Pessoa\"}", "0.00",
     "10.00"},
};

static void
consume(const Consumption *line)
{
  if (line->redeemed != NULL)
    redeem("O1", line->id, line->redeemed);
  if (line->otherwise != NULL)
    sql(line->otherwise, client_id("O1", line->id));
  sale_change(line->id, line->changed);
}

static void
assert_taken_back(const Consumption *line)
{
  g_autofree char *found =
      sql_text(CANCELLATION("concat_ws(' ', t.valor, t.valor_restante, t.metadados ->>"
                            " 'valorEstornado', t.saldo_valor_anterior - t.saldo_valor_posterior,"
                            " o.status, o.valor_restante)"),
               line->id);
  g_autofree char *expected =
      line->returned == NULL
          ? NULL
          : g_strdup_printf("-10.00 0.00 %s %s EXPIRADO 0.00", line->returned, line->returned);
  assert_text_at(found, expected, line->id, __FILE__, __LINE__);
  assert_text_at(balance_of("O1", line->id), line->available, line->id, __FILE__, __LINE__);
  assert_text_at(client_column("O1", line->id, "metadata_total_compras"), "0", line->id, __FILE__,
                 __LINE__);
}

/* DC 56 to 60, 62 */
static void
test_only_what_is_left_is_taken_and_never_more_than_there_is(G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS(consumptions); i++)
    sale_put(.id = consumptions[i].id, .client = consumptions[i].id, .total = "200.00");
  collect_quietly();
  for (guint i = 0; i < G_N_ELEMENTS(consumptions); i++)
    consume(&consumptions[i]);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "vendasCanceladas", "9");
  assert_collected(answer, "O1", "cashbackEstornado", "47.00");
  for (guint i = 0; i < G_N_ELEMENTS(consumptions); i++)
    assert_taken_back(&consumptions[i]);
  assert_text(sale_column("O1", "now of nobody", "cliente_id"), client_id("O1", "NOW OF NOBODY"));
  assert_null(movements_of("O1", "OUTRA PESSOA"));
  assert_text(client_column("O1", "OUTRA PESSOA", "metadata_total_compras"), "0");
}

/* DC 61 */
static void
test_a_sale_is_taken_back_once(G_GNUC_UNUSED void **state)
{
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  collect_quietly();
  sale_change("1", CANCELLED);
  collect_quietly();
  const char *rows = crm_snapshot("O1");
  g_autoptr(Answer) same = collect_ok();
  assert_collected(same, "O1", "vendasInalteradas", "1");
  assert_string_equal(crm_snapshot("O1"), rows);
  sale_change("1", "{\"documento\":\"outro\"}");
  g_autoptr(Answer) changed = collect_ok();
  assert_collected(changed, "O1", "vendasAtualizadas", "1");
  assert_collected(changed, "O1", "vendasCanceladas", "0");
  assert_collected(changed, "O1", "cashbackEstornado", "0.00");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO EXPIRADO 5.00 (0.00) 0.00>5.00; "
                                                 "CANCELAMENTO ATIVO -5.00 (0.00) 5.00>0.00");
}

/* ---- what was to be said ----------------------------------------------------------------------
 */

/* DC 63: below the minimum there is no cashback */
static void
test_a_sale_without_cashback_takes_its_own_message_back(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .delay = "2");
  client_put("K1", "O1", "Maria Souza");
  sale_put(.id = "1", .client = "Maria Souza", .total = "10.00");
  sale_put(.id = "2", .client = "Maria Souza", .total = "10.00");
  collect_quietly();
  assert_int_equal(crm_count("interactions", "O1"), 2);
  sale_change("1", CANCELLED);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesCanceladas", "1");
  assert_null(interactions_of_sale("O1", "1"));
  assert_non_null(interactions_of_sale("O1", "2"));
}

/* DC 63, DESIGN "Settled points": one being sent is left to its sender; one that failed goes */
static void
test_a_message_in_a_senders_hand_is_not_taken_back(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .delay = "2");
  client_put("K1", "O1", "Maria Souza");
  for (guint i = 1; i <= 3; i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    sale_put(.id = id, .client = "Maria Souza");
  }
  collect_quietly();
  static const char in_hand[] =
      "update crm.interactions set status_envio = 'PENDENTE', tentativas = 1,"
      " lease_token = gen_random_uuid(), lease_ate = now() + $2::interval where venda_id = $1";
  sql(in_hand, sale_id("O1", "1"), "1 minute");
  sql(in_hand, sale_id("O1", "2"), "-1 minute");
  sql("update crm.interactions set status_envio = 'FALHOU', tentativas = 1,"
      " proxima_tentativa_em = null where venda_id = $1",
      sale_id("O1", "3"));
  for (guint i = 1; i <= 3; i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    sale_change(id, CANCELLED);
  }
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesCanceladas", "2");
  assert_non_null(interactions_of_sale("O1", "1"));
  assert_null(interactions_of_sale("O1", "2"));
  assert_null(interactions_of_sale("O1", "3"));
}

/* DC 64 */
static void
test_what_was_said_stays_and_all_it_gave_goes(G_GNUC_UNUSED void **state)
{
  phone_put("F1", "O1");
  template_put("T1", "O1", "clientName");
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1", .cashback_kind = "FIXO", .cashback_value = "3.00");
  client_put("K1", "O1", "Maria Souza", .phone = "(11) 98765-4321");
  client_put("K2", "O1", "Paula Dias", .document = "529.982.247-25", .available = "1.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00", .partner = "52998224725");
  collect_quietly();
  assert_text(balance_of("O1", "MARIA SOUZA"), "8.00");
  assert_text(balance_of("O1", "PAULA DIAS"), "3.00");
  sale_change("1", CANCELLED);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "cashbackEstornado", "10.00");
  assert_collected(answer, "O1", "interacoesCanceladas", "0");
  assert_text(interaction_column("O1", "1", "C1", "status_envio"), "ENVIADO");
  assert_text(movements_of("O1", "MARIA SOUZA"),
              "ACÚMULO EXPIRADO 5.00 (0.00) 0.00>5.00; ACÚMULO EXPIRADO 3.00 (0.00) 5.00>8.00 C1; "
              "CANCELAMENTO ATIVO -5.00 (0.00) 8.00>3.00; "
              "CANCELAMENTO ATIVO -3.00 (0.00) 3.00>0.00 C1");
  assert_text(movements_of("O1", "PAULA DIAS"), "ACÚMULO EXPIRADO 2.00 (0.00) 1.00>3.00; "
                                                "CANCELAMENTO ATIVO -2.00 (0.00) 3.00>1.00");
  assert_ledger_holds("O1");
}

/* DC 65 */
static void
test_a_message_that_was_taken_back_does_not_return(G_GNUC_UNUSED void **state)
{
  phone_put("F1", "O1");
  template_put("T1", "O1", "clientName");
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .delay = "2",
               .phone = "F1", .template = "T1");
  client_put("K1", "O1", "Maria Souza", .phone = "(11) 98765-4321");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  collect_quietly();
  sale_change("1", CANCELLED);
  collect_quietly();
  sql("update crm.campaigns set execucao_agendada_valor = 0"); /* it would leave at once now */
  sale_change("1", "{\"natureza\":\"SN01\"}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "vendasAtualizadas", "1");
  assert_text(balance_of("O1", "MARIA SOUZA"), "0.00");
  assert_int_equal(crm_count("interactions", "O1"), 0);
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

/* DC 63, 72: both in one answer of the ERP */
static void
test_a_cancelled_sale_gives_its_place_in_a_campaign_to_the_next(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .delay = "2",
               .once = TRUE);
  client_put("K1", "O1", "Maria Souza");
  sale_put(.id = "1", .client = "Maria Souza");
  collect_quietly();
  sale_change("1", CANCELLED);
  sale_put(.id = "2", .client = "Maria Souza");
  sale_put(.id = "3", .client = "Maria Souza");
  collect_quietly();
  assert_null(interactions_of_sale("O1", "1"));
  assert_non_null(interactions_of_sale("O1", "2"));
  assert_null(interactions_of_sale("O1", "3"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CANCELLATION_CASE(test_a_cancelled_sale_is_as_if_it_had_not_been),
      CANCELLATION_CASE(test_only_what_is_left_is_taken_and_never_more_than_there_is),
      CANCELLATION_CASE(test_a_sale_is_taken_back_once),
      CANCELLATION_CASE(test_a_sale_without_cashback_takes_its_own_message_back),
      CANCELLATION_CASE(test_a_message_in_a_senders_hand_is_not_taken_back),
      CANCELLATION_CASE(test_what_was_said_stays_and_all_it_gave_goes),
      CANCELLATION_CASE(test_a_message_that_was_taken_back_does_not_return),
      CANCELLATION_CASE(test_a_cancelled_sale_gives_its_place_in_a_campaign_to_the_next),
  };
  return RUN("cancellation", tests);
}

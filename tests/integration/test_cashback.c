/* What a sale gives its buyer and its partner (data-collecting.md 6.1 to 6.5), as it stands in
 * balances and movements after a run. */
#include "harness.h"

#include "harness_import.h"

/* One cell of the movement a sale gave a client. */
#define MOVEMENT(expression)                                                                       \
  "select " expression " from crm.cashback_program_transactions t"                                 \
  "  join crm.sales s on s.id = t.venda_id join crm.clients c on c.id = t.cliente_id"              \
  " where s.id_externo = $1 and c.nome_chave = $2"

/* Both are instants; the days between them are counted in São Paulo. */
#define PLUS_60_DAYS(instant)                                                                      \
  "((" instant " at time zone 'America/Sao_Paulo') + interval '60 days')"                          \
  " at time zone 'America/Sao_Paulo'"

/* DC 47 */
static void
test_a_sale_gives_its_buyer_five_percent_for_sixty_days(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sale_put(.id = "1", .client = "Maria Souza", .total = "99.90");
  sale_put(.id = "2", .day = day_iso(-1), .client = "Ana Lima", .total = "99.90");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, 0));
  assert_collected(answer, "O1", "cashbackAcumulado", "10.00");
  assert_text(balances_of("O1", "MARIA SOUZA"), "5.00 5.00 0.00");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00");
  assert_sql("99.90", MOVEMENT("venda_valor"), "1", "MARIA SOUZA");
  assert_sql("t", MOVEMENT("t.data_insercao = s.data_venda and t.metadados is null"), "1",
             "MARIA SOUZA");
  /* the sixty days are of now, also for yesterday's sale */
  assert_sql("t", MOVEMENT("t.expiracao_data = " PLUS_60_DAYS("s.data_venda")), "1", "MARIA SOUZA");
  assert_sql("t", MOVEMENT("t.data_insercao = s.data_venda"), "2", "ANA LIMA");
  assert_sql("1", "select count(distinct expiracao_data) from crm.cashback_program_transactions");
}

/* DC 48 */
static void
test_below_the_minimum_a_sale_gives_nothing(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sale_put(.id = "1", .client = "Ana Lima", .total = "19.99");
  sale_put(.id = "2", .client = "Bia Costa", .total = "20.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_text(balances_of("O1", "ANA LIMA"), "0.00 0.00 0.00");
  assert_null(movements_of("O1", "ANA LIMA"));
  assert_text(balances_of("O1", "BIA COSTA"), "1.00 1.00 0.00");
  assert_collected(answer, "O1", "cashbackAcumulado", "1.00");
}

/* DC 49 */
static void
test_a_fixed_amount_does_not_ask_for_the_value(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1", .kind = "FIXO", .value = "3.00");
  sale_put(.id = "1", .client = "Ana Lima", .total = "19.99");
  sale_put(.id = "2", .client = "Bia Costa", .total = "20.00");
  sale_put(.id = "3", .client = "Caio Reis", .total = "5000.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_text(balance_of("O1", "ANA LIMA"), "0.00");
  assert_text(balance_of("O1", "BIA COSTA"), "3.00");
  assert_text(balance_of("O1", "CAIO REIS"), "3.00");
  assert_collected(answer, "O1", "cashbackAcumulado", "6.00");
}

/* DC 50, 51: O1 accumulates at its own tills only; O2's program has ended */
static void
test_a_program_that_is_not_for_imports_or_has_ended_gives_nothing(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", ONLINE);
  cashback_put("P1", "O1", .no_integration = TRUE);
  cashback_put("P2", "O2", .inactive = TRUE);
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "2.00");
  campaign_put("C2", "O2", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "2.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  sale_put(.token = token_of("O2"), .id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "cashbackAcumulado", "0.00");
  assert_collected(answer, "O1", "cashbackCampanhas", "2.00");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 2.00 (2.00) 0.00>2.00 C1");
  assert_collected(answer, "O2", "cashbackAcumulado", "0.00");
  assert_collected(answer, "O2", "cashbackCampanhas", "0.00");
  assert_collected(answer, "O2", "interacoesAgendadas", "1"); /* 6.1 */
  assert_int_equal(crm_count("cashback_program_transactions", "O2"), 0);
  assert_int_equal(crm_count("cashback_program_balances", "O2"), 0);
}

/* DC 52 */
static void
test_a_known_buyer_without_a_balance_gets_one(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  client_put("K1", "O1", "Maria Souza");
  client_put("K2", "O1", "Ana Lima", .available = "7.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  sale_put(.id = "2", .client = "Ana Lima", .total = "100.00");
  sale_put(.id = "3", .client = "Ana Lima", .total = "40.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "0");
  assert_text(balances_of("O1", "MARIA SOUZA"), "5.00 5.00 0.00");
  assert_text(balances_of("O1", "ANA LIMA"), "14.00 14.00 0.00");
  assert_text(movements_of("O1", "ANA LIMA"), "ACÚMULO ATIVO 5.00 (5.00) 7.00>12.00; "
                                              "ACÚMULO ATIVO 2.00 (2.00) 12.00>14.00");
  assert_ledger_holds("O1");
}

/* ---- the partner ------------------------------------------------------------------------------
 */

/* DC 53 */
static void
test_the_partner_has_a_share_of_what_he_brought(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1", .partner_value = "2");
  client_put("K1", "O1", "Paula Dias", .document = "529.982.247-25");
  campaign_put("C1", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00", .partner = "52998224725");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "cashbackAcumulado", "7.00");
  assert_text(balance_of("O1", "MARIA SOUZA"), "5.00");
  assert_text(balances_of("O1", "PAULA DIAS"), "2.00 2.00 0.00");
  assert_sql("PARCEIRO", MOVEMENT("metadados ->> 'ator'"), "1", "PAULA DIAS");
  assert_sql(client_id("O1", "MARIA SOUZA"), MOVEMENT("metadados ->> 'clienteCompradorId'"), "1",
             "PAULA DIAS");
  assert_sql(partner_column("O1", "52998224725", "id"), MOVEMENT("metadados ->> 'parceiroId'"), "1",
             "PAULA DIAS");
  assert_cells(client_column, "O1", "PAULA DIAS", {"metadata_total_compras", "0"},
               {"ultima_compra_data", NULL});
  assert_null(interactions_of_client("O1", "PAULA DIAS"));
  assert_non_null(interactions_of_client("O1", "MARIA SOUZA"));
}

/* DC 53 */
static void
test_a_partner_has_no_share_of_these(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1", .partner_value = "2");
  client_put("K1", "O1", "Paula Dias", .document = "529.982.247-25");
  sql("insert into crm.partners (organizacao_id, identificador, codigo_afiliacao, nome)"
      " values ('O1', 'SEM-CLIENTE', 'SEM-CLIENTE', 'Sem Cliente')");
  /* her own purchase, one below the minimum, one of nobody, one of a partner who is no client */
  sale_put(.id = "1", .client = "Paula Dias", .total = "100.00", .partner = "52998224725");
  sale_put(.id = "2", .client = "Maria Souza", .total = "19.99", .partner = "52998224725");
  sale_put(.id = "3", .client = "AO CONSUMIDOR", .total = "100.00", .partner = "52998224725");
  sale_put(.id = "4", .client = "Maria Souza", .total = "100.00", .partner = "SEM-CLIENTE");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "cashbackAcumulado", "10.00");
  assert_text(movements_of("O1", "PAULA DIAS"), "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00");
  assert_null(partner_column("O1", "SEM-CLIENTE", "cliente_id")); /* 4.7: even null is kept */
  assert_int_equal(crm_count("cashback_program_transactions", "O1"), 2);
}

/* ---- somebody else, meanwhile -----------------------------------------------------------------
 */

/* DC 54: one redeems while the ERP is asked */
static void
test_what_is_redeemed_during_a_run_stays_redeemed(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  client_put("K1", "O1", "Maria Souza", .available = "10.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  sales_hold(ONLINE_SOFTWARE, NULL);
  Pending *run = collect_start();
  WAIT_FOR(sales_held() == 1);
  redeem("O1", "Maria Souza", "4.00");
  sales_release();
  g_autoptr(Answer) answer = call_finish(run);
  assert_collected(answer, "O1", "status", "OK");
  assert_text(balances_of("O1", "MARIA SOUZA"), "11.00 15.00 4.00");
  assert_ledger_holds("O1");
}

static gint64
statements_that_wait(void)
{
  return sql_number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
}

/* DC 54: one redeems while the sale is being stored */
static void
test_a_redemption_and_a_credit_at_once_both_count(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  client_put("K1", "O1", "Maria Souza", .available = "10.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(PGconn) blocker = admin_connect();
  g_autoptr(PGconn) till = admin_connect();
  PQclear(PQexec(blocker, "begin"));
  PQclear(PQexec(blocker, "lock table crm.sale_items in share mode"));
  Pending *run = collect_start();
  WAIT_FOR(statements_that_wait() == 1);
  PQsendQuery(till, "update crm.cashback_program_balances"
                    "   set saldo_valor_disponivel = saldo_valor_disponivel - 4.00");
  WAIT_FOR(statements_that_wait() == 2);
  g_clear_pointer(&blocker, PQfinish);
  PGresult *redeemed = PQgetResult(till);
  assert_string_equal(PQcmdTuples(redeemed), "1");
  PQclear(redeemed);
  g_autoptr(Answer) answer = call_finish(run);
  assert_collected(answer, "O1", "status", "OK");
  assert_text(balance_of("O1", "MARIA SOUZA"), "11.00");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 5.00 (5.00) 10.00>15.00");
}

/* ---- rounding ---------------------------------------------------------------------------------
 */

/* DC 55 */
static void
test_cashback_is_rounded_half_up_to_centavos(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *total, *percent, *credited;
  } lines[] = {
      {"99.90", "5", "5.00"},    {"33.33", "3.33", "1.11"}, {"10.10", "2.5", "0.25"},
      {"199.99", "2.5", "5.00"}, {"0.10", "4", "0.00"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *id = g_strdup_printf("O%u", i);
    organization_put(id, ONLINE);
    cashback_put(id, id, .value = lines[i].percent, .minimum = "0");
    sale_put(.token = token_of(id), .id = "1", .client = "Maria Souza", .total = lines[i].total);
  }
  g_autoptr(Answer) answer = collect_ok();
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *id = g_strdup_printf("O%u", i);
    assert_collected(answer, id, "cashbackAcumulado", lines[i].credited);
    assert_text(balance_of(id, "MARIA SOUZA"), lines[i].credited);
  }
  assert_null(movements_of("O4", "MARIA SOUZA"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_a_sale_gives_its_buyer_five_percent_for_sixty_days),
      IMPORT_CASE(test_below_the_minimum_a_sale_gives_nothing),
      IMPORT_CASE(test_a_fixed_amount_does_not_ask_for_the_value),
      IMPORT_CASE(test_a_program_that_is_not_for_imports_or_has_ended_gives_nothing),
      IMPORT_CASE(test_a_known_buyer_without_a_balance_gets_one),
      IMPORT_CASE(test_the_partner_has_a_share_of_what_he_brought),
      IMPORT_CASE(test_a_partner_has_no_share_of_these),
      IMPORT_CASE(test_what_is_redeemed_during_a_run_stays_redeemed),
      IMPORT_CASE(test_a_redemption_and_a_credit_at_once_both_count),
      IMPORT_CASE(test_cashback_is_rounded_half_up_to_centavos),
  };
  return RUN("cashback", tests);
}

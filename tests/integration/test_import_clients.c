/* Who bought: how a client of Online Software is found, made, and kept up to date
 * (data-collecting.md 4.2 to 4.4). */
#include "harness.h"

#include "harness_import.h"

/* O1 with 5 % cashback, and a campaign each for first and for later purchases. */
static void
shop_put(void)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C-PRIMEIRA", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  campaign_put("C-NOVA", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
}

/* Which of the two campaigns the sale set off: "primeira", "nova" or "nenhuma". */
static const char *
fired(const char *external_id)
{
  gboolean first = interaction_column("O1", external_id, "C-PRIMEIRA", "id") != NULL;
  gboolean later = interaction_column("O1", external_id, "C-NOVA", "id") != NULL;
  return first && later ? "as duas" : first ? "primeira" : later ? "nova" : "nenhuma";
}

/* DC 27 */
static void
test_an_unknown_buyer_becomes_a_client(G_GNUC_UNUSED void **state)
{
  shop_put();
  sale_put(.id = "1", .client = " Maria Souza ", .phone = "(11) 98765-4321", .total = "100.00",
           .with = "{\"clienteemail\":\"maria@exemplo.com.br\"}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "1");
  assert_collected(answer, "O1", "cashbackAcumulado", "5.00");
  const char *bought = sale_column("O1", "1", "data_venda");
  const char *sale = sale_id("O1", "1");
  assert_non_null(bought);
  assert_cells(client_column, "O1", "MARIA SOUZA", {"nome", "Maria Souza"},
               {"telefone", "(11) 98765-4321"}, {"telefone_base", "1187654321"},
               {"email", "maria@exemplo.com.br"}, {"id_externo", NULL},
               {"analise_rfm_titulo", "CLIENTES RECENTES"}, {"primeira_compra_data", bought},
               {"primeira_compra_id", sale}, {"ultima_compra_data", bought},
               {"ultima_compra_id", sale}, {"metadata_total_compras", "1"},
               {"metadata_valor_total_compras", "100.00"}, {"origem_integracao", ONLINE},
               {"canal_aquisicao", NULL}, {"cpf_cnpj", NULL}, {"data_nascimento", NULL});
  assert_text(sale_column("O1", "1", "cliente_id"), client_id("O1", "MARIA SOUZA"));
  assert_string_equal(balances_of("O1", "MARIA SOUZA"), "5.00 5.00 0.00");
  assert_string_equal(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00");
  assert_string_equal(fired("1"), "primeira");
}

/* DC 27, 4.4: the balance is there even when nothing is credited yet */
static void
test_a_client_who_earns_nothing_yet_has_a_balance_of_zero(G_GNUC_UNUSED void **state)
{
  shop_put();
  sale_put(.id = "1", .client = "Maria Souza", .total = "19.99");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "1");
  assert_text(balances_of("O1", "MARIA SOUZA"), "0.00 0.00 0.00");
  assert_int_equal(crm_count("cashback_program_transactions", "O1"), 0);
}

/* DC 28 */
static void
test_a_known_buyer_is_found_by_name_and_keeps_his_data(G_GNUC_UNUSED void **state)
{
  shop_put();
  client_put("cliente-1", "O1", "MARIA  SOUZA ", .phone = "(21) 3333-4444",
             .email = "antigo@exemplo.com.br");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321",
           .with = "{\"clienteemail\":\"novo@exemplo.com.br\"}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "0");
  assert_int_equal(crm_count("clients", "O1"), 1);
  assert_text(sale_column("O1", "1", "cliente_id"), "cliente-1");
  assert_cells(client_column, "O1", "MARIA SOUZA", {"nome", "MARIA  SOUZA "},
               {"telefone", "(21) 3333-4444"}, {"telefone_base", "2133334444"},
               {"email", "antigo@exemplo.com.br"}, {"metadata_total_compras", "1"});
  assert_string_equal(fired("1"), "nova");
}

/* DC 28, 4.2: accents tell people apart */
static void
test_jose_with_and_without_accent_are_two_clients(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1", .client = "José Lima");
  sale_put(.id = "2", .client = "Jose Lima");
  sale_put(.id = "3", .client = "josé   lima");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "2");
  assert_text(sale_column("O1", "3", "cliente_id"), sale_column("O1", "1", "cliente_id"));
  assert_string_not_equal(sale_column("O1", "2", "cliente_id"),
                          sale_column("O1", "1", "cliente_id"));
}

/* DC 29 */
static void
test_two_people_with_one_phone_stay_two_clients(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  client_put("cliente-1", "O1", "João Souza", .phone = "(11) 98765-4321");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "1");
  assert_text(sale_column("O1", "1", "cliente_id"), client_id("O1", "MARIA SOUZA"));
  assert_text(client_column("O1", "MARIA SOUZA", "telefone_base"), "1187654321");
  assert_text(client_column("O1", "JOÃO SOUZA", "metadata_total_compras"), "0");
}

/* DC 30 */
static void
test_a_sale_without_a_name_is_nobodys(G_GNUC_UNUSED void **state)
{
  static const char *const names[] = {
      "\"AO CONSUMIDOR\"", "\" ao consumidor \"", "\"\"", "\" \"", "\"Ao  Consumidor\"", "null"};
  shop_put();
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    g_autofree char *with = g_strdup_printf("{\"cliente\":%s}", names[i]);
    sale_put(.id = id, .phone = "(11) 98765-4321", .seller = "ANA", .with = with);
  }
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "vendasCriadas", "6");
  assert_collected(answer, "O1", "clientesCriados", "0");
  assert_collected(answer, "O1", "cashbackAcumulado", "0.00");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    assert_non_null(sale_id("O1", id));
    assert_cells(sale_column, "O1", id, {"cliente_id", NULL}, {"atribuicao_processada", "f"},
                 {"vendedor_id", seller_column("O1", "ANA", "id")});
    assert_cells(item_column, "O1", id, {"ordem", "1"}, {"cliente_id", ""}); /* null */
  }
  assert_int_equal(crm_count("clients", "O1"), 0);
  assert_int_equal(crm_count("cashback_program_transactions", "O1"), 0);
  assert_int_equal(crm_count("interactions", "O1"), 0);
}

/* DC 31 */
static void
test_the_first_valid_sale_is_the_first_purchase_even_of_a_known_client(G_GNUC_UNUSED void **state)
{
  shop_put();
  const char *days = window_days(-3, -2);
  sale_put(.id = "1", .client = "Maria Souza", .day = day_iso(-3), .nature = "SN02");
  g_autoptr(Answer) first = collect_ok_with(days);
  assert_collected(first, "O1", "clientesCriados", "1");
  assert_cells(client_column, "O1", "MARIA SOUZA", {"primeira_compra_data", NULL},
               {"primeira_compra_id", NULL},
               {"ultima_compra_data", sale_column("O1", "1", "data_venda")},
               {"ultima_compra_id", sale_id("O1", "1")}, {"metadata_total_compras", "0"},
               {"metadata_valor_total_compras", "0.00"});
  assert_string_equal(fired("1"), "nenhuma");
  sale_put(.id = "2", .client = "Maria Souza", .day = day_iso(-2), .total = "40.00");
  g_autoptr(Answer) second = collect_ok_with(days);
  assert_collected(second, "O1", "clientesCriados", "0");
  const char *bought = sale_column("O1", "2", "data_venda");
  assert_cells(client_column, "O1", "MARIA SOUZA", {"primeira_compra_data", bought},
               {"primeira_compra_id", sale_id("O1", "2")}, {"ultima_compra_data", bought},
               {"ultima_compra_id", sale_id("O1", "2")}, {"metadata_total_compras", "1"},
               {"metadata_valor_total_compras", "40.00"});
  assert_string_equal(fired("2"), "nova");
}

/* DC 32 */
static void
test_two_purchases_of_an_unknown_buyer_are_a_first_and_a_later_one(G_GNUC_UNUSED void **state)
{
  shop_put();
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  sale_put(.id = "2", .client = "MARIA SOUZA", .total = "50.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "1");
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_int_equal(crm_count("clients", "O1"), 1);
  assert_string_equal(fired("1"), "primeira");
  assert_string_equal(fired("2"), "nova");
  assert_cells(client_column, "O1", "MARIA SOUZA", {"metadata_total_compras", "2"},
               {"metadata_valor_total_compras", "150.00"},
               {"primeira_compra_id", sale_id("O1", "1")},
               {"ultima_compra_id", sale_id("O1", "2")});
  assert_string_equal(movements_of("O1", "MARIA SOUZA"),
                      "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00; ACÚMULO ATIVO 2.50 (2.50) 5.00>7.50");
}

/* DC 33 */
static void
test_phones_are_stored_to_be_read_and_to_be_compared(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *fone, *celular, *base, *shown;
  } phones[] = {
      {"(11) 98765-4321", "", "1187654321", "(11) 98765-4321"},
      {"11 3333-4444", "", "1133334444", "(11) 3333-4444"},
      {"+55 11 98765-4321", "", "1187654321", "(11) 98765-4321"},
      {"551133334444", "", "1133334444", "(11) 3333-4444"},
      {"551187654321", "", "1187654321", "(11) 8765-4321"},
      {"55 99999-8888", "", "5599998888", "(55) 99999-8888"},
      {"011987654321", "", "1187654321", "(11) 98765-4321"},
      {"11887654321", "", "1187654321", "(11) 88765-4321"},
      {"119876543210", "", "1176543210", "(11) 98765-4321"},
      {"987654321", "", "", "(98) 765-4321"},
      {"", "", "", ""},
      {"", "(21) 98888-7777", "2188887777", "(21) 98888-7777"}, /* 4.3: else the other number */
      {"2133334444", "(21) 98888-7777", "2133334444", "(21) 3333-4444"},
  };
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(phones); i++) {
    g_autofree char *name = g_strdup_printf("PESSOA %u", i);
    sale_put(.id = name, .client = name, .phone = phones[i].fone, .mobile = phones[i].celular);
  }
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "clientesCriados", "13");
  for (guint i = 0; i < G_N_ELEMENTS(phones); i++) {
    g_autofree char *name = g_strdup_printf("PESSOA %u", i);
    assert_cells(client_column, "O1", name, {"telefone_base", phones[i].base},
                 {"telefone", phones[i].shown});
  }
}

/* DC 34 */
static void
test_a_late_sale_does_not_move_the_last_purchase_back(G_GNUC_UNUSED void **state)
{
  shop_put();
  const char *days = window_days(-2, -1);
  sale_put(.id = "1", .client = "Maria Souza", .day = day_iso(-1));
  g_autoptr(Answer) first = collect_ok_with(days);
  assert_collected(first, "O1", "vendasCriadas", "1");
  const char *bought = sale_column("O1", "1", "data_venda");
  sale_put(.id = "2", .client = "Maria Souza", .day = day_iso(-2), .total = "30.00");
  g_autoptr(Answer) second = collect_ok_with(days);
  assert_collected(second, "O1", "vendasCriadas", "1");
  assert_collected(second, "O1", "vendasInalteradas", "1");
  assert_cells(client_column, "O1", "MARIA SOUZA", {"ultima_compra_data", bought},
               {"ultima_compra_id", sale_id("O1", "1")}, {"primeira_compra_data", bought},
               {"metadata_total_compras", "2"}, {"metadata_valor_total_compras", "130.00"});
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_an_unknown_buyer_becomes_a_client),
      IMPORT_CASE(test_a_client_who_earns_nothing_yet_has_a_balance_of_zero),
      IMPORT_CASE(test_a_known_buyer_is_found_by_name_and_keeps_his_data),
      IMPORT_CASE(test_jose_with_and_without_accent_are_two_clients),
      IMPORT_CASE(test_two_people_with_one_phone_stay_two_clients),
      IMPORT_CASE(test_a_sale_without_a_name_is_nobodys),
      IMPORT_CASE(test_the_first_valid_sale_is_the_first_purchase_even_of_a_known_client),
      IMPORT_CASE(test_two_purchases_of_an_unknown_buyer_are_a_first_and_a_later_one),
      IMPORT_CASE(test_phones_are_stored_to_be_read_and_to_be_compared),
      IMPORT_CASE(test_a_late_sale_does_not_move_the_last_purchase_back),
  };
  return RUN("import_clients", tests);
}

/* Answers of Online Software that are odd as a whole, and sales the database refuses: what is good
 * is stored, completely (data-collecting.md 1.7, 1.8, 2.2, 2.6). */
#include "harness.h"

#include "harness_import.h"

/* A whole record as the sandbox would send it. */
static char *
record_text(const char *members)
{
  return sql_text("select sandbox.sale_record((now() at time zone 'America/Sao_Paulo')::date,"
                  " $1::json)::text",
                  members);
}

/* DC 23 */
static void
test_an_item_of_quantity_zero_has_no_unit_cost(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *item = sale_item(.quantity = "0", .price = "10.00", .cost = "8.00");
  g_autofree char *items = g_strdup_printf("[%s]", item);
  sale_put(.id = "1", .items = items);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_cells(item_column, "O1", "1", {"quantidade", "0.0000"},
               {"valor_venda_unitario", "10.000000"}, {"valor_custo_unitario", "0.000000"},
               {"valor_custo_total", "8.00"}, {"valor_venda_total_bruto", "0.00"});
}

/* DC 24 */
static void
test_a_sale_listed_twice_counts_as_it_was_listed_last(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  sale_put(.id = "1", .client = "Outra Pessoa", .total = "10.00");
  sale_put(.id = "2", .client = "Maria Souza", .total = "20.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "30.00", .nature = "SN01");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "registrosRecebidos", "3");
  assert_collected(answer, "O1", "registrosDuplicados", "1");
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_collected(answer, "O1", "status", "OK");
  assert_text(sale_column("O1", "1", "valor_total"), "30.00");
  assert_null(client_id("O1", "OUTRA PESSOA"));
  /* … but in the place where it was listed first: it is the one that made the client */
  assert_non_null(interaction_column("O1", "1", "C1", "id"));
  assert_null(interaction_column("O1", "2", "C1", "id"));
  assert_text(client_column("O1", "MARIA SOUZA", "metadata_valor_total_compras"), "50.00");
}

/* DC 25 */
static void
test_an_answer_in_windows_1252_keeps_its_accents(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *record = record_text(
      "{\"id\":\"1\",\"cliente\":\"José Antônio Conceição\",\"vendedor\":\"ÂNGELA – €\"}");
  g_autofree char *answer_text = g_strdup_printf("{\"resultado\":[%s]}", record);
  g_autofree char *old = g_convert(answer_text, -1, "WINDOWS-1252", "UTF-8", NULL, NULL, NULL);
  assert_non_null(old);
  sales_answer(.service = ONLINE_SOFTWARE, .body = old, .type = "application/json");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_text(client_column("O1", "JOSÉ ANTÔNIO CONCEIÇÃO", "nome"), "José Antônio Conceição");
  assert_text(sale_column("O1", "1", "vendedor_nome"), "ÂNGELA – €");
  assert_text(import_cell("O1", "log", "dados #>> '{sales,resultado,0,cliente}'"),
              "José Antônio Conceição");
}

/* DC 25, 2.2 */
static void
test_a_byte_order_mark_and_a_bare_array_are_accepted(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *record = record_text("{\"id\":\"1\",\"cliente\":\"José Lima\"}");
  g_autofree char *body = g_strdup_printf("\xEF\xBB\xBF[%s]", record);
  sales_answer(.service = ONLINE_SOFTWARE, .body = body, .type = "application/json");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_non_null(client_id("O1", "JOSÉ LIMA"));
}

/* ---- a sale the database refuses ------------------------------------------------------------- */

static void
refusal_drop(void)
{
  sql("alter table crm.sales drop constraint if exists refused_by_test");
}

static int
refusal_before(void **state)
{
  int failed = import_before(state);
  refusal_drop();
  sql("alter table crm.sales add constraint refused_by_test check (documento <> 'PROIBIDO')");
  return failed;
}

static int
refusal_after(void **state)
{
  refusal_drop();
  return crm_after(state);
}

#define REFUSAL_CASE(test) cmocka_unit_test_setup_teardown(test, refusal_before, refusal_after)

/* DC 26 */
static void
test_a_sale_that_cannot_be_stored_leaves_nothing_of_itself(G_GNUC_UNUSED void **state)
{
  static const char *const ids[] = {"1", "2", "4", "5"};
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  g_autofree char *item = sale_item(.code = "999");
  g_autofree char *items = g_strdup_printf("[%s]", item);
  sale_put(.id = "1", .client = "Ana Lima");
  sale_put(.id = "2", .client = "Bia Costa");
  sale_put(.id = "3", .client = "Sem Sorte", .seller = "NINGUÉM", .partner = "11144477735",
           .items = items, .with = "{\"documento\":\"PROIBIDO\"}");
  sale_put(.id = "4", .client = "Ana Lima");
  sale_put(.id = "5", .client = "Caio Reis");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "PARCIAL");
  assert_collected(answer, "O1", "vendasCriadas", "4");
  assert_collected(answer, "O1", "vendasComErro", "1");
  assert_collected(answer, "O1", "clientesCriados", "3");
  assert_collected(answer, "O1", "cashbackAcumulado", "20.00");
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    assert_non_null(sale_id("O1", ids[i]));
  assert_null(sale_id("O1", "3"));
  assert_null(client_id("O1", "SEM SORTE"));
  assert_int_equal(crm_count("clients", "O1"), 3); /* nor the partner's */
  assert_int_equal(crm_count("sellers", "O1"), 0);
  assert_int_equal(crm_count("partners", "O1"), 0);
  assert_int_equal(crm_count("sale_items", "O1"), 4);
  assert_null(product_column("O1", "999", "id"));
  assert_string_equal(balances_of("O1", "ANA LIMA"), "10.00 10.00 0.00");
  assert_ledger_holds("O1");
  assert_int_equal(import_rows("O1", "error"), 1);
  assert_text(import_cell("O1", "error", "dados ->> 'codigo'"), "VENDA_ERRO_BANCO");
  assert_text(import_cell("O1", "error", "dados ->> 'idExterno'"), "3");
}

/* DC 26: and once the database takes it, it is as if it had come then */
static void
test_a_sale_that_could_not_be_stored_is_tried_again(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sale_put(.id = "3", .client = "Sem Sorte", .with = "{\"documento\":\"PROIBIDO\"}");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "vendasComErro", "1");
  refusal_drop();
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "status", "OK");
  assert_collected(second, "O1", "vendasCriadas", "1");
  assert_text(balance_of("O1", "SEM SORTE"), "5.00");
}

/* DC 26: the client went with the sale, so it is a later one that makes him */
static void
test_a_buyer_whose_first_sale_fails_is_new_with_the_next(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  sale_put(.id = "1", .client = "Sem Sorte", .with = "{\"documento\":\"PROIBIDO\"}");
  sale_put(.id = "2", .client = "Sem Sorte", .total = "40.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_collected(answer, "O1", "clientesCriados", "1");
  assert_cells(client_column, "O1", "SEM SORTE", {"primeira_compra_id", sale_id("O1", "2")},
               {"metadata_total_compras", "1"}, {"metadata_valor_total_compras", "40.00"});
  assert_non_null(interaction_column("O1", "2", "C1", "id"));
  assert_string_equal(balances_of("O1", "SEM SORTE"), "2.00 2.00 0.00");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_an_item_of_quantity_zero_has_no_unit_cost),
      IMPORT_CASE(test_a_sale_listed_twice_counts_as_it_was_listed_last),
      IMPORT_CASE(test_an_answer_in_windows_1252_keeps_its_accents),
      IMPORT_CASE(test_a_byte_order_mark_and_a_bare_array_are_accepted),
      REFUSAL_CASE(test_a_sale_that_cannot_be_stored_leaves_nothing_of_itself),
      REFUSAL_CASE(test_a_sale_that_could_not_be_stored_is_tried_again),
      REFUSAL_CASE(test_a_buyer_whose_first_sale_fails_is_new_with_the_next),
  };
  return RUN("import_faults", tests);
}

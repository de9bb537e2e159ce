/* Records as Online Software delivers them: names, types and numbers that are understood, what is
 * refused, and that each record stands or falls alone (data-collecting.md 0.3, 1.8, 2.2 to 2.6). */
#include "harness.h"

#include "harness_import.h"

/* ---- names and types ------------------------------------------------------------------------- */

#define RECORD_COMMON                                                                              \
  "\"data\":\"%s\",\"natureza\":\"SN01\",\"vendedor\":\"ANA\",\"parceiro\":\"52998224725\","       \
  "\"chave\":\"CH-1\",\"documento\":\"D-1\",\"modelo\":\"DV\",\"movimento\":\"RECEITAS\","         \
  "\"serie\":\"0\",\"situacao\":\"00\",\"tipo\":\"Venda de produtos\",\"valor\":\"37.00\","

static const char by_reference[] =
    "{\"id\":\"18\",\"cliente\":\"Maria Souza\",\"clientefone\":\"(11) 98765-4321\"," RECORD_COMMON
    "\"itens\":[{\"codigo\":\"10\",\"descricao\":\"CAMISETA\",\"unidade\":\"PC\",\"grupo\":"
    "\"ROUPA\","
    "\"ncm\":\"61091000\",\"tipo\":\"Produto\",\"qtde\":\"4.000\",\"valorunit\":\"10.00\","
    "\"vprod\":\"99.00\",\"vdesc\":\"3.00\",\"vcusto\":8.00,\"cfop\":\"5102\"}]}";

static const char by_document[] =
    "{\"idsw\":\"18\",\"clientenome\":\"Maria Souza\",\"clientefone\":\"(11) 98765-4321\","
    "\"custo\":\"8.00\"," RECORD_COMMON
    "\"itens\":[{\"produtocodigo\":\"10\",\"produtodescricao\":\"CAMISETA\","
    "\"produtounidade\":\"PC\",\"produtogrupo\":\"ROUPA\",\"produtoncm\":\"61091000\","
    "\"produtotipo\":\"Produto\",\"quantidade\":\"4\",\"valoru\":\"10.00\",\"valorb\":\"40.00\","
    "\"desconto\":\"3.00\",\"valor\":\"37.00\",\"custou\":\"2.00\",\"custo\":\"8.00\","
    "\"cfop\":\"5102\"}]}";

/* DC 18 */
static void
test_both_sets_of_names_give_the_same_rows(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  organization_put("O2", ONLINE);
  const char *day = day_iso(-2);
  g_autofree char *reference = g_strdup_printf(by_reference, day_br(-2));
  g_autofree char *document = g_strdup_printf(by_document, day_br(-2));
  record_put(token_of("O1"), day, reference);
  record_put(token_of("O2"), day, document);
  g_autoptr(Answer) answer = collect_ok_with(window_days(-2, -2));
  assert_collected_total(answer, "vendasCriadas", "2");
  assert_string_equal(crm_snapshot("O1"), crm_snapshot("O2"));
  assert_sql("1", "select count(distinct erp_hash) from crm.sales");
  assert_cells(sale_column, "O2", "18", {"valor_total", "37.00"}, {"custo_total", "8.00"},
               {"vendedor_nome", "ANA"}, {"parceiro", "52998224725"}, {"chave", "CH-1"});
  assert_cells(item_column, "O2", "18", {"valor_venda_total_bruto", "40.00"},
               {"valor_total_desconto", "3.00"}, {"valor_venda_total_liquido", "37.00"},
               {"valor_custo_unitario", "2.000000"}, {"valor_custo_total", "8.00"});
}

/* DC 18, 2.3: of two names for one thing the wire's counts, unless it is null */
static void
test_the_name_on_the_wire_wins_over_the_documents(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1", .client = "Ana Lima",
           .with = "{\"idsw\":\"77\",\"clientenome\":\"Outra Pessoa\"}");
  sale_put(.id = "2", .with = "{\"cliente\":null,\"clientenome\":\"Bia Costa\"}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_null(sale_id("O1", "77"));
  assert_text(sale_column("O1", "1", "cliente_id"), client_id("O1", "ANA LIMA"));
  assert_non_null(client_id("O1", "BIA COSTA"));
  assert_text(sale_column("O1", "2", "cliente_id"), client_id("O1", "BIA COSTA"));
  assert_null(client_id("O1", "OUTRA PESSOA"));
}

/* DC 19 */
static void
test_another_type_for_the_same_content_is_accepted(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *record = g_strdup_printf(
      "{\"id\":123,\"cliente\":\"Maria Souza\",\"parceiro\":null,\"valor\":99.90,"
      "\"data\":\"%s\",\"natureza\":\"SN01\",\"desconhecido\":{\"a\":[1,2]},"
      "\"itens\":[{\"codigo\":77,\"qtde\":2,\"valorunit\":49.950000,\"vcusto\":\"30.10\"}]}",
      day_br(0));
  sale_put_json(NULL, record);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "registrosRejeitados", "0");
  assert_cells(sale_column, "O1", "123", {"valor_total", "99.90"}, {"custo_total", "30.10"},
               {"parceiro", "N/A"}, {"parceiro_id", NULL}, {"vendedor_nome", "N/A"});
  assert_text(client_column("O1", "MARIA SOUZA", "telefone"), "");
  assert_text(product_codes_of("O1", "123"), "77");
  assert_text(product_column("O1", "77", "concat_ws('|', descricao, unidade, grupo, ncm, tipo)"),
              "77|UN|||");
}

/* ---- what is refused ------------------------------------------------------------------------- */

/* DC 20 */
static void
test_a_record_with_a_bad_number_does_not_hold_up_the_others(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1", .client = "Ana Lima");
  sale_put(.id = "2", .client = "Bia Costa", .with = "{\"valor\":\"abc\"}");
  sale_put(.id = "3", .client = "Caio Reis");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "PARCIAL");
  assert_collected(answer, "O1", "registrosRecebidos", "3");
  assert_collected(answer, "O1", "registrosRejeitados", "1");
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_non_null(last_sync_of("O1"));
  assert_rejected("O1", "2", "NUMERO_INVALIDO valor");
  assert_text(import_cell("O1", "reject", "dados #>> '{registro,cliente}'"), "Bia Costa");
  assert_text(import_cell("O1", "reject", "valor #>> '{dados,idExterno}'"), "2");
  assert_null(sale_id("O1", "2"));
  assert_null(client_id("O1", "BIA COSTA"));
  g_autoptr(Answer) again = collect_ok(); /* it stays bad: one row, not one each time (1.10) */
  assert_collected(again, "O1", "registrosRejeitados", "1");
  assert_int_equal(import_rows("O1", "reject"), 1);
}

/* An anonymous sale of that value, under an id of its own. */
static void
value_put(guint number, const char *value)
{
  g_autofree char *id = g_strdup_printf("%u", number);
  g_autofree char *with =
      g_strdup_printf("{\"valor\":\"%s\",\"cliente\":\"\",\"itens\":[]}", value);
  sale_put(.id = id, .with = with);
}

/* DC 21 */
static void
test_amounts_are_read_as_brazilians_write_them(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text, *stored; /* NULL: refused */
  } values[] = {
      {"1.234,56", "1234.56"},
      {"1.234", "1.23"},
      {"", "0.00"},
      {" 12,5 ", "12.50"},
      {"+7", "7.00"},
      {"-3.10", "-3.10"},
      {".5", "0.50"},
      {"0.004", "0.00"},
      {"0.005", "0.01"},
      {"-0.005", "-0.01"},
      {"1.234.567,89", "1234567.89"},
      {"999999999999.99", "999999999999.99"},
      {"1000000000000", NULL},
      {"12.34,56", NULL},
      {"1,234,567", NULL},
      {"1.2.3", NULL},
      {"1e3", NULL},
      {"R$ 5", NULL},
      {"--1", NULL},
      {"NaN", NULL},
  };
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(values); i++)
    value_put(i, values[i].text);
  sale_put(.id = "nada", .client = "Maria Souza", .with = "{\"valor\":\"\"}");
  g_autoptr(Answer) answer = collect_ok();
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    assert_cells(sale_column, "O1", id, {"valor_total", values[i].stored});
    assert_rejected("O1", id, values[i].stored == NULL ? "NUMERO_INVALIDO valor" : NULL);
  }
  assert_collected(answer, "O1", "registrosRejeitados", "8");
  assert_cells(sale_column, "O1", "nada", {"valor_total", "0.00"}, {"natureza", "SN01"});
  assert_cells(client_column, "O1", "MARIA SOUZA", {"primeira_compra_data", NULL}, /* invalid */
               {"metadata_total_compras", "0"});
}

/* A whole record but for these members. */
static void
flaw_put(guint number, const char *members)
{
  g_autofree char *id = g_strdup_printf("%u", number);
  sale_put(.id = id, .with = members);
}

/* DC 22 */
static void
test_a_record_that_cannot_be_understood_is_refused_by_its_field(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *members, *refusal;
  } flaws[] = {
      {"{\"data\":\"31/02/2026\"}", "DATA_INVALIDA data"},
      {"{\"data\":\"01/13/2026\"}", "DATA_INVALIDA data"},
      {"{\"data\":\"05-03-2026\"}", "DATA_INVALIDA data"},
      {"{\"data\":\"05/03/2026 25:00\"}", "DATA_INVALIDA data"},
      {"{\"data\":null}", "CAMPO_OBRIGATORIO data"},
      {"{\"valor\":null}", "CAMPO_OBRIGATORIO valor"},
      {"{\"valor\":{\"x\":1}}", "TIPO_INVALIDO valor"},
      {"{\"cliente\":[\"Ana\"]}", "TIPO_INVALIDO cliente"},
      {"{\"itens\":null}", "CAMPO_OBRIGATORIO itens"},
      {"{\"itens\":\"10\"}", "TIPO_INVALIDO itens"},
      {"{\"itens\":[{\"qtde\":\"1\",\"valorunit\":\"1\"}]}", "CAMPO_OBRIGATORIO codigo"},
      {"{\"itens\":[{\"codigo\":\" \",\"qtde\":\"1\",\"valorunit\":\"1\"}]}",
       "CAMPO_OBRIGATORIO codigo"},
      {"{\"itens\":[{\"codigo\":\"1\",\"valorunit\":\"1\"}]}", "CAMPO_OBRIGATORIO qtde"},
      {"{\"itens\":[{\"codigo\":\"1\",\"qtde\":\"1\"}]}", "CAMPO_OBRIGATORIO valorunit"},
      {"{\"itens\":[{\"codigo\":\"1\",\"qtde\":\"um\",\"valorunit\":\"1\"}]}",
       "NUMERO_INVALIDO qtde"},
      {"{\"itens\":[{\"codigo\":\"1\",\"qtde\":\"10000000000\",\"valorunit\":\"1\"}]}",
       "NUMERO_INVALIDO qtde"},
  };
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(flaws); i++)
    flaw_put(i, flaws[i].members);
  sale_put(.id = "sem número", .with = "{\"id\":null}");
  sale_put_json(NULL, "\"isto não é uma venda\"");
  sale_put(.id = "boa");
  g_autoptr(Answer) answer = collect_ok();
  for (guint i = 0; i < G_N_ELEMENTS(flaws); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    assert_rejected("O1", id, flaws[i].refusal);
  }
  assert_collected(answer, "O1", "registrosRejeitados", "18");
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_int_equal(crm_count("sales", "O1"), 1);
  assert_non_null(sale_id("O1", "boa"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_both_sets_of_names_give_the_same_rows),
      IMPORT_CASE(test_the_name_on_the_wire_wins_over_the_documents),
      IMPORT_CASE(test_another_type_for_the_same_content_is_accepted),
      IMPORT_CASE(test_a_record_with_a_bad_number_does_not_hold_up_the_others),
      IMPORT_CASE(test_amounts_are_read_as_brazilians_write_them),
      IMPORT_CASE(test_a_record_that_cannot_be_understood_is_refused_by_its_field),
  };
  return RUN("import_records", tests);
}

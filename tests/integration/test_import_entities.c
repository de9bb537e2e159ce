/* What a sale refers to besides its client: products, sellers and partners (data-collecting.md 4.5
 * to 4.7). */
#include "harness.h"

#include "harness_import.h"

/* DC 35 */
static void
test_a_product_is_made_once_and_never_changed(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *one = sale_item(.code = " 10 ", .description = "CAMISETA AZUL", .price = "40.00",
                                   .with = "{\"unidade\":\"PC\",\"grupo\":\"ROUPA\","
                                           "\"ncm\":\"61091000\",\"tipo\":\"Produto\"}");
  g_autofree char *other = sale_item(.code = "10", .description = "CAMISETA", .price = "60.00");
  g_autofree char *items = g_strdup_printf("[%s,%s]", one, other);
  sale_put(.id = "1", .items = items);
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "produtosCriados", "1");
  assert_int_equal(crm_count("products", "O1"), 1);
  assert_text(product_codes_of("O1", "1"), "10,10");
  const char *all = "concat_ws('|', descricao, unidade, grupo, ncm, tipo, ativo)";
  const char *product = product_column("O1", "10", all);
  assert_text(product, "CAMISETA AZUL|PC|ROUPA|61091000|Produto|t");
  g_autofree char *renamed = sale_item(.code = "10", .description = "OUTRO NOME",
                                       .with = "{\"unidade\":\"KG\",\"grupo\":\"OUTRO\"}");
  g_autofree char *later = g_strdup_printf("[%s]", renamed);
  sale_put(.id = "2", .items = later);
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasCriadas", "1");
  assert_collected(second, "O1", "produtosCriados", "0");
  assert_text(product_codes_of("O1", "2"), "10");
  assert_text(product_column("O1", "10", all), product);
}

/* DC 36 */
static void
test_only_a_real_name_makes_a_seller(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *delivered, *stored;
  } nobody[] = {
      {"\"\"", "N/A"}, {"\"N/A\"", "N/A"}, {"\"0\"", "0"}, {"\" 0 \"", "0"}, {"null", "N/A"}};
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(nobody); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    g_autofree char *with = g_strdup_printf("{\"vendedor\":%s}", nobody[i].delivered);
    sale_put(.id = id, .with = with);
  }
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "vendasCriadas", "5");
  assert_collected(first, "O1", "vendedoresCriados", "0");
  assert_int_equal(crm_count("sellers", "O1"), 0);
  for (guint i = 0; i < G_N_ELEMENTS(nobody); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    assert_cells(sale_column, "O1", id, {"vendedor_id", NULL}, {"vendedor_nome", nobody[i].stored});
  }
}

/* DC 36 */
static void
test_a_seller_is_made_once_and_found_again(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1", .seller = " ANA ");
  sale_put(.id = "2", .seller = "ANA");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "vendedoresCriados", "1");
  assert_text(seller_column("O1", "ANA", "concat_ws('|', nome, identificador, ativo)"),
              "ANA|ANA|t");
  sql("update crm.sellers set ativo = false"); /* and found though she has left */
  sale_put(.id = "3", .seller = "ANA");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasCriadas", "1");
  assert_collected(second, "O1", "vendedoresCriados", "0");
  const char *ana = seller_column("O1", "ANA", "id");
  assert_cells(sale_column, "O1", "1", {"vendedor_id", ana}, {"vendedor_nome", "ANA"});
  assert_text(sale_column("O1", "2", "vendedor_id"), ana);
  assert_text(sale_column("O1", "3", "vendedor_id"), ana);
  assert_text(seller_column("O1", "ANA", "ativo"), "false");
}

/* DC 37 */
static void
test_a_sale_without_a_partner_has_none(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *delivered, *stored;
  } nobody[] = {{"null", "N/A"}, {"\"\"", "N/A"}, {"\"N/A\"", "N/A"}, {"\"0\"", "0"}};
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(nobody); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    g_autofree char *with = g_strdup_printf("{\"parceiro\":%s}", nobody[i].delivered);
    sale_put(.id = id, .with = with);
  }
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "vendasCriadas", "4");
  assert_collected(answer, "O1", "parceirosCriados", "0");
  assert_int_equal(crm_count("partners", "O1"), 0);
  for (guint i = 0; i < G_N_ELEMENTS(nobody); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    assert_cells(sale_column, "O1", id, {"parceiro_id", NULL}, {"parceiro", nobody[i].stored});
  }
}

/* A column of the client that a partner is linked to. */
static char *
linked_client(const char *identifier, const char *column)
{
  g_autofree char *query = g_strdup_printf(
      "select c.%s::text from crm.partners p join crm.clients c on c.id = p.cliente_id"
      " where p.organizacao_id = 'O1' and p.identificador = $1",
      column);
  return sql_text(query, identifier);
}

static void
assert_linked(const char *identifier, const char *column, const char *expected)
{
  g_autofree char *actual = linked_client(identifier, column);
  g_autofree char *what = g_strdup_printf("%s of the client of partner %s", column, identifier);
  assert_text_at(actual, expected, what, __FILE__, __LINE__);
}

/* DC 37 */
static void
test_an_unknown_partner_is_made_with_a_client_to_credit(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sale_put(.id = "1", .client = "Maria Souza", .partner = " 12345678901 ");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "parceirosCriados", "1");
  assert_collected(answer, "O1", "clientesCriados", "2");
  assert_text(
      partner_column("O1", "12345678901", "concat_ws('|', nome, cpf_cnpj, codigo_afiliacao)"),
      "NÃO DEFINIDO|123.456.789-01|12345678901");
  assert_cells(sale_column, "O1", "1", {"parceiro", "12345678901"},
               {"parceiro_id", partner_column("O1", "12345678901", "id")});
  assert_linked("12345678901", "nome", "NÃO DEFINIDO");
  assert_linked("12345678901", "cpf_cnpj", "123.456.789-01");
  assert_linked("12345678901", "canal_aquisicao", "PARCEIRO");
  assert_linked("12345678901", "telefone", "");
  assert_linked("12345678901", "telefone_base", "");
  assert_linked("12345678901", "origem_integracao", NULL);
  assert_linked("12345678901", "analise_rfm_titulo", NULL);
  assert_int_equal(crm_count("cashback_program_balances", "O1"), 1); /* the buyer's alone */
}

/* DC 37 */
static void
test_a_partner_is_linked_to_the_client_with_his_document(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  client_put("cliente-1", "O1", "Paulo Parceiro", .document = "12345678901");
  client_put("cliente-2", "O1", "Loja Parceira", .document = "12.345.678/0001-99");
  sale_put(.id = "1", .client = "Maria Souza", .partner = "123.456.789-01");
  sale_put(.id = "2", .client = "Maria Souza", .partner = "12345678000199");
  sale_put(.id = "3", .client = "Maria Souza", .partner = "12345678000199");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "parceirosCriados", "2");
  assert_collected(answer, "O1", "clientesCriados", "1");
  assert_linked("123.456.789-01", "id", "cliente-1");
  assert_linked("12345678000199", "id", "cliente-2");
  assert_linked("123.456.789-01", "nome", "Paulo Parceiro");
  assert_text(sale_column("O1", "3", "parceiro_id"), sale_column("O1", "2", "parceiro_id"));
}

/* DC 37, 4.7: who has lost his client gets no other */
static void
test_a_known_partner_keeps_the_client_he_has(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  client_put("cliente-1", "O1", "Paulo Parceiro", .document = "12345678901");
  sql("insert into crm.partners (id, organizacao_id, identificador, nome)"
      " values ('parceiro-1', 'O1', '12345678901', 'Paulo')");
  sale_put(.id = "1", .client = "Maria Souza", .partner = "12345678901");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "parceirosCriados", "0");
  assert_text(sale_column("O1", "1", "parceiro_id"), "parceiro-1");
  assert_text(partner_column("O1", "12345678901", "concat_ws('|', nome, cliente_id, cpf_cnpj)"),
              "Paulo");
}

/* DC 38 */
static void
test_two_unknown_partners_are_two_clients(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1", .client = "Maria Souza", .partner = "52998224725");
  sale_put(.id = "2", .client = "Maria Souza", .partner = "11144477735");
  sale_put(.id = "3", .client = "Maria Souza", .partner = "INDICAÇÃO");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "parceirosCriados", "3");
  assert_collected(first, "O1", "clientesCriados", "4");
  assert_sql("3", "select count(distinct cliente_id) from crm.partners");
  sale_put(.id = "4", .client = "Não Definido"); /* no buyer of that name is one of them */
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "clientesCriados", "1");
  assert_sql("0", "select count(*) from crm.sales s join crm.partners p using (cliente_id)");
  assert_sql(ONLINE, "select c.origem_integracao from crm.sales s join crm.clients c"
                     " on c.id = s.cliente_id where s.id_externo = '4'");
}

/* DC 39 */
static void
test_partners_identifiers_are_shown_as_documents(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *identifier, *document;
  } partners[] = {
      {"12345678901", "123.456.789-01"},
      {"123.456.789-01", "123.456.789-01"},
      {"12345678000199", "12.345.678/0001-99"},
      {"123456780001990", "12.345.678/0001-99"},
      {"123", "123"},
      {"ABC", NULL},
      {"P-4711/2", "47112"},
  };
  organization_put("O1", ONLINE);
  for (guint i = 0; i < G_N_ELEMENTS(partners); i++)
    sale_put(.id = partners[i].identifier, .client = "Maria Souza",
             .partner = partners[i].identifier);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "parceirosCriados", "7");
  for (guint i = 0; i < G_N_ELEMENTS(partners); i++) {
    const char *identifier = partners[i].identifier;
    assert_text(partner_column("O1", identifier, "cpf_cnpj"), partners[i].document);
    assert_linked(identifier, "cpf_cnpj", partners[i].document);
    assert_text(sale_column("O1", identifier, "parceiro"), identifier);
  }
  /* one document, one person; what is no document names nobody else (4.7) */
  assert_sql("5", "select count(distinct cliente_id) from crm.partners");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_a_product_is_made_once_and_never_changed),
      IMPORT_CASE(test_only_a_real_name_makes_a_seller),
      IMPORT_CASE(test_a_seller_is_made_once_and_found_again),
      IMPORT_CASE(test_a_sale_without_a_partner_has_none),
      IMPORT_CASE(test_an_unknown_partner_is_made_with_a_client_to_credit),
      IMPORT_CASE(test_a_partner_is_linked_to_the_client_with_his_document),
      IMPORT_CASE(test_a_known_partner_keeps_the_client_he_has),
      IMPORT_CASE(test_two_unknown_partners_are_two_clients),
      IMPORT_CASE(test_partners_identifiers_are_shown_as_documents),
  };
  return RUN("import_entities", tests);
}

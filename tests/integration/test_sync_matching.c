/* What becomes of a record of Omie in fin.clients, end to end (fin.md 6.5 to 6.7). */
#include "harness.h"

static void
client_put(const char *name, const char *document, const char *email, const char *codigo)
{
  sql("insert into fin.clients (name, document, contact_email, omie_codigo)"
      " values ($1, nullif($2, ''), nullif($3, ''), nullif($4, ''))",
      name, document, email, codigo);
}

/* F07 */
static void
test_a_cnpj_is_stored_as_its_digits(G_GNUC_UNUSED void **state)
{
  omie_put(
      "{\"codigo_cliente_omie\":1,\"razao_social\":\"A\",\"cnpj_cpf\":\"11.222.333/0001-81\"}");
  omie_put("{\"codigo_cliente_omie\":2,\"razao_social\":\"B\",\"cnpj_cpf\":\"012.345.678-90\"}");
  omie_put("{\"codigo_cliente_omie\":3,\"razao_social\":\"C\",\"cnpj_cpf\":\"ISENTO\"}");
  assert_int_equal(sync_ok(), 3);
  assert_sql("11222333000181", "select document from fin.clients where omie_codigo = '1'");
  assert_sql("01234567890", "select document from fin.clients where omie_codigo = '2'");
  assert_sql(NULL, "select document from fin.clients where omie_codigo = '3'");
}

/* F08 */
static void
test_the_fantasy_name_stands_in_for_a_blank_one_and_entities_are_decoded(G_GNUC_UNUSED void **state)
{
  omie_page(
      1, 1,
      "{\"codigo_cliente_omie\":1,\"razao_social\":\"  \",\"nome_fantasia\":\"Acme\"},"
      "{\"codigo_cliente_omie\":2,\"razao_social\":\"A &amp; B\"},"
      "{\"codigo_cliente_omie\":3,\"razao_social\":\"A &amp;amp; B\"},"
      "{\"codigo_cliente_omie\":4,\"razao_social\":\"\\u00a0 S\\u00c3O&#10;JOS&#201; \\u00a0\"}");
  assert_int_equal(sync_ok(), 4);
  assert_sql("Acme", "select name from fin.clients where omie_codigo = '1'");
  assert_sql("A & B", "select name from fin.clients where omie_codigo = '2'");
  assert_sql("A &amp; B", "select name from fin.clients where omie_codigo = '3'");
  assert_sql("SÃO JOSÉ", "select name from fin.clients where omie_codigo = '4'");
}

/* F09 */
static void
test_a_nameless_record_is_sem_nome_but_never_renames_a_known_client(G_GNUC_UNUSED void **state)
{
  client_put("Nome Bom", "", "", "2");
  omie_page(1, 1,
            "{\"codigo_cliente_omie\":1,\"razao_social\":\"\",\"nome_fantasia\":\" \"},"
            "{\"codigo_cliente_omie\":2,\"razao_social\":\"\"}");
  assert_int_equal(sync_ok(), 2);
  assert_sql("Sem nome", "select name from fin.clients where omie_codigo = '1'");
  assert_sql("Nome Bom", "select name from fin.clients where omie_codigo = '2'");
}

/* F10 */
static void
test_an_email_is_trimmed_and_a_missing_one_erases_nothing(G_GNUC_UNUSED void **state)
{
  client_put("B", "", "nosso@b.com", "2");
  client_put("C", "222", "nosso@c.com", "3");
  omie_page(1, 1,
            "{\"codigo_cliente_omie\":1,\"razao_social\":\"A\",\"email\":\"  Fin@Acme.com \"},"
            "{\"codigo_cliente_omie\":2,\"razao_social\":\"B\"},"
            "{\"codigo_cliente_omie\":3,\"razao_social\":\"C\",\"email\":\"  \",\"cnpj_cpf\":\"\"},"
            "{\"codigo_cliente_omie\":4,\"razao_social\":\"D\",\"email\":\"a@x.com,b@x.com\"}");
  assert_int_equal(sync_ok(), 4);
  assert_sql("Fin@Acme.com", "select contact_email from fin.clients where omie_codigo = '1'");
  assert_sql("nosso@b.com", "select contact_email from fin.clients where omie_codigo = '2'");
  assert_sql("nosso@c.com", "select contact_email from fin.clients where omie_codigo = '3'");
  assert_sql("222", "select document from fin.clients where omie_codigo = '3'");
  assert_sql("a@x.com,b@x.com", "select contact_email from fin.clients where omie_codigo = '4'");
}

/* F11 */
static void
test_a_client_typed_by_hand_gets_its_code_by_the_document(G_GNUC_UNUSED void **state)
{
  client_put("Feito à mão", "11222333000181", "", "");
  g_autofree char *id = sql_text("select id::text from fin.clients");
  omie_put(
      "{\"codigo_cliente_omie\":7,\"razao_social\":\"ACME\",\"cnpj_cpf\":\"11.222.333/0001-81\"}");
  assert_int_equal(sync_ok(), 1);
  assert_count(1, "fin.clients");
  assert_sql(id, "select id::text from fin.clients where omie_codigo = '7' and name = 'ACME'");
}

/* F11: the oldest of several is adopted */
static void
test_the_oldest_of_two_hand_made_clients_is_adopted(G_GNUC_UNUSED void **state)
{
  client_put("Novo", "11222333000181", "", "");
  client_put("Antigo", "11222333000181", "", "");
  sql("update fin.clients set created_at = created_at - interval '1 day' where name = 'Antigo'");
  g_autofree char *oldest = sql_text("select id::text from fin.clients where name = 'Antigo'");
  omie_put(
      "{\"codigo_cliente_omie\":7,\"razao_social\":\"ACME\",\"cnpj_cpf\":\"11.222.333/0001-81\"}");
  assert_int_equal(sync_ok(), 1);
  assert_sql(oldest, "select id::text from fin.clients where omie_codigo = '7'");
  assert_count(1, "fin.clients where name = 'Novo' and omie_codigo is null");
}

/* F12 */
static void
test_two_codes_with_one_document_are_two_clients_and_stay_so(G_GNUC_UNUSED void **state)
{
  client_put("ACME", "11222333000181", "", "7");
  g_autofree char *id = sql_text("select id::text from fin.clients");
  omie_put(
      "{\"codigo_cliente_omie\":7,\"razao_social\":\"ACME\",\"cnpj_cpf\":\"11.222.333/0001-81\"}");
  omie_put(
      "{\"codigo_cliente_omie\":8,\"razao_social\":\"ACME 2\",\"cnpj_cpf\":\"11222333000181\"}");
  assert_int_equal(sync_ok(), 2);
  assert_sql("1", "select details ->> 'documento_repetido' from fin.erp_sync_log");
  g_autofree char *first = clients_snapshot();
  assert_sql(id, "select id::text from fin.clients where omie_codigo = '7'");
  five_minutes_pass();
  assert_int_equal(sync_ok(), 2);
  g_autofree char *second = clients_snapshot();
  assert_string_equal(second, first);
  assert_count(2, "fin.clients");
}

/* 6.7 */
static void
test_a_match_by_code_leaves_a_hand_made_twin_alone(G_GNUC_UNUSED void **state)
{
  client_put("Com código", "", "", "7");
  client_put("À mão", "11222333000181", "", "");
  omie_put(
      "{\"codigo_cliente_omie\":7,\"razao_social\":\"ACME\",\"cnpj_cpf\":\"11.222.333/0001-81\"}");
  assert_int_equal(sync_ok(), 1);
  assert_sql("11222333000181", "select document from fin.clients where omie_codigo = '7'");
  assert_count(1, "fin.clients where name = 'À mão' and omie_codigo is null");
}

/* F13 */
static void
test_a_record_that_names_nobody_is_ignored(G_GNUC_UNUSED void **state)
{
  client_put("Conhecido", "123", "", "9");
  omie_page(1, 1,
            "{\"razao_social\":\"NINGU\\u00c9M\"},"
            "{\"razao_social\":\"CONHECIDO LTDA\",\"cnpj_cpf\":\"12-3\"}");
  assert_int_equal(sync_ok(), 1);
  assert_count(1, "fin.clients");
  assert_sql("CONHECIDO LTDA", "select name from fin.clients where omie_codigo = '9'");
  assert_sql("1", "select details ->> 'ignorados' from fin.erp_sync_log");
  assert_sql("1", "select details ->> 'atualizados' from fin.erp_sync_log");
}

/* F14 */
static void
test_code_zero_is_no_code_and_a_number_finds_our_text(G_GNUC_UNUSED void **state)
{
  client_put("Da casa", "", "", "12345678901");
  omie_page(1, 1,
            "{\"codigo_cliente_omie\":0,\"razao_social\":\"SEM C\\u00d3DIGO\",\"cnpj_cpf\":\"55\"},"
            "{\"codigo_cliente_omie\":12345678901,\"razao_social\":\"DA CASA\"},"
            "{\"codigo_cliente_omie\":\" 77 \",\"razao_social\":\"TEXTO\"}");
  assert_int_equal(sync_ok(), 3);
  assert_count(3, "fin.clients");
  assert_sql(NULL, "select omie_codigo from fin.clients where document = '55'");
  assert_sql("DA CASA", "select name from fin.clients where omie_codigo = '12345678901'");
  assert_sql("TEXTO", "select name from fin.clients where omie_codigo = '77'");
}

/* 6.7c */
static void
test_a_record_met_twice_counts_twice_and_is_one_client(G_GNUC_UNUSED void **state)
{
  omie_page(1, 2,
            "{\"codigo_cliente_omie\":1,\"razao_social\":\"A\"},"
            "{\"codigo_cliente_omie\":2,\"razao_social\":\"B\"},"
            "{\"codigo_cliente_omie\":2,\"razao_social\":\"B NOVO\"}");
  omie_page(2, 2, "{\"codigo_cliente_omie\":2,\"razao_social\":\"B MAIS NOVO\"}");
  assert_int_equal(sync_ok(), 4);
  assert_count(2, "fin.clients");
  assert_sql("B MAIS NOVO", "select name from fin.clients where omie_codigo = '2'");
}

/* 6.7b */
static void
test_clients_missing_from_omie_stay_as_they_are(G_GNUC_UNUSED void **state)
{
  client_put("Só nosso", "999", "s@o.com", "4242");
  g_autofree char *before = sql_text("select c::text || xmin::text from fin.clients c");
  omie_seed(2);
  assert_int_equal(sync_ok(), 2);
  assert_sql(before, "select c::text || xmin::text from fin.clients c where omie_codigo = '4242'");
}

/* A second run of the same register */
static void
test_a_second_run_rewrites_no_row(G_GNUC_UNUSED void **state)
{
  static const char versions[] = "select md5(string_agg(c::text || xmin::text, ',' order by id))"
                                 "  from fin.clients c";
  omie_seed(600);
  assert_int_equal(sync_ok(), 600);
  g_autofree char *before = sql_text(versions);
  five_minutes_pass();
  assert_int_equal(sync_ok(), 600);
  assert_sql(before, versions);
}

/* A change in Omie */
static void
test_a_change_in_omie_arrives_with_the_next_run(G_GNUC_UNUSED void **state)
{
  omie_put("{\"codigo_cliente_omie\":1,\"razao_social\":\"ANTES\",\"email\":\"a@a.com\"}");
  assert_int_equal(sync_ok(), 1);
  sql("update fin.clients set updated_at = updated_at - interval '1 day'");
  omie_put("{\"codigo_cliente_omie\":1,\"razao_social\":\"DEPOIS\",\"email\":\"d@d.com\"}");
  five_minutes_pass();
  assert_int_equal(sync_ok(), 1);
  assert_sql("DEPOIS d@d.com", "select name || ' ' || contact_email from fin.clients");
  assert_sql("t", "select updated_at > now() - interval '1 hour' from fin.clients");
}

/* 5.8: identifiers above 32 bits, depth, NUL */
static void
test_odd_but_valid_json_is_read(G_GNUC_UNUSED void **state)
{
  omie_page(1, 1,
            "{\"codigo_cliente_omie\":9007199254740993,\"razao_social\":\"A\\u0000B\","
            "\"x\":[[[{\"y\":[1.5e3,null,true]}]]],\"email\":null,\"nome_fantasia\":17}");
  assert_int_equal(sync_ok(), 1);
  assert_sql("AB", "select name from fin.clients where omie_codigo = '9007199254740993'");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_cnpj_is_stored_as_its_digits),
      CASE(test_the_fantasy_name_stands_in_for_a_blank_one_and_entities_are_decoded),
      CASE(test_a_nameless_record_is_sem_nome_but_never_renames_a_known_client),
      CASE(test_an_email_is_trimmed_and_a_missing_one_erases_nothing),
      CASE(test_a_client_typed_by_hand_gets_its_code_by_the_document),
      CASE(test_the_oldest_of_two_hand_made_clients_is_adopted),
      CASE(test_two_codes_with_one_document_are_two_clients_and_stay_so),
      CASE(test_a_match_by_code_leaves_a_hand_made_twin_alone),
      CASE(test_a_record_that_names_nobody_is_ignored),
      CASE(test_code_zero_is_no_code_and_a_number_finds_our_text),
      CASE(test_a_record_met_twice_counts_twice_and_is_one_client),
      CASE(test_clients_missing_from_omie_stay_as_they_are),
      CASE(test_a_second_run_rewrites_no_row),
      CASE(test_a_change_in_omie_arrives_with_the_next_run),
      CASE(test_odd_but_valid_json_is_read),
  };
  return RUN("sync: matching", tests);
}

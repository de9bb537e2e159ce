/* Online Software's records as sales (data-collecting.md 2). */
#include "online_fixture.h"

/* DC 40 */
static void
test_a_full_record_has_every_field(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = online(SALE);
  const Sale *sale = &m->sale;
  assert_text(sale->external_id, "123");
  assert_text(sale->client_name, "Maria Souza");
  assert_text(sale->client_external_id, NULL);
  assert_text(sale->client_phone, "(11) 98765-4321");
  assert_text(sale->client_phone_base, "1187654321");
  assert_text(sale->client_email, NULL);
  assert_true(sale->client_by_name && !sale->client_match_only);
  assert_int_equal(sale->total, 19990);
  assert_int_equal(sale->cost, 800);
  assert_false(sale->has_adjustments);
  assert_text(sale->seller, "ANA");
  assert_text(sale->partner, "12345678901");
  assert_true(sale->has_seller && sale->has_partner);
  assert_text(sale->key, "K1");
  assert_text(sale->document, "D1");
  assert_text(sale->model, "DV");
  assert_text(sale->movement, "RECEITAS");
  assert_text(sale->nature, "SN01");
  assert_text(sale->series, "0");
  assert_text(sale->situation, "00");
  assert_text(sale->type, "Venda de produtos");
  assert_text(sale->channel, "Loja Física");
  assert_text(sale->delivery_mode, "PRESENCIAL");
  assert_text(sale->table_number, NULL);
  assert_text(sale->notes, NULL);
  assert_text(sale->erp_status, NULL);
  assert_text(date_iso(&sale->day).text, "2026-03-05");
  assert_true(sale->at == INSTANT_NONE);
  assert_true(sale_is_valid(sale->nature, sale->total));
}

/* DC 19 */
static void
test_other_types_and_absent_members_are_tolerated(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) number = online_with("id", "123");
  assert_text(number->sale.external_id, "123");
  g_autoptr(Mapped) cost = online_with("vcusto", "\"8.00\"");
  assert_int_equal(item_of(cost, 0)->cost, 800);
  g_autoptr(Mapped) total = online_with("valor", "1.9990e2");
  assert_int_equal(total->sale.total, 19990);
  g_autoptr(Mapped) partner = online_with("parceiro", "null");
  assert_text(partner->sale.partner, "N/A");
  g_autoptr(Mapped) phone = online_with("clientefone", NULL);
  assert_text(phone->sale.client_phone, "(11) 3333-4444");
}

static void
test_what_was_left_out_has_its_default(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m =
      online("{\"id\":\"1\",\"valor\":\"5\",\"data\":\"05/03/2026\",\"chave\":\" \",\"itens\":["
             "{\"codigo\":\"7\",\"qtde\":\"1\",\"valorunit\":\"5\"}]}");
  const Sale *sale = &m->sale;
  const char *const texts[] = {sale->seller, sale->partner,  sale->key,    sale->document,
                               sale->model,  sale->movement, sale->nature, sale->series,
                               sale->type,   sale->situation};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    assert_text(texts[i], "N/A");
  assert_false(sale_is_valid(sale->nature, sale->total));
  assert_text(sale->client_name, NULL);
  const SaleItem *item = item_of(m, 0);
  assert_text(item->description, "7");
  assert_text(item->unit, "UN");
  assert_text(item->group, "");
  assert_text(item->ncm, "");
  assert_text(item->kind, "");
  assert_text(item->metadata, NULL);
  assert_int_equal(item->discount, 0);
  assert_int_equal(item->cost, 0);
  assert_int_equal(item->unit_cost, 0);
  assert_int_equal(sale->cost, 0);
}

/* DC 21 */
static void
test_a_total_is_read_in_either_notation(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value;
    gint64 total;
  } cases[] = {{"\"1.234,56\"", 123456},
               {"\"1.234\"", 123},
               {"\"\"", 0},
               {"\" \\u00a0 10,5\"", 1050},
               {"199.9", 19990}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Mapped) m = online_with("valor", cases[i].value);
    assert_int_equal(m->sale.total, cases[i].total);
    assert_int_equal(sale_is_valid(m->sale.nature, m->sale.total), cases[i].total > 0);
  }
}

/* DC 20, 22 */
static void
test_a_bad_record_is_refused_with_its_reason(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *name, *value, *code;
  } cases[] = {
      {"valor", "\"abc\"", "NUMERO_INVALIDO"},
      {"valor", "\"1e3\"", "NUMERO_INVALIDO"},
      {"valor", "\"1000000000000\"", "NUMERO_INVALIDO"},
      {"valor", NULL, "CAMPO_OBRIGATORIO"},
      {"valor", "null", "CAMPO_OBRIGATORIO"},
      {"valor", "[1]", "TIPO_INVALIDO"},
      {"valor", "true", "TIPO_INVALIDO"},
      {"id", NULL, "CAMPO_OBRIGATORIO"},
      {"id", "\" \"", "CAMPO_OBRIGATORIO"},
      {"id", "{}", "TIPO_INVALIDO"},
      {"cliente", "{\"a\":1}", "TIPO_INVALIDO"},
      {"data", "\"31/02/2026\"", "DATA_INVALIDA"},
      {"data", "\"05-03-2026\"", "DATA_INVALIDA"},
      {"data", "\"5/3/2026\"", "DATA_INVALIDA"},
      {"data", "\"\"", "DATA_INVALIDA"},
      {"data", NULL, "CAMPO_OBRIGATORIO"},
      {"data", "\"05/03/2026 25:00\"", "DATA_INVALIDA"},
      {"data", "\"05/03/2026 10:00Z\"", "DATA_INVALIDA"},
      {"data", "\"2026-03-05T10:00\"", "DATA_INVALIDA"},
      {"codigo", NULL, "CAMPO_OBRIGATORIO"},
      {"codigo", "\"\"", "CAMPO_OBRIGATORIO"},
      {"qtde", NULL, "CAMPO_OBRIGATORIO"},
      {"qtde", "\"x\"", "NUMERO_INVALIDO"},
      {"valorunit", "null", "CAMPO_OBRIGATORIO"},
      {"vdesc", "\"1.1.1\"", "NUMERO_INVALIDO"},
      {"cfop", "[]", "TIPO_INVALIDO"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_rejected_with(cases[i].name, cases[i].value, cases[i].code);
}

static void
test_the_list_of_items_must_be_one(G_GNUC_UNUSED void **state)
{
#define HEAD "{\"id\":\"1\",\"valor\":\"5\",\"data\":\"05/03/2026\""
  assert_rejected(&online_software, HEAD "}", "CAMPO_OBRIGATORIO", "itens");
  assert_rejected(&online_software, HEAD ",\"itens\":null}", "CAMPO_OBRIGATORIO", "itens");
  assert_rejected(&online_software, HEAD ",\"itens\":\"x\"}", "TIPO_INVALIDO", "itens");
  assert_rejected(&online_software, HEAD ",\"itens\":[1]}", "TIPO_INVALIDO", "itens");
  g_autoptr(Mapped) none = online(HEAD ",\"itens\":[]}");
  assert_int_equal(none->sale.items->len, 0);
#undef HEAD
}

static void
test_what_is_no_record_is_refused_and_never_crashes(G_GNUC_UNUSED void **state)
{
  static const char *const records[] = {"", "1", "[]", "null", "\"x\"", "{", "{\"id\":", "{]"};
  for (gsize i = 0; i < G_N_ELEMENTS(records); i++)
    assert_rejected(&online_software, records[i], "TIPO_INVALIDO", "registro");
  g_autofree char *deep = g_strnfill(1000000, '[');
  assert_rejected(&online_software, deep, "TIPO_INVALIDO", "registro");
}

static void
test_a_refused_record_tells_its_id_and_item_but_no_value(G_GNUC_UNUSED void **state)
{
  gboolean is_taken;
  g_autofree char *record = with_member(SALE, "qtde", "\"segredo\"");
  g_autoptr(Mapped) m = map_any(&online_software, record, &is_taken);
  assert_false(is_taken);
  assert_text(m->why.external_id, "123");
  assert_text(m->why.detail, "Item 1: Número inválido ou fora dos limites.");
}

/* 2.4: Unicode white space; what Postgres cannot store */
static void
test_texts_are_trimmed_and_can_be_stored(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) blank = online_with("cliente", "\"\\u00a0 Jos\\u00e9 \\t Silva\\u3000\\n\"");
  assert_text(blank->sale.client_name, "José \t Silva");
  g_autoptr(Mapped) nul = online_with("cliente", "\"Ma\\u0000ria\"");
  assert_text(nul->sale.client_name, "Maria");
  g_autoptr(Mapped) kept = online_with("cliente", "\"a\\\\u0000b\"");
  assert_text(kept->sale.client_name, "a\\u0000b");
  g_autoptr(Mapped) lone = online_with("cliente", "\"a\\udc00b\"");
  assert_true(g_utf8_validate(lone->sale.client_name, -1, NULL));
}

/* DC 30 */
static void
test_a_buyer_without_a_name_is_anonymous(G_GNUC_UNUSED void **state)
{
  static const char *const names[] = {
      "\"AO CONSUMIDOR\"", "\" ao  consumidor \"", "\"\"", "\"  \"", "null", NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(Mapped) m = online_with("cliente", names[i]);
    assert_text(m->sale.client_name, NULL);
    assert_text(m->sale.client_phone, "");
    assert_text(m->sale.client_phone_base, "");
  }
}

static void
test_the_buyers_mail_is_kept(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = online_with("fim", "1,\"clienteemail\":\" maria@example.com \"");
  assert_text(m->sale.client_email, "maria@example.com");
}

/* DC 36, 37 */
static void
test_sentinels_are_no_seller_and_no_partner(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value, *stored;
  } cases[] = {{"\"\"", "N/A"}, {"null", "N/A"}, {"\" N/A \"", "N/A"}, {"\"0\"", "0"}, {"0", "0"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Mapped) seller = online_with("vendedor", cases[i].value);
    assert_text(seller->sale.seller, cases[i].stored);
    assert_false(seller->sale.has_seller);
    g_autoptr(Mapped) partner = online_with("parceiro", cases[i].value);
    assert_text(partner->sale.partner, cases[i].stored);
    assert_false(partner->sale.has_partner);
  }
}

/* 2.5 */
static void
test_a_date_may_come_with_a_time(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value, *day, *at;
  } cases[] = {{"\"2026-03-05\"", "2026-03-05", NULL},
               {"\" 05/03/2026 \"", "2026-03-05", NULL},
               {"\"05/03/2026 22:30\"", "2026-03-05", "2026-03-06T01:30:00.000000Z"},
               {"\"05/03/2026 22:30:59\"", "2026-03-05", "2026-03-06T01:30:59.000000Z"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Mapped) m = online_with("data", cases[i].value);
    assert_text(date_iso(&m->sale.day).text, cases[i].day);
    if (cases[i].at == NULL)
      assert_true(m->sale.at == INSTANT_NONE);
    else
      assert_text(instant_text(m->sale.at).text, cases[i].at);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_full_record_has_every_field),
      cmocka_unit_test(test_other_types_and_absent_members_are_tolerated),
      cmocka_unit_test(test_what_was_left_out_has_its_default),
      cmocka_unit_test(test_a_total_is_read_in_either_notation),
      cmocka_unit_test(test_a_bad_record_is_refused_with_its_reason),
      cmocka_unit_test(test_the_list_of_items_must_be_one),
      cmocka_unit_test(test_what_is_no_record_is_refused_and_never_crashes),
      cmocka_unit_test(test_a_refused_record_tells_its_id_and_item_but_no_value),
      cmocka_unit_test(test_texts_are_trimmed_and_can_be_stored),
      cmocka_unit_test(test_a_buyer_without_a_name_is_anonymous),
      cmocka_unit_test(test_the_buyers_mail_is_kept),
      cmocka_unit_test(test_sentinels_are_no_seller_and_no_partner),
      cmocka_unit_test(test_a_date_may_come_with_a_time),
  };
  return cmocka_run_group_tests_name("online software", tests, NULL, NULL) != 0;
}

/* CardapioWeb's orders as sales (data-collecting.md 3.4 to 3.6, 3.8). */
#include "sale_fixture.h"

#define ORDER                                                                                      \
  "{\"id\":4711,\"display_id\":12,\"merchant_id\":1,\"status\":\"closed\","                        \
  "\"order_type\":\"delivery\",\"sales_channel\":\"ifood\",\"table_number\":null,"                 \
  "\"fiscal_document\":\"NF 1\",\"observation\":\"sem cebola\",\"delivery_fee\":7,"                \
  "\"service_fee\":1.0,\"additional_fee\":0,\"total\":50.00,"                                      \
  "\"created_at\":\"2026-03-05T14:07:00-03:00\",\"updated_at\":\"2026-03-05T15:00:00-03:00\","     \
  "\"customer\":{\"id\":88,\"name\":\" Maria Souza \",\"phone\":\"11987654321\",\"ddi\":\"55\"},"  \
  "\"discounts\":[{\"kind\":\"discount\",\"category\":\"loyalty\",\"total\":5},"                   \
  "{\"kind\":\"item\",\"total\":3.00}],\"payments\":[{\"status\":\"refunded\",\"total\":50}],"     \
  "\"items\":[],\"fim\":1}"

static Mapped *
order(const char *record)
{
  return map_fine(&cardapio_web, record);
}

static Mapped *
order_with(const char *name, const char *value)
{
  g_autofree char *record = with_member(ORDER, name, value);
  return order(record);
}

static void
test_a_full_order_has_every_field(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order(ORDER);
  const Sale *sale = &m->sale;
  assert_text(sale->external_id, "4711");
  assert_text(sale->client_name, "Maria Souza");
  assert_text(sale->client_external_id, "88");
  assert_text(sale->client_phone, "(11) 98765-4321");
  assert_text(sale->client_phone_base, "1187654321");
  assert_text(sale->client_email, NULL);
  assert_false(sale->client_by_name || sale->client_match_only);
  assert_int_equal(sale->total, 5000);
  assert_int_equal(sale->cost, 0);
  assert_text(sale->nature, "SN01");
  assert_text(sale->situation, "FECHADO");
  assert_text(sale->seller, "CARDAPIO WEB");
  assert_text(sale->partner, "N/A");
  assert_false(sale->has_seller || sale->has_partner);
  assert_text(sale->key, "N/A");
  assert_text(sale->series, "N/A");
  assert_text(sale->document, "NF 1");
  assert_text(sale->model, "CARDAPIO-WEB");
  assert_text(sale->movement, "delivery");
  assert_text(sale->type, "delivery");
  assert_text(sale->channel, "iFood");
  assert_text(sale->delivery_mode, "ENTREGA");
  assert_text(sale->table_number, NULL);
  assert_text(sale->notes, "sem cebola");
  assert_text(sale->erp_status, "closed");
  assert_text(sale->erp_updated_at, "2026-03-05T18:00:00.000000Z");
  assert_text(instant_text(sale->at).text, "2026-03-05T17:07:00.000000Z");
  assert_text(date_iso(&sale->day).text, "2026-03-05");
}

/* DC 100 */
static void
test_discounts_and_fees_are_summed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order(ORDER);
  assert_true(m->sale.has_adjustments);
  assert_int_equal(m->sale.discounts, 800);
  assert_int_equal(m->sale.additions, 800);
  assert_int_equal(m->sale.total, 5000);
}

/* DC 96, 3.5 */
static void
test_the_status_decides_what_the_sale_is(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *status, *nature, *situation;
  } cases[] = {{"\"closed\"", "SN01", "FECHADO"},
               {"\"canceled\"", "CANCELADO", "CANCELADO"},
               {"\"waiting_confirmation\"", "WAITING_CONFIRMATION", "WAITING_CONFIRMATION"},
               {"\"não sei\"", "NÃO SEI", "NÃO SEI"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Mapped) m = order_with("status", cases[i].status);
    assert_text(m->sale.nature, cases[i].nature);
    assert_text(m->sale.situation, cases[i].situation);
    assert_int_equal(sale_is_valid(m->sale.nature, m->sale.total), i == 0);
  }
  g_autoptr(Mapped) nothing = order_with("total", "0");
  assert_false(sale_is_valid(nothing->sale.nature, nothing->sale.total));
}

/* DC 99, 3.6 */
static void
test_channels_and_kinds_of_delivery_have_our_words(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *name, *value, *channel, *mode;
  } cases[] = {{"sales_channel", "\"portal\"", "Portal CardapioWeb", "ENTREGA"},
               {"sales_channel", "\"whatsapp_extension\"", "WhatsApp", "ENTREGA"},
               {"sales_channel", "\"catalog\"", "Catálogo CardapioWeb", "ENTREGA"},
               {"sales_channel", "\"store_front_catalog\"", "Catálogo CardapioWeb", "ENTREGA"},
               {"sales_channel", "\"totem\"", "totem", "ENTREGA"},
               {"sales_channel", "\"\"", "NÃO DEFINIDO", "ENTREGA"},
               {"sales_channel", NULL, "NÃO DEFINIDO", "ENTREGA"},
               {"order_type", "\"takeout\"", "iFood", "RETIRADA"},
               {"order_type", "\"onsite\"", "iFood", "PRESENCIAL"},
               {"order_type", "\"closed_table\"", "iFood", "COMANDA"},
               {"order_type", "\"drone\"", "iFood", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Mapped) m = order_with(cases[i].name, cases[i].value);
    assert_text(m->sale.channel, cases[i].channel);
    assert_text(m->sale.delivery_mode, cases[i].mode);
  }
}

/* 3.4: only five members are required */
static void
test_everything_else_may_be_missing(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order("{\"id\":1,\"status\":\"closed\",\"total\":\"10\","
                              "\"created_at\":\"2026-03-05T23:30:00\",\"items\":[]}");
  const Sale *sale = &m->sale;
  assert_text(sale->client_name, NULL);
  assert_text(sale->client_phone, "");
  assert_text(sale->document, "N/A");
  assert_text(sale->movement, "N/A");
  assert_text(sale->type, "N/A");
  assert_text(sale->delivery_mode, NULL);
  assert_text(sale->erp_updated_at, NULL);
  assert_int_equal(sale->discounts, 0);
  assert_int_equal(sale->additions, 0);
  assert_int_equal(sale->total, 1000);
  assert_text(instant_text(sale->at).text, "2026-03-06T02:30:00.000000Z"); /* wall time */
  assert_text(date_iso(&sale->day).text, "2026-03-05");
}

static void
test_a_bad_order_is_refused_with_its_reason(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *name, *value, *code, *field;
  } cases[] = {{"id", NULL, "CAMPO_OBRIGATORIO", "id"},
               {"id", "true", "TIPO_INVALIDO", "id"},
               {"status", "null", "CAMPO_OBRIGATORIO", "status"},
               {"total", NULL, "CAMPO_OBRIGATORIO", "total"},
               {"total", "\"x\"", "NUMERO_INVALIDO", "total"},
               {"created_at", NULL, "CAMPO_OBRIGATORIO", "created_at"},
               {"created_at", "\"ontem\"", "DATA_INVALIDA", "created_at"},
               {"created_at", "\"2026-02-30T10:00:00Z\"", "DATA_INVALIDA", "created_at"},
               {"observation", "{}", "TIPO_INVALIDO", "observation"},
               {"delivery_fee", "\"x\"", "NUMERO_INVALIDO", "delivery_fee"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *record = with_member(ORDER, cases[i].name, cases[i].value);
    assert_rejected(&cardapio_web, record, cases[i].code, cases[i].field);
  }
}

static void
test_a_list_or_object_that_is_none_is_refused(G_GNUC_UNUSED void **state)
{
#define HEAD "{\"id\":1,\"status\":\"closed\",\"total\":1,\"created_at\":\"2026-03-05T10:00:00Z\""
  static const struct {
    const char *rest, *code, *field;
  } cases[] = {{"}", "CAMPO_OBRIGATORIO", "items"},
               {",\"items\":null}", "CAMPO_OBRIGATORIO", "items"},
               {",\"items\":{}}", "TIPO_INVALIDO", "items"},
               {",\"items\":[7]}", "TIPO_INVALIDO", "items"},
               {",\"items\":[],\"customer\":[]}", "TIPO_INVALIDO", "customer"},
               {",\"items\":[],\"customer\":{\"name\":[]}}", "TIPO_INVALIDO", "name"},
               {",\"items\":[],\"discounts\":5}", "TIPO_INVALIDO", "discounts"},
               {",\"items\":[],\"discounts\":[5]}", "TIPO_INVALIDO", "discounts"},
               {",\"items\":[{\"options\":{}}]}", "TIPO_INVALIDO", "options"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *record = g_strconcat(HEAD, cases[i].rest, NULL);
    assert_rejected(&cardapio_web, record, cases[i].code, cases[i].field);
  }
#undef HEAD
}

/* DC 97, 3.8 */
static void
test_a_customer_without_a_name_is_only_matched(G_GNUC_UNUSED void **state)
{
  static const char *const names[] = {"\"\"", "null", "\" cliente  cardapio web \""};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(Mapped) m = order_with("name", names[i]);
    assert_true(m->sale.client_match_only);
    assert_non_null(m->sale.client_name);
    assert_text(m->sale.client_external_id, "88");
    assert_text(m->sale.client_phone_base, "1187654321");
  }
}

static void
test_an_order_without_a_customer_is_anonymous(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order("{\"id\":1,\"status\":\"closed\",\"total\":1,\"customer\":null,"
                              "\"created_at\":\"2026-03-05T10:00:00Z\",\"items\":[]}");
  assert_text(m->sale.client_name, NULL);
  assert_text(m->sale.client_external_id, NULL);
}

/* 3.8 */
static void
test_a_foreign_number_has_no_comparable_form(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) foreign = order_with("ddi", "\"+351\"");
  assert_text(foreign->sale.client_phone, "+35111987654321");
  assert_text(foreign->sale.client_phone_base, "");
  static const char *const brazil[] = {"\"+55\"", "55", "\"\"", "null"};
  for (gsize i = 0; i < G_N_ELEMENTS(brazil); i++) {
    g_autoptr(Mapped) m = order_with("ddi", brazil[i]);
    assert_text(m->sale.client_phone, "(11) 98765-4321");
    assert_text(m->sale.client_phone_base, "1187654321");
  }
}

/* 5.3: what only tells that it changed is not what was stored of it */
static void
test_the_time_of_a_change_alone_leaves_the_hash(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order(ORDER);
  g_autoptr(Mapped) later = order_with("updated_at", "\"2026-03-05T16:00:00-03:00\"");
  g_autoptr(Mapped) canceled = order_with("status", "\"canceled\"");
  g_autoptr(Mapped) dearer = order_with("service_fee", "2");
  g_autofree char *hash = sale_hash(&m->sale), *same = sale_hash(&later->sale);
  g_autofree char *other = sale_hash(&canceled->sale), *fee = sale_hash(&dearer->sale);
  assert_string_equal(hash, same);
  assert_string_not_equal(hash, other);
  assert_string_not_equal(hash, fee);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_full_order_has_every_field),
      cmocka_unit_test(test_discounts_and_fees_are_summed),
      cmocka_unit_test(test_the_status_decides_what_the_sale_is),
      cmocka_unit_test(test_channels_and_kinds_of_delivery_have_our_words),
      cmocka_unit_test(test_everything_else_may_be_missing),
      cmocka_unit_test(test_a_bad_order_is_refused_with_its_reason),
      cmocka_unit_test(test_a_list_or_object_that_is_none_is_refused),
      cmocka_unit_test(test_a_customer_without_a_name_is_only_matched),
      cmocka_unit_test(test_an_order_without_a_customer_is_anonymous),
      cmocka_unit_test(test_a_foreign_number_has_no_comparable_form),
      cmocka_unit_test(test_the_time_of_a_change_alone_leaves_the_hash),
  };
  return cmocka_run_group_tests_name("cardapio web", tests, NULL, NULL) != 0;
}

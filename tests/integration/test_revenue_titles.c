/* From Omie's titles to revenue: which titles count, for which client, and with which value (fin.md
 * 7.6, 7.7, 7.10). */
#include "harness_revenue.h"

#define INVALID   "Omie: valor inválido em contas a receber."
#define CANCELLED ",\"status_titulo\":\"CANCELADO\""

/* F55 */
static void
test_titles_of_a_client_are_added_up_exactly(G_GNUC_UNUSED void **state)
{
  title(1, "01/01/2026", "7", "0.10", "");
  title(2, "15/01/2026", "7", "0.20", "");
  title(3, "31/01/2026", "7", "0.30", "");
  title_put("{\"codigo_lancamento_omie\":4,\"data_registro\":\"10/01/2026\","
            "\"codigo_cliente_omie\":8,\"valor\":\"12.5\"}");
  assert_int_equal(cron_ok(JANUARY), 2);
  assert_snapshot("2026-01", "7=0.60 8=12.50");
}

/* 7.7 */
static void
test_a_thousand_centavos_are_ten_reais(G_GNUC_UNUSED void **state)
{
  sql("select sandbox.omie_put_title($1, jsonb_build_object('codigo_lancamento_omie', n,"
      "         'data_registro', '10/01/2026', 'codigo_cliente_fornecedor', 7,"
      "         'valor_documento', 0.01))"
      "  from generate_series(1, 1000) n",
      harness_env("OMIE_APP_KEY"));
  assert_int_equal(cron_ok(JANUARY), 1);
  assert_snapshot("2026-01", "7=10.00");
}

/* F55, 7.7: every form of a value as it travels */
static void
test_a_value_may_come_in_many_forms(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *members, *valor;
  } cases[] = {
      {"\"valor_documento\":100", "100.00"},
      {"\"valor_documento\":1500.5", "1500.50"},
      {"\"valor_documento\":\"1500.5\"", "1500.50"},
      {"\"valor_documento\":1.5e3", "1500.00"},
      {"\"valor_documento\":1E-2", "0.01"},
      {"\"valor_documento\":1.005", "1.01"},
      {"\"valor_documento\":-2.675", "-2.68"},
      {"\"valor_documento\":-12.34", "-12.34"},
      {"\"valor_documento\":9999999999999.99", "9999999999999.99"},
      {"\"valor_documento\":null,\"valor\":3.5", "3.50"},
      {"\"valor\":3.5", "3.50"},
      {"\"valor_documento\":2,\"valor\":3.5", "2.00"},
      {"\"valor_documento\":0,\"valor\":3.5", "0.00"},
      {"\"valor_documento\":null", "0.00"},
      {"\"numero_parcela\":\"001/001\"", "0.00"},
  };
  GString *records = g_string_new(NULL), *expected = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *comma = i > 0 ? "," : "", *space = i > 0 ? " " : "";
    g_string_append_printf(records,
                           "%s{\"codigo_lancamento_omie\":%u,\"codigo_cliente_fornecedor\":%u,%s}",
                           comma, i + 1, i + 100, cases[i].members);
    g_string_append_printf(expected, "%s%u=%s", space, i + 100, cases[i].valor);
  }
  titles_page(1, 1, records->str);
  assert_int_equal(cron_ok(JANUARY), G_N_ELEMENTS(cases));
  assert_snapshot("2026-01", expected->str);
  g_string_free(records, TRUE);
  g_string_free(expected, TRUE);
}

/* 7.7: anything else fails the run, and the stored month stays */
static void
test_a_value_that_is_no_amount_fails_the_run(G_GNUC_UNUSED void **state)
{
  static const char *const values[] = {
      "\"\"",
      "\" \"",
      "\"abc\"",
      "\"1,50\"",
      "\"1.234,56\"",
      "\"R$ 1.00\"",
      "true",
      "false",
      "{}",
      "[]",
      "[1]",
      "\"0x10\"",
      "\"NaN\"",
      "10000000000000",
      "1e300",
      "-1e13",
      "\"01\"",
      "{\"v\":1.5}",
      "9999999999999.995",
  };
  snapshot_put("2026-01", "7", "5.00");
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autofree char *good = title_json(1, "10/01/2026", "7", "1", "");
    g_autofree char *bad = title_json(2, "10/01/2026", "8", values[i], "");
    g_autofree char *records = g_strjoin(",", good, bad, NULL);
    titles_page(1, 1, records);
    assert_cron_fails(JANUARY, INVALID);
    omie_answers_clear();
  }
  assert_snapshot("2026-01", "7=5.00");
}

/* 7.7 */
static void
test_a_sum_without_room_fails_the_run(G_GNUC_UNUSED void **state)
{
  snapshot_put("2026-01", "7", "5.00");
  title(1, "10/01/2026", "7", "9999999999999.99", "");
  title(2, "10/01/2026", "7", "0.01", "");
  assert_cron_fails(JANUARY, INVALID);
  assert_snapshot("2026-01", "7=5.00");
}

/* 7.7, 5.8 */
static void
test_the_client_is_a_code_in_either_member(G_GNUC_UNUSED void **state)
{
  static const char records[] =
      "{\"codigo_cliente_fornecedor\":24859940171234,\"valor_documento\":1},"
      "{\"codigo_cliente_fornecedor\":\" 24859940171234 \",\"valor_documento\":1},"
      "{\"codigo_cliente_fornecedor\":\"0\",\"codigo_cliente_omie\":8,\"valor_documento\":2},"
      "{\"codigo_cliente_fornecedor\":\"\",\"codigo_cliente_omie\":\"8\",\"valor_documento\":2},"
      "{\"codigo_cliente_fornecedor\":7,\"codigo_cliente_omie\":8,\"valor_documento\":4},"
      "{\"codigo_cliente_fornecedor\":0,\"valor_documento\":8},"
      "{\"codigo_cliente_fornecedor\":null,\"valor_documento\":8},"
      "{\"codigo_cliente_fornecedor\":\"  \",\"valor_documento\":8},"
      "{\"codigo_cliente_fornecedor\":{},\"valor_documento\":8},"
      "{\"valor_documento\":8}";
  titles_page(1, 1, records);
  assert_int_equal(cron_ok(JANUARY), 3);
  assert_snapshot("2026-01", "7=4.00 8=4.00 24859940171234=2.00");
}

/* 7.10 */
static void
test_codes_that_are_no_clients_of_ours_are_stored_too(G_GNUC_UNUSED void **state)
{
  client_put("7", "ACME");
  title(1, "10/01/2026", "7", "1", "");
  title(2, "10/01/2026", "8", "2", "");
  assert_int_equal(cron_ok(JANUARY), 2);
  assert_snapshot("2026-01", "7=1.00 8=2.00");
  assert_count(1, "fin.clients");
}

/* F56 */
static void
test_a_cancelled_title_is_left_out(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "1", "");
  title(2, "10/01/2026", "7", "2", CANCELLED);
  title(3, "10/01/2026", "7", "4", ",\"status_titulo\":\"cance_lado \"");
  title(4, "10/01/2026", "7", "8", ",\"status_titulo\":\"ATRASADO\"");
  title(5, "10/01/2026", "9", "16", CANCELLED);
  assert_int_equal(cron_ok(JANUARY), 1);
  assert_snapshot("2026-01", "7=9.00");
}

/* F56: pages shift while they are read; the last copy counts, the cancelled one included */
static void
test_a_title_on_two_pages_counts_once(G_GNUC_UNUSED void **state)
{
  g_autofree char *same = title_json(1, "10/01/2026", "7", "1", "");
  g_autofree char *before = title_json(2, "10/01/2026", "7", "20", "");
  g_autofree char *after = title_json(2, "10/01/2026", "7", "300", "");
  g_autofree char *good = title_json(3, "10/01/2026", "8", "4000", "");
  g_autofree char *gone = title_json(3, "10/01/2026", "8", "4000", CANCELLED);
  g_autofree char *first = g_strjoin(",", same, before, good, NULL);
  g_autofree char *second = g_strjoin(",", same, after, gone, NULL);
  titles_page(1, 2, first);
  titles_page(2, 2, second);
  assert_int_equal(cron_ok(JANUARY), 1);
  assert_snapshot("2026-01", "7=301.00");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_titles_of_a_client_are_added_up_exactly),
      CASE(test_a_thousand_centavos_are_ten_reais),
      CASE(test_a_value_may_come_in_many_forms),
      CASE(test_a_value_that_is_no_amount_fails_the_run),
      CASE(test_a_sum_without_room_fails_the_run),
      CASE(test_the_client_is_a_code_in_either_member),
      CASE(test_codes_that_are_no_clients_of_ours_are_stored_too),
      CASE(test_a_cancelled_title_is_left_out),
      CASE(test_a_title_on_two_pages_counts_once),
  };
  return RUN("revenue: titles", tests);
}

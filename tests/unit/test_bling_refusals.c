/* erp-connectors.md 6.4: bills of Bling's legacy XML, and what refusals of Bling mean. */
#include "erp_fixture.h"

#include "erp/bling_v2.h"
#include "erp/xml_rows.h"
#include "voucher_fixture.h"

/* ---- v2 ---------------------------------------------------------------------------------------*/

static const char *const bill_keys[] = {"bill.state", "bill.due"};

#define BILL(state)                                                                                \
  "<contareceber><id>88001</id><situacao>" state                                                   \
  "</situacao><dataEmissao>2026-01-12</dataEmissao>"                                               \
  "<vencimento>2026-02-10</vencimento><nroDocumento>NF-331</nroDocumento><valor>1500,50</valor>"   \
  "<historico>Pedido 77</historico><cliente><id>41</id><nome>Beta</nome></cliente></contareceber>"
#define BILLS(list) "<retorno><contasreceber>" list "</contasreceber></retorno>"

static gboolean
read_receivable(gpointer data, const RowCell *cells, gboolean *fine, GError **error)
{
  Dialect *dialect = data;
  return bling_v2_read_bill(&dialect->erp, cells, TRUE, &dialect->sink, &dialect->voucher, fine,
                            error);
}

static gboolean
read_payable(gpointer data, const RowCell *cells, gboolean *fine, GError **error)
{
  Dialect *dialect = data;
  return bling_v2_read_bill(&dialect->erp, cells, FALSE, &dialect->sink, &dialect->voucher, fine,
                            error);
}

static void
test_a_bill_is_one_side_of_its_account(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v2, "LEADLOVERS");
  dialect.read = read_receivable;
  dialect_feed(&dialect, "rows.receivables", bill_keys, G_N_ELEMENTS(bill_keys), &xml_rows,
               BILLS(BILL("aberto") BILL("Cancelada")));
  dialect_assert_told(&dialect, "2026-01-12 RECEIVABLES 1500.50 0.00\n");
  dialect.read = read_payable;
  dialect_feed(&dialect, "rows.receivables", bill_keys, G_N_ELEMENTS(bill_keys), &xml_rows,
               BILLS(BILL("pago")));
  dialect_assert_told(&dialect, "2026-01-12 PAYABLES 0.00 1500.50\n");
  dialect.read = read_receivable;
  dialect_ask_account(&dialect, "RECEIVABLES");
  dialect_feed(&dialect, "rows.receivables", bill_keys, G_N_ELEMENTS(bill_keys), &xml_rows,
               BILLS(BILL("aberto")));
  dialect_assert_told(&dialect, "88001 2026-01-12 RECEIVABLES 1500.50 0.00 NF-331\n");
}

/* 5.3 */
static void
test_a_bill_without_an_amount_is_not_of_zero(G_GNUC_UNUSED void **state)
{
  static const char *const amounts[] = {"", "<valor/>"};
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v2, "LEADLOVERS");
  dialect.read = read_payable;
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
    g_autofree char *bill = g_strdup_printf(
        BILLS("<contareceber><id>7</id><dataEmissao>2026-01-12</dataEmissao>%s</contareceber>"),
        amounts[i]);
    dialect_feed(&dialect, "rows.receivables", bill_keys, G_N_ELEMENTS(bill_keys), &xml_rows, bill);
    dialect_assert_told(&dialect, "7: amount amount_required\n");
  }
}

static void
test_v2_knows_two_accounts_and_no_other(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  g_autoptr(GError) error = NULL;
  ErpPeriod january = {0};
  assert_true(date_parse_iso("2026-01-01", &january.first));
  january.last = january.first;
  dialect_init(&dialect, &bling_v2, "LEADLOVERS");
  assert_false(bling_v2.entries(&dialect.erp, "1.01.001", &january, &dialect.sink, &error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_ACCOUNT_NOT_FOUND));
}

/* ---- refusals ---------------------------------------------------------------------------------*/

#define ERRORS(cod)                                                                                \
  "<retorno><erros><erro><cod>" cod "</cod><msg>Sem acesso</msg></erro></erros></retorno>"

/* F-49 */
static void
test_v2_codes_say_whether_it_is_empty_or_refused(G_GNUC_UNUSED void **state)
{
  static const struct {
    guint status;
    const char *body;
    gboolean fine;
    PonteErrorCode code;
  } cases[] = {{200, ERRORS("14"), TRUE, 0},
               {404, ERRORS("14"), TRUE, 0},
               {200, ERRORS("2"), FALSE, ERROR_ERP_AUTHENTICATION},
               {200, ERRORS("3"), FALSE, ERROR_ERP_AUTHENTICATION},
               {401, ERRORS("4"), FALSE, ERROR_ERP_AUTHENTICATION},
               {200, ERRORS("8"), FALSE, ERROR_ERP_REJECTED},
               {500, ERRORS("1"), FALSE, ERROR_ERP_CONNECTION},
               {200, BILLS(BILL("aberto")), TRUE, 0}};
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v2, "LEADLOVERS");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Judged) judged = {0};
    dialect_judge(&dialect, &xml_rows, cases[i].status, cases[i].body, &judged);
    if (judged.verdict.fine != cases[i].fine ||
        (!cases[i].fine && judged.verdict.code != cases[i].code))
      fail_msg("%" G_GSIZE_FORMAT ": code %d", i, (int)judged.verdict.code);
    assert_true(judged.verdict.fine || judged.verdict.message != NULL);
  }
}

static void
test_v3_refusals_tell_blings_words_and_fields(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  g_auto(Judged) judged = {0};
  dialect_init(&dialect, &bling_v3, "LEADLOVERS");
  dialect_judge(
      &dialect, &json_rows, 400,
      "{\"error\":{\"type\":\"VALIDATION_ERROR\",\"message\":\"Inválido\",\"description\":"
      "\"Período longo\",\"fields\":[{\"code\":49,\"msg\":\"Longo\",\"element\":"
      "\"dataFinal\",\"namespace\":\"QUERY\",\"collection\":[]}]}}",
      &judged);
  assert_int_equal(judged.verdict.code, ERROR_ERP_REJECTED);
  assert_string_equal(judged.verdict.upstream_message, "Inválido: Período longo");
  assert_int_equal(judged.details, 1);
  assert_string_equal(g_ptr_array_index(dialect.erp.error_details, 0), "dataFinal");
  assert_string_equal(g_ptr_array_index(dialect.erp.error_details, 1), "49");
}

static void
test_a_days_quota_is_not_asked_for_again(G_GNUC_UNUSED void **state)
{
  static const char limit[] = "{\"error\":{\"type\":\"TOO_MANY_REQUESTS\",\"message\":\"Limite\","
                              "\"limit\":%s,\"period\":\"%s\"}}";
  g_autofree char *day = g_strdup_printf(limit, "120000", "day");
  g_autofree char *second = g_strdup_printf(limit, "3", "second");
  g_auto(Dialect) dialect = {0};
  g_auto(Judged) judged = {0};
  dialect_init(&dialect, &bling_v3, "LEADLOVERS");
  dialect_judge(&dialect, &json_rows, 429, second, &judged);
  assert_true(judged.verdict.retried && !judged.verdict.whole_day);
  assert_int_equal(judged.verdict.code, ERROR_ERP_RATE_LIMITED);
  dialect_judge(&dialect, &json_rows, 429, day, &judged);
  assert_true(!judged.verdict.retried && judged.verdict.whole_day);
  assert_int_equal(judged.verdict.code, ERROR_ERP_DAY_SPENT);
}

static void
test_ten_errors_in_ten_seconds_make_a_pause_of_ten(G_GNUC_UNUSED void **state)
{
  BlingErrors errors = {0};
  gint64 second = G_TIME_SPAN_SECOND, now = 1000 * second;
  for (int i = 0; i < 9; i++, now += second)
    bling_errors_note(&errors, now);
  assert_int_equal(bling_errors_wait_us(&errors, now), 0);
  bling_errors_note(&errors, now);
  assert_int_equal(bling_errors_wait_us(&errors, now), 10 * second);
  assert_int_equal(bling_errors_wait_us(&errors, now + 4 * second), 6 * second);
  assert_int_equal(bling_errors_wait_us(&errors, now + 11 * second), 0);
  bling_errors_note(&errors, now + 11 * second);
  assert_int_equal(bling_errors_wait_us(&errors, now + 11 * second), 0);
}

static void
test_errors_now_and_then_do_not_make_a_pause(G_GNUC_UNUSED void **state)
{
  BlingErrors errors = {0};
  gint64 now = 1000 * (gint64)G_TIME_SPAN_SECOND;
  for (int i = 0; i < 30; i++, now += 1200 * G_TIME_SPAN_MILLISECOND) {
    bling_errors_note(&errors, now);
    assert_int_equal(bling_errors_wait_us(&errors, now), 0);
  }
}

#define TEST(name) cmocka_unit_test_setup(test_##name, erp_fixture_clear)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_bill_is_one_side_of_its_account),
      TEST(a_bill_without_an_amount_is_not_of_zero),
      TEST(v2_knows_two_accounts_and_no_other),
      TEST(v2_codes_say_whether_it_is_empty_or_refused),
      TEST(v3_refusals_tell_blings_words_and_fields),
      TEST(a_days_quota_is_not_asked_for_again),
      TEST(ten_errors_in_ten_seconds_make_a_pause_of_ten),
      TEST(errors_now_and_then_do_not_make_a_pause),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* erp-connectors.md 6.2: what transactions, titles and refusals of ContaAzul mean. */
#include "erp_fixture.h"

#include "erp/contaazul_v2.h"
#include "voucher_fixture.h"

/* ---- v1 ---------------------------------------------------------------------------------------*/

static const char *const keys[] = {"transaction.status", "transaction.method",
                                   "transaction.category", "transaction.category_name",
                                   "transaction.lines"};

static gboolean
read_transaction(gpointer data, const RowCell *cells, gboolean *fine, GError **error)
{
  Dialect *dialect = data;
  LineNames names = contaazul_line_names(&dialect->erp);
  return contaazul_read_transaction(&dialect->erp, &names, cells, &dialect->sink, &dialect->voucher,
                                    fine, error);
}

static void
feed(Dialect *dialect, const char *transactions)
{
  g_autofree char *text = g_strdup_printf("{\"page\":1,\"data\":[%s]}", transactions);
  dialect->read = read_transaction;
  dialect_feed(dialect, "rows.transactions", keys, G_N_ELEMENTS(keys), &json_rows, text);
}

#define HEAD                                                                                       \
  "\"id\":\"t-9001\",\"date\":\"2026-01-15\",\"type\":\"receipt\",\"document_number\":\"NF "       \
  "1203\","                                                                                        \
  "\"customer_supplier\":{\"id\":\"c-77\",\"name\":\"Cliente Alfa\"}"
#define LINES                                                                                      \
  "\"lines\":[{\"account_code\":\"1.01.001\",\"debit_amount\":350.00,\"credit_amount\":0},"        \
  "{\"account_code\":\"4.01.001\",\"debit_amount\":0,\"credit_amount\":350.00}]"

/* F-53 */
static void
test_each_line_of_a_transaction_is_posted(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  feed(&dialect, "{" HEAD ",\"status\":\"paid\"," LINES "}");
  dialect_assert_told(&dialect, "2026-01-15 1.01.001 350.00 0.00\n"
                                "2026-01-15 4.01.001 0.00 350.00\n");
  assert_false(dialect.erp.is_single_sided);
}

static void
test_what_was_cancelled_or_deleted_is_left_out(G_GNUC_UNUSED void **state)
{
  static const char *const words[] = {"cancelled", "CANCELED", "Cancelado", "deleted", "Excluído"};
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    g_autofree char *row = g_strdup_printf("{" HEAD ",\"status\":\"%s\"," LINES "}", words[i]);
    feed(&dialect, row);
    dialect_assert_told(&dialect, "");
  }
}

static void
test_without_lines_the_category_gets_the_value_on_one_side(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  feed(&dialect, "{" HEAD ",\"value\":350.00,\"category\":{\"id\":\"cat-1\",\"name\":\"Vendas\"}}");
  feed(&dialect,
       "{\"id\":\"t-2\",\"date\":\"2026-01-16\",\"type\":\"expense\",\"value\":\"1.234,5\","
       "\"lines\":[],\"category\":{\"id\":\"cat-2\"}}");
  dialect_assert_told(&dialect, "2026-01-15 cat-1* 0.00 350.00\n"
                                "2026-01-16 cat-2* 1234.50 0.00\n");
  assert_true(dialect.erp.is_single_sided);
}

static void
test_a_transaction_that_says_no_account_is_a_flaw(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  feed(&dialect, "{" HEAD ",\"value\":350.00}");
  feed(&dialect, "{" HEAD ",\"lines\":[{\"debit_amount\":1}]}");
  feed(&dialect, "{" HEAD ",\"lines\":[{\"account_code\":\"1\",\"debit_amount\":-1}]}");
  dialect_assert_told(&dialect, "t-9001: account_code missing_field\n"
                                "t-9001: account_code missing_field\n"
                                "t-9001: debit_amount negative_amount\n");
}

/* 5.3 */
static void
test_an_amount_that_is_not_told_is_no_zero(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  feed(&dialect, "{" HEAD ",\"category\":{\"id\":\"cat-1\"}}");
  feed(&dialect, "{" HEAD ",\"value\":null,\"category\":{\"id\":\"cat-1\"}}");
  feed(&dialect, "{" HEAD ",\"lines\":[{\"account_code\":\"1.01.001\"}]}");
  dialect_assert_told(&dialect, "t-9001: amount amount_required\n"
                                "t-9001: amount amount_required\n"
                                "t-9001: credit_amount amount_required\n");
  feed(&dialect, "{" HEAD ",\"value\":0,\"category\":{\"id\":\"cat-1\"}}");
  feed(&dialect, "{" HEAD ",\"value\":-1,\"category\":{\"id\":\"cat-1\"}}");
  dialect_assert_told(&dialect, "2026-01-15 cat-1* 0.00 0.00\n"
                                "t-9001: amount negative_amount\n");
}

static void
test_an_entry_is_a_line_on_the_account(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  dialect_ask_account(&dialect, "1.01.001");
  feed(&dialect, "{" HEAD "," LINES "}");
  dialect_assert_told(&dialect, "t-9001 2026-01-15 1.01.001 350.00 0.00 NF 1203\n");
  feed(&dialect, "{" HEAD ",\"lines\":[{\"account_code\":\"1.01.001\",\"debit_amount\":10},"
                 "{\"account_code\":\"1.01.002\",\"credit_amount\":4},"
                 "{\"account_code\":\"1.01.001\",\"credit_amount\":6}]}");
  dialect_assert_told(&dialect, "t-9001#1 2026-01-15 1.01.001 10.00 0.00 NF 1203\n"
                                "t-9001#3 2026-01-15 1.01.001 0.00 6.00 NF 1203\n");
}

static void
test_a_mapped_category_has_the_entries_of_its_account(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  erp_fixture_set("CONTAAZUL_CATEGORY_MAP", "cat-1=5.01, cat-9=1.02, cat-1 = 4.01.001");
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  dialect_ask_account(&dialect, "4.01.001");
  feed(&dialect, "{" HEAD ",\"value\":350.00,\"category\":{\"id\":\"cat-1\"}}");
  feed(&dialect, "{" HEAD ",\"value\":350.00,\"category\":{\"id\":\"cat-9\"}}");
  dialect_assert_told(&dialect, "t-9001 2026-01-15 4.01.001 0.00 350.00 NF 1203\n");
  dialect_ask_account(&dialect, "cat-1"); /* whose postings are all on that account */
  feed(&dialect, "{" HEAD ",\"value\":350.00,\"category\":{\"id\":\"cat-1\"}}");
  dialect_assert_told(&dialect, "");
}

static void
test_a_posting_outside_the_period_is_counted_and_left_out(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  ErpPeriod february = {0};
  dialect_init(&dialect, &contaazul_v1, "MERCOS");
  assert_true(date_parse_iso("2026-02-01", &february.first));
  assert_true(date_parse_iso("2026-02-28", &february.last));
  dialect.target.period = &february;
  feed(&dialect, "{" HEAD "," LINES "}");
  dialect_assert_told(&dialect, "");
  assert_int_equal(dialect_warnings(&dialect, "out_of_period"), 1);
}

/* ---- refusals ---------------------------------------------------------------------------------*/

static const struct {
  guint status;
  const char *body, *words;
  PonteErrorCode code;
} refusals[] = {
    {401, "{\"error\":\"invalid_token\",\"error_description\":\"expirou\"}", "expirou",
     ERROR_ERP_AUTHENTICATION},
    {403, "{\"error\":\"forbidden\"}", "forbidden", ERROR_ERP_FORBIDDEN},
    {422, "{\"codigo\":\"X1\",\"mensagem\":\"data inválida\"}", "data inválida",
     ERROR_ERP_REJECTED},
    {429, "{\"message\":\"devagar\"}", "devagar", ERROR_ERP_RATE_LIMITED},
    {500, "<html></html>", NULL, ERROR_ERP_CONNECTION},
};

static void
test_a_refusal_tells_contaazuls_words(G_GNUC_UNUSED void **state)
{
  static const ErpProfile *const profiles[] = {&contaazul_v1, &contaazul_v2};
  for (gsize i = 0; i < G_N_ELEMENTS(refusals) * 2; i++) {
    gsize which = i / 2;
    g_auto(Dialect) dialect = {0};
    g_auto(Judged) judged = {0};
    dialect_init(&dialect, profiles[i % 2], "MERCOS");
    dialect_judge(&dialect, &json_rows, refusals[which].status, refusals[which].body, &judged);
    assert_int_equal(judged.verdict.code, refusals[which].code);
    if (g_strcmp0(judged.verdict.upstream_message, refusals[which].words) != 0)
      fail_msg("%u: %s", refusals[which].status, judged.verdict.upstream_message);
  }
}

#define TEST(name) cmocka_unit_test_setup(test_##name, erp_fixture_clear)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(each_line_of_a_transaction_is_posted),
      TEST(what_was_cancelled_or_deleted_is_left_out),
      TEST(without_lines_the_category_gets_the_value_on_one_side),
      TEST(a_transaction_that_says_no_account_is_a_flaw),
      TEST(an_amount_that_is_not_told_is_no_zero),
      TEST(an_entry_is_a_line_on_the_account),
      TEST(a_mapped_category_has_the_entries_of_its_account),
      TEST(a_posting_outside_the_period_is_counted_and_left_out),
      TEST(a_refusal_tells_contaazuls_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

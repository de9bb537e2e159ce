/* erp-connectors.md 6.3: what rows and refusals of Omie mean for its books. */
#include "base/settings.h"
#include "erp/omie/books_statement.h"
#include "unit.h"

/* ---- refusals ---------------------------------------------------------------------------------*/

/* F-44, F-45, F-46 and the rest of the table. */
static const struct {
  const char *why;
  guint status;
  const char *text, *code;
  gboolean fine, retried;
  PonteErrorCode error; /* unless fine */
  gint64 min_wait_ms, block_s, stated_wait_s;
} refusals[] = {
    {"no rows", 500, "ERROR: Não existem registros para a página [1]!", "SOAP-ENV:Client-5113",
     TRUE, FALSE, ERROR_INTERNAL, 0, 0, -1},
    {"no rows, by the code", 500, "Nada", "SOAP-ENV:Client-5113", TRUE, FALSE, ERROR_INTERNAL, 0, 0,
     -1},
    {"no rows as a success", 200, "Não existem registros", NULL, TRUE, FALSE, ERROR_INTERNAL, 0, 0,
     -1},
    {"blocked", 425, "Tente novamente em 300 segundos", NULL, FALSE, FALSE, ERROR_ERP_RATE_LIMITED,
     0, 301, 301},
    {"blocked, no number", 425, NULL, NULL, FALSE, FALSE, ERROR_ERP_RATE_LIMITED, 0, 1800, 1800},
    {"blocked, by the code", 500, "API bloqueada", "MISUSE_API_PROCESS", FALSE, FALSE,
     ERROR_ERP_RATE_LIMITED, 0, 1800, 1800},
    {"blocked, as a success", 200, "Consumo indevido. Tente novamente em 12 segundos.", NULL, FALSE,
     FALSE, ERROR_ERP_RATE_LIMITED, 0, 13, 13},
    {"redundant", 200, "Consumo redundante detectado. Aguarde 57 segundos", NULL, FALSE, TRUE,
     ERROR_ERP_RATE_LIMITED, 58000, 0, -1},
    {"redundant, no number", 500, "Consumo redundante detectado.", NULL, FALSE, TRUE,
     ERROR_ERP_RATE_LIMITED, 61000, 0, -1},
    {"redundant, by the code", 500, "x", "SOAP-ENV:Client-REDUNDANT-1", FALSE, TRUE,
     ERROR_ERP_RATE_LIMITED, 61000, 0, -1},
    {"busy", 500, "Já existe uma requisição desse método sendo executada", "SOAP-ENV:Client-1880",
     FALSE, TRUE, ERROR_ERP_RATE_LIMITED, 5000, 0, -1},
    {"busy, in other words", 500, "O método já está em execução", NULL, FALSE, TRUE,
     ERROR_ERP_RATE_LIMITED, 5000, 0, -1},
    {"bad key", 500, "A chave de acesso não está preenchida ou não é válida", NULL, FALSE, FALSE,
     ERROR_ERP_AUTHENTICATION, 0, 0, -1},
    {"bad secret", 200, "O APP_SECRET informado é inválido", NULL, FALSE, FALSE,
     ERROR_ERP_AUTHENTICATION, 0, 0, -1},
    {"401 with other words", 401, "Acesso negado", NULL, FALSE, FALSE, ERROR_ERP_AUTHENTICATION, 0,
     0, -1},
    {"403 without words", 403, NULL, NULL, FALSE, FALSE, ERROR_ERP_AUTHENTICATION, 0, 0, -1},
    {"bad parameter", 500, "Tag [NCODEMP] não faz parte da estrutura do tipo complexo", NULL, FALSE,
     FALSE, ERROR_ERP_REJECTED, 0, 0, -1},
    {"any other fault", 500, "ERROR: Falha", "SOAP-ENV:Server", FALSE, TRUE, ERROR_ERP_CONNECTION,
     0, 0, -1},
    {"any other fault as a success", 200, "ERROR: Falha", NULL, FALSE, TRUE, ERROR_ERP_CONNECTION,
     0, 0, -1},
};

static void
test_each_refusal_is_understood(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
    ExchangeVerdict verdict = {.status = refusals[i].status,
                               .https = {.outcome = HTTPS_ANSWERED, .status = refusals[i].status},
                               .body = BODY_WHOLE,
                               .stated_wait_s = -1};
    exchange_judge(&verdict);
    omie_books_judge_fault(&verdict, refusals[i].text, refusals[i].code);
    if (verdict.fine != refusals[i].fine || verdict.retried != refusals[i].retried ||
        (!verdict.fine && verdict.code != refusals[i].error) ||
        verdict.min_wait_ms != refusals[i].min_wait_ms || verdict.block_s != refusals[i].block_s ||
        verdict.stated_wait_s != refusals[i].stated_wait_s)
      fail_msg("%s: fine %d, retried %d, code %d, wait %ld ms, block %ld s, stated %ld s",
               refusals[i].why, verdict.fine, verdict.retried, (int)verdict.code,
               (long)verdict.min_wait_ms, (long)verdict.block_s, (long)verdict.stated_wait_s);
    if (!verdict.fine && verdict.is_expired)
      fail_msg("%s: a key is not renewed", refusals[i].why);
    exchange_verdict_clear(&verdict);
  }
}

static void
test_an_answer_without_a_fault_is_left_to_the_general_rules(G_GNUC_UNUSED void **state)
{
  ExchangeVerdict fine = {.status = 200, .fine = TRUE};
  ExchangeVerdict failed = {.status = 502, .code = ERROR_ERP_CONNECTION, .retried = TRUE};
  omie_books_judge_fault(&fine, NULL, NULL);
  omie_books_judge_fault(&failed, NULL, NULL);
  assert_true(fine.fine);
  assert_true(failed.retried);
  assert_int_equal(failed.code, ERROR_ERP_CONNECTION);
}

/* ---- rows -------------------------------------------------------------------------------------*/

static void
test_type_codes_are_those_of_omie(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *code;
    AccountType type;
  } cases[] = {{"REC", ACCOUNT_REVENUE},  {"DES", ACCOUNT_EXPENSE}, {"BAN", ACCOUNT_ASSET},
               {"OUT", ACCOUNT_ASSET},    {"CC", ACCOUNT_ASSET},    {"cx", ACCOUNT_ASSET},
               {"CR", ACCOUNT_LIABILITY}, {"1", ACCOUNT_UNTYPED},   {"Ativo", ACCOUNT_UNTYPED}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    AccountType type = ACCOUNT_UNTYPED;
    assert_int_equal(omie_account_type(cases[i].code, &type), cases[i].type != ACCOUNT_UNTYPED);
    assert_int_equal(type, cases[i].type);
  }
}

static void
test_money_in_is_a_debit_of_the_bank_account(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *direction;
    gint64 debit, credit;
  } cases[] = {{"R", 1050, 0}, {"C", 1050, 0}, {"r", 1050, 0}, {"P", 0, 1050},
               {"D", 0, 1050}, {"X", 0, 0},    {"RC", 0, 0},   {NULL, 0, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    LedgerEntry entry = {0};
    omie_place_amount(cases[i].direction, -1050, &entry); /* whatever its sign */
    assert_int_equal(entry.debit, cases[i].debit);
    assert_int_equal(entry.credit, cases[i].credit);
  }
}

static void
test_the_other_side_of_a_movement_is_its_category(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *category;
    AccountSide side;
    const char *account;
    AccountType type;
    gboolean is_category;
  } cases[] = {
      {"1.01.02", SIDE_DEBIT, "1.01.02", ACCOUNT_REVENUE, TRUE},
      {"1.01.02", SIDE_CREDIT, "1.01.02", ACCOUNT_REVENUE, TRUE}, /* given back */
      {"2.04.01", SIDE_CREDIT, "2.04.01", ACCOUNT_EXPENSE, TRUE},
      {"0.01.01", SIDE_DEBIT, "TRANSF", ACCOUNT_ASSET, FALSE},
      {"0.01.02", SIDE_CREDIT, "TRANSF", ACCOUNT_ASSET, FALSE},
      {NULL, SIDE_DEBIT, "SEM_CATEGORIA", ACCOUNT_REVENUE, FALSE},
      {NULL, SIDE_CREDIT, "SEM_CATEGORIA", ACCOUNT_EXPENSE, FALSE},
      {"10.1", SIDE_CREDIT, "10.1", ACCOUNT_EXPENSE, TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    AccountType type;
    gboolean is_category;
    assert_string_equal(
        omie_category_account(cases[i].category, cases[i].side, &type, &is_category),
        cases[i].account);
    assert_int_equal(type, cases[i].type);
    assert_int_equal(is_category, cases[i].is_category);
  }
}

static void
test_balances_and_what_is_to_come_are_no_movements(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *direction, *situation, *description, *entity;
    gboolean is_movement;
  } cases[] = {
      {"R", "Conciliado", "Venda", "Cliente", TRUE},
      {"P", NULL, NULL, NULL, TRUE},
      {"R", "Previsto", "Venda", "Cliente", FALSE},
      {"R", "Vence hoje", "Venda", "Cliente", FALSE},
      {NULL, NULL, "Venda", "Cliente", FALSE},
      {"R", NULL, "SALDO ANTERIOR", NULL, FALSE},
      {"R", NULL, NULL, "Saldo", FALSE},
      {"R", NULL, "Saldo da venda", NULL, TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const texts[] = {cases[i].direction, cases[i].situation, cases[i].description,
                                 cases[i].entity};
    const guint places[] = {ENTRY_DIRECTION, OMIE_SITUATION, ENTRY_DESCRIPTION, ENTRY_ENTITY_NAME};
    RowCell cells[ROWS_MAX_CELLS] = {0};
    g_autoptr(GPtrArray) copies = g_ptr_array_new_with_free_func(g_free);
    for (gsize k = 0; k < G_N_ELEMENTS(texts); k++) {
      g_ptr_array_add(copies, g_strdup(texts[k]));
      if (texts[k] != NULL)
        cells[places[k]] = (RowCell){ROW_TEXT, copies->pdata[k]};
    }
    assert_int_equal(omie_is_movement(cells), cases[i].is_movement);
  }
}

/* ---- windows ----------------------------------------------------------------------------------*/

/* F-47 */
static void
test_a_window_that_may_be_cut_off_is_not_whole(G_GNUC_UNUSED void **state)
{
  assert_true(omie_window_is_whole(49, TRUE, 1000, 250, 1250));
  assert_false(omie_window_is_whole(50, TRUE, 1000, 250, 1250));
  assert_false(omie_window_is_whole(51, FALSE, 0, 0, 0));
  assert_false(omie_window_is_whole(49, TRUE, 1000, 250, 1251));
  assert_true(omie_window_is_whole(49, FALSE, 0, 250, 0));
  assert_true(omie_window_is_whole(0, TRUE, -5, 0, -5));
}

/* F-47 */
static void
test_halves_cover_a_window_without_overlap_down_to_a_day(G_GNUC_UNUSED void **state)
{
  ErpPeriod first, second;
  for (guint days = 2; days <= 31; days++) {
    ErpPeriod window = {0};
    g_date_clear(&window.first, 1);
    g_date_set_dmy(&window.first, 20, G_DATE_FEBRUARY, 2024); /* over the 29th */
    window.last = date_plus(&window.first, (int)days - 1);
    assert_true(omie_halve(&window, &first, &second));
    assert_int_equal(g_date_compare(&first.first, &window.first), 0);
    assert_int_equal(g_date_compare(&second.last, &window.last), 0);
    assert_int_equal(g_date_days_between(&first.last, &second.first), 1);
    assert_true(g_date_compare(&first.first, &first.last) <= 0);
    assert_true(g_date_compare(&second.first, &second.last) <= 0);
  }
  ErpPeriod day = {.first = first.first, .last = first.first};
  assert_false(omie_halve(&day, &first, &second));
}

/* ---- the cache --------------------------------------------------------------------------------*/

static void
test_an_answer_is_shown_again_while_it_fits(G_GNUC_UNUSED void **state)
{
  static const RowShape shape = {.arrays = "a", .cells = {"x"}};
  g_autofree char *long_text = g_strnfill(OMIE_CACHE_MAX_BYTES / 2, 'x');
  RowCell cells[ROWS_MAX_CELLS] = {{ROW_TEXT, long_text}};
  g_autoptr(KeptRows) one = kept_rows_new(&shape), other = kept_rows_new(&shape);
  assert_true(kept_rows_add(one, cells, OMIE_CACHE_MAX_BYTES));
  assert_false(kept_rows_add(one, cells, OMIE_CACHE_MAX_BYTES)); /* over a mebibyte */
  assert_true(kept_rows_add(other, cells, OMIE_CACHE_MAX_BYTES));
  assert_null(omie_books_cached("one"));
  omie_books_cache("one", one);
  omie_books_cache("other", other); /* does not fit beside it */
  assert_null(omie_books_cached("other"));
  g_autoptr(KeptRows) again = omie_books_cached("one");
  assert_ptr_equal(again, one);
  assert_int_equal(kept_rows_count(again), 1);
  assert_string_equal(row_text(&kept_rows_row(again, 0)[0]), long_text);
  assert_int_equal(kept_rows_row(again, 0)[1].kind, ROW_ABSENT);
}

static int
load(G_GNUC_UNUSED void **state)
{
  return settings_load(NULL) ? 0 : 1;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_refusal_is_understood),
      cmocka_unit_test(test_an_answer_without_a_fault_is_left_to_the_general_rules),
      cmocka_unit_test(test_type_codes_are_those_of_omie),
      cmocka_unit_test(test_money_in_is_a_debit_of_the_bank_account),
      cmocka_unit_test(test_the_other_side_of_a_movement_is_its_category),
      cmocka_unit_test(test_balances_and_what_is_to_come_are_no_movements),
      cmocka_unit_test(test_a_window_that_may_be_cut_off_is_not_whole),
      cmocka_unit_test(test_halves_cover_a_window_without_overlap_down_to_a_day),
      cmocka_unit_test(test_an_answer_is_shown_again_while_it_fits),
  };
  return cmocka_run_group_tests_name("omie_books", tests, load, NULL) != 0;
}

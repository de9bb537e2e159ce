/* The snapshot of a month: which titles belong to it, that all its pages are read, and what becomes
 * of the rows that were there (fin.md 5.2, 7.6, 7.8, 7.9). */
#include "harness_revenue.h"

/* The month's rows against the truth, as the sandbox knows it */
static void
assert_snapshot_is_the_truth(const char *date_column)
{
  g_autofree char *query = g_strdup_printf(
      "with truth as (select client::text as code,"
      "                      sum((body::jsonb ->> 'valor_documento')::numeric(15,2)) as valor"
      "                 from sandbox.omie_title where status is distinct from 'CANCELADO'"
      "                  and %s between '2026-01-01' and '2026-01-31' group by 1)"
      " select count(*)::text from truth full join fin.erp_revenue_snapshot s"
      "    on s.omie_codigo = truth.code and s.valor = truth.valor"
      " where truth.code is null or s.id is null",
      date_column);
  assert_sql("0", query);
  assert_true(sql_number("select count(*) from fin.erp_revenue_snapshot") > 100);
}

/* 7.6: a large month, many pages, titles of other months among those that were touched in it */
static void
test_a_seeded_month_is_stored_to_the_centavo(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_PAGE_SIZE=100");
  titles_seed("2026-01", 1500);
  titles_seed("2025-12", 300);
  gint64 codes = cron_ok(JANUARY);
  assert_int_equal(codes, sql_number("select count(*) from fin.erp_revenue_snapshot"));
  assert_snapshot_is_the_truth("registered");
  g_autofree char *pages = titles_pages();
  assert_string_equal(pages, "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15");
}

static void
test_pages_that_shift_change_nothing(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_PAGE_SIZE=100");
  titles_seed("2026-01", 1500);
  omie_setting("titles_shift", "3");
  cron_ok(JANUARY);
  assert_snapshot_is_the_truth("registered");
}

/* 5.1, 7.6: Omie refuses what it does not know */
static void
assert_asked_with(const char *members)
{
  g_autofree char *text = titles_parameters(1);
  g_autoptr(json_t) asked = json_loads(text, 0, NULL);
  g_autofree char *full =
      g_strdup_printf("{\"pagina\":1,\"registros_por_pagina\":500,%s}", members);
  g_autoptr(json_t) expected = json_loads(full, 0, NULL);
  assert_non_null(expected);
  if (!json_equal(asked, expected))
    fail_msg("asked with %s, not %s", text, full);
}

/* One title of each date around January, and one without dates */
static void
put_dated_titles(void)
{
  static const char records[] = "{\"codigo_cliente_fornecedor\":1,\"valor_documento\":1,"
                                "\"data_registro\":\"01/01/2026\",\"data_emissao\":\"31/12/2025\"},"
                                "{\"codigo_cliente_fornecedor\":2,\"valor_documento\":1,"
                                "\"data_registro\":\"31/01/2026\",\"data_emissao\":\"01/02/2026\"},"
                                "{\"codigo_cliente_fornecedor\":3,\"valor_documento\":1,"
                                "\"data_registro\":\"31/12/2025\",\"data_emissao\":\"01/01/2026\"},"
                                "{\"codigo_cliente_fornecedor\":4,\"valor_documento\":1,"
                                "\"data_registro\":\"01/02/2026\",\"data_emissao\":\"31/01/2026\"},"
                                "{\"codigo_cliente_fornecedor\":5,\"valor_documento\":1},"
                                "{\"codigo_cliente_fornecedor\":6,\"valor_documento\":1,"
                                "\"data_registro\":\"2025-12-31\",\"data_emissao\":\"\"}";
  titles_page(1, 1, records); /* Omie's own filter let all of them through */
}

static void
test_by_default_the_day_of_registration_decides(G_GNUC_UNUSED void **state)
{
  put_dated_titles();
  cron_ok(JANUARY);
  assert_snapshot("2026-01", "1=1.00 2=1.00 5=1.00 6=1.00");
  assert_asked_with("\"filtrar_por_registro_de\":\"01/01/2026\","
                    "\"filtrar_por_registro_ate\":\"31/01/2026\"");
}

static void
test_the_day_of_issue_decides_when_so_configured(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_CR_FILTRO_DATA=emissao");
  put_dated_titles();
  cron_ok(JANUARY);
  assert_snapshot("2026-01", "3=1.00 4=1.00 5=1.00 6=1.00");
  assert_asked_with("\"filtrar_por_emissao_de\":\"01/01/2026\","
                    "\"filtrar_por_emissao_ate\":\"31/01/2026\"");
}

static void
test_what_was_touched_in_the_month_counts_when_so_configured(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_CR_FILTRO_DATA=alteracao");
  put_dated_titles();
  cron_ok(JANUARY);
  assert_snapshot("2026-01", "1=1.00 2=1.00 3=1.00 4=1.00 5=1.00 6=1.00");
  assert_asked_with("\"filtrar_por_data_de\":\"01/01/2026\","
                    "\"filtrar_por_data_ate\":\"31/01/2026\"");
}

static void
test_another_date_than_these_three_is_an_error(G_GNUC_UNUSED void **state)
{
  static const char *const values[] = {"data", "REGISTRO", "registro "};
  snapshot_put("2026-01", "7", "5.00");
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autofree char *setting = g_strconcat("OMIE_CR_FILTRO_DATA=", values[i], NULL);
    program_restart(CRON_PROGRAM, setting);
    assert_cron_fails(JANUARY, "OMIE_CR_FILTRO_DATA deve ser registro, emissao ou alteracao.");
  }
  assert_int_equal(titles_calls(), 0);
  assert_snapshot("2026-01", "7=5.00");
}

/* F57 */
static void
test_a_new_run_replaces_the_month_and_no_other(G_GNUC_UNUSED void **state)
{
  snapshot_put("2026-01", "1", "10.00");
  snapshot_put("2026-01", "2", "20.00");
  snapshot_put("2025-12", "2", "30.00");
  title(1, "10/01/2026", "1", "11.11", "");
  title(2, "10/01/2026", "3", "33.33", "");
  assert_int_equal(cron_ok(JANUARY), 2);
  assert_snapshot("2026-01", "1=11.11 3=33.33");
  assert_snapshot("2025-12", "2=30.00");
  assert_count(0, "fin.erp_revenue_snapshot where period = '2026-01-01'"
                  "   and created_at < now() - interval '5 min'");
}

/* F59 */
static void
test_an_empty_month_removes_the_rows_that_were_there(G_GNUC_UNUSED void **state)
{
  static const char *const forms[] = {"list", "fault"};
  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
    omie_setting("titles_empty", forms[i]);
    snapshot_put("2026-01", "7", "5.00");
    g_autoptr(Answer) answer = cron_post(JANUARY);
    assert_status(answer, 200);
    assert_int_equal(answer_int(answer, "recordCount"), 0);
    assert_member(answer, "message", "Snapshot Omie para 2026-01-01: 0 cliente(s).");
    assert_snapshot("2026-01", "");
    assert_last_job("status", "success");
    assert_last_job("record_count", "0");
    omie_forget();
  }
}

/* F04 */
static void
test_the_other_name_of_the_list_is_read_all_the_same(G_GNUC_UNUSED void **state)
{
  g_autofree char *record = title_json(1, "10/01/2026", "7", "1.5", "");
  g_autofree char *body = g_strdup_printf(
      "{\"lista_contas_receber\":[%s],\"pagina\":1,\"registros\":1,\"total_de_paginas\":1,"
      "\"total_de_registros\":1}",
      record);
  omie_answer(.method = LIST_TITLES, .page = 1, .body = body);
  assert_int_equal(cron_ok(JANUARY), 1);
  assert_snapshot("2026-01", "7=1.50");
}

/* 5.2 */
static void
test_a_short_page_does_not_end_the_month(G_GNUC_UNUSED void **state)
{
  for (guint page = 1; page <= 3; page++) {
    g_autofree char *record = title_json(page, "10/01/2026", "7", "0.5", "");
    titles_page(page, 3, record);
  }
  assert_int_equal(cron_ok(JANUARY), 1);
  g_autofree char *pages = titles_pages();
  assert_string_equal(pages, "1,2,3");
  assert_snapshot("2026-01", "7=1.50");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_seeded_month_is_stored_to_the_centavo),
      CASE(test_pages_that_shift_change_nothing),
      CASE(test_by_default_the_day_of_registration_decides),
      CASE(test_the_day_of_issue_decides_when_so_configured),
      CASE(test_what_was_touched_in_the_month_counts_when_so_configured),
      CASE(test_another_date_than_these_three_is_an_error),
      CASE(test_a_new_run_replaces_the_month_and_no_other),
      CASE(test_an_empty_month_removes_the_rows_that_were_there),
      CASE(test_the_other_name_of_the_list_is_read_all_the_same),
      CASE(test_a_short_page_does_not_end_the_month),
  };
  return RUN("revenue: months", tests);
}

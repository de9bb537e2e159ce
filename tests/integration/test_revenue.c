/* The revenue of a period: the snapshot of a whole month, which periods may be asked for, and who
 * may ask (fin.md 8). */
#include "harness_revenue.h"

#define FORBIDDEN "Sem permissão. Apenas admin, superadmin, cfo ou fin."

static void
assert_body(const Answer *answer, const char *expected)
{
  assert_status(answer, 200);
  assert_string_equal(answer->body, expected);
}

/* F61, 8.5 */
static void
test_a_month_with_a_snapshot_is_shown_without_asking_omie(G_GNUC_UNUSED void **state)
{
  client_put("2485994", "ACME LTDA");
  client_put("5", "\"Aspas\" & <b>Filhos</b> São João\\");
  snapshot_put("2026-01", "9", "-10.50");
  snapshot_put("2026-01", "2485994", "1950");
  snapshot_put("2026-01", "6", "0.10");
  snapshot_put("2026-01", "5", "0.10");
  snapshot_put("2026-02", "5", "77");
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_body(
      answer,
      "{\"period\":\"2026-01-01\",\"dataInicio\":\"01/01/2026\",\"dataFim\":\"31/01/2026\","
      "\"source\":\"snapshot\",\"fetchedAt\":\"2026-02-01T05:00:07.112Z\",\"rows\":["
      "{\"client_name\":\"ACME LTDA\",\"omie_codigo\":\"2485994\",\"valor\":1950.00},"
      "{\"client_name\":\"\\\"Aspas\\\" & <b>Filhos</b> São João\\\\\",\"omie_codigo\":\"5\","
      "\"valor\":0.10},"
      "{\"client_name\":\"Cliente 6\",\"omie_codigo\":\"6\",\"valor\":0.10},"
      "{\"client_name\":\"Cliente 9\",\"omie_codigo\":\"9\",\"valor\":-10.50}],"
      "\"total\":1939.70}");
  assert_header(answer, "content-type", "application/json; charset=utf-8");
  assert_header(answer, "cache-control", "no-store");
  assert_int_equal(titles_calls(), 0);
}

/* 8.1: the same month by its days; 8.5: a range has no period */
static void
test_first_to_last_day_is_the_month(G_GNUC_UNUSED void **state)
{
  snapshot_put("2024-02", "7", "5");
  g_autoptr(Answer) answer = revenue_get("?from=2024-02-01&to=2024-02-29");
  assert_body(answer, "{\"period\":null,\"dataInicio\":\"01/02/2024\",\"dataFim\":\"29/02/2024\","
                      "\"source\":\"snapshot\",\"fetchedAt\":\"2026-02-01T05:00:07.112Z\","
                      "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\","
                      "\"valor\":5.00}],\"total\":5.00}");
  assert_int_equal(titles_calls(), 0);
}

/* 8.4 */
static void
test_without_parameters_it_is_the_month_before_this_one(G_GNUC_UNUSED void **state)
{
  g_autofree char *month =
      sql_text("select to_char(date_trunc('month', now() at time zone 'America/Sao_Paulo')"
               "         - interval '1 month', 'YYYY-MM')");
  g_autofree char *first = g_strconcat(month, "-01", NULL);
  snapshot_put(month, "7", "5");
  g_autoptr(Answer) answer = revenue_get("");
  assert_status(answer, 200);
  assert_member(answer, "period", first);
  assert_member(answer, "source", "snapshot");
}

/* 18.17: no cap of a thousand rows, and a total beyond what one title may be worth */
static void
test_every_code_of_a_large_month_is_shown(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor)"
      " select '2026-01-01', n::text, 9999999999999.99 from generate_series(1, 2500) n");
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_status(answer, 200);
  assert_int_equal(json_array_size(json_object_get(answer->json, "rows")), 2500);
  assert_true(g_str_has_suffix(answer->body, ",\"total\":24999999999999975.00}"));
}

/* 8.4, 3.3 */
static void
test_what_is_no_period_is_refused(G_GNUC_UNUSED void **state)
{
  static const char month[] = "period deve ser YYYY-MM ou YYYY-MM-01.",
                    days[] = "from e to devem ser YYYY-MM-DD.", invalid[] = "Período inválido.",
                    future[] = "period não pode ser futuro.";
  static const struct {
    const char *query, *text;
  } cases[] = {
      {"?period=2026-13", month},
      {"?period=2026-1", month},
      {"?period=2026-01-15", month},
      {"?period=abc", month},
      {"?period=", month},
      {"?period=2999-01", future},
      {"?from=2026-01-01", days},
      {"?to=2026-01-31", days},
      {"?from=2026-01-01&to=", days},
      {"?from=&to=", days},
      {"?from=2026-01-01&to=2026-02-30", days},
      {"?from=2026-1-1&to=2026-01-31", days},
      {"?from=01/01/2026&to=31/01/2026", days},
      {"?from=2026-01&to=2026-01", days},
      {"?from=2026-01-02&to=2026-01-01", invalid},
      {"?from=2025-01-01&to=2026-01-02", invalid}, /* 367 days */
      {"?from=0001-01-01&to=9999-12-31", invalid},
      {"?period=2026-01&from=2026-01-01&to=2026-01-31", NULL},
      {"?period=2026-01&from=2026-01-01", NULL},
      {"?period=2026-01&to=2026-01-31", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = revenue_get(cases[i].query);
    assert_error_code(answer, 400, cases[i].text, "invalid_parameter");
  }
  static const char *const names[] = {"period", "from", "to"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *query = g_strdup_printf("?%s=2026-01-01&%s=2026-01-01", names[i], names[i]);
    g_autofree char *text = g_strdup_printf("Parâmetro repetido: %s.", names[i]);
    g_autoptr(Answer) answer = revenue_get(query);
    assert_error_code(answer, 400, text, "repeated_parameter");
  }
  g_autofree char *x = g_strnfill(2100, 'x');
  g_autofree char *long_query = g_strconcat(JANUARY "&x=", x, NULL);
  g_autoptr(Answer) too_long = revenue_get(long_query);
  assert_error_code(too_long, 414, NULL, "uri_too_long");
  assert_int_equal(titles_calls(), 0);
  assert_count(0, "fin.erp_revenue_live_cache");
}

/* F71, 2.8 */
static void
test_only_the_four_roles_see_revenue(G_GNUC_UNUSED void **state)
{
  static const char *const good[] = {"admin", "superadmin", "cfo", "fin"};
  static const char *const others[] = {"ops", "sales", "legal", "employee", "FIN", "", "system"};
  g_autofree char *cron = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  snapshot_put("2026-01", "7", "5");
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *token = token_for_role(good[i]);
    g_autoptr(Answer) answer = call("GET", REVENUE JANUARY, .token = token);
    assert_status(answer, 200);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autofree char *token = token_for_role(others[i]);
    g_autoptr(Answer) answer = call("GET", REVENUE "?period=abc", .token = token);
    assert_error_code(answer, 403, FORBIDDEN, "forbidden");
  }
  g_autoptr(Answer) nobody = call("GET", REVENUE JANUARY);
  assert_error(nobody, 401, "Não autenticado.");
  g_autoptr(Answer) bearer = call("GET", REVENUE JANUARY, .token = harness_env("CRON_SECRET"));
  assert_error(bearer, 401, "Não autenticado.");
  g_autoptr(Answer) header = call("GET", REVENUE JANUARY, .headers = {cron});
  assert_error(header, 401, "Não autenticado.");
}

static void
test_other_methods_and_a_trailing_slash(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("fin");
  snapshot_put("2026-01", "7", "5");
  g_autoptr(Answer) post = call("POST", REVENUE JANUARY, .token = token);
  assert_error(post, 405, "Método não permitido.");
  assert_header(post, "allow", "GET, HEAD");
  g_autoptr(Answer) slash = call("GET", REVENUE "/" JANUARY, .token = token);
  assert_member(slash, "source", "snapshot");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_month_with_a_snapshot_is_shown_without_asking_omie),
      CASE(test_first_to_last_day_is_the_month),
      CASE(test_without_parameters_it_is_the_month_before_this_one),
      CASE(test_every_code_of_a_large_month_is_shown),
      CASE(test_what_is_no_period_is_refused),
      CASE(test_only_the_four_roles_see_revenue),
      CASE(test_other_methods_and_a_trailing_slash),
  };
  return RUN("revenue", tests);
}

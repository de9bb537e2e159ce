/* What the data page shows first (fin.md 10), and who may read the routes of its family. */
#include "harness.h"

#include <string.h>

#define SUMMARY "/api/data/summary"

static const char *const routes[] = {
    SUMMARY,           "/api/data/event-aggregates", "/api/data/indices", "/api/fin/reconciliation",
    "/api/fin/alerts", "/api/fin/revenue",           "/api/fin/clients",  "/api/fin/contracts",
};

static const char *
finance_token(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return token;
}

static Answer *
summary(void)
{
  return call("GET", SUMMARY, .token = finance_token());
}

static void
assert_says(const Answer *answer, const char *fragment)
{
  if (strstr(answer->body, fragment) == NULL)
    fail_msg("%s is not in %s", fragment, answer->body);
}

/* What Omie billed last month, so that no route here has to ask it. */
static void
put_snapshot(void)
{
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo)"
      " select date_trunc('month', now() at time zone 'America/Sao_Paulo') - interval '1 month', "
      "'1'");
}

/* F72, 10.1 to 10.3 */
static void
test_an_empty_database_is_summed_up_in_ten_members(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = summary();
  assert_status(answer, 200);
  assert_string_equal(
      g_strchomp(answer->body),
      "{\"clientsTotal\":0,\"clientsWithOmie\":0,\"lastSync\":null,\"lastErpRevenuePeriod\":null,"
      "\"eventsTotal\":0,\"eventAggregatesCount\":0,\"recentEventAggregates\":[],"
      "\"lastDataIndicesPeriod\":null,\"dataIndicesCount\":0,\"recentDataIndices\":[]}");
}

/* 10.2, 10.4: more than the thousand rows at which the replaced system stopped counting */
static void
test_the_figures_are_exact_and_never_capped(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.clients (name, omie_codigo)"
      " select 'C', case when n > 34 then n end from generate_series(1, 2345) n");
  sql("insert into fin.module_events (module, event_type, processed)"
      " select 'growth', 'lead.created', n % 2 = 0 from generate_series(1, 3456) n");
  sql("insert into fin.event_aggregates (period, module, event_type, count)"
      " select '2020-01-01'::date + n, 'growth', 'lead.created', n from generate_series(1, 1567) "
      "n");
  sql("insert into fin.data_indices (period, index_key, value)"
      " select '1900-01-01'::date + n, 'leads_mes', n from generate_series(1, 1234) n");
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo)"
      " values ('2026-01-01', '1'), ('2025-12-01', '1'), ('2026-01-01', '2')");
  g_autoptr(Answer) answer = summary();
  assert_int_equal(answer_int(answer, "clientsTotal"), 2345);
  assert_int_equal(answer_int(answer, "clientsWithOmie"), 2311);
  assert_int_equal(answer_int(answer, "eventsTotal"), 3456);
  assert_int_equal(answer_int(answer, "eventAggregatesCount"), 1567);
  assert_int_equal(answer_int(answer, "dataIndicesCount"), 1234);
  assert_member(answer, "lastErpRevenuePeriod", "2026-01-01");
  assert_member(answer, "lastDataIndicesPeriod", "1903-05-20");
}

/* The rows of a list, one a line: their texts joined by |. */
static char *
rows_of(const Answer *answer, const char *list, const char *first, const char *second)
{
  GString *rows = g_string_new(NULL);
  gsize i;
  const json_t *row;
  json_array_foreach(json_object_get(answer->json, list), i, row)
  {
    g_string_append_printf(rows, "%s|%s|%s\n", json_string_value(json_object_get(row, "period")),
                           json_string_value(json_object_get(row, first)),
                           second ? json_string_value(json_object_get(row, second)) : "");
  }
  return g_string_free(rows, FALSE);
}

/* 10.2: 20 rows, period descending, module, event type */
static void
test_the_newest_twenty_groups_of_events_are_shown(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.event_aggregates (period, module, event_type, count)"
      " select day::date, module, type, 7 from unnest(array['ops', 'fin', 'gov']) module,"
      "        unnest(array['b.z', 'a.y', 'c.x']) type,"
      "        generate_series(timestamp '2026-02-07', '2026-02-09', '1 day') day"
      "  order by random()");
  g_autofree char *expected =
      sql_text("select string_agg(r, '') from (select period || '|' || module || '|' || event_type"
               "   || E'\\n' as r from fin.event_aggregates"
               "  order by period desc, module, event_type limit 20) top");
  g_autoptr(Answer) answer = summary();
  g_autofree char *rows = rows_of(answer, "recentEventAggregates", "module", "event_type");
  assert_string_equal(rows, expected);
  assert_says(answer, "\"recentEventAggregates\":[{\"period\":\"2026-02-09\",\"module\":\"fin\","
                      "\"event_type\":\"a.y\",\"count\":7}");
}

/* 10.2: 15 rows, period descending, key; 10.4 */
static void
test_the_newest_fifteen_indices_are_shown(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.data_indices (period, index_key, value)"
      " select day::date, key, case key when 'mrr_total' then 250000 else 12 end"
      "   from unnest(array['mrr_total', 'leads_mes', 'contratos_ativos']) key,"
      "        generate_series(timestamp '2025-08-01', '2026-01-01', '1 month') day"
      "  order by random()");
  g_autofree char *expected =
      sql_text("select string_agg(r, '') from (select period || '|' || index_key || E'|\\n' as r"
               "   from fin.data_indices order by period desc, index_key limit 15) top");
  g_autoptr(Answer) answer = summary();
  g_autofree char *rows = rows_of(answer, "recentDataIndices", "index_key", NULL);
  assert_string_equal(rows, expected);
  assert_says(answer, "{\"period\":\"2026-01-01\",\"index_key\":\"contratos_ativos\",\"value\":12,"
                      "\"metadata\":{}}");
  assert_says(answer, "{\"period\":\"2026-01-01\",\"index_key\":\"mrr_total\",\"value\":250000.00,"
                      "\"metadata\":{}}");
}

/* 10.2: the object of GET /api/fin/erp/sync, whatever became of the run */
static void
test_the_last_sync_is_told_as_its_own_route_tells_it(G_GNUC_UNUSED void **state)
{
  static const char *const runs[] = {
      "insert into fin.erp_sync_log (status, started_at, finished_at, record_count)"
      " values ('success', now() - interval '1 hour', now() - interval '59 min', 431)",
      "insert into fin.erp_sync_log (status, started_at, finished_at, error_message)"
      " values ('error', now() - interval '30 min', now(), 'Omie API 500: ção')",
      "insert into fin.erp_sync_log (started_at, lease_until, record_count, details)"
      " values (now() - interval '1 min', now() + interval '1 hour', 500,"
      "         '{\"paginas\":1,\"total_de_paginas\":3}')",
      "update fin.erp_sync_log set lease_until = now() - interval '1 s' where status = 'running'",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
    sql(runs[i]);
    g_autoptr(Answer) answer = summary();
    g_autoptr(Answer) own = sync_get();
    json_t *told = json_object_get(answer->json, "lastSync");
    json_t *expected = json_object_get(own->json, "lastSync");
    assert_true(json_is_object(expected));
    if (!json_equal(told, expected))
      fail_msg("%s\ndiffers from\n%s", answer->body, own->body);
    assert_true(json_object_get(told, "progress") != NULL);
  }
}

/* 10.1: one snapshot.  Somebody adds a row to every table while the summary has to wait for one of
 * them: it shows all of the rows, or none. */
static void
test_all_figures_are_of_one_moment(G_GNUC_UNUSED void **state)
{
  static const char *const tables[] = {"clients", "erp_revenue_snapshot", "module_events",
                                       "event_aggregates", "data_indices"};
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    database_reset();
    g_autoptr(PGconn) writer = admin_connect();
    g_autofree char *lock = g_strdup_printf("begin; lock table fin.%s", tables[i]);
    PQclear(PQexec(writer, lock));
    Pending *pending = call_start("GET", SUMMARY, .token = finance_token());
    WAIT_FOR(sql_number("select count(*) from pg_locks where not granted"
                        "   and locktype = 'relation'") > 0);
    PGresult *done = PQexec(
        writer,
        "insert into fin.clients (name, omie_codigo) values ('A', '1');"
        "insert into fin.erp_revenue_snapshot (period, omie_codigo) values ('2026-01-01', '1');"
        "insert into fin.module_events (module, event_type) values ('fin', 'x');"
        "insert into fin.event_aggregates (period, module, event_type, count)"
        " values ('2026-01-01', 'fin', 'x', 1);"
        "insert into fin.data_indices (period, index_key, value)"
        " values ('2026-01-01', 'leads_mes', 1); commit");
    assert_int_equal(PQresultStatus(done), PGRES_COMMAND_OK);
    PQclear(done);
    g_autoptr(Answer) answer = call_finish(pending);
    assert_status(answer, 200);
    gint64 there = answer_int(answer, "clientsTotal");
    assert_int_equal(answer_int(answer, "clientsWithOmie"), there);
    assert_int_equal(answer_text(answer, "lastErpRevenuePeriod") != NULL, there);
    assert_int_equal(answer_int(answer, "eventsTotal"), there);
    assert_int_equal(answer_int(answer, "eventAggregatesCount"), there);
    assert_int_equal(answer_int(answer, "dataIndicesCount"), there);
    assert_int_equal(json_array_size(json_object_get(answer->json, "recentDataIndices")), there);
  }
}

static void
test_nothing_of_it_asks_omie(G_GNUC_UNUSED void **state)
{
  omie_answer(.status = 502);
  omie_answer(.method = LIST_TITLES, .status = 502);
  g_autoptr(Answer) answer = summary();
  assert_status(answer, 200);
  assert_int_equal(titles_calls() + omie_calls(), 0);
}

/* F71, 2.1, 2.10: the four roles and nobody else, on every route that reads */
static void
test_only_the_four_roles_read(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *role;
    guint status;
  } callers[] = {{"admin", 200}, {"superadmin", 200}, {"cfo", 200},   {"fin", 200},
                 {"ops", 403},   {"sales", 403},      {"legal", 403}, {"FIN", 403},
                 {"", 403},      {"system", 403},     {NULL, 403}};
  put_snapshot();
  for (gsize i = 0; i < G_N_ELEMENTS(callers); i++) {
    g_autofree char *token = token_for_role(callers[i].role);
    for (gsize j = 0; j < G_N_ELEMENTS(routes); j++) {
      g_autoptr(Answer) answer = call("GET", routes[j], .token = token);
      if (answer->status != callers[i].status)
        print_error("%s as %s\n", routes[j], callers[i].role);
      assert_status(answer, callers[i].status);
      if (callers[i].status == 403)
        assert_error_code(answer, 403, "Sem permissão. Apenas admin, superadmin, cfo ou fin.",
                          "forbidden");
    }
  }
}

/* 2.12: the scheduler's secret starts jobs; it reads nothing */
static void
test_without_a_users_token_nothing_is_read(G_GNUC_UNUSED void **state)
{
  g_autofree char *secret = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  for (gsize j = 0; j < G_N_ELEMENTS(routes); j++) {
    g_autoptr(Answer) nobody = call("GET", routes[j]);
    assert_error_code(nobody, 401, "Não autenticado.", "unauthenticated");
    g_autoptr(Answer) bearer = call("GET", routes[j], .token = harness_env("CRON_SECRET"));
    assert_error(bearer, 401, "Não autenticado.");
    g_autoptr(Answer) header = call("GET", routes[j], .headers = {secret});
    assert_error(header, 401, "Não autenticado.");
  }
}

/* 1.6, 3.1, 3.3 */
static void
test_every_route_keeps_the_conventions(G_GNUC_UNUSED void **state)
{
  g_autofree char *filler = g_strnfill(2049, 'q');
  put_snapshot();
  for (gsize j = 0; j < G_N_ELEMENTS(routes); j++) {
    g_autofree char *slash = g_strconcat(routes[j], "/?x=1&x=2", NULL);
    g_autofree char *over = g_strconcat(routes[j], "?", filler, NULL);
    g_autoptr(Answer) plain = call("GET", routes[j], .token = finance_token());
    g_autoptr(Answer) slashed = call("GET", slash, .token = finance_token());
    assert_status(plain, 200);
    assert_string_equal(slashed->body, plain->body);
    assert_header(plain, "content-type", "application/json; charset=utf-8");
    assert_header(plain, "cache-control", "no-store");
    assert_header(plain, "x-content-type-options", "nosniff");
    g_autoptr(Answer) head = call("HEAD", routes[j], .token = finance_token());
    assert_status(head, 200);
    assert_int_equal(head->length, 0);
    g_autoptr(Answer) put = call("PUT", routes[j], .token = finance_token());
    assert_error_code(put, 405, "Método não permitido.", "method_not_allowed");
    assert_non_null(strstr(answer_header(put, "allow"), "GET, HEAD"));
    g_autoptr(Answer) tedious = call("GET", over, .token = finance_token());
    assert_error_code(tedious, 414, NULL, "uri_too_long");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_an_empty_database_is_summed_up_in_ten_members),
      CASE(test_the_figures_are_exact_and_never_capped),
      CASE(test_the_newest_twenty_groups_of_events_are_shown),
      CASE(test_the_newest_fifteen_indices_are_shown),
      CASE(test_the_last_sync_is_told_as_its_own_route_tells_it),
      CASE(test_all_figures_are_of_one_moment),
      CASE(test_nothing_of_it_asks_omie),
      CASE(test_only_the_four_roles_read),
      CASE(test_without_a_users_token_nothing_is_read),
      CASE(test_every_route_keeps_the_conventions),
  };
  return RUN("summary", tests);
}

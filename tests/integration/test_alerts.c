/* Contracts that are renewed or end within thirty days, by the calendar of São Paulo (fin.md 9.9).
 */
#include "harness.h"

#include <string.h>

#define ALERTS  "/api/fin/alerts"
#define PROGRAM "fin/alerts"
#define TODAY   "(now() at time zone 'America/Sao_Paulo')::date"

static Answer *
alerts(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return call("GET", ALERTS, .token = token);
}

/* A contract of a client of this name (NULL: of none), its dates so many days from today. */
static void
put_contract(const char *client, const char *mrr, const char *renewal, const char *end)
{
  sql("insert into fin.clients (name) select $1::text where $1 <> ''", client ? client : "");
  sql("insert into fin.contracts (client_id, mrr, renewal_date, end_date)"
      " values ((select id from fin.clients where name = $1), $2::numeric,"
      "         " TODAY " + nullif($3, '')::int, " TODAY " + nullif($4, '')::int)",
      client ? client : "", mrr, renewal ? renewal : "", end ? end : "");
}

/* The names of a list in their order, "a,b". */
static char *
names_of(const Answer *answer, const char *list)
{
  const json_t *rows = json_object_get(answer->json, list);
  assert_true(json_is_array(rows));
  GString *names = g_string_new(NULL);
  gsize i;
  const json_t *row;
  json_array_foreach(rows, i, row)
  {
    g_string_append_printf(names, "%s%s", i > 0 ? "," : "",
                           json_string_value(json_object_get(row, "client_name")));
  }
  return g_string_free(names, FALSE);
}

static void
assert_names(const Answer *answer, const char *list, const char *expected)
{
  g_autofree char *names = names_of(answer, list);
  assert_string_equal(names, expected);
}

static void
test_without_contracts_both_lists_are_empty(G_GNUC_UNUSED void **state)
{
  g_autofree char *today = sql_text("select " TODAY);
  g_autofree char *until = sql_text("select " TODAY " + 30");
  g_autofree char *expected = g_strdup_printf(
      "{\"today\":\"%s\",\"until\":\"%s\",\"renewals\":[],\"expirations\":[]}", today, until);
  g_autoptr(Answer) answer = alerts();
  assert_status(answer, 200);
  assert_string_equal(g_strchomp(answer->body), expected);
}

static void
test_the_first_and_the_last_day_count_and_no_other(G_GNUC_UNUSED void **state)
{
  put_contract("Yesterday", "1", "-1", "-1");
  put_contract("Today", "1", "0", "0");
  put_contract("Thirty", "1", "30", "30");
  put_contract("Thirty-one", "1", "31", "31");
  put_contract("A year on", "1", "365", "366");
  put_contract("Never", "1", NULL, NULL);
  g_autoptr(Answer) answer = alerts();
  assert_names(answer, "renewals", "Today,Thirty");
  assert_names(answer, "expirations", "Today,Thirty");
}

/* A contract may be in one list, in the other, or in both. */
static void
test_each_date_decides_about_its_own_list(G_GNUC_UNUSED void **state)
{
  put_contract("Renewed", "1", "5", NULL);
  put_contract("Ended", "1", "40", "6");
  put_contract("Both", "1", "7", "7");
  g_autoptr(Answer) answer = alerts();
  assert_names(answer, "renewals", "Renewed,Both");
  assert_names(answer, "expirations", "Ended,Both");
}

static void
test_the_sooner_comes_first_then_the_name(G_GNUC_UNUSED void **state)
{
  put_contract("Bia", "1", "10", "10");
  put_contract("Carla", "1", "3", "9");
  put_contract("Ana", "1", "10", "10");
  put_contract("Davi", "1", "2", "11");
  g_autoptr(Answer) answer = alerts();
  assert_names(answer, "renewals", "Davi,Carla,Ana,Bia");
  assert_names(answer, "expirations", "Carla,Ana,Bia,Davi");
}

static void
test_a_row_has_its_members_in_their_order(G_GNUC_UNUSED void **state)
{
  put_contract("ACME LTDA", "1000", "10", "19");
  g_autofree char *id = sql_text("select id from fin.contracts");
  g_autofree char *renewal = sql_text("select renewal_date from fin.contracts");
  g_autofree char *end = sql_text("select end_date from fin.contracts");
  g_autofree char *expected = g_strdup_printf(
      "\"renewals\":[{\"contract_id\":\"%s\",\"client_name\":\"ACME LTDA\",\"mrr\":1000.00,"
      "\"renewal_date\":\"%s\"}],"
      "\"expirations\":[{\"contract_id\":\"%s\",\"client_name\":\"ACME LTDA\",\"mrr\":1000.00,"
      "\"end_date\":\"%s\"}]}",
      id, renewal, id, end);
  g_autoptr(Answer) answer = alerts();
  if (strstr(answer->body, expected) == NULL)
    fail_msg("%s is not in %s", expected, answer->body);
}

static void
test_a_contract_without_a_client_is_shown_with_a_dash(G_GNUC_UNUSED void **state)
{
  put_contract(NULL, "0.1", "1", "2");
  g_autoptr(Answer) answer = alerts();
  assert_names(answer, "renewals", "-");
  assert_names(answer, "expirations", "-");
  assert_non_null(strstr(answer->body, "\"mrr\":0.10,"));
}

/* 18.17 */
static void
test_two_thousand_contracts_are_all_listed(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.contracts (mrr, renewal_date) select n, " TODAY
      " + n % 31 from generate_series(1, 2000) n");
  g_autoptr(Answer) answer = alerts();
  assert_int_equal(json_array_size(json_object_get(answer->json, "renewals")), 2000);
}

/* 3.6: a day of APP_TIMEZONE.  These two zones are never on one date. */
static void
test_today_is_a_day_of_the_configured_zone(G_GNUC_UNUSED void **state)
{
  static const char *const zones[] = {"Etc/GMT+12", "Pacific/Kiritimati"};
  for (gsize i = 0; i < G_N_ELEMENTS(zones); i++) {
    sql("truncate fin.contracts cascade");
    sql("insert into fin.contracts (renewal_date, end_date)"
        " select day, day + 31 from (select (now() at time zone $1)::date as day) today",
        zones[i]);
    g_autofree char *today = sql_text("select (now() at time zone $1)::date", zones[i]);
    g_autofree char *until = sql_text("select (now() at time zone $1)::date + 30", zones[i]);
    g_autofree char *zone = g_strconcat("APP_TIMEZONE=", zones[i], NULL);
    program_restart(PROGRAM, zone);
    g_autoptr(Answer) answer = alerts();
    assert_member(answer, "today", today);
    assert_member(answer, "until", until);
    assert_names(answer, "renewals", "-");
    assert_names(answer, "expirations", "");
  }
}

/* 1.3: nothing here depends on Omie */
static void
test_omie_is_not_asked(G_GNUC_UNUSED void **state)
{
  omie_answer(.method = LIST_TITLES, .status = 502);
  put_contract("ACME", "1000", "1", "1");
  sql("update fin.clients set omie_codigo = '7'");
  g_autoptr(Answer) answer = alerts();
  assert_status(answer, 200);
  assert_int_equal(titles_calls() + omie_calls(), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_without_contracts_both_lists_are_empty),
      CASE(test_the_first_and_the_last_day_count_and_no_other),
      CASE(test_each_date_decides_about_its_own_list),
      CASE(test_the_sooner_comes_first_then_the_name),
      CASE(test_a_row_has_its_members_in_their_order),
      CASE(test_a_contract_without_a_client_is_shown_with_a_dash),
      CASE(test_two_thousand_contracts_are_all_listed),
      CASE(test_today_is_a_day_of_the_configured_zone),
      CASE(test_omie_is_not_asked),
  };
  return RUN("alerts", tests);
}

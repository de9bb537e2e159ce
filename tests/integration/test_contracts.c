/* The way in for clients and contracts where there is no other front end: what a contract is stored
 * as, and, for both, who may write and that sending it twice does no harm. */
#include "harness_register.h"

#include <string.h>

static void
test_a_contract_is_stored_and_answered_as_stored(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  g_autoptr(Answer) answer =
      finance_post(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":1000.5,"
                              "\"start_date\":\"2024-02-29\",\"end_date\":\"2027-12-31\","
                              "\"renewal_date\":\"2026-12-01\",\"adjustment_index\":\"IPCA\","
                              "\"notes\":\"ção\"}");
  assert_status(answer, 201);
  g_autofree char *expected =
      sql_text("select format('{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":1000.50,"
               "\"start_date\":\"2024-02-29\",\"end_date\":\"2027-12-31\","
               "\"renewal_date\":\"2026-12-01\",\"adjustment_index\":\"IPCA\","
               "\"notes\":\"ção\",\"created_at\":\"%s\"}', ponte.instant_text(created_at))"
               "  from fin.contracts where mrr = 1000.50");
  assert_string_equal(g_strchomp(answer->body), expected);
}

static void
test_what_is_not_given_is_null_and_the_id_is_made(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  assert_created(CLIENTS, "{\"name\":\"A\",\"document\":null,\"contact_email\":null,\"id\":null}",
                 "\"name\":\"A\",\"document\":null,\"contact_email\":null,\"omie_codigo\":null,");
  assert_created(CLIENTS, "{\"name\":\"A\"}", "\"name\":\"A\""); /* a name is no key */
  assert_created(CONTRACTS, "{\"client_id\":\"" CLIENT_ID "\",\"mrr\":0}",
                 "\"mrr\":0.00,\"start_date\":null,\"end_date\":null,\"renewal_date\":null,"
                 "\"adjustment_index\":null,\"notes\":null,");
  assert_count(3, "fin.clients");
  assert_count(1, "fin.contracts");
}

static void
test_a_contract_may_end_on_the_day_it_starts(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  assert_created(CONTRACTS,
                 "{\"client_id\":\"" CLIENT_ID "\",\"mrr\":1,\"start_date\":\"2026-02-10\","
                 "\"end_date\":\"2026-02-10\"}",
                 "\"end_date\":\"2026-02-10\"");
}

/* Whoever lost the answer sends it again. */
static void
test_the_same_id_with_the_same_content_finds_the_row(G_GNUC_UNUSED void **state)
{
  static const char client[] =
      "{\"id\":\"" ID "\",\"name\":\"A\",\"document\":\"1-2\",\"omie_codigo\":\"7\"}";
  static const char reworded[] = "{\"omie_codigo\":7, \"document\":\"12\",\"name\":\" A\","
                                 "\"id\":\"0B9A2F6E-6C1D-4D7B-8F53-2A3D5E7F9B10\"}";
  g_autoptr(Answer) first = finance_post(CLIENTS, client);
  assert_status(first, 201);
  g_autoptr(Answer) again = finance_post(CLIENTS, client), other = finance_post(CLIENTS, reworded);
  assert_status(again, 200);
  assert_status(other, 200);
  assert_string_equal(again->body, first->body);
  assert_string_equal(other->body, first->body);
  g_autoptr(Answer) contract =
      finance_post(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":1000.5}");
  g_autoptr(Answer) repeated =
      finance_post(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":\"1000.50\"}");
  assert_status(contract, 201);
  assert_status(repeated, 200);
  assert_string_equal(repeated->body, contract->body);
  assert_count(1, "fin.clients");
  assert_count(1, "fin.contracts");
}

static void
test_the_same_id_with_other_content_is_a_conflict(G_GNUC_UNUSED void **state)
{
  static const char *const clients[] = {
      "{\"id\":\"" ID "\",\"name\":\"B\",\"document\":\"12\"}",
      "{\"id\":\"" ID "\",\"name\":\"A\"}",
      "{\"id\":\"" ID "\",\"name\":\"A\",\"document\":\"12\",\"contact_email\":\"a@b\"}"};
  static const char *const contracts[] = {
      "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":2}",
      "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":1,\"notes\":\"x\"}",
      "{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":1}"};
  client_of_contracts();
  assert_created(CLIENTS, "{\"id\":\"" ID "\",\"name\":\"A\",\"document\":\"12\"}", "");
  assert_created(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" ID "\",\"mrr\":1}", "");
  for (gsize i = 0; i < 3; i++) {
    g_autoptr(Answer) client = finance_post(CLIENTS, clients[i]);
    assert_error_code(client, 409, NULL, "conflict");
    g_autoptr(Answer) contract = finance_post(CONTRACTS, contracts[i]);
    assert_error_code(contract, 409, NULL, "conflict");
  }
  assert_sql("A|12", "select name || '|' || document from fin.clients where id = '" ID "'");
  assert_sql("1.00", "select mrr from fin.contracts");
}

#define ROUNDS 80 /* two inserts must meet within microseconds to be in each other's way */

/* So many of the same at once: one of them creates it, the others find it. */
static void
assert_once(const char *path, const char *body)
{
  Pending *pending[8];
  guint created = 0;
  for (guint i = 0; i < G_N_ELEMENTS(pending); i++)
    pending[i] = call_start("POST", path, .token = finance_token(), .body = body);
  for (guint i = 0; i < G_N_ELEMENTS(pending); i++) {
    g_autoptr(Answer) answer = call_finish(pending[i]);
    if (answer->status != 200)
      assert_status(answer, 201);
    created += answer->status == 201;
  }
  assert_int_equal(created, 1);
}

static void
test_equal_posts_at_once_make_one_row(G_GNUC_UNUSED void **state)
{
  program_restart("fin/clients", "ROUTE_WORKERS=8");
  program_restart("fin/contracts", "ROUTE_WORKERS=8");
  for (guint round = 1; round <= ROUNDS; round++) {
    g_autofree char *id = g_uuid_string_random();
    g_autofree char *client =
        g_strdup_printf("{\"id\":\"%s\",\"name\":\"A\",\"omie_codigo\":%u}", id, round);
    g_autofree char *contract =
        g_strdup_printf("{\"id\":\"%s\",\"client_id\":\"%s\",\"mrr\":1}", id, id);
    assert_once(CLIENTS, client);
    assert_once(CONTRACTS, contract);
  }
  assert_count(ROUNDS, "fin.clients");
  assert_count(ROUNDS, "fin.contracts");
}

/* A user's role, never the scheduler's secret (reading: test_summary.c) */
static void
test_only_the_finance_roles_write(G_GNUC_UNUSED void **state)
{
  static const char *const paths[] = {CLIENTS, CONTRACTS};
  static const char *const roles[] = {"ops", "sales", "employee", "system"};
  g_autofree char *cfo = token_for_role("cfo");
  g_autofree char *secret = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  static const char body[] = "{\"name\":\"A\"}";
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS(roles); j++) {
      g_autofree char *token = token_for_role(roles[j]);
      g_autoptr(Answer) answer = call("POST", paths[i], .token = token, .body = body);
      assert_error_code(answer, 403, NULL, "forbidden");
    }
    g_autoptr(Answer) nobody = call("POST", paths[i], .body = body);
    assert_error_code(nobody, 401, "Não autenticado.", "unauthenticated");
    g_autoptr(Answer) cron = call("POST", paths[i], .body = body, .headers = {secret});
    assert_error(cron, 401, NULL);
    g_autoptr(Answer) bearer =
        call("POST", paths[i], .body = body, .token = harness_env("CRON_SECRET"));
    assert_error(bearer, 401, NULL);
  }
  assert_count(0, "fin.clients");
  g_autoptr(Answer) good = call("POST", CLIENTS "/", .token = cfo, .body = body);
  assert_status(good, 201);
}

static void
test_contracts_are_listed_with_their_client(G_GNUC_UNUSED void **state)
{
  client_of_contracts();
  assert_created(CONTRACTS, "{\"id\":\"" ID "\",\"client_id\":\"" CLIENT_ID "\",\"mrr\":12.3}", "");
  sql("insert into fin.contracts (mrr, notes) select 1, 'of nobody' from generate_series(1, 150)");
  g_autoptr(Answer) usual = finance_get(CONTRACTS, "");
  assert_int_equal(json_array_size(json_object_get(usual->json, "rows")), 100);
  g_autoptr(Answer) answer = finance_get(CONTRACTS, "?client_id=" CLIENT_ID);
  g_autofree char *clients = rows_text(answer, "client_name");
  assert_string_equal(clients, "ACME");
  static const char *const members[] = {"\"id\":\"" ID "\"",     "\"client_id\":\"" CLIENT_ID "\"",
                                        "\"omie_codigo\":\"7\"", "\"mrr\":12.30",
                                        "\"start_date\":null",   "\"created_at\":\""};
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
    assert_non_null(strstr(answer->body, members[i]));
  g_autoptr(Answer) none = finance_get(CONTRACTS, "?client_id=" NO_CLIENT);
  g_autofree char *nothing = rows_text(none, "client_name");
  assert_string_equal(nothing, "");
  g_autoptr(Answer) no_id = finance_get(CONTRACTS, "?client_id=7");
  assert_error_code(no_id, 400, NULL, "invalid_parameter");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_contract_is_stored_and_answered_as_stored),
      CASE(test_what_is_not_given_is_null_and_the_id_is_made),
      CASE(test_a_contract_may_end_on_the_day_it_starts),
      CASE(test_the_same_id_with_the_same_content_finds_the_row),
      CASE(test_the_same_id_with_other_content_is_a_conflict),
      CASE(test_equal_posts_at_once_make_one_row),
      CASE(test_only_the_finance_roles_write),
      CASE(test_contracts_are_listed_with_their_client),
  };
  return RUN("clients and contracts", tests);
}

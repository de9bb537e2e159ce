/* F79: what claims open, whose they are, and how long they last. */
#include "harness_row_security.h"

static const char count_clients[] = "select count(*) from fin.clients";
static const char count_profiles[] = "select count(*) from fin.profiles";
static const char add_client[] = "insert into fin.clients (name) values ('X')";
static const char change_clients[] = "update fin.clients set name = 'X'";

/* Whatever is no JSON object opens nothing: no rows, or the statement fails. */
static void
test_malformed_claims_see_nothing(G_GNUC_UNUSED void **state)
{
  static const char *const claims[] = {"{",
                                       "[]",
                                       "\"system\"",
                                       "system",
                                       "1",
                                       "[\"fin\"]",
                                       "{\"role\":[\"system\"]}",
                                       "{\"areas\":{\"fin\":1}}x",
                                       "{\"sub\":\"no uuid\"}"};
  finance_tables_fill();
  for (gsize i = 0; i < G_N_ELEMENTS(claims); i++) {
    g_autofree char *found = as_program(claims[i], count_clients);
    if (!g_str_equal(found, "0") && !g_str_has_prefix(found, "refused"))
      fail_msg("%s saw %s clients", claims[i], found);
    g_autofree char *written = as_program(claims[i], add_client);
    assert_true(g_str_has_prefix(written, "refused"));
  }
}

/* 4.10: own row only, and never a better role */
static void
test_a_user_sees_the_own_profile_and_cannot_raise_it(G_GNUC_UNUSED void **state)
{
  finance_tables_fill();
  assert_as(AUTHORISED, count_profiles, "1");
  assert_as(NULL, count_profiles, "0");
  assert_as(AUTHORISED, "update fin.profiles set role = 'superadmin'", "0");
  assert_as(AUTHORISED, "insert into fin.profiles (id, role) values (gen_random_uuid(), 'admin')",
            "refused: 42501");
  assert_as(AUTHORISED, "delete from fin.profiles", "0");
}

static void
test_the_programs_own_work_reads_and_writes(G_GNUC_UNUSED void **state)
{
  finance_tables_fill();
  assert_as(SYSTEM, count_clients, "2");
  assert_as(SYSTEM, count_profiles, "2");
  assert_as(SYSTEM, add_client, "1");
  assert_as(SYSTEM, change_clients, "2");
}

/* The guards of calls to ERPs belong to the programs alone. */
static void
test_a_user_does_not_see_or_touch_the_guards_of_calls(G_GNUC_UNUSED void **state)
{
  sql("insert into erp.call_guard (account, call) values ('a', 'b')");
  assert_as(AUTHORISED, "select count(*) from erp.call_guard", "0");
  assert_as(AUTHORISED, "delete from erp.call_guard", "0");
  assert_as(SYSTEM, "select count(*) from erp.call_guard", "1");
}

/* Claims are local: the next transaction of the same connection starts with none. */
static void
test_claims_do_not_outlive_their_transaction(G_GNUC_UNUSED void **state)
{
  finance_tables_fill();
  g_autoptr(PGconn) connection = programs_connect();
  PQclear(PQexec(connection,
                 "begin; set local role ponte_app;"
                 "select set_config('request.jwt.claims', '" SYSTEM "', true); commit"));
  PGresult *result =
      PQexec(connection, "begin; set local role ponte_app; select count(*) from fin.clients");
  assert_string_equal(PQgetvalue(result, 0, 0), "0");
  PQclear(result);
}

/* The login itself may do nothing but become the programs' role. */
static void
test_the_login_alone_reaches_no_table(G_GNUC_UNUSED void **state)
{
  g_autoptr(PGconn) connection = programs_connect();
  static const char *const statements[] = {"select count(*) from fin.clients",
                                           "set role ponte_owner",
                                           "select count(*) from erp.call_guard"};
  for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
    PGresult *result = PQexec(connection, statements[i]);
    assert_int_equal(PQresultStatus(result), PGRES_FATAL_ERROR);
    assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501");
    PQclear(result);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_malformed_claims_see_nothing),
      CASE(test_a_user_sees_the_own_profile_and_cannot_raise_it),
      CASE(test_the_programs_own_work_reads_and_writes),
      CASE(test_a_user_does_not_see_or_touch_the_guards_of_calls),
      CASE(test_claims_do_not_outlive_their_transaction),
      CASE(test_the_login_alone_reaches_no_table),
  };
  return RUN("row security: claims", tests);
}

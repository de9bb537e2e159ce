/* Cashback that expires (data-collecting.md 6.8). */
#include "harness.h"

#define EXPIRE  "/api/cron/cashback-expire"
#define PROGRAM "cron/cashback-expire"

static Answer *
expire(void)
{
  return call("POST", EXPIRE, .token = harness_env("CRON_SECRET"));
}

#define assert_expired(answer, count, amount, lost)                                                \
  do {                                                                                             \
    assert_status(answer, 200);                                                                    \
    assert_int_equal(answer_int(answer, "transacoesExpiradas"), count);                            \
    assert_member(answer, "valorExpirado", amount);                                                \
    assert_member(answer, "valorNaoRecuperado", lost);                                             \
  } while (0)

static void
shop_put(const char *id)
{
  sql("insert into crm.organizations (id, nome, cnpj) values ($1, 'Loja', '')", id);
}

/* A client with so much available in the program P. */
static void
client_with(const char *id, const char *shop, const char *available)
{
  sql("insert into crm.clients (id, organizacao_id, nome) values ($1::text, $2, $1)", id, shop);
  sql("insert into crm.cashback_program_balances (id, organizacao_id, cliente_id, programa_id,"
      "   saldo_valor_disponivel, saldo_valor_acumulado_total)"
      " values ('B' || $1::text, $2, $1, 'P', $3::numeric, 100)",
      id, shop, available);
}

/* An accumulation of 10.00 of which so much is left, that expired so many days ago. */
static void
accumulation_put(const char *id, const char *client, const char *left, const char *days_ago)
{
  sql("insert into crm.cashback_program_transactions (id, organizacao_id, cliente_id, programa_id,"
      "   tipo, valor, valor_restante, saldo_valor_anterior, saldo_valor_posterior, expiracao_data)"
      " select $1, organizacao_id, id, 'P', 'ACÚMULO', 10, $3::numeric, 0, 10,"
      "        now() - make_interval(days => $4::int) from crm.clients where id = $2",
      id, client, left, days_ago);
}

/* "A1 EXPIRADO 0.00, …" of the accumulations. */
#define assert_accumulations(expected)                                                             \
  assert_sql(expected, "select string_agg(concat_ws(' ', id, status, valor_restante), ', '"        \
                       "         order by id) from crm.cashback_program_transactions"              \
                       " where tipo = 'ACÚMULO'")

/* "-4.00: 9.00 to 5.00, …" of the movements that a client got, as they were made. */
#define assert_movements(client, expected)                                                         \
  assert_sql(expected,                                                                             \
             "select string_agg(format('%s: %s to %s', valor, saldo_valor_anterior,"               \
             "         saldo_valor_posterior), ', ' order by sequencia)"                           \
             "  from crm.cashback_program_transactions"                                            \
             " where tipo = 'EXPIRAÇÃO' and status = 'EXPIRADO' and valor_restante = 0"          \
             "   and cliente_id = $1",                                                             \
             client)

#define assert_available(client, expected)                                                         \
  assert_sql(expected,                                                                             \
             "select saldo_valor_disponivel from crm.cashback_program_balances"                    \
             " where cliente_id = $1",                                                             \
             client)

/* 6.8 */
static void
test_only_what_is_due_and_left_expires(G_GNUC_UNUSED void **state)
{
  shop_put("O");
  client_with("C", "O", "30.00");
  accumulation_put("A1", "C", "10", "1");
  accumulation_put("A2", "C", "10", "-1"); /* tomorrow */
  accumulation_put("A3", "C", "0", "1");   /* nothing left: marked, no movement */
  accumulation_put("A4", "C", "10", "1");
  sql("update crm.cashback_program_transactions set status = 'CONSUMIDO' where id = 'A4'");
  accumulation_put("A5", "C", "10", "1");
  sql("update crm.cashback_program_transactions set expiracao_data = null where id = 'A5'");
  g_autoptr(Answer) answer = expire();
  assert_expired(answer, 1, "10.00", "0.00");
  assert_int_equal(answer_int(answer, "organizacoes"), 1);
  assert_accumulations("A1 EXPIRADO 0.00, A2 ATIVO 10.00, A3 EXPIRADO 0.00, A4 CONSUMIDO 10.00,"
                       " A5 ATIVO 10.00");
  assert_movements("C", "-10.00: 30.00 to 20.00");
  assert_available("C", "20.00");
  assert_sql("100.00/0.00",
             "select saldo_valor_acumulado_total || '/' ||"
             "       saldo_valor_resgatado_total from crm.cashback_program_balances");
  assert_sql("{\"valorExpirado\": 10.00, \"transacaoOrigemId\": \"A1\","
             " \"valorNaoRecuperado\": 0.00}",
             "select metadados from crm.cashback_program_transactions where tipo = 'EXPIRAÇÃO'");
}

/* The oldest is paid for first, and never more than there is. */
static void
test_a_lowered_balance_pays_while_it_lasts(G_GNUC_UNUSED void **state)
{
  shop_put("O");
  client_with("C", "O", "14.00");
  client_with("D", "O", "50.00");
  accumulation_put("A1", "C", "10", "1");
  accumulation_put("A2", "C", "6", "3");
  accumulation_put("A3", "C", "5", "2");
  accumulation_put("A4", "D", "7.05", "2");
  sql("insert into crm.clients (id, organizacao_id, nome) values ('E', 'O', 'E')"); /* no balance */
  accumulation_put("A5", "E", "3", "2");
  g_autoptr(Answer) answer = expire();
  assert_expired(answer, 5, "21.05", "10.00");
  assert_movements("C", "-6.00: 14.00 to 8.00, -5.00: 8.00 to 3.00, -3.00: 3.00 to 0.00");
  assert_movements("D", "-7.05: 50.00 to 42.95");
  assert_movements("E", "0.00: 0.00 to 0.00");
  assert_available("C", "0.00");
  assert_available("D", "42.95");
  assert_accumulations("A1 EXPIRADO 0.00, A2 EXPIRADO 0.00, A3 EXPIRADO 0.00, A4 EXPIRADO 0.00,"
                       " A5 EXPIRADO 0.00");
}

static void
test_a_second_run_changes_nothing(G_GNUC_UNUSED void **state)
{
  shop_put("O");
  client_with("C", "O", "14.00");
  accumulation_put("A1", "C", "10", "1");
  g_autoptr(Answer) first = expire();
  assert_expired(first, 1, "10.00", "0.00");
  g_autoptr(Answer) second = call("GET", EXPIRE, .token = harness_env("CRON_SECRET"));
  assert_expired(second, 0, "0.00", "0.00");
  assert_available("C", "4.00");
  assert_count(2, "crm.cashback_program_transactions");
}

/* More than one transaction's worth, and balances that meet in several of them. */
static void
test_thousands_expire_with_every_movement_where_the_last_one_ended(G_GNUC_UNUSED void **state)
{
  shop_put("O");
  sql("insert into crm.clients (id, organizacao_id, nome)"
      " select 'C' || n, 'O', 'C' || n from generate_series(0, 6) n");
  sql("insert into crm.cashback_program_balances (organizacao_id, cliente_id, programa_id,"
      "   saldo_valor_disponivel) select 'O', id, 'P', 1000 from crm.clients");
  sql("insert into crm.cashback_program_transactions (organizacao_id, cliente_id, programa_id,"
      "   tipo, valor, valor_restante, saldo_valor_anterior, saldo_valor_posterior, expiracao_data)"
      " select 'O', 'C' || n % 7, 'P', 'ACÚMULO', 3, 3, 0, 3, now() - n % 400 * interval '1 h'"
      "   from generate_series(1, 2800) n");
  g_autoptr(Answer) answer = expire(); /* 400 × 3.00 each, and 1000.00 there */
  assert_expired(answer, 2800, "7000.00", "1400.00");
  assert_sql("0.00", "select sum(saldo_valor_disponivel) from crm.cashback_program_balances");
  assert_sql("0", "select count(*) from ("
                  "  select saldo_valor_anterior <> lag(saldo_valor_posterior, 1, 1000.00)"
                  "           over (partition by cliente_id order by sequencia)"
                  "      or saldo_valor_posterior - saldo_valor_anterior <> valor as gap"
                  "    from crm.cashback_program_transactions where tipo = 'EXPIRAÇÃO') x"
                  " where gap");
}

/* So many statements wait for a row that somebody else holds. */
static gboolean
waits_for_a_row(gint64 count)
{
  return sql_number("select count(distinct pid) from pg_locks where not granted") == count;
}

static PGconn *
begin_with(const char *statement)
{
  PGconn *connection = admin_connect();
  PQclear(PQexec(connection, "begin"));
  PGresult *result = PQexec(connection, statement);
  assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
  PQclear(result);
  return connection;
}

static void
test_two_runs_at_once_expire_once(G_GNUC_UNUSED void **state)
{
  shop_put("O");
  client_with("C", "O", "30.00");
  accumulation_put("A1", "C", "10", "1");
  g_autoptr(PGconn) other = begin_with("update crm.cashback_program_balances set id = id");
  Pending *one = call_start("POST", EXPIRE, .token = harness_env("CRON_SECRET"));
  Pending *two = call_start("POST", EXPIRE, .token = harness_env("CRON_SECRET"));
  WAIT_FOR(waits_for_a_row(2));
  PQclear(PQexec(other, "commit"));
  g_autoptr(Answer) first = call_finish(one);
  g_autoptr(Answer) second = call_finish(two);
  assert_status(first, 200);
  assert_status(second, 200);
  assert_int_equal(
      answer_int(first, "transacoesExpiradas") + answer_int(second, "transacoesExpiradas"), 1);
  assert_movements("C", "-10.00: 30.00 to 20.00");
  assert_available("C", "20.00");
}

/* 6.3: the point of sale changes the same rows */
static void
test_what_is_redeemed_meanwhile_does_not_expire(G_GNUC_UNUSED void **state)
{
  shop_put("O");
  client_with("C", "O", "30.00");
  accumulation_put("A1", "C", "10", "2");
  accumulation_put("A2", "C", "10", "1");
  g_autoptr(PGconn) other = begin_with("update crm.cashback_program_balances set "
                                       "saldo_valor_disponivel = saldo_valor_disponivel - 14");
  Pending *pending = call_start("POST", EXPIRE, .token = harness_env("CRON_SECRET"));
  WAIT_FOR(waits_for_a_row(1));
  PQclear(PQexec(other, "update crm.cashback_program_transactions"
                        " set valor_restante = 0, status = 'CONSUMIDO' where id = 'A1'"));
  PQclear(PQexec(other, "update crm.cashback_program_transactions set valor_restante = 6"
                        " where id = 'A2'"));
  PQclear(PQexec(other, "commit"));
  g_autoptr(Answer) answer = call_finish(pending);
  assert_expired(answer, 1, "6.00", "0.00");
  assert_movements("C", "-6.00: 16.00 to 10.00");
  assert_accumulations("A1 CONSUMIDO 0.00, A2 EXPIRADO 0.00");
}

/* 1.8: and what it left the next run does */
static void
test_an_organization_that_fails_does_not_stop_the_others(G_GNUC_UNUSED void **state)
{
  shop_put("O1");
  shop_put("O2");
  client_with("C1", "O1", "30.00");
  client_with("C2", "O2", "30.00");
  accumulation_put("A1", "C1", "10", "1");
  accumulation_put("A2", "C2", "10", "1");
  program_restart(PROGRAM, "DB_STATEMENT_TIMEOUT_MS=300");
  g_autoptr(PGconn) other =
      begin_with("update crm.cashback_program_balances set id = id where cliente_id = 'C1'");
  g_autoptr(Answer) answer = expire();
  assert_expired(answer, 1, "10.00", "0.00");
  assert_int_equal(answer_int(answer, "organizacoes"), 1);
  assert_int_equal(answer_int(answer, "organizacoesComFalha"), 1);
  assert_accumulations("A1 ATIVO 10.00, A2 EXPIRADO 0.00");
  PQclear(PQexec(other, "rollback"));
  g_autoptr(Answer) again = expire();
  assert_expired(again, 1, "10.00", "0.00");
  assert_movements("C1", "-10.00: 30.00 to 20.00");
}

static void
test_only_the_cron_may_call_and_a_lost_database_is_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) nobody = call("POST", EXPIRE);
  assert_error_code(nobody, 401, NULL, "unauthenticated");
  assert_string_equal(answer_text(nobody, "erro"), answer_text(nobody, "error"));
  postgres_stop();
  g_autoptr(Answer) answer = expire();
  postgres_start();
  assert_error_code(answer, 500, "Erro ao expirar cashback.", "job_failed");
  assert_member(answer, "erro", "Erro ao expirar cashback.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_only_what_is_due_and_left_expires),
      CASE(test_a_lowered_balance_pays_while_it_lasts),
      CASE(test_a_second_run_changes_nothing),
      CASE(test_thousands_expire_with_every_movement_where_the_last_one_ended),
      CASE(test_two_runs_at_once_expire_once),
      CASE(test_what_is_redeemed_meanwhile_does_not_expire),
      CASE(test_an_organization_that_fails_does_not_stop_the_others),
      CASE(test_only_the_cron_may_call_and_a_lost_database_is_told),
  };
  return RUN("cashback expires", tests);
}

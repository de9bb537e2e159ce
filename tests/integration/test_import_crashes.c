/* The collecting program killed at any moment, and two of them at once: what is stored in the end
 * is what one undisturbed run stores, and nobody gets a message twice (DESIGN, "Every effect can be
 * repeated"; data-collecting.md 10.15). */
#include "harness.h"

#include "harness_import.h"

#define SHOPS  3
#define SALES  100 /* of each shop, and as many again later */
#define BUYERS 25
#define KILLS  10
#define EARLY  7 /* of them in the first half, which sends messages too */

static const char *const shops[SHOPS] = {"O1", "O2", "O3"};

/* What a kill may hit: batches of seven sales, messages that leave one after the other. */
static void
restart(void)
{
  collect_restart("COLETA_LOTE=7", "ENVIO_INTERVALO_MS=1");
}

/* A greeting that leaves at once, with a gift; a scheduled one for those who come again, once; one
 * for a balance.  No message is old enough to have a part in a sale (window 0). */
static void
shop_open(const char *shop)
{
  g_autofree char *phone = g_strconcat("F-", shop, NULL), *text = g_strconcat("T-", shop, NULL);
  g_autofree char *first = g_strconcat("A-", shop, NULL), *next = g_strconcat("B-", shop, NULL);
  g_autofree char *much = g_strconcat("C-", shop, NULL);
  organization_put(shop, ONLINE);
  cashback_put(shop, shop, .partner_value = "1");
  phone_put(phone, shop);
  template_put(text, shop, "clientName");
  campaign_put(first, shop, "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = phone,
               .template = text, .cashback_kind = "FIXO", .cashback_value = "1.00",
               .window_days = "0");
  campaign_put(next, shop, "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .delay = "2",
               .once = TRUE, .cashback_kind = "PERCENTUAL", .cashback_value = "1",
               .window_days = "0");
  campaign_put(much, shop, "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES", .delay = "3",
               .minimum_balance = "20.00", .window_days = "0");
}

/* One sale of every shop; its buyer has a phone of his own. */
static void
sale_of_all(guint nth)
{
  g_autofree char *id = g_strdup_printf("%u", nth);
  g_autofree char *buyer = g_strdup_printf("Cliente %c", 'A' + nth % BUYERS);
  g_autofree char *total = g_strdup_printf("%u.%02u", 15 + nth * 7 % 90, nth * 13 % 100);
  for (guint shop = 0; shop < SHOPS; shop++) {
    g_autofree char *phone = g_strdup_printf("(1%u) 98765-40%02u", shop + 1, nth % BUYERS);
    sale_put(.token = token_of(shops[shop]), .id = id, .client = buyer, .phone = phone,
             .total = total, .partner = nth % 10 == 3 ? "52998224725" : NULL);
  }
}

static void
sales_of_all(guint from, guint to)
{
  for (guint nth = from; nth < to; nth++)
    sale_of_all(nth);
}

static void
change_of_all(guint nth, const char *members)
{
  g_autofree char *id = g_strdup_printf("%u", nth);
  for (guint shop = 0; shop < SHOPS; shop++)
    sql("select sandbox.sale_change($1, $2, $3::json)", token_of(shops[shop]), id, members);
}

/* Later that day: of those who had come again some sales are cancelled, others changed, new ones
 * come in.  (Who was greeted stays a client: a greeting in a dead sender's hand is nobody's to take
 * back and nobody's to repeat.) */
static void
day_goes_on(void)
{
  for (guint nth = BUYERS; nth < SALES; nth++)
    if (nth % 4 == 0)
      change_of_all(nth, nth % 8 == 0 ? "{\"natureza\":\"SN99\"}" : "{\"valor\":\"0.00\"}");
    else if (nth % 3 == 0)
      change_of_all(nth, "{\"valor\":\"77.00\",\"documento\":\"outro\"}");
  sales_of_all(SALES, 2 * SALES);
}

static void
collect_quietly(void)
{
  g_autoptr(Answer) answer = collect_ok();
  assert_collected_total(answer, "organizacoesOk", "3");
}

static char *
rows_of_all(void)
{
  return g_strjoin("\n", crm_snapshot("O1"), crm_snapshot("O2"), crm_snapshot("O3"), NULL);
}

/* Prints the lines of a text that the other has not. */
static guint
print_missing(const char *note, const char *text, const char *other)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1), others = g_strsplit(other, "\n", -1);
  guint count = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_strv_contains((const char *const *)others, lines[i])) {
      print_error("%s: %s\n", note, lines[i]);
      count++;
    }
  return count;
}

/* Everything as before the first run; the sandbox forgets it as well. */
static void
begin_anew(void)
{
  sql("truncate crm.sales, crm.clients, crm.products, crm.sellers, crm.partners,"
      " crm.cashback_program_balances, crm.interactions, crm.chats, crm.utils cascade");
  sql("update crm.organizations set integracao_data_ultima_sincronizacao = null");
  sql("delete from sandbox.online_sale");
  sql("delete from sandbox.whatsapp_message");
}

/* What a dead process held is free: as when its time is over. */
static void
leases_pass(void)
{
  sql("update crm.organizations set lease_ate = now() - interval '1 ms' where lease_ate is not "
      "null");
  sql("update crm.interactions set lease_ate = now() - interval '1 ms' where lease_ate is not "
      "null");
}

/* How much of the day's work is done: sales stored, sales changed, messages accepted. */
static gint64
progress(void)
{
  return sql_number("select (select count(*) + count(data_atualizacao) from crm.sales)"
                    "       + (select count(*) from sandbox.whatsapp_message)");
}

/* A run that is killed when so much is done; TRUE when it had not ended by itself. */
static gboolean
killed_run(gint64 target)
{
  Pending *run = collect_start();
  WAIT_FOR(progress() >= target || call_is_done(run));
  program_kill(COLLECT_PROGRAM);
  g_autoptr(Answer) answer = call_finish(run);
  restart();
  leases_pass();
  return answer->status != 201;
}

/* Kills so many runs, each at random in its part of the way from here to there, and completes the
 * work. */
static guint
kill_and_complete(GRand *rand, guint times, gint64 from, gint64 to)
{
  guint hit = 0;
  for (guint i = 0; i < times; i++)
    hit += killed_run(from + (gint64)((double)(to - from) * (i + g_rand_double(rand)) / times));
  collect_quietly();
  return hit;
}

/* The other one who sends has his turn as well. */
static void
send_the_rest(void)
{
  g_autoptr(Answer) answer =
      call("POST", "/api/cron/process-interactions", .token = harness_env("CRON_SECRET"));
  assert_status(answer, 200);
}

/* Nobody was greeted twice; and who was not, was in the hand of one that died. */
static void
assert_greeted_once(void)
{
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  g_autoptr(GHashTable) greeted = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < messages->len; i++)
    assert_true(g_hash_table_add(greeted, (gpointer)whatsapp_message(messages, i)->to));
  gint64 sent = sql_number("select count(*) from crm.interactions where status_envio = 'ENVIADO'");
  assert_true(messages->len >= sent); /* the answer to some never arrived */
  assert_in_range(sent, SHOPS * BUYERS - KILLS, SHOPS * BUYERS);
  gint64 unknown = sql_number("select count(*) from crm.interactions"
                              " where erro_envio = 'RESULTADO_DESCONHECIDO'");
  assert_int_equal(sent + unknown, SHOPS * BUYERS);
}

static void
test_ten_killed_runs_leave_what_one_leaves(G_GNUC_UNUSED void **state)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(20260305);
  for (guint shop = 0; shop < SHOPS; shop++)
    shop_open(shops[shop]);
  restart();
  sales_of_all(0, SALES);
  collect_quietly();
  gint64 noon = progress();
  day_goes_on();
  collect_quietly();
  gint64 evening = progress();
  g_autofree char *rows = rows_of_all();
  assert_greeted_once();
  assert_int_equal(whatsapp_message_count(), SHOPS * BUYERS);

  begin_anew();
  sales_latency(WHATSAPP, 30); /* that one is in hand at most times */
  sales_of_all(0, SALES);
  guint hit = kill_and_complete(rand, EARLY, 0, noon);
  day_goes_on();
  hit += kill_and_complete(rand, KILLS - EARLY, noon, evening);
  assert_true(hit >= KILLS - 2); /* the last moments of each half may pass unseen */
  g_autofree char *rows_after = rows_of_all();
  guint differ =
      print_missing("missing", rows, rows_after) + print_missing("new", rows_after, rows);
  assert_int_equal(differ, 0);
  for (guint shop = 0; shop < SHOPS; shop++)
    assert_ledger_holds(shops[shop]);
  send_the_rest();
  assert_greeted_once();
}

static gint64
created_in(const Answer *answer)
{
  return g_ascii_strtoll(collected_total(answer, "vendasCriadas"), NULL, 10);
}

/* DC 15: whoever comes second waits, comes to a taken organization, or finds all of it done */
static void
test_two_runs_at_once_are_as_one(G_GNUC_UNUSED void **state)
{
  shop_open("O1");
  for (guint nth = 0; nth < 20; nth++) {
    g_autofree char *id = g_strdup_printf("%u", nth), *buyer = g_strdup_printf("Cliente %u", nth);
    g_autofree char *phone = g_strdup_printf("(11) 98765-40%02u", nth);
    sale_put(.id = id, .client = buyer, .phone = phone, .total = "100.00");
  }
  restart();
  Pending *one = collect_start(), *other = collect_start();
  g_autoptr(Answer) first = call_finish(one);
  g_autoptr(Answer) second = call_finish(other);
  assert_status(first, 201);
  assert_status(second, 201);
  assert_int_equal(created_in(first) + created_in(second), 20);
  assert_int_equal(crm_count("sales", "O1"), 20);
  assert_count(20, "crm.cashback_program_transactions where campanha_id is null");
  assert_count(20, "crm.cashback_program_balances where saldo_valor_disponivel = 6.00");
  assert_int_equal(whatsapp_message_count(), 20);
  assert_count(20, "crm.interactions where status_envio = 'ENVIADO'");
  assert_ledger_holds("O1");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_ten_killed_runs_leave_what_one_leaves),
      IMPORT_CASE(test_two_runs_at_once_are_as_one),
  };
  return RUN("import_crashes", tests);
}

/* The row that a fired campaign leaves (data-collecting.md 7.5, 7.6). */
#include "crm_fixture.h"

#include "base/date.h"

static void
buy(const char *id, const char *total)
{
  Sale *sale = crm_sale(id, "Maria Souza", total);
  sale->seller = "ANA";
  sale->has_seller = TRUE;
  crm_decide(sale);
}

/* An earlier client with 10.00 available of 25.00 in her life, 15.00 of it redeemed. */
static KnownClient *
maria(void)
{
  KnownClient *client = crm_client("MARIA SOUZA", "10.00");
  KnownBalance *balance = ledger_balance(crm.ledger, client);
  balance->accumulated = brl("25.00");
  balance->redeemed = brl("15.00");
  client->purchases = 2;
  client->purchased = brl("1134.50");
  return client;
}

static void
test_the_row_belongs_to_sale_client_and_campaign(void **state)
{
  (void)state;
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  maria();
  buy("1", "100.00");
  assert_string_equal(interaction(0)->sale_id, planned_sale(0)->id);
  assert_ptr_equal(interaction(0)->client, planned_sale(0)->client);
  assert_string_equal(interaction(0)->campaign->id, "new");
}

/* DC 77 */
static void
test_the_first_message_quotes_the_cashback_of_its_own_purchase(void **state)
{
  (void)state;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("3")});
  buy("1", "99.90");
  assert_string_equal(interaction(0)->description, "Primeira compra do cliente.");
  assert_string_equal(interaction(0)->metadata,
                      "{\"compraValor\":99.90,\"compraVendedorNome\":\"ANA\","
                      "\"compraCashbackAcumulado\":5.00,\"compraCashbackNovoSaldo\":5.00,"
                      "\"cashbackSaldoDisponivel\":5.00,\"cashbackTotalAcumuladoVida\":5.00,"
                      "\"cashbackTotalResgatadoVida\":0.00}");
}

static void
test_a_message_after_a_new_purchase(void **state)
{
  (void)state;
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = SEGMENTS("EM RISCO"));
  maria()->title = "EM RISCO";
  buy("1", "19.99");
  assert_string_equal(interaction(0)->description, "Nova compra; segmento EM RISCO.");
  assert_string_equal(interaction(0)->metadata,
                      "{\"compraValor\":19.99,\"compraVendedorNome\":\"ANA\","
                      "\"compraCashbackAcumulado\":0.00,\"compraCashbackNovoSaldo\":10.00,"
                      "\"cashbackSaldoDisponivel\":10.00,\"cashbackTotalAcumuladoVida\":25.00,"
                      "\"cashbackTotalResgatadoVida\":15.00}");
}

static void
test_messages_about_totals_quote_them_after_the_sale(void **state)
{
  (void)state;
  CAMPAIGN(.id = "count", .trigger = TRIGGER_PURCHASE_COUNT, .purchase_count = 3);
  CAMPAIGN(.id = "value", .trigger = TRIGGER_PURCHASE_VALUE, .purchase_value = brl("1200"));
  const char *metadata = "{\"compraValor\":100.00,\"compraVendedorNome\":\"ANA\","
                         "\"compraCashbackAcumulado\":5.00,\"compraCashbackNovoSaldo\":15.00,"
                         "\"compraQuantidadeTotal\":3,\"compraValorTotalAcumulado\":1234.50,"
                         "\"cashbackSaldoDisponivel\":15.00,\"cashbackTotalAcumuladoVida\":30.00,"
                         "\"cashbackTotalResgatadoVida\":15.00}";
  maria();
  buy("1", "100.00");
  assert_string_equal(interaction(0)->description, "Cliente chegou a 3 compras (gatilho 3).");
  assert_string_equal(interaction(0)->metadata, metadata);
  assert_string_equal(interaction(1)->description,
                      "Cliente somou R$ 1.234,50 em compras (gatilho R$ 1.200,00).");
  assert_string_equal(interaction(1)->metadata, metadata);
}

static void
test_a_message_about_cashback_quotes_amount_and_balance(void **state)
{
  (void)state;
  crm.context.suffix = " (CardapioWeb)";
  CAMPAIGN(.id = "cashback", .trigger = TRIGGER_CASHBACK, .segments = RECENT);
  maria();
  buy("1", "100.00");
  assert_string_equal(interaction(0)->description,
                      "Cashback de R$ 5,00 creditado; saldo R$ 15,00. (CardapioWeb)");
  assert_string_equal(interaction(0)->metadata,
                      "{\"compraValor\":100.00,\"compraVendedorNome\":\"ANA\","
                      "\"compraCashbackAcumulado\":5.00,\"compraCashbackNovoSaldo\":15.00,"
                      "\"cashbackAcumuladoValor\":5.00,"
                      "\"cashbackSaldoDisponivel\":15.00,\"cashbackTotalAcumuladoVida\":30.00,"
                      "\"cashbackTotalResgatadoVida\":15.00}");
}

static void
test_without_a_program_balances_are_quoted_as_zero(void **state)
{
  (void)state;
  crm.rules->program.id = NULL;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  buy("1", "99.90");
  assert_string_equal(interaction(0)->metadata,
                      "{\"compraValor\":99.90,\"compraVendedorNome\":\"ANA\","
                      "\"compraCashbackAcumulado\":0.00,\"compraCashbackNovoSaldo\":0.00,"
                      "\"cashbackSaldoDisponivel\":0.00,\"cashbackTotalAcumuladoVida\":0.00,"
                      "\"cashbackTotalResgatadoVida\":0.00}");
}

/* DC 78 */
static void
test_the_day_of_a_delayed_message_is_counted_in_local_time(void **state)
{
  const struct {
    const char *now;
    gint64 delay;
    CalendarUnit unit;
    const char *day;
  } cases[] = {
      {"2026-03-05T23:30:00", 2, UNIT_DAYS, "2026-03-07"},
      {"2026-03-05T23:30:00", 0, UNIT_DAYS, "2026-03-05"},
      {"2026-03-05T00:10:00", 1, UNIT_WEEKS, "2026-03-12"},
      {"2026-01-31T12:00:00", 1, UNIT_MONTHS, "2026-02-28"},
      {"2024-02-29T12:00:00", 1, UNIT_YEARS, "2025-02-28"},
      {"2026-03-05T12:00:00", 5, UNIT_NONE, "2026-03-05"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    crm_tear_down(state);
    crm_set_up(state);
    crm.context.now = at(cases[i].now);
    CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
             .delay = cases[i].delay, .delay_unit = cases[i].unit, .can_send = TRUE);
    buy("1", "100.00");
    assert_string_equal(date_iso(&interaction(0)->day).text, cases[i].day);
    assert_int_equal(interaction(0)->is_immediate, cases[i].delay == 0);
  }
}

static void
test_only_a_campaign_that_can_send_now_is_immediate(void **state)
{
  (void)state;
  CAMPAIGN(.id = "now", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT, .can_send = TRUE);
  CAMPAIGN(.id = "unusable", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "later", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT, .can_send = TRUE,
           .delay = 1, .delay_unit = UNIT_DAYS);
  buy("1", "100.00");
  assert_true(interaction(0)->is_immediate);
  assert_false(interaction(1)->is_immediate);
  assert_false(interaction(2)->is_immediate);
  assert_int_equal(crm.plan->counts.interactions_immediate, 1);
  assert_int_equal(crm.plan->counts.interactions_scheduled, 2);
}

static void
test_money_as_people_read_it(void **state)
{
  (void)state;
  const struct {
    gint64 centavos;
    const char *text;
  } cases[] = {
      {0, "R$ 0,00"},
      {5, "R$ 0,05"},
      {99999, "R$ 999,99"},
      {123450, "R$ 1.234,50"},
      {-123450, "R$ -1.234,50"},
      {99999999999999, "R$ 999.999.999.999,99"},
      {100000000, "R$ 1.000.000,00"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = money_brl(cases[i].centavos);
    assert_string_equal(text, cases[i].text);
  }
}

static const struct CMUnitTest tests[] = {
    CASE(test_the_row_belongs_to_sale_client_and_campaign),
    CASE(test_the_first_message_quotes_the_cashback_of_its_own_purchase),
    CASE(test_a_message_after_a_new_purchase),
    CASE(test_messages_about_totals_quote_them_after_the_sale),
    CASE(test_a_message_about_cashback_quotes_amount_and_balance),
    CASE(test_without_a_program_balances_are_quoted_as_zero),
    CASE(test_the_day_of_a_delayed_message_is_counted_in_local_time),
    CASE(test_only_a_campaign_that_can_send_now_is_immediate),
    CASE(test_money_as_people_read_it),
};

RUN("decide: interactions", tests)

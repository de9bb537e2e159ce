/* From one state of a sale to another: what a second look at it brings and takes (the matrix of
 * data-collecting.md 5.7). */
#include "harness.h"

#include "harness_import.h"

/* Every sale has a buyer of its own, who was not known before; whoever has his reward has cashback
 * of 5 %, one message that is to be sent, and one purchase. */
static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  campaign_put("C2", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
  return failed;
}
#define MATRIX_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

static const char *const reversed_movements = "ACÚMULO EXPIRADO 5.00 (0.00) 0.00>5.00; "
                                              "CANCELAMENTO ATIVO -5.00 (0.00) 5.00>0.00";

/* The buyer of the sale has this, and no more. */
static void
assert_has(const char *sale, const char *buyer, const char *available, const char *movements,
           guint messages, const char *purchases)
{
  g_autofree char *note = g_strdup_printf("of sale %s", sale);
  g_autofree char *count = g_strdup_printf("%u", messages);
  g_autofree char *found = sql_text("select count(*) from crm.interactions i"
                                    "  join crm.clients c on c.id = i.cliente_id"
                                    " where c.nome_chave = crm.name_key($1)",
                                    buyer);
  assert_text_at(balance_of("O1", buyer), available, note, __FILE__, __LINE__);
  assert_text_at(movements_of("O1", buyer), movements, note, __FILE__, __LINE__);
  assert_text_at(found, count, note, __FILE__, __LINE__);
  assert_text_at(client_column("O1", buyer, "metadata_total_compras"), purchases, note, __FILE__,
                 __LINE__);
}

static void
assert_rewarded(const char *sale, const char *buyer)
{
  assert_has(sale, buyer, "5.00", "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00", 1, "1");
}

static void
assert_unrewarded(const char *sale, const char *buyer)
{
  assert_has(sale, buyer, "0.00", NULL, 0, "0");
}

/* N: another nature, whatever the value.  Z: SN01 without a value.  V: valid. */
typedef struct {
  const char *id, *nature, *total; /* as it comes first */
  const char *changed;             /* members as it comes next; NULL: the same again */
  enum { KEPT, CHANGED, CANCELLED } outcome;
} Line;

static const Line lines[] = {
    {"V stays as it was", "SN01", "100.00", NULL, KEPT},
    {"V with other content", "SN01", "100.00", "{\"documento\":\"outro\"}", CHANGED},
    {"V with another value", "SN01", "100.00", "{\"valor\":\"80.00\"}", CHANGED},
    {"V to N", "SN01", "100.00", "{\"natureza\":\"SN99\"}", CANCELLED},
    {"V to Z", "SN01", "100.00", "{\"valor\":\"0.00\"}", CANCELLED},
    {"V to a negative value", "SN01", "100.00", "{\"valor\":\"-100.00\"}", CANCELLED},
    {"N stays as it was", "SN02", "100.00", NULL, KEPT},
    {"N to N", "SN02", "100.00", "{\"natureza\":\"SN99\"}", CHANGED},
    {"N to Z", "SN02", "100.00", "{\"natureza\":\"SN01\",\"valor\":\"0.00\"}", CHANGED},
    {"N to V", "SN02", "100.00", "{\"natureza\":\"SN01\"}", CHANGED},
    {"Z stays as it was", "SN01", "0.00", NULL, KEPT},
    {"Z to Z", "SN01", "0.00", "{\"valor\":\"-1.00\"}", CHANGED},
    {"Z to N", "SN01", "", "{\"natureza\":\"COND\"}", CHANGED},
    {"Z to V", "SN01", "0.00", "{\"valor\":\"100.00\"}", CHANGED},
};

static gboolean
is_valid_at_first(const Line *line)
{
  return g_str_equal(line->nature, "SN01") && g_str_equal(line->total, "100.00");
}

static const char *
outcomes(int outcome)
{
  static char text[16];
  guint count = 0;
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    count += (int)lines[i].outcome == outcome;
  g_snprintf(text, sizeof text, "%u", count);
  return text;
}

/* DC 46: from nothing, and from each state to each */
static void
test_only_a_new_valid_sale_gives_and_only_its_end_takes_back(G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    sale_put(.id = lines[i].id, .client = lines[i].id, .nature = lines[i].nature,
             .total = lines[i].total);
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "vendasCriadas", "14");
  assert_collected(first, "O1", "cashbackAcumulado", "30.00");
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    (is_valid_at_first(&lines[i]) ? assert_rewarded : assert_unrewarded)(lines[i].id, lines[i].id);

  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    if (lines[i].changed != NULL)
      sale_change(lines[i].id, lines[i].changed);
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasInalteradas", outcomes(KEPT));
  assert_collected(second, "O1", "vendasAtualizadas", "11"); /* the cancelled ones too */
  assert_collected(second, "O1", "vendasCanceladas", outcomes(CANCELLED));
  assert_collected(second, "O1", "vendasCriadas", "0");
  assert_collected(second, "O1", "cashbackAcumulado", "0.00");
  assert_collected(second, "O1", "cashbackEstornado", "15.00");
  assert_collected(second, "O1", "interacoesAgendadas", "0");
  assert_collected(second, "O1", "interacoesCanceladas", "3");
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    if (lines[i].outcome == CANCELLED)
      assert_has(lines[i].id, lines[i].id, "0.00", reversed_movements, 0, "0");
    else
      (is_valid_at_first(&lines[i]) ? assert_rewarded : assert_unrewarded)(lines[i].id,
                                                                           lines[i].id);
  }
  assert_ledger_holds("O1");
}

/* DC 46: the stored sale takes the new content and, once it has a client, the new client */
static void
test_a_sale_that_stays_valid_takes_its_new_buyer_without_cashback(G_GNUC_UNUSED void **state)
{
  sale_put(.id = "1", .client = "Maria Souza");
  sale_put(.id = "2", .client = "Rui Prado");
  g_autoptr(Answer) first = collect_ok();
  sale_change("1", "{\"cliente\":\"Ana Lima\"}");
  sale_change("2", "{\"cliente\":\"AO CONSUMIDOR\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasAtualizadas", "2");
  assert_collected(second, "O1", "vendasCanceladas", "0");
  assert_text(sale_column("O1", "1", "cliente_id"), client_id("O1", "ANA LIMA"));
  assert_text(sale_column("O1", "2", "cliente_id"), client_id("O1", "RUI PRADO"));
  assert_rewarded("1", "MARIA SOUZA");
  assert_unrewarded("1", "ANA LIMA");
  assert_rewarded("2", "RUI PRADO");
}

/* DC 46, 65: it stays taken back, and nobody is greeted again */
static void
test_a_cancelled_sale_that_returns_gets_nothing_back(G_GNUC_UNUSED void **state)
{
  sale_put(.id = "1", .client = "Maria Souza");
  g_autoptr(Answer) first = collect_ok();
  assert_rewarded("1", "MARIA SOUZA");
  sale_change("1", "{\"natureza\":\"SN99\"}");
  g_autoptr(Answer) second = collect_ok();
  sale_change("1", "{\"natureza\":\"SN01\"}");
  g_autoptr(Answer) third = collect_ok();
  assert_collected(third, "O1", "vendasAtualizadas", "1");
  assert_collected(third, "O1", "cashbackAcumulado", "0.00");
  assert_collected(third, "O1", "interacoesAgendadas", "0");
  assert_has("1", "MARIA SOUZA", "0.00", reversed_movements, 0, "0");
  /* and ends a second time with nothing left to take */
  sale_change("1", "{\"natureza\":\"SN99\"}");
  g_autoptr(Answer) fourth = collect_ok();
  assert_collected(fourth, "O1", "vendasCanceladas", "1");
  assert_collected(fourth, "O1", "cashbackEstornado", "0.00");
  assert_has("1", "MARIA SOUZA", "0.00", reversed_movements, 0, "0");
}

/* DC 46 */
static void
test_a_sale_that_is_no_longer_listed_is_not_cancelled(G_GNUC_UNUSED void **state)
{
  sale_put(.id = "1", .client = "Maria Souza");
  sale_put(.id = "2", .client = "Ana Lima");
  g_autoptr(Answer) first = collect_ok();
  const char *rows = crm_snapshot("O1");
  sale_remove("1");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "registrosRecebidos", "1");
  assert_collected(second, "O1", "vendasCanceladas", "0");
  assert_string_equal(crm_snapshot("O1"), rows);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      MATRIX_CASE(test_only_a_new_valid_sale_gives_and_only_its_end_takes_back),
      MATRIX_CASE(test_a_sale_that_stays_valid_takes_its_new_buyer_without_cashback),
      MATRIX_CASE(test_a_cancelled_sale_that_returns_gets_nothing_back),
      MATRIX_CASE(test_a_sale_that_is_no_longer_listed_is_not_cancelled),
  };
  return RUN("transitions", tests);
}

#include "crm_fixture.h"

#include "base/decimal.h"
#include "base/money.h"
#include "base/text.h"

Crm crm;

static char *
new_id(gpointer data)
{
  guint *ids = data;
  return g_strdup_printf("new-%u", ++*ids);
}

int
crm_set_up(void **state)
{
  (void)state;
  crm = (Crm){.rules = organization_rules_new(),
              .ledger = ledger_new(),
              .plan = plan_new(),
              .arena = sale_arena_new(),
              .sales = g_ptr_array_new_with_free_func(g_free)};
  crm.context = (DecideContext){.rules = crm.rules,
                                .integration = "ONLINE-SOFTWARE",
                                .suffix = "",
                                .zone = g_time_zone_new_identifier("America/Sao_Paulo"),
                                .new_id = new_id,
                                .new_id_data = &crm.ids};
  crm.context.now = at(NOW);
  crm.rules->program = (CashbackProgram){.id = "program",
                                         .kind = AMOUNT_PERCENT,
                                         .buyer_rate = rate("5"),
                                         .minimum = rate("20"),
                                         .by_integration = TRUE,
                                         .valid_days = 60};
  return 0;
}

int
crm_tear_down(void **state)
{
  (void)state;
  plan_free(crm.plan);
  g_clear_pointer(&crm.known, known_free);
  ledger_free(crm.ledger);
  g_ptr_array_unref(crm.sales);
  sale_arena_free(crm.arena);
  organization_rules_free(crm.rules);
  g_time_zone_unref(crm.context.zone);
  return 0;
}

gint64
brl(const char *reais)
{
  gint64 centavos = 0;
  assert_true(decimal_parse(reais, SCALE_MONEY, DECIMAL_MONEY_MAX, &centavos));
  return centavos;
}

gint64
rate(const char *number)
{
  gint64 value = 0;
  assert_true(decimal_parse(number, SCALE_RATE, G_MAXINT64, &value));
  return value;
}

Instant
at(const char *wall_time)
{
  Instant instant = 0;
  assert_true(instant_parse(wall_time, crm.context.zone, &instant));
  return instant;
}

const char *
crm_money(gint64 centavos)
{
  static MoneyText text;
  text = money_text(centavos);
  return text.text;
}

/* ---- records --------------------------------------------------------------------------------- */

Sale *
crm_sale(const char *external_id, const char *client, const char *total)
{
  Sale model = {.external_id = external_id,
                .client_name = client,
                .client_phone = "(11) 98765-4321",
                .client_phone_base = "1187654321",
                .client_by_name = TRUE,
                .total = brl(total),
                .seller = "N/A",
                .partner = "N/A",
                .key = "N/A",
                .document = "N/A",
                .model = "DV",
                .movement = "RECEITAS",
                .nature = "SN01",
                .series = "0",
                .situation = "00",
                .type = "Venda de produtos",
                .channel = "Loja Física",
                .delivery_mode = "PRESENCIAL",
                .at = INSTANT_NONE,
                .items = sale_arena_items(crm.arena)};
  model.day = instant_day(crm.context.now, crm.context.zone);
  Sale *sale = g_memdup2(&model, sizeof model);
  g_ptr_array_add(crm.sales, sale);
  crm_item(sale, "10");
  return sale;
}

SaleItem *
crm_item(Sale *sale, const char *code)
{
  SaleItem item = {.codes = {code, NULL},
                   .new_code = code,
                   .description = "Camiseta",
                   .unit = "UN",
                   .group = "ROUPAS",
                   .ncm = "",
                   .kind = "P",
                   .quantity = 10000,
                   .net = sale->total,
                   .gross = sale->total};
  g_array_append_val(sale->items, item);
  return &g_array_index(sale->items, SaleItem, sale->items->len - 1);
}

Sale *
crm_order(const char *external_id, const char *client_external_id, const char *phone_base)
{
  Sale *sale = crm_sale(external_id, "Ana Lima", "100.00");
  crm.context.integration = "CARDAPIO-WEB";
  sale->client_by_name = FALSE;
  sale->client_external_id = client_external_id;
  sale->client_phone_base = phone_base;
  sale->at = crm.context.now;
  return sale;
}

Sale *
crm_again(const Sale *sale)
{
  Sale *copy = g_memdup2(sale, sizeof *sale);
  g_ptr_array_add(crm.sales, copy);
  copy->items = sale_arena_items(crm.arena);
  g_array_append_vals(copy->items, sale->items->data, sale->items->len);
  return copy;
}

/* ---- what there is --------------------------------------------------------------------------- */

static gint64
threshold(gint64 amount)
{
  return amount != 0 ? amount : NO_THRESHOLD;
}

void
crm_campaign(const Campaign *campaign)
{
  Campaign row = *campaign;
  row.title = row.title != NULL ? row.title : "Volte sempre";
  row.minimum_value = threshold(row.minimum_value);
  row.minimum_cashback = threshold(row.minimum_cashback);
  row.minimum_balance = threshold(row.minimum_balance);
  row.purchase_count = threshold(row.purchase_count);
  row.purchase_value = threshold(row.purchase_value);
  row.block = "09:00";
  if (row.segments != NULL) { /* they may live in the caller's frame only */
    gpointer copy =
        g_memdup2(row.segments, (g_strv_length((char **)row.segments) + 1) * sizeof(char *));
    g_ptr_array_add(crm.rules->lists, copy);
    row.segments = copy;
  }
  g_array_append_val(crm.rules->campaigns, row);
}

KnownClient *
crm_client(const char *name_key, const char *available)
{
  g_autofree char *id = g_strdup_printf("client-%u", crm.ledger->clients->len + 1);
  KnownClient *client =
      ledger_add_client(crm.ledger, &(KnownClient){.id = id, .name_key = name_key});
  if (available != NULL)
    ledger_add_balance(crm.ledger, &(KnownBalance){.client = client,
                                                   .program_id = "program",
                                                   .available = brl(available),
                                                   .accumulated = brl(available)});
  return client;
}

/* ---- deciding -------------------------------------------------------------------------------- */

Decision
crm_try(const Sale *sale)
{
  if (crm.known == NULL)
    crm.known = ledger_known(crm.ledger);
  if (sale->client_name != NULL) { /* as the tables' function computes it */
    g_autofree char *line = text_one_line(sale->client_name);
    g_autofree char *key = g_utf8_strup(line, -1);
    known_set_name_key(crm.known, sale->client_name, known_text(crm.known, key));
  }
  return decide_sale(&crm.context, crm.known, sale, crm.plan);
}

void
crm_decide(const Sale *sale)
{
  assert_int_equal(crm_try(sale), DECIDED);
}

void
crm_store(void)
{
  ledger_apply(crm.ledger, crm.plan, crm.context.now);
  plan_free(crm.plan);
  crm.plan = plan_new();
  g_clear_pointer(&crm.known, known_free);
}

void
crm_import(const Sale *sale)
{
  crm_decide(sale);
  crm_store();
}

/* ---- the plan -------------------------------------------------------------------------------- */

const PlannedSale *
planned_sale(guint i)
{
  return crm_row(crm.plan->sales, PlannedSale, i);
}

const PlannedMovement *
movement(guint i)
{
  return crm_row(crm.plan->movements, PlannedMovement, i);
}

const PlannedInteraction *
interaction(guint i)
{
  return crm_row(crm.plan->interactions, PlannedInteraction, i);
}

const NewClient *
new_client(guint i)
{
  return crm_row(crm.plan->clients, NewClient, i);
}

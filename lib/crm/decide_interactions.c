/* The interaction that a fired campaign leaves: when it is due, and what its message will quote
 * (data-collecting.md 7.5, 7.6). */
#include <string.h>

#include "base/json.h"
#include "base/money.h"
#include "crm/decide_parts.h"

char *
money_brl(gint64 centavos)
{
  MoneyText money = money_text(ABS(centavos));
  const char *point = strchr(money.text, '.');
  GString *text = g_string_new(centavos < 0 ? "R$ -" : "R$ ");
  for (const char *digit = money.text; digit < point; digit++) {
    if (digit > money.text && (point - digit) % 3 == 0)
      g_string_append_c(text, '.');
    g_string_append_c(text, *digit);
  }
  g_string_append_c(text, ',');
  g_string_append(text, point + 1);
  return g_string_free(text, FALSE);
}

/* The client's balance as the message quotes it: before what this campaign itself generates. */
static KnownBalance
balance_now(const Record *record)
{
  const KnownBalance *balance = known_balance(record->client, record->context->rules->program.id);
  return balance != NULL ? *balance : (KnownBalance){0};
}

static void
add_money(JsonWriter *w, const char *name, gint64 centavos)
{
  json_add_decimal(w, name, money_text(centavos).text);
}

static char *
metadata(const Record *record, const Campaign *campaign, gint64 credited)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  KnownBalance balance = balance_now(record);
  json_open_object(w, NULL);
  add_money(w, "compraValor", record->sale->total);
  json_add_text(w, "compraVendedorNome", record->sale->seller);
  add_money(w, "compraCashbackAcumulado", credited);
  add_money(w, "compraCashbackNovoSaldo", balance.available);
  if (campaign->trigger == TRIGGER_CASHBACK)
    add_money(w, "cashbackAcumuladoValor", credited);
  if (campaign->trigger == TRIGGER_PURCHASE_COUNT || campaign->trigger == TRIGGER_PURCHASE_VALUE) {
    json_add_int(w, "compraQuantidadeTotal", record->client->purchases);
    add_money(w, "compraValorTotalAcumulado", record->client->purchased);
  }
  add_money(w, "cashbackSaldoDisponivel", balance.available);
  add_money(w, "cashbackTotalAcumuladoVida", balance.accumulated);
  add_money(w, "cashbackTotalResgatadoVida", balance.redeemed);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static char *
description(const Record *record, const Campaign *campaign, gint64 credited)
{
  const KnownClient *client = record->client;
  const char *suffix = record->context->suffix;
  switch (campaign->trigger) {
  case TRIGGER_FIRST_PURCHASE:
    return g_strdup_printf("Primeira compra do cliente.%s", suffix);
  case TRIGGER_NEW_PURCHASE:
    return g_strdup_printf("Nova compra; segmento %s.%s", client_title(client), suffix);
  case TRIGGER_PURCHASE_COUNT:
    return g_strdup_printf("Cliente chegou a %" G_GINT64_FORMAT
                           " compras (gatilho %" G_GINT64_FORMAT ").%s",
                           client->purchases, campaign->purchase_count, suffix);
  case TRIGGER_PURCHASE_VALUE: {
    g_autofree char *purchased = money_brl(client->purchased);
    g_autofree char *threshold = money_brl(campaign->purchase_value);
    return g_strdup_printf("Cliente somou %s em compras (gatilho %s).%s", purchased, threshold,
                           suffix);
  }
  case TRIGGER_CASHBACK: {
    g_autofree char *amount = money_brl(credited);
    g_autofree char *available = money_brl(balance_now(record).available);
    return g_strdup_printf("Cashback de %s creditado; saldo %s.%s", amount, available, suffix);
  }
  case N_TRIGGERS:
    break;
  }
  g_assert_not_reached();
}

void
record_add_interaction(const Record *record, const Campaign *campaign, gint64 credited)
{
  const DecideContext *context = record->context;
  PlanCounts *counts = &record->plan->counts;
  Instant due = instant_plus(context->now, campaign->delay, campaign->delay_unit, context->zone);
  PlannedInteraction row = {
      .id = record_new_id(record),
      .client = record->client,
      .campaign = campaign,
      .sale_id = record->sale_id,
      .description = description(record, campaign, credited),
      .day = instant_day(due, context->zone),
      .is_immediate = campaign->delay == 0 && campaign->can_send,
      .metadata = metadata(record, campaign, credited),
  };
  g_array_append_val(record->plan->interactions, row);
  known_add_contact(record->known, record->client, campaign->id, context->now);
  *(row.is_immediate ? &counts->interactions_immediate : &counts->interactions_scheduled) += 1;
}

/* The sales and orders that the stand-ins hold. */
#include "base/json.h"
#include "harness_sales.h"

#define TODAY   "coalesce(nullif($2, '')::date, (now() at time zone 'America/Sao_Paulo')::date)"
#define NOTHING "{}"

void
sales_organization(const char *token)
{
  sql("insert into sandbox.online_organization values ($1)"
      " on conflict (token) do update set suspended = false",
      token);
}

void
orders_store(const char *merchant, const char *api_key)
{
  sql("insert into sandbox.cardapio_store values ($1, $2)"
      " on conflict (merchant) do update set api_key = excluded.api_key, suspended = false",
      merchant, api_key);
}

void
sales_suspend(const char *token_or_merchant)
{
  sql("update sandbox.online_organization set suspended = true where token = $1",
      token_or_merchant);
  sql("update sandbox.cardapio_store set suspended = true where merchant = $1", token_or_merchant);
}

static const char *
or_usual(const char *text, const char *usual)
{
  return text != NULL ? text : usual;
}

static void
add_if_given(JsonWriter *w, const char *name, const char *text)
{
  if (text != NULL)
    json_add_text(w, name, text);
}

char *
sale_item_text(const SaleItem *item)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  add_if_given(w, "codigo", item->code);
  add_if_given(w, "descricao", item->description);
  add_if_given(w, "qtde", item->quantity);
  add_if_given(w, "valorunit", item->price);
  add_if_given(w, "vdesc", item->discount);
  if (item->cost != NULL)
    json_add_decimal(w, "vcusto", item->cost);
  json_close_object(w);
  return sql_text("select sandbox.json_merge(sandbox.sale_item($1), $2)", json_writer_text(w),
                  or_usual(item->with, NOTHING));
}

/* The one item that makes up a total, when that is an amount. */
static char *
usual_items(const char *total)
{
  gboolean is_amount = g_regex_match_simple("^\\d+\\.\\d\\d$", total, 0, 0);
  g_autofree char *item = sale_item(.price = is_amount ? total : "100.00");
  return g_strdup_printf("[%s]", item);
}

void
sale_put_with(const Sale *sale)
{
  const char *total = or_usual(sale->total, "100.00"), *mobile = sale->mobile;
  g_autofree char *items = sale->items ? g_strdup(sale->items) : usual_items(total);
  g_autoptr(JsonWriter) w = json_writer_new();
  if (mobile == NULL && sale->phone == NULL && sale->client == NULL)
    mobile = "(11) 98765-4321";
  json_open_object(w, NULL);
  add_if_given(w, "id", sale->id);
  add_if_given(w, "documento", sale->id);
  add_if_given(w, "cliente", sale->client);
  json_add_text(w, "clientefone", sale->phone);
  json_add_text(w, "clientecelular", mobile);
  json_add_text(w, "valor", total);
  add_if_given(w, "natureza", sale->nature);
  add_if_given(w, "vendedor", sale->seller);
  json_add_text(w, "parceiro", sale->partner);
  json_add_raw(w, "itens", items);
  json_close_object(w);
  sql("select sandbox.sale_put($1, " TODAY ", sandbox.json_merge(sandbox.sale_record(" TODAY
      ", $3), $4))",
      or_usual(sale->token, SALES_TOKEN), or_usual(sale->day, ""), json_writer_text(w),
      or_usual(sale->with, NOTHING));
}

void
sale_put_json(const char *day, const char *record)
{
  sql("select sandbox.sale_put($1, " TODAY ", $3)", SALES_TOKEN, or_usual(day, ""), record);
}

void
sale_change(const char *id, const char *members)
{
  sql("select sandbox.sale_change($1, $2, $3)", SALES_TOKEN, id, members);
}

void
sale_remove(const char *id)
{
  sql("delete from sandbox.online_sale where token = $1 and id = $2", SALES_TOKEN, id);
}

void
sales_seed(const char *day, guint count, guint buyers)
{
  g_autofree char *number = g_strdup_printf("%u", count), *of = g_strdup_printf("%u", buyers);
  sql("select sandbox.sales_seed($1, " TODAY ", $3::int, $4::int)", SALES_TOKEN, or_usual(day, ""),
      number, of);
}

static void
add_customer(JsonWriter *w, const Order *order)
{
  if (order->anonymous) {
    json_add_null(w, "customer");
    return;
  }
  json_open_object(w, "customer");
  json_add_int(w, "id", order->customer_id ? order->customer_id : 70001);
  json_add_text(w, "name", or_usual(order->customer_name, "João Lima"));
  json_add_text(w, "phone", or_usual(order->phone, "11987654321"));
  json_close_object(w);
}

void
order_put_with(const Order *order)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_int(w, "id", order->id ? order->id : 5001);
  add_if_given(w, "status", order->status);
  add_if_given(w, "order_type", order->order_type);
  add_if_given(w, "sales_channel", order->sales_channel);
  if (order->total != NULL)
    json_add_decimal(w, "total", order->total);
  add_if_given(w, "created_at", order->created_at);
  add_if_given(w, "updated_at", order->updated_at);
  add_customer(w, order);
  if (order->items != NULL)
    json_add_raw(w, "items", order->items);
  json_close_object(w);
  sql("select sandbox.order_put($1, sandbox.json_merge(sandbox.order_record($2), $3))",
      or_usual(order->merchant, ORDERS_MERCHANT), json_writer_text(w),
      or_usual(order->with, NOTHING));
}

void
order_put_json(const char *record)
{
  sql("select sandbox.order_put($1, $2)", ORDERS_MERCHANT, record);
}

void
order_change(gint64 id, const char *members)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, id);
  sql("select sandbox.order_change($1, $2::bigint, $3)", ORDERS_MERCHANT, text, members);
}

void
order_remove(gint64 id)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, id);
  sql("delete from sandbox.cardapio_order where merchant = $1 and id = $2::bigint", ORDERS_MERCHANT,
      text);
}

void
orders_seed(const char *day, guint count)
{
  g_autofree char *number = g_strdup_printf("%u", count);
  sql("select sandbox.orders_seed($1, " TODAY ", $3::int)", ORDERS_MERCHANT, or_usual(day, ""),
      number);
}

void
orders_limits(guint history_per_minute, guint details_per_minute)
{
  g_autofree char *history = g_strdup_printf("%u", history_per_minute),
                  *details = g_strdup_printf("%u", details_per_minute);
  sales_setting(CARDAPIO_WEB, "history_per_minute", history);
  sales_setting(CARDAPIO_WEB, "details_per_minute", details);
}

#include "erp/cardapio_details.h"

#include "erp/cardapio_history.h"
#include "erp/fields.h"

#define LANES      8  /* calls under way at once: what a slow answer needs to keep the pace */
#define PLACES     20 /* reserved with one statement */
#define ORDER_PATH "/api/partner/v1/orders/"

typedef struct {
  char *id;
  gboolean is_settled;
  GString *text; /* until its turn in the array comes; NULL: none, or it is there already */
} Order;

typedef struct {
  CardapioCall call;
  guint order;
} Lane;

struct CardapioDetails {
  const SalesRequest *request;
  const CardapioStore *store;
  GHashTable *known;   /* of ids */
  GArray *orders;      /* of Order */
  guint next, written; /* the first not begun, and the first not written */
  gboolean is_array_begun, any_text;
  GArray *places; /* instants reserved, in order */
  guint places_used;
  gint64 next_us; /* nothing is sent before */
  Lane lanes[LANES];
};

static void
clear_order(gpointer data)
{
  Order *order = data;
  g_free(order->id);
  if (order->text != NULL)
    g_string_free(order->text, TRUE);
}

CardapioDetails *
cardapio_details_new(const SalesRequest *request, const CardapioStore *store)
{
  CardapioDetails *details = g_new0(CardapioDetails, 1);
  details->request = request;
  details->store = store;
  details->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  details->orders = g_array_new(FALSE, TRUE, sizeof(Order));
  g_array_set_clear_func(details->orders, clear_order);
  details->places = g_array_new(FALSE, FALSE, sizeof(gint64));
  return details;
}

void
cardapio_details_free(CardapioDetails *details)
{
  for (guint i = 0; i < LANES; i++)
    cardapio_call_clear(&details->lanes[i].call);
  g_array_unref(details->places);
  g_array_unref(details->orders);
  g_hash_table_unref(details->known);
  g_free(details);
}

void
cardapio_details_add(CardapioDetails *details, const char *id)
{
  Order order = {.id = g_strdup(id)};
  if (!g_hash_table_add(details->known, g_strdup(id)))
    g_free(order.id);
  else
    g_array_append_val(details->orders, order);
}

static Order *
order_of(const CardapioDetails *details, guint index)
{
  return &g_array_index(details->orders, Order, index);
}

static gint64
pace_us(void)
{
  return 60 * G_USEC_PER_SEC / setting_int(CW_REQUISICOES_POR_MINUTO);
}

/* Hands what is settled on, as far as there is no gap. */
static gboolean
write_settled(CardapioDetails *details, SalesFetch *fetch)
{
  gboolean fine = TRUE;
  if (!details->is_array_begun)
    fine = spool_append("[", 1, fetch->raw);
  details->is_array_begun = TRUE;
  for (; details->written < details->next && order_of(details, details->written)->is_settled;
       details->written++) {
    Order *order = order_of(details, details->written);
    if (order->text == NULL)
      continue;
    fine = fine && (!details->any_text || spool_append(",", 1, fetch->raw)) &&
           spool_append(order->text->str, order->text->len, fetch->raw);
    details->any_text = TRUE;
    g_string_free(order->text, TRUE);
    order->text = NULL;
  }
  return fine;
}

static void
lose_order(SalesFetch *fetch, Order *order, SalesFailure *failure)
{
  g_ptr_array_add(fetch->missing, cardapio_missing_new(order->id, failure));
  fetch->partial = TRUE;
}

/* An answer that is no object would spoil the whole array. */
static void
take_answer(Lane *lane, Order *order, SalesFetch *fetch)
{
  GString *text = cardapio_call_text(&lane->call);
  g_auto(yajl_val) object = text != NULL ? record_parse(text->str, text->len) : NULL;
  if (object != NULL) {
    order->text = text;
    return;
  }
  SalesFailure failure = {.code = NULL};
  sales_fail(&failure, "ENVELOPE_INVALIDO", "O detalhe do pedido não é um objeto JSON.");
  lose_order(fetch, order, &failure);
  if (text != NULL)
    g_string_free(text, TRUE);
}

static void
look_at(CardapioDetails *details, Lane *lane, SalesFetch *fetch)
{
  Order *order = order_of(details, lane->order);
  if (lane->call.state == CALL_UNDER_WAY)
    cardapio_call_look(&lane->call);
  if (lane->call.pause_us > 0)
    details->next_us = MAX(details->next_us, g_get_monotonic_time() + lane->call.pause_us);
  lane->call.pause_us = 0;
  if (lane->call.state != CALL_DONE && lane->call.state != CALL_FAILED)
    return;
  if (lane->call.state == CALL_DONE)
    take_answer(lane, order, fetch);
  else
    lose_order(fetch, order, &lane->call.failure);
  order->is_settled = TRUE;
  cardapio_call_clear(&lane->call);
}

static void
begin_next(CardapioDetails *details, Lane *lane)
{
  if (lane->call.state != CALL_IDLE || details->next >= details->orders->len)
    return;
  lane->order = details->next++;
  g_autofree char *id = g_uri_escape_string(order_of(details, lane->order)->id, NULL, FALSE);
  g_autofree char *path = g_strconcat(ORDER_PATH, id, NULL);
  cardapio_call_begin(&lane->call, sales_url(CARDAPIO_WEB_BASE_URL, path));
}

static gboolean
reserve_places(CardapioDetails *details, SalesFetch *fetch)
{
  g_autoptr(GError) error = NULL;
  guint left = details->orders->len - details->next + 1; /* and the one that asks */
  g_array_set_size(details->places, 0);
  details->places_used = 0;
  fetch->statements++;
  if (cardapio_take_places(details->request->db, details->store, "orders",
                           setting_int(CW_REQUISICOES_POR_MINUTO), 1, MIN(left, PLACES),
                           details->places, &error))
    return TRUE;
  sales_fail_of_error(&fetch->failure, error);
  return FALSE;
}

/* Gives the lane the next place in line, and sends its call when that has come. */
static gboolean
move_on(CardapioDetails *details, Lane *lane, SalesFetch *fetch)
{
  gint64 now = g_get_monotonic_time();
  if (lane->call.state == CALL_WANTS_TOKEN && now >= lane->call.due_us) {
    if (details->places_used == details->places->len && !reserve_places(details, fetch))
      return FALSE;
    lane->call.due_us = g_array_index(details->places, gint64, details->places_used++);
    lane->call.state = CALL_CLEARED;
  }
  if (lane->call.state == CALL_CLEARED && now >= MAX(lane->call.due_us, details->next_us)) {
    cardapio_call_send(&lane->call, details->store);
    details->next_us = now + pace_us();
  }
  return TRUE;
}

/* Near the deadline what has not been sent will not be. */
static void
give_up_waiting(CardapioDetails *details, SalesFetch *fetch)
{
  fetch->partial = fetch->partial || details->next < details->orders->len;
  g_array_set_size(details->orders, details->next);
  for (guint i = 0; i < LANES; i++) {
    Lane *lane = &details->lanes[i];
    if (lane->call.state != CALL_WANTS_TOKEN && lane->call.state != CALL_CLEARED)
      continue;
    order_of(details, lane->order)->is_settled = TRUE;
    cardapio_call_clear(&lane->call);
    fetch->partial = TRUE;
  }
}

static gint64
due_us(const CardapioDetails *details, const Lane *lane)
{
  return lane->call.state == CALL_CLEARED ? MAX(lane->call.due_us, details->next_us)
                                          : lane->call.due_us;
}

gboolean
cardapio_details_advance(CardapioDetails *details, SalesFetch *fetch)
{
  for (guint i = 0; i < LANES; i++) {
    look_at(details, &details->lanes[i], fetch);
    begin_next(details, &details->lanes[i]);
    if (!move_on(details, &details->lanes[i], fetch))
      return TRUE;
    look_at(details, &details->lanes[i], fetch); /* a call that could not even begin */
  }
  if (g_get_monotonic_time() >= details->request->deadline_us)
    give_up_waiting(details, fetch);
  if (!write_settled(details, fetch) ||
      (details->written == details->orders->len && !spool_append("]", 1, fetch->raw))) {
    sales_fail(&fetch->failure, "ERRO_INTERNO", "A resposta do ERP não pôde ser guardada.");
    return TRUE;
  }
  return details->written == details->orders->len;
}

gint64
cardapio_details_wait_ms(const CardapioDetails *details)
{
  gint64 wait_ms = SALES_CALL_WAIT_MS;
  for (guint i = 0; i < LANES; i++) {
    const Lane *lane = &details->lanes[i];
    if (lane->call.state == CALL_WANTS_TOKEN || lane->call.state == CALL_CLEARED)
      wait_ms =
          MIN(wait_ms, sales_wait_ms(MIN(due_us(details, lane), details->request->deadline_us)));
    else if (lane->call.state == CALL_IDLE && details->next < details->orders->len)
      return 0;
  }
  return wait_ms;
}

/* The connector of CardapioWeb: a history tells which orders there are, then each that is new or
 * changed is asked for (data-collecting.md 3). */
#include "erp/cardapio_details.h"
#include "erp/cardapio_history.h"
#include "erp/cardapio_map.h"

#define TYPE      "CARDAPIO-WEB"
#define MAX_PAGES 200

typedef struct {
  SalesFetch base;
  const SalesRequest *request;
  CardapioStore store;
  CardapioCall history;
  guint page;
  CardapioDetails *details;
  gboolean is_listed, is_over;
} CardapioFetch;

static gboolean
check(const char *configuration, char **detail)
{
  static const char *const needed[] = {"apiKey", "merchantId", NULL};
  return sales_configuration_is_fine(configuration, TYPE, needed, detail);
}

static void
write_window(const DateRange *days, GString *text)
{
  g_string_append(text, date_iso(&days->first).text);
  if (g_date_compare(&days->first, &days->last) != 0)
    g_string_append_printf(text, "/%s", date_iso(&days->last).text);
}

/* 1.5, 3.2: to now, where the window's last day has not ended. */
static char *
history_url(const SalesRequest *request, guint page)
{
  Instant first = instant_at(&request->days.first, 0, 0, 0, request->zone);
  Instant last = instant_at(&request->days.last, 23, 59, 59, request->zone);
  InstantText start = instant_local_text(first, request->zone);
  InstantText end = instant_local_text(MIN(last, request->now), request->zone);
  g_autofree char *start_date = g_uri_escape_string(start.text, NULL, FALSE);
  g_autofree char *end_date = g_uri_escape_string(end.text, NULL, FALSE);
  g_autofree char *path =
      g_strdup_printf("/api/partner/v1/orders/history?page=%u&per_page=%d&start_date=%s&end_date=%s"
                      "&status%%5B%%5D=closed&status%%5B%%5D=canceled",
                      page, CARDAPIO_PAGE_SIZE, start_date, end_date);
  return sales_url(CARDAPIO_WEB_BASE_URL, path);
}

static void
ask_for_page(CardapioFetch *fetch)
{
  fetch->page++;
  cardapio_call_begin(&fetch->history, history_url(fetch->request, fetch->page));
}

static SalesFetch *
start(const SalesRequest *request)
{
  CardapioFetch *fetch = g_new0(CardapioFetch, 1);
  fetch->base.connector = &cardapio_web;
  fetch->base.raw = spool_new();
  fetch->base.missing = g_ptr_array_new_with_free_func((GDestroyNotify)cardapio_missing_free);
  fetch->request = request;
  cardapio_store_init(&fetch->store, request->configuration);
  fetch->details = cardapio_details_new(request, &fetch->store);
  ask_for_page(fetch);
  return &fetch->base;
}

static void
fail(CardapioFetch *fetch, const char *code, const char *detail)
{
  sales_fail(&fetch->base.failure, code, detail);
  fetch->is_over = TRUE;
}

/* 3.2: some a minute, after a burst of as many; take_token counts the burst into the minute. */
static void
take_history_place(CardapioFetch *fetch)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 per_minute = setting_int(CW_HISTORICO_POR_MINUTO);
  fetch->base.statements++;
  if (cardapio_take_places(fetch->request->db, &fetch->store, "history", 2 * per_minute, per_minute,
                           1, places, &error)) {
    fetch->history.due_us = g_array_index(places, gint64, 0);
    fetch->history.state = CALL_CLEARED;
  } else {
    sales_fail_of_error(&fetch->base.failure, error);
    fetch->is_over = TRUE;
  }
}

/* Asks which orders of the page are new or changed, and lists those for their details. */
static gboolean
list_orders(CardapioFetch *fetch, const CardapioPage *page)
{
  const SalesRequest *request = fetch->request;
  const gboolean yes = TRUE;
  guint count = page->ids->len;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) wanted = g_array_sized_new(FALSE, FALSE, sizeof(gboolean), count);
  for (guint i = 0; i < count; i++)
    g_array_append_val(wanted, yes);
  if (count > 0 && request->wanted != NULL &&
      !request->wanted((const char *const *)page->ids->pdata,
                       (const char *const *)page->statuses->pdata,
                       (const char *const *)page->updated->pdata, (gboolean *)wanted->data, count,
                       request->wanted_data, &error)) {
    sales_fail_of_error(&fetch->base.failure, error);
    return FALSE;
  }
  for (guint i = 0; i < count; i++)
    if (g_array_index(wanted, gboolean, i))
      cardapio_details_add(fetch->details, g_ptr_array_index(page->ids, i));
  return TRUE;
}

static void
read_page(CardapioFetch *fetch)
{
  GString *text = cardapio_call_text(&fetch->history);
  g_autoptr(CardapioPage) page = text != NULL ? cardapio_page_read(text, fetch->page) : NULL;
  if (text != NULL)
    g_string_free(text, TRUE);
  cardapio_call_clear(&fetch->history);
  if (page == NULL) {
    fail(fetch, "ENVELOPE_INVALIDO", "O histórico de pedidos não tem uma lista de pedidos.");
    return;
  }
  while (page->unreadable->len > 0) {
    g_ptr_array_add(fetch->base.missing, g_ptr_array_steal_index(page->unreadable, 0));
    fetch->base.partial = TRUE;
  }
  if (!list_orders(fetch, page)) {
    fetch->is_over = TRUE;
    return;
  }
  fetch->base.partial = fetch->base.partial || (!page->is_last && fetch->page == MAX_PAGES);
  fetch->is_listed = page->is_last || fetch->page == MAX_PAGES;
  if (!fetch->is_listed)
    ask_for_page(fetch);
}

/* The last refusal tells more than that time is over. */
static void
run_out_of_time(CardapioFetch *fetch)
{
  const SalesFailure *last = &fetch->history.failure;
  if (last->code != NULL)
    fail(fetch, last->code, last->detail);
  else
    fail(fetch, "ERP_TEMPO_ESGOTADO", "O histórico de pedidos não coube no tempo da execução.");
}

static void
advance_history(CardapioFetch *fetch)
{
  CardapioCall *call = &fetch->history;
  gint64 now = g_get_monotonic_time();
  if (call->state == CALL_WANTS_TOKEN && now >= call->due_us)
    take_history_place(fetch);
  if (call->state == CALL_CLEARED && now >= call->due_us)
    cardapio_call_send(call, &fetch->store);
  if (call->state == CALL_UNDER_WAY)
    cardapio_call_look(call);
  if (call->state == CALL_DONE)
    read_page(fetch);
  else if (call->state == CALL_FAILED)
    fail(fetch, call->failure.code, call->failure.detail);
  else if (call->state != CALL_UNDER_WAY && !fetch->is_over &&
           MAX(now, call->due_us) >= fetch->request->deadline_us)
    run_out_of_time(fetch);
}

static gboolean
advance(SalesFetch *base)
{
  CardapioFetch *fetch = (CardapioFetch *)base;
  if (!fetch->is_over && !fetch->is_listed)
    advance_history(fetch);
  if (!fetch->is_over && fetch->is_listed)
    fetch->is_over = cardapio_details_advance(fetch->details, base);
  return fetch->is_over;
}

static gint64
wait_ms(const SalesFetch *base)
{
  const CardapioFetch *fetch = (const CardapioFetch *)base;
  if (fetch->is_over)
    return 0;
  if (fetch->is_listed)
    return cardapio_details_wait_ms(fetch->details);
  return fetch->history.state == CALL_UNDER_WAY ? SALES_CALL_WAIT_MS
                                                : sales_wait_ms(fetch->history.due_us);
}

static void
free_fetch(SalesFetch *base)
{
  CardapioFetch *fetch = (CardapioFetch *)base;
  cardapio_call_clear(&fetch->history);
  cardapio_details_free(fetch->details);
  cardapio_store_clear(&fetch->store);
  spool_free(base->raw);
  g_ptr_array_unref(base->missing);
  sales_failure_clear(&base->failure);
  g_free(fetch);
}

const SalesConnector cardapio_web = {
    .type = TYPE,
    .identifier = "CARDAPIO_WEB_IMPORTATION",
    .records = NULL,
    .suffix = " (CardapioWeb)",
    .check = check,
    .write_window = write_window,
    .start = start,
    .advance = advance,
    .wait_ms = wait_ms,
    .free = free_fetch,
    .map = cardapio_map,
    .id_of = cardapio_id_of,
};

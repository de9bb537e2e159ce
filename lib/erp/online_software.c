/* The connector of Online Software: one call tells all sales of a window (data-collecting.md 2.1,
 * 2.2). */
#include "base/json.h"
#include "erp/online_map.h"
#include "erp/sales_parts.h"

#define TYPE "ONLINE-SOFTWARE"
#define PATH "/planodecontas/apirestweb/vends/listvends.php"

typedef struct {
  SalesFetch base;
  const SalesRequest *request;
  char *url;
  JsonWriter *body;
  HttpsCall *call; /* NULL: waits for due_us */
  gint64 due_us;
  guint retries;
  gboolean is_over;
} OnlineFetch;

static gboolean
check(const char *configuration, char **detail)
{
  static const char *const needed[] = {"token", NULL};
  return sales_configuration_is_fine(configuration, TYPE, needed, detail);
}

/* "05032026" */
static DateText
day_text(const GDate *day)
{
  DateText text;
  g_snprintf(text.text, sizeof text.text, "%02u%02u%04u", g_date_get_day(day),
             (guint)g_date_get_month(day), g_date_get_year(day));
  return text;
}

static void
write_window(const DateRange *days, GString *text)
{
  g_string_append(text, day_text(&days->first).text);
  if (g_date_compare(&days->first, &days->last) != 0)
    g_string_append_printf(text, "/%s", day_text(&days->last).text);
}

static JsonWriter *
write_request(const SalesRequest *request)
{
  g_autofree char *token = sales_configuration_text(request->configuration, "token");
  JsonWriter *w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "token", token);
  json_add_text(w, "rotina", "listarVendas001");
  json_add_text(w, "dtinicio", day_text(&request->days.first).text);
  json_add_text(w, "dtfim", day_text(&request->days.last).text);
  json_close_object(w);
  return w;
}

static SalesFetch *
start(const SalesRequest *request)
{
  OnlineFetch *fetch = g_new0(OnlineFetch, 1);
  fetch->base.connector = &online_software;
  fetch->base.raw = spool_new();
  fetch->base.missing = g_ptr_array_new();
  fetch->request = request;
  fetch->url = sales_url(ONLINE_SOFTWARE_BASE_URL, PATH);
  fetch->body = write_request(request);
  return &fetch->base;
}

static void
start_call(OnlineFetch *fetch)
{
  g_autoptr(GError) error = NULL;
  spool_free(fetch->base.raw); /* an attempt that failed may have left something */
  fetch->base.raw = spool_new();
  HttpsRequest request = {.url = fetch->url,
                          .body = json_writer_text(fetch->body),
                          .content_type = "application/json",
                          .sink = spool_append,
                          .sink_data = fetch->base.raw};
  sales_call_limits(&request);
  fetch->call = https_start(https_shared(), &request, &error);
  if (fetch->call == NULL) {
    sales_fail_of_error(&fetch->base.failure, error);
    fetch->is_over = TRUE;
  }
}

/* 2.1: nothing else is tried again; a call that hung would hang again. */
static gboolean
may_pass(const HttpsResult *result)
{
  return sales_call_was_lost(result) ||
         (result->outcome == HTTPS_ANSWERED && result->status >= 502 && result->status <= 504);
}

static void
read_answer(OnlineFetch *fetch)
{
  HttpsResult result = *https_result(fetch->call);
  g_clear_pointer(&fetch->call, https_call_free);
  sales_call_log("online-software", "listarVendas001", &result);
  fetch->is_over = TRUE;
  if (sales_call_is_fine(&result)) {
    if (!spool_make_utf8(fetch->base.raw))
      sales_fail(&fetch->base.failure, "ERRO_INTERNO", "A resposta do ERP não pôde ser guardada.");
    return;
  }
  gint64 wait_ms =
      may_pass(&result) ? setting_wait_ms(ERP_TRANSIENT_WAITS_MS, fetch->retries++) : -1;
  fetch->due_us = g_get_monotonic_time() + wait_ms * 1000;
  if (wait_ms >= 0 && fetch->due_us < fetch->request->deadline_us)
    fetch->is_over = FALSE;
  else
    sales_fail_of_call(&fetch->base.failure, &result);
}

static gboolean
advance(SalesFetch *base)
{
  OnlineFetch *fetch = (OnlineFetch *)base;
  if (!fetch->is_over && fetch->call == NULL && g_get_monotonic_time() >= fetch->due_us)
    start_call(fetch);
  if (fetch->call != NULL && https_result(fetch->call) != NULL)
    read_answer(fetch);
  return fetch->is_over;
}

static gint64
wait_ms(const SalesFetch *base)
{
  const OnlineFetch *fetch = (const OnlineFetch *)base;
  return fetch->is_over        ? 0
         : fetch->call != NULL ? SALES_CALL_WAIT_MS
                               : sales_wait_ms(fetch->due_us);
}

static void
free_fetch(SalesFetch *base)
{
  OnlineFetch *fetch = (OnlineFetch *)base;
  g_clear_pointer(&fetch->call, https_call_free); /* before what it reads and writes */
  json_writer_free(fetch->body);
  g_free(fetch->url);
  spool_free(base->raw);
  g_ptr_array_unref(base->missing);
  sales_failure_clear(&base->failure);
  g_free(fetch);
}

const SalesConnector online_software = {
    .type = TYPE,
    .identifier = "ONLINE_IMPORTATION",
    .records = "resultado",
    .suffix = "",
    .check = check,
    .write_window = write_window,
    .start = start,
    .advance = advance,
    .wait_ms = wait_ms,
    .free = free_fetch,
    .map = online_map,
    .id_of = online_id_of,
};

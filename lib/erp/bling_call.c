/* Calls of Bling: its error bodies, its blocks, its windows of dates. */
#include "base/error.h"
#include "base/stop.h"
#include "erp/bling.h"
#include "erp/inner.h"
#include "erp/paging.h"

#define STEP_MS 250
#define NO_DATA "14" /* of v2: an empty list */
#define REFUSED "O Bling recusou as credenciais."

/* ---- as many errors as Bling bears ------------------------------------------------------------*/

static BlingErrors errors; /* of this process, whatever the company: Bling counts by address */

void
bling_errors_note(BlingErrors *of, gint64 now_us)
{
  gint64 *oldest = &of->at_us[of->next];
  of->next = (of->next + 1) % BLING_MAX_ERRORS;
  *oldest = now_us;
  gint64 first = of->at_us[of->next]; /* of the last ten */
  if (first == 0 || now_us - first >= BLING_ERRORS_US)
    return;
  *of = (BlingErrors){.until_us = now_us + BLING_ERRORS_US};
}

gint64
bling_errors_wait_us(const BlingErrors *of, gint64 now_us)
{
  return MAX(0, of->until_us - now_us);
}

gboolean
bling_begin(Erp *erp, GError **error)
{
  gint64 wait_us = bling_errors_wait_us(&errors, g_get_monotonic_time());
  if (erp->policy.deadline_us > 0 && errors.until_us > erp->policy.deadline_us) {
    erp->last.retry_after_s = wait_us / G_TIME_SPAN_SECOND + 1;
    g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_RATE_LIMITED,
                        "O Bling respondeu com erros demais; aguarde alguns segundos.");
    return FALSE;
  }
  for (; wait_us > 0; wait_us = bling_errors_wait_us(&errors, g_get_monotonic_time())) {
    if (stop_requested() || (erp->abandoned != NULL && erp->abandoned(erp->abandoned_data))) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "A consulta foi interrompida.");
      return FALSE;
    }
    https_wait(https_shared(), MIN(wait_us / G_TIME_SPAN_MILLISECOND + 1, STEP_MS));
  }
  return TRUE;
}

gboolean
bling_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                gpointer data, GError **error)
{
  return bling_begin(erp, error) && erp_list_companies(erp, ERP_JSON, take, data, error);
}

static void
count_error(ExchangeVerdict *verdict)
{
  gint64 now_us = g_get_monotonic_time();
  bling_errors_note(&errors, now_us);
  gint64 wait_ms = bling_errors_wait_us(&errors, now_us) / G_TIME_SPAN_MILLISECOND;
  verdict->min_wait_ms = MAX(verdict->min_wait_ms, wait_ms);
}

/* ---- error bodies -----------------------------------------------------------------------------*/

static void
set_words(ExchangeVerdict *verdict, const char *message, const char *description)
{
  if (message == NULL && description == NULL)
    return;
  g_free(verdict->upstream_message);
  verdict->upstream_message =
      message != NULL && description != NULL && !g_str_equal(message, description)
          ? g_strdup_printf("%s: %s", message, description)
          : g_strdup(description != NULL ? description : message);
}

/* What Bling says about single parameters. */
static void
take_fields(Erp *erp, const RowCell *cell)
{
  g_auto(yajl_val) fields = inner_tree(cell);
  for (guint i = 0; i < inner_count(fields); i++) {
    RowCell name = inner_cell(inner_at(fields, i), "element");
    RowCell code = inner_cell(inner_at(fields, i), "code");
    RowCell words = inner_cell(inner_at(fields, i), "msg");
    erp_detail(erp, row_text(&name), row_text(&code), row_text(&words));
  }
}

void
bling_judge(ExchangeVerdict *verdict, gpointer data)
{
  const ErpJudged *judged = data;
  if (verdict->status < 400)
    return;
  count_error(verdict);
  if (judged == NULL || judged->reader == NULL)
    return;
  RowCell message = row_reader_outside(judged->reader, OUTSIDE_ERROR);
  RowCell description = row_reader_outside(judged->reader, OUTSIDE_DESCRIPTION);
  RowCell fields = row_reader_outside(judged->reader, OUTSIDE_FIELDS);
  RowCell period = row_reader_outside(judged->reader, OUTSIDE_PERIOD);
  set_words(verdict, row_text(&message), row_text(&description));
  if (verdict->status == 429 && g_strcmp0(row_text(&period), "day") == 0) {
    verdict->whole_day = TRUE;
    verdict->retried = FALSE;
    verdict->code = ERROR_ERP_DAY_SPENT;
    g_free(verdict->message);
    verdict->message = g_strdup("A cota diária de consultas do Bling acabou.");
  }
  if (!verdict->retried)
    take_fields(judged->erp, &fields);
}

/* The codes of v2, which come with any status, 200 as well. */
void
bling_v2_judge(ExchangeVerdict *verdict, gpointer data)
{
  static const struct {
    const char *code;
    PonteErrorCode becomes;
    const char *message;
  } meanings[] = {{"2", ERROR_ERP_AUTHENTICATION, REFUSED},
                  {"3", ERROR_ERP_AUTHENTICATION, REFUSED},
                  {"4", ERROR_ERP_AUTHENTICATION, REFUSED},
                  {NULL, ERROR_ERP_REJECTED, "O Bling rejeitou a consulta."}};
  ErpJudged *judged = data;
  RowCell code = {0}, message = {0};
  if (judged != NULL && judged->reader != NULL) {
    code = row_reader_outside(judged->reader, OUTSIDE_ERROR_CODE);
    message = row_reader_outside(judged->reader, OUTSIDE_ERROR);
  }
  const char *told = row_text(&code);
  gboolean is_limit = verdict->status == 429 || verdict->status >= 500;
  if (judged == NULL || told == NULL || is_limit) {
    if (verdict->status >= 400)
      count_error(verdict);
    return;
  }
  verdict->retried = verdict->counts = verdict->is_expired = FALSE;
  judged->is_empty = verdict->fine = g_str_equal(told, NO_DATA);
  if (verdict->fine)
    return;
  gsize which = 0;
  while (meanings[which].code != NULL && !g_str_equal(meanings[which].code, told))
    which++;
  verdict->code = meanings[which].becomes;
  g_free(verdict->message);
  verdict->message = g_strdup(meanings[which].message);
  count_error(verdict);
  set_words(verdict, NULL, row_text(&message));
}

/* ---- listings ---------------------------------------------------------------------------------*/

gboolean
bling_list(Erp *erp, const BlingListing *what, const ErpPeriod *period, ErpSeen *seen,
           const ErpRowTaker *taker, GError **error)
{
  g_autoptr(ErpSeen) own = seen == NULL ? erp_seen_new() : NULL;
  ErpPeriod window = {0};
  while (erp_next_window(period, BLING_WINDOW_DAYS, &window)) {
    DateText first = date_iso(&window.first), last = date_iso(&window.last);
    const char *params[G_N_ELEMENTS(what->params) + 5] = {what->from, first.text, what->to,
                                                          last.text};
    for (guint i = 0; i + 1 < G_N_ELEMENTS(what->params) && what->params[i] != NULL; i += 2) {
      params[4 + i] = what->params[i];
      params[5 + i] = what->params[i + 1];
    }
    ErpListing listing = what->listing;
    listing.params = params;
    if (!erp_list(erp, &listing, seen != NULL ? seen : own, taker, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- movements --------------------------------------------------------------------------------*/

gboolean
bling_sides(const char *direction, gboolean is_bank, gint64 amount, gint64 *debit, gint64 *credit)
{
  gboolean is_c = g_strcmp0(direction, "C") == 0 || g_strcmp0(direction, "c") == 0;
  gboolean is_d = g_strcmp0(direction, "D") == 0 || g_strcmp0(direction, "d") == 0;
  if (!is_c && !is_d)
    return FALSE;
  gboolean is_debit = is_bank ? is_c : is_d;
  *debit = is_debit ? amount : 0;
  *credit = is_debit ? 0 : amount;
  return TRUE;
}

gboolean
bling_read_movement(Erp *erp, const RowCell *cells, const BlingAccount *names, const char *account,
                    const LedgerSink *sink, Voucher *voucher, gboolean *fine, GError **error)
{
  const char *direction = NULL;
  gint64 amount = 0;
  voucher_reset(voucher);
  LedgerEntry *entry = &voucher->entry;
  if (!erp_read_entry(erp, cells, entry, &direction, &amount, sink, fine, error))
    return FALSE;
  if (!*fine)
    return TRUE;
  VoucherLine line = {.account = account,
                      .name = names != NULL ? names->name : NULL,
                      .debit = entry->debit,
                      .credit = entry->credit};
  gboolean is_one_amount = line.debit == 0 && line.credit == 0 && amount != 0;
  const char *field = "amount", *problem = NULL;
  if (cells[ENTRY_DEBIT].kind == ROW_ABSENT && cells[ENTRY_CREDIT].kind == ROW_ABSENT &&
      cells[ENTRY_AMOUNT].kind == ROW_ABSENT)
    problem = "amount_required";
  else if (is_one_amount && amount < 0)
    problem = "negative_amount";
  else if (is_one_amount && !bling_sides(direction, FALSE, amount, &line.debit, &line.credit)) {
    field = "direction";
    problem = "missing_field";
  }
  if (problem != NULL) {
    *fine = FALSE;
    return voucher_flaw(erp, sink, entry->id, field, problem, error);
  }
  entry->is_outgoing = line.credit > line.debit;
  voucher_add(voucher, &line);
  return TRUE;
}

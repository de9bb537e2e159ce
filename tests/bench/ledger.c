/* Entries of TOTVS Protheus (erp-connectors.md 6.1, profile ctbr020) as fast as they can be: a page
 * of 500 rendered once, of which another page differs by its lot's number alone.  Takes the
 * sandbox's place in the stack of tests/bench/run, so that what is measured is our side.
 * BENCH_ENTRIES: how many there are, in whole pages. */
#define ROUTE_URL "/totvs/{any}"

#include <stdlib.h>
#include <string.h>

#include "http/route.h"

#define PAGE_SIZE  500
#define LOT_DIGITS 6
#define MORE       "true "
#define NO_MORE    "false"

static const char head[] =
    "{\"company\":{\"name\":\"Effecti Tecnologia Ltda\"},\"hasNext\":" MORE ",\"movimentacao\":[";
static GString *text;
static gsize lots[PAGE_SIZE]; /* where they stand in the text */
static guint64 n_pages;

/* The account asked for is debited and credited in turns, all over January of 2025. */
static void
append_row(guint i)
{
  static const char *const accounts[] = {"1.1.01.001          ", "4.1.01.003          "};
  static const char *const types[] = {"NF", "REC", "PAG", "TED"};
  guint is_credit = i % 2;
  g_string_append_printf(text,
                         "%s{\"CT2_FILIAL\":\"01\",\"CT2_DATA\":\"202501%02u\",\"CT2_LOTE\":\"",
                         i > 0 ? "," : "", i * 31 / PAGE_SIZE + 1);
  lots[i] = text->len;
  g_string_append_printf(
      text,
      "000000\",\"CT2_SBLOTE\":\"001\",\"CT2_DOC\":\"%06u\",\"CT2_LINHA\":\"001\",\"CT2_DC\":\"3\","
      "\"CT2_DEBITO\":\"%s\",\"CT2_CREDIT\":\"%s\",\"CT2_VALOR\":%u.%02u,"
      "\"CT2_HIST\":\"Prestação de serviços, contrato %u\",\"CT2_TPDOC\":\"%s\","
      "\"CT2_CCD\":\"%s\",\"CT2_CCC\":\"%s\",\"entityCode\":\"%u\","
      "\"entityName\":\"Cliente %u Comércio e Serviços Ltda\"}",
      i + 1, accounts[is_credit], accounts[!is_credit], 100 + i * 7919 % 100000, i % 100, 1000 + i,
      types[i % G_N_ELEMENTS(types)], is_credit ? "" : "ADM", is_credit ? "COM" : "", 2485000 + i,
      i + 1);
}

/* Before the parent forks. */
static void __attribute__((constructor)) render_page(void)
{
  const char *entries = getenv("BENCH_ENTRIES");
  n_pages = entries != NULL ? strtoull(entries, NULL, 10) / PAGE_SIZE : 0;
  text = g_string_new(head);
  for (guint i = 0; i < PAGE_SIZE; i++)
    append_row(i);
  g_string_append(text, "]}");
}

static void
number_page(guint64 page)
{
  char digits[32];
  g_snprintf(digits, sizeof digits, "%0*" G_GUINT64_FORMAT, LOT_DIGITS, page);
  for (guint i = 0; i < PAGE_SIZE; i++)
    memcpy(text->str + lots[i], digits, LOT_DIGITS);
  memcpy(strstr(text->str, "\"hasNext\":") + strlen("\"hasNext\":"),
         page < n_pages ? MORE : NO_MORE, strlen(MORE));
}

static gboolean
list(Request *req, Response *res, GError **error)
{
  static const char nothing[] = "{\"errorCode\":404,\"errorMessage\":\"Página inexistente\"}";
  const char *asked = NULL;
  guint64 page = 0;
  if (!request_query(req, "page", &asked, error))
    return FALSE;
  if (asked == NULL || n_pages == 0 ||
      !g_ascii_string_to_unsigned(asked, 10, 1, n_pages, &page, NULL)) {
    response_status(res, 404);
    response_static_body(res, "application/json", nothing, strlen(nothing));
    return TRUE;
  }
  number_page(page);
  response_static_body(res, "application/json", text->str, text->len);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Lançamentos prontos, para medições",
    .methods = {{"GET", list, ACCESS_PUBLIC, NULL}},
    .no_database = TRUE,
};

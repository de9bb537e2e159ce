/* Every wrong answer that Omie may give (fin.md 5.4): in which words a run ends when it lasts, that
 * nobody notices when it passes, and that a later run leaves the rows of an undisturbed one. */
#include "harness.h"

#define CLIENTS 120
#define WAITS                                                                                      \
  "OMIE_PAGE_SIZE=50", "OMIE_TRANSIENT_WAITS_MS=10,10", "OMIE_BUSY_WAITS_MS=10,10",                \
      "OMIE_RATE_WAITS_MS=10,10,10"

#define INVALID "Omie: resposta inválida (JSON)."
#define BUSY    "ERROR: Já existe uma requisição desse método sendo executada (1)"
#define BUSY_RAW                                                                                   \
  "ERROR: J\\u00e1 existe uma requisi\\u00e7\\u00e3o desse m\\u00e9todo sendo executada (1)"
#define BROKEN "SOAP-ERROR: Broken response from Application Server (BG)"

typedef struct {
  const char *name;
  OmieAnswer answer;
  guint status;
  const char *text;
  gint64 calls; /* for the page that meets it, repetitions included */
} Wrong;

static const Wrong wrong[] = {
    {"F25 test_html_with_200_is_no_success",
     {.status = 200, .type = "text/html", .body = "<html><body>Oi</body></html>"},
     502,
     INVALID,
     3},
    {"test_truncated_json_is_no_success",
     {.status = 200, .body = "{\"pagina\":2,\"total_de_paginas\":3,\"clientes_ca"},
     502,
     INVALID,
     3},
    {"test_json_with_text_after_it_is_no_success",
     {.status = 200, .body = "{\"pagina\":2,\"total_de_paginas\":3,\"clientes_cadastro\":[]}x"},
     502,
     INVALID,
     3},
    {"test_an_array_is_no_success", {.status = 200, .body = "[]"}, 502, INVALID, 3},
    {"test_a_number_is_no_success", {.status = 200, .body = "7"}, 502, INVALID, 3},
    {"test_an_empty_200_is_no_success", {.status = 200, .body = ""}, 502, INVALID, 3},
    {"test_invalid_utf_8_is_no_success",
     {.status = 200, .body = "{\"clientes_cadastro\":[{\"razao_social\":\"\xc3(\"}]}"},
     502,
     INVALID,
     3},
    {"test_json_nested_beyond_reason_is_no_success",
     {.status = 200,
      .body = "{\"clientes_cadastro\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
              "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"},
     502,
     INVALID,
     3},
    {"test_a_body_cut_short_is_no_success", {.trick = "cut"}, 502, INVALID, 3},
    {"test_a_reset_connection_is_a_failed_one",
     {.trick = "reset"},
     502,
     "Omie: falha de conexão.",
     3},
    {"test_an_html_500_is_told_by_its_reason",
     {.status = 500, .type = "text/html", .body = "<html>"},
     502,
     "Omie API 500: Internal Server Error",
     3},
    {"test_an_html_502_is_told_by_its_reason",
     {.status = 502},
     502,
     "Omie API 502: Bad Gateway",
     3},
    {"test_an_html_503_is_told_by_its_reason",
     {.status = 503},
     502,
     "Omie API 503: Service Unavailable",
     3},
    {"test_an_html_504_is_told_by_its_reason",
     {.status = 504},
     502,
     "Omie API 504: Gateway Timeout",
     3},
    {"test_a_fault_with_200_is_a_fault",
     {.status = 200,
      .body = "{\"faultcode\":\"SOAP-ENV:Client-105\",\"faultstring\":\"ERROR: "
              "N\\u00e3o deu!\"}"},
     502,
     "Omie: ERROR: Não deu!",
     1},
    {"test_an_error_with_descricao_is_told_by_it",
     {.status = 400, .body = "{\"descricao\":\"Pedido errado\"}"},
     502,
     "Omie API 400: Pedido errado",
     1},
    {"test_429_for_ever_is_told_as_omies",
     {.status = 429},
     502,
     "Omie API 429: Too Many Requests",
     4},
    {"test_a_busy_method_is_told_after_two_waits",
     {.status = 500,
      .body = "{\"faultcode\":\"SOAP-ENV:Client-1880\",\"faultstring\":\"" BUSY_RAW "\"}"},
     502,
     "Omie API 500: " BUSY,
     3},
    {"test_a_broken_backend_is_told_after_two_waits",
     {.status = 500, .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"" BROKEN "\"}"},
     502,
     "Omie API 500: Internal Server Error",
     3},
    {"test_425_is_asked_once",
     {.status = 425,
      .body = "{\"faultcode\":\"MISUSE_API_PROCESS\",\"faultstring\":\"API bloqueada por "
              "consumo indevido. Tente novamente em 900 segundos.\"}"},
     502,
     "Omie API 425: API bloqueada por consumo indevido. Tente novamente em 900 segundos.",
     1},
    {"test_a_block_sent_as_500_is_asked_once",
     {.status = 500,
      .body = "{\"faultcode\":\"SOAP-ENV:Client-500\",\"faultstring\":\"ERROR: API "
              "bloqueada por consumo indevido. Tente novamente em 900 segundos.\"}"},
     502,
     "Omie API 500: ERROR: API bloqueada por consumo indevido. Tente novamente em 900 segundos.",
     1},
};

/* Page 2 meets it each time: page 1 is kept, the words are those of the table. */
static void
test_a_wrong_answer_that_lasts(void **state)
{
  const Wrong *row = *state;
  OmieAnswer answer = row->answer;
  answer.page = 2;
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  omie_answer_with(&answer);
  assert_run_fails(row->status, row->text);
  assert_last_run("record_count", "50");
  assert_count(50, "fin.clients");
  /* libcurl itself sends a request once more when a kept connection dies under it */
  gint64 more = g_strcmp0(answer.trick, "reset") == 0;
  assert_in_range(omie_calls(), 1 + row->calls, 1 + row->calls + more);
  assert_next_run_leaves(rows, CLIENTS);
}

typedef struct {
  const char *name;
  OmieAnswer answer;
} Passing;

static const Passing passing[] = {
    {"test_two_502_in_a_row_go_unnoticed", {.page = 2, .times = 2, .status = 502}},
    {"test_an_html_answer_goes_unnoticed",
     {.page = 2, .times = 1, .status = 200, .type = "text/html", .body = "<html></html>"}},
    {"test_three_429_in_a_row_go_unnoticed", {.page = 2, .times = 3, .status = 429}},
    {"test_a_reset_connection_goes_unnoticed", {.page = 2, .times = 1, .trick = "reset"}},
    {"test_two_cut_answers_go_unnoticed", {.page = 1, .times = 2, .trick = "cut"}},
    {"test_a_busy_method_goes_unnoticed",
     {.page = 3,
      .times = 2,
      .status = 500,
      .body = "{\"faultcode\":\"SOAP-ENV:Client-1880\",\"faultstring\":\"" BUSY_RAW "\"}"}},
    {"test_a_fault_on_the_last_page_that_passes_goes_unnoticed",
     {.page = 3, .times = 1, .status = 503}},
};

static void
test_a_wrong_answer_that_passes(void **state)
{
  const Passing *row = *state;
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  omie_setting("redundancy_s", "0"); /* an answer that was cut counts as given */
  omie_answer_with(&row->answer);
  assert_int_equal(sync_ok(), CLIENTS);
  g_autofree char *found = clients_snapshot();
  assert_string_equal(found, rows);
}

static int
open_group(void **state)
{
  int failed = harness_open(state);
  program_restart(SYNC_PROGRAM, WAITS);
  return failed;
}

static int
close_group(void **state)
{
  programs_restore();
  return harness_close(state);
}

/* The program keeps its short waits from one test to the next. */
static int
after(G_GNUC_UNUSED void **state)
{
  omie_release();
  calls_abandon();
  return 0;
}

int
main(void)
{
  struct CMUnitTest tests[G_N_ELEMENTS(wrong) + G_N_ELEMENTS(passing)];
  gsize n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    tests[n++] = (struct CMUnitTest){wrong[i].name, test_a_wrong_answer_that_lasts, harness_before,
                                     after, (void *)&wrong[i]};
  for (gsize i = 0; i < G_N_ELEMENTS(passing); i++)
    tests[n++] = (struct CMUnitTest){passing[i].name, test_a_wrong_answer_that_passes,
                                     harness_before, after, (void *)&passing[i]};
  harness_filter();
  return cmocka_run_group_tests_name("sync: answers", tests, open_group, close_group);
}

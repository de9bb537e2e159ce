/* fin.md 5.4 and omie-api.md 3: what each answer means, and how long to wait before asking again.
 */
#include <string.h>

#include "base/settings.h"
#include "erp/omie/fault.h"
#include "erp/omie/reply.h"
#include "unit.h"

static const OmieMethod method = {.path = "x/",
                                  .call = "X",
                                  .list = "clientes_cadastro",
                                  .other_list = "lista",
                                  .members = {"a"}};

static const struct {
  const char *why;
  guint status;
  const char *body;
  OmieClass class;
  const char *message;
  gint64 first_wait_ms, second_wait_ms;
} answers[] = {
    {"data", 200, "{\"pagina\":1,\"clientes_cadastro\":[]}", OMIE_FINE, NULL, -1, -1},
    {"no records", 500,
     "{\"faultstring\":\"ERROR: N\\u00e3o existem registros para a p\\u00e1gina "
     "[1]!\",\"faultcode\":\"SOAP-ENV:Client-5113\"}",
     OMIE_EMPTY, NULL, -1, -1},
    {"no records, other word, no code", 500,
     "{\"faultstring\":\"ERROR: Não existem cadastros para a página [1]!\"}", OMIE_EMPTY, NULL, -1,
     -1},
    {"a refusal", 500,
     "{\"faultcode\":\"SOAP-ENV:Client-5001\",\"faultstring\":\"ERROR: Tag [X]\"}", OMIE_FINAL,
     "Omie API 500: ERROR: Tag [X]", -1, -1},
    {"a refusal as a success", 200, "{\"faultstring\":\"Falhou\"}", OMIE_FINAL, "Omie: Falhou", -1,
     -1},
    {"a status text that is not 0", 200, "{\"cCodStatus\":\"103\",\"cDesStatus\":\"Sem boleto\"}",
     OMIE_FINAL, "Omie: Sem boleto", -1, -1},
    {"a status text 0", 200, "{\"codigo_status\":\"0\",\"descricao_status\":\"ok\"}", OMIE_FINE,
     NULL, -1, -1},
    {"bad key", 403, "{\"faultstring\":\"A chave de acesso está inválida\"}", OMIE_FINAL,
     "Omie API 403: A chave de acesso está inválida", -1, -1},
    {"401 without words", 401, "", OMIE_FINAL, "Omie API 401: Unauthorized", -1, -1},
    {"busy", 500,
     "{\"faultstring\":\"ERROR: Já existe uma requisição desse método sendo executada "
     "(1)\",\"faultcode\":\"SOAP-ENV:Client-1880\"}",
     OMIE_BUSY, "Omie API 500: ERROR: Já existe uma requisição desse método sendo executada (1)",
     10000, 61000},
    {"redundant", 500,
     "{\"faultstring\":\"ERROR: Consumo redundante detectado. Aguarde 43 segundos para tentar "
     "novamente (REDUNDANT).\",\"faultcode\":\"SOAP-ENV:Client-6\"}",
     OMIE_REDUNDANT,
     "Omie API 500: ERROR: Consumo redundante detectado. Aguarde 43 segundos para tentar novamente "
     "(REDUNDANT).",
     44000, 44000},
    {"redundant, no number", 500, "{\"faultstring\":\"Consumo redundante detectado.\"}",
     OMIE_REDUNDANT, "Omie API 500: Consumo redundante detectado.", 61000, 61000},
    {"5001 is not 1", 500, "{\"faultstring\":\"x\",\"faultcode\":\"SOAP-ENV:Client-106\"}",
     OMIE_FINAL, "Omie API 500: x", -1, -1},
    {"rate", 429, "{\"error_code\":429,\"error_message\":\"Too Many Requests\"}", OMIE_RATE,
     "Omie API 429: Too Many Requests", 20000, 40000},
    {"blocked", 425,
     "{\"faultcode\":\"MISUSE_API_PROCESS\",\"faultstring\":\"API bloqueada por consumo indevido. "
     "Tente novamente em 1764 segundos.\"}",
     OMIE_BLOCKED,
     "Omie API 425: API bloqueada por consumo indevido. Tente novamente em 1764 segundos.", -1, -1},
    {"blocked with 500", 500,
     "{\"faultstring\":\"ERROR: API bloqueada por consumo indevido. Tente novamente em 12 "
     "segundos.\"}",
     OMIE_BLOCKED,
     "Omie API 500: ERROR: API bloqueada por consumo indevido. Tente novamente em 12 segundos.", -1,
     -1},
    {"425 as a page", 425, "<html>", OMIE_BLOCKED, "Omie API 425: Too Early", -1, -1},
    {"broken response", 500,
     "{\"faultstring\":\"SOAP-ERROR: Broken response from Application Server "
     "(BG)\",\"faultcode\":\"SOAP-ENV:Server\"}",
     OMIE_TRANSIENT, "Omie API 500: Internal Server Error", 2000, 5000},
    {"gateway page", 502, "<html><head><title>502 Bad Gateway</title>", OMIE_TRANSIENT,
     "Omie API 502: Bad Gateway", 2000, 5000},
    {"HTML as a success", 200, "<html></html>", OMIE_TRANSIENT, "Omie: resposta inválida (JSON).",
     2000, 5000},
    {"cut", 200, "{\"pagina\":1,\"clientes_cadastro\":[{\"a\":", OMIE_TRANSIENT,
     "Omie: resposta inválida (JSON).", 2000, 5000},
    {"empty", 200, "", OMIE_TRANSIENT, "Omie: resposta inválida (JSON).", 2000, 5000},
    {"not an object", 200, "[]", OMIE_TRANSIENT, "Omie: resposta inválida (JSON).", 2000, 5000},
    {"text after the end", 200, "{} x", OMIE_TRANSIENT, "Omie: resposta inválida (JSON).", 2000,
     5000},
    {"not UTF-8", 200, "{\"pagina\":\"\xff\"}", OMIE_TRANSIENT, "Omie: resposta inválida (JSON).",
     2000, 5000},
    {"404 as JSON", 404, "{}", OMIE_FINAL, "Omie API 404: Not Found", -1, -1},
};

static void
judge(const char *body, const HttpsResult *https, OmieJudgement *judgement)
{
  g_autoptr(OmieReply) reply = omie_reply_new(&method);
  for (const char *c = body; *c != '\0'; c++) /* a byte at a time: cuts fall everywhere */
    assert_true(omie_reply_feed(c, 1, reply));
  omie_reply_end(reply);
  OmieAnswer answer = omie_reply_answer(reply, https, 30000);
  omie_judge(&answer, judgement);
}

static void
test_each_answer_is_understood(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
    HttpsResult https = {.outcome = HTTPS_ANSWERED, .status = answers[i].status};
    g_auto(OmieJudgement) got = {0};
    judge(answers[i].body, &https, &got);
    if (got.class != answers[i].class || g_strcmp0(got.message, answers[i].message) != 0)
      fail_msg("%s: class %d, message %s", answers[i].why, (int)got.class, got.message);
    if (omie_retry_wait_ms(&got, FALSE, 0) != answers[i].first_wait_ms ||
        omie_retry_wait_ms(&got, FALSE, 1) != answers[i].second_wait_ms)
      fail_msg("%s: waits %ld, %ld", answers[i].why, (long)omie_retry_wait_ms(&got, FALSE, 0),
               (long)omie_retry_wait_ms(&got, FALSE, 1));
  }
}

static void
test_lost_answers_are_understood(G_GNUC_UNUSED void **state)
{
  static const struct {
    HttpsOutcome outcome;
    guint status;
    OmieClass class;
    PonteErrorCode code;
    const char *message;
  } lost[] = {
      {HTTPS_TIMED_OUT, 0, OMIE_TRANSIENT, ERROR_UPSTREAM_TIMEOUT,
       "Omie: tempo limite de 30 s excedido."},
      {HTTPS_FAILED, 0, OMIE_TRANSIENT, ERROR_UPSTREAM_UNAVAILABLE, "Omie: falha de conexão."},
      {HTTPS_FAILED, 200, OMIE_TRANSIENT, ERROR_UPSTREAM_UNAVAILABLE,
       "Omie: resposta inválida (JSON)."},
      {HTTPS_UNTRUSTED, 0, OMIE_FINAL, ERROR_UPSTREAM_UNAVAILABLE, "Omie: falha de conexão."},
      {HTTPS_TOO_LARGE, 200, OMIE_FINAL, ERROR_UPSTREAM_UNAVAILABLE,
       "Omie: resposta acima do limite de tamanho."},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(lost); i++) {
    HttpsResult https = {.outcome = lost[i].outcome, .status = lost[i].status};
    g_auto(OmieJudgement) got = {0};
    judge("", &https, &got);
    assert_int_equal(got.class, lost[i].class);
    assert_int_equal(got.code, lost[i].code);
    assert_string_equal(got.message, lost[i].message);
    assert_false(got.counts);
  }
}

static void
test_waiting_ends_after_the_listed_waits(G_GNUC_UNUSED void **state)
{
  OmieJudgement transient = {.class = OMIE_TRANSIENT},
                rate = {.class = OMIE_RATE, .stated_wait_s = -1};
  OmieJudgement redundant = {.class = OMIE_REDUNDANT, .stated_wait_s = 2};
  assert_int_equal(omie_retry_wait_ms(&transient, FALSE, 2), -1);
  assert_int_equal(omie_retry_wait_ms(&rate, FALSE, 2), 60000);
  assert_int_equal(omie_retry_wait_ms(&rate, FALSE, 3), -1);
  assert_int_equal(omie_retry_wait_ms(&redundant, FALSE, 0), 3000);
  assert_int_equal(omie_retry_wait_ms(&redundant, FALSE, 2), -1);
}

static void
test_a_block_lasts_as_long_as_omie_says(G_GNUC_UNUSED void **state)
{
  OmieJudgement stated = {.class = OMIE_BLOCKED, .stated_wait_s = 1764};
  OmieJudgement silent = {.class = OMIE_BLOCKED, .stated_wait_s = -1};
  OmieJudgement fault = {.class = OMIE_FINAL, .stated_wait_s = 10};
  assert_int_equal(omie_block_s(&stated), 1764);
  assert_int_equal(omie_block_s(&silent), 1800);
  assert_int_equal(omie_block_s(&fault), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_answer_is_understood),
      cmocka_unit_test(test_lost_answers_are_understood),
      cmocka_unit_test(test_waiting_ends_after_the_listed_waits),
      cmocka_unit_test(test_a_block_lasts_as_long_as_omie_says),
  };
  return cmocka_run_group_tests_name("omie_fault", tests, NULL, NULL) != 0;
}

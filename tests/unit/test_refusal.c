/* What the back office makes of Omie's refusals (backoffice.md 5.4). */
#include "unit.h"

#include <string.h>

#include "backoffice/refusal.h"

/* What may be known of a refusal, a bit each. */
enum {
  RETRY = 1,     /* tried again by itself, later */
  ALL = 2,       /* the next call would fare no better */
  UNKNOWN = 4,   /* a write may have been carried out */
  DUPLICATE = 8, /* it is there already */
  MISSING = 16,  /* Omie has no such call */
};

static guint
facts_of(const Refusal *refusal)
{
  return (refusal->may_retry ? RETRY : 0u) | (refusal->hits_all ? ALL : 0u) |
         (refusal->is_unknown ? UNKNOWN : 0u) | (refusal->is_duplicate ? DUPLICATE : 0u) |
         (refusal->is_missing ? MISSING : 0u);
}

static void
assert_reads(const char *why, const OmieAnswer *answer, const char *text, guint facts,
             gint64 not_before_s)
{
  g_auto(OmieJudgement) judgement = {0};
  g_auto(Refusal) refusal = {0};
  omie_judge(answer, &judgement);
  g_autoptr(GError) failure =
      g_error_new_literal(PONTE_ERROR, (gint)judgement.code, "the call's own error");
  refusal_read(&refusal, &judgement, failure);
  if (strcmp(refusal.text, text) != 0 || facts_of(&refusal) != facts ||
      refusal.not_before_s != not_before_s)
    fail_msg("%s: \"%s\", facts %u, not before %" G_GINT64_FORMAT " s", why, refusal.text,
             facts_of(&refusal), refusal.not_before_s);
}

static void
test_faults_in_omies_words(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why;
    guint status;
    const char *code, *fault;
    const char *text; /* NULL: "Erro Omie: " and the fault */
    guint facts;
    gint64 not_before_s;
  } cases[] = {
      {"any other fault may pass", 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!", NULL,
       RETRY, 0},
      {"a fault that came as a success", 200, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!",
       NULL, RETRY, 0},
      {"a record that does not exist", 500, "SOAP-ENV:Client-105",
       "ERROR: Documento não cadastrado para o Código [5]", NULL, 0, 0},
      {"in the female form", 500, "SOAP-ENV:Client-105", "ERROR: Tag NÃO CADASTRADA!", NULL, 0, 0},
      {"an invalid value", 500, "SOAP-ENV:Client-105", "ERROR: Valor inválido!", NULL, 0, 0},
      {"a missing value", 500, "SOAP-ENV:Client-1000",
       "ERROR: O preenchimento da tag [nId] é obrigatório!", NULL, 0, 0},
      {"an unknown member", 500, "SOAP-ENV:Client-5001",
       "ERROR: Tag [CDESCRICAO] não faz parte da estrutura do tipo complexo [docIncluir]!", NULL,
       MISSING, 0},
      {"an unknown call", 500, "SOAP-ENV:Server", "ERROR: Method \"X\" not exists", NULL, MISSING,
       0},
      {"a wrong key", 500, "SOAP-ENV:Server", "ERROR: A chave de acesso está inválida.", NULL, ALL,
       0},
      {"401 with words", 401, NULL, "Unauthorized app", NULL, ALL, 0},
      {"403 with words that elsewhere mean something else", 403, "SOAP-ENV:Client-6",
       "ERROR: Consumo redundante detectado.", NULL, ALL, 0},
      {"our own code is there: the file was included before", 500, "SOAP-ENV:Client-102",
       "ERROR: Anexo já cadastrado para o Código de Integração [B1] com o nIdAnexo [2] !", NULL,
       RETRY | DUPLICATE, 0},
      {"a write processed already, or being processed", 500, "SOAP-ENV:Client-8020",
       "ERROR: Esta requisição já foi processada ou está sendo processada e você pode tentar "
       "novamente às 10:11:12. (1)",
       NULL, RETRY | UNKNOWN, 1},
      {"the same by another code", 500, "SOAP-ENV:Client-1100", "ERROR: (REDUNDANT)", NULL,
       RETRY | UNKNOWN, 1},
      {"a redundant call tells how long to wait", 500, "SOAP-ENV:Client-6",
       "ERROR: Consumo redundante detectado. Aguarde 30 segundos para tentar novamente "
       "(REDUNDANT).",
       NULL, RETRY | UNKNOWN, 31},
      {"busy: surely not carried out", 500, "SOAP-ENV:Client-1880",
       "ERROR: Já existe uma requisição desse método sendo executada. (1)", NULL, RETRY, 0},
      {"a block, for as long as it says", 425, "MISUSE_API_PROCESS",
       "API bloqueada por consumo indevido. Tente novamente em 1764 segundos.",
       "Erro Omie: API bloqueada por consumo indevido", RETRY | ALL, 1764},
      {"a block that does not say", 500, "MISUSE_API_PROCESS", "Bloqueio",
       "Erro Omie: API bloqueada por consumo indevido", RETRY | ALL, 1800},
      {"the inside of Omie is away", 500, "SOAP-ENV:Server",
       "SOAP-ERROR: connection to the Application Server lost (PROTO_BYEBYE)",
       "Erro na comunicação com Omie: Internal Server Error", RETRY | UNKNOWN, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *words = g_strconcat("Erro Omie: ", cases[i].fault, NULL);
    OmieAnswer answer = {.https = {.outcome = HTTPS_ANSWERED, .status = cases[i].status},
                         .timeout_ms = 1000,
                         .is_object = TRUE,
                         .fault_code = cases[i].code,
                         .fault_text = cases[i].fault};
    assert_reads(cases[i].why, &answer, cases[i].text != NULL ? cases[i].text : words,
                 cases[i].facts, cases[i].not_before_s);
  }
}

static void
test_answers_without_a_fault(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why;
    HttpsResult https;
    gboolean is_object;
    const char *text;
    guint facts;
    gint64 not_before_s;
  } cases[] = {
      {"a time limit: a write may have been carried out",
       {.outcome = HTTPS_TIMED_OUT},
       FALSE,
       "Erro na comunicação com Omie: tempo limite excedido",
       RETRY | UNKNOWN,
       0},
      {"a connection lost in the middle: likewise",
       {.outcome = HTTPS_FAILED},
       FALSE,
       "Erro na comunicação com Omie: falha de conexão.",
       RETRY | UNKNOWN,
       0},
      {"no connection: surely not carried out, and no use for the next file",
       {.outcome = HTTPS_NOT_SENT},
       FALSE,
       "Erro na comunicação com Omie: falha de conexão.",
       RETRY | ALL,
       0},
      {"a certificate that does not hold is no fault of Omie's",
       {.outcome = HTTPS_UNTRUSTED},
       FALSE,
       "Erro na comunicação com Omie: falha de conexão.",
       RETRY | ALL,
       0},
      {"an answer too large to be read: a write may have been carried out",
       {.outcome = HTTPS_TOO_LARGE, .status = 200},
       FALSE,
       "Erro na comunicação com Omie: resposta acima do limite de tamanho.",
       RETRY | UNKNOWN,
       0},
      {"a page of the gateway",
       {.outcome = HTTPS_ANSWERED, .status = 502},
       FALSE,
       "Erro na comunicação com Omie: Bad Gateway",
       RETRY | UNKNOWN,
       0},
      {"HTML that came as a success",
       {.outcome = HTTPS_ANSWERED, .status = 200},
       FALSE,
       "Erro na comunicação com Omie: resposta inválida (JSON).",
       RETRY | UNKNOWN,
       0},
      {"too many calls",
       {.outcome = HTTPS_ANSWERED, .status = 429},
       FALSE,
       "Erro Omie: 429 Too Many Requests",
       RETRY | ALL,
       0},
      {"too many calls, and for how long",
       {.outcome = HTTPS_ANSWERED, .status = 429, .retry_after_s = 40},
       FALSE,
       "Erro Omie: 429 Too Many Requests",
       RETRY | ALL,
       40},
      {"a block without words",
       {.outcome = HTTPS_ANSWERED, .status = 425},
       FALSE,
       "Erro Omie: API bloqueada por consumo indevido",
       RETRY | ALL,
       1800},
      {"credentials refused without words",
       {.outcome = HTTPS_ANSWERED, .status = 401},
       FALSE,
       "Erro Omie: Unauthorized",
       ALL,
       0},
      {"and forbidden",
       {.outcome = HTTPS_ANSWERED, .status = 403},
       FALSE,
       "Erro Omie: Forbidden",
       ALL,
       0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    OmieAnswer answer = {
        .https = cases[i].https, .timeout_ms = 1000, .is_object = cases[i].is_object};
    assert_reads(cases[i].why, &answer, cases[i].text, cases[i].facts, cases[i].not_before_s);
  }
}

/* Our own guard holds calls back: everything waits at least a minute, or as long as the guard says
 */
static void
test_a_closed_guard(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 wait_s, not_before_s;
  } cases[] = {{0, 60}, {-1, 60}, {900, 900}};
  g_autoptr(GError) failure =
      g_error_new_literal(PONTE_ERROR, ERROR_UPSTREAM_SUSPENDED, "Omie: chamadas suspensas.");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const OmieJudgement judgement = {.class = OMIE_SUSPENDED, .stated_wait_s = cases[i].wait_s};
    g_auto(Refusal) refusal = {0};
    refusal_read(&refusal, &judgement, failure);
    assert_string_equal(refusal.text, "Erro Omie: chamadas suspensas para evitar bloqueio");
    assert_int_equal(facts_of(&refusal), RETRY | ALL);
    assert_int_equal(refusal.not_before_s, cases[i].not_before_s);
  }
}

/* Nothing was asked of Omie: the call's own error is told, and what is private stays private */
static void
test_what_is_not_omies_doing(G_GNUC_UNUSED void **state)
{
  static const struct {
    PonteErrorCode code;
    const char *message, *text;
  } cases[] = {
      {ERROR_DEADLINE, "Omie: tempo limite excedido.",
       "Erro inesperado: Omie: tempo limite excedido"},
      {ERROR_UPSTREAM_FAULT, "Omie: paginação inválida.",
       "Erro inesperado: Omie: paginação inválida"},
      {ERROR_INTERNAL, "strlen of NULL in package.c", "Erro inesperado: Erro interno"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) failure =
        g_error_new_literal(PONTE_ERROR, (gint)cases[i].code, cases[i].message);
    const OmieJudgement silence = {0};
    g_auto(Refusal) refusal = {0};
    refusal_read(&refusal, &silence, failure);
    assert_string_equal(refusal.text, cases[i].text);
    assert_int_equal(facts_of(&refusal), RETRY | ALL);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_faults_in_omies_words),
      cmocka_unit_test(test_answers_without_a_fault),
      cmocka_unit_test(test_a_closed_guard),
      cmocka_unit_test(test_what_is_not_omies_doing),
  };
  return cmocka_run_group_tests_name("refusal", tests, NULL, NULL);
}

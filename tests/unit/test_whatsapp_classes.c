/* data-collecting.md 9.6: what an answer to a message means. */
#include "crm/whatsapp_answer.h"

#include <string.h>

#include "unit.h"

typedef struct {
  const char *why;
  HttpsOutcome outcome;
  guint status;
  const char *body;
  SendClass class;
  const char *code, *id; /* NULL: none */
} Answer;

#define META_OK(message)                                                                           \
  "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"input\":\"1\",\"wa_id\":\"1\"}],"          \
  "\"messages\":[" message "]}"
#define META_ERROR(code) "{\"error\":{\"message\":\"(#" #code ") x\",\"code\":" #code "}}"

static const Answer cloud[] = {
    {"accepted", HTTPS_ANSWERED, 200, META_OK("{\"id\":\"wamid.1\"}"), SEND_ACCEPTED, NULL,
     "wamid.1"},
    {"accepted, as it says", HTTPS_ANSWERED, 200,
     META_OK("{\"id\":\"wamid.1\",\"message_status\":\"accepted\"}"), SEND_ACCEPTED, NULL,
     "wamid.1"},
    {"held back", HTTPS_ANSWERED, 200,
     META_OK("{\"id\":\"wamid.1\",\"message_status\":\"held_for_quality_assessment\"}"), SEND_HELD,
     NULL, "wamid.1"},
    {"paused", HTTPS_ANSWERED, 200, META_OK("{\"id\":\"wamid.1\",\"message_status\":\"paused\"}"),
     SEND_HELD, NULL, "wamid.1"},
    {"accepted without an id", HTTPS_ANSWERED, 200, META_OK(""), SEND_UNKNOWN,
     "RESULTADO_DESCONHECIDO", NULL},
    {"accepted by a page", HTTPS_ANSWERED, 200, "<html>", SEND_UNKNOWN, "RESULTADO_DESCONHECIDO",
     NULL},
    {"cut off", HTTPS_FAILED, 0, "", SEND_UNKNOWN, "RESULTADO_DESCONHECIDO", NULL},
    {"too late", HTTPS_TIMED_OUT, 0, "", SEND_UNKNOWN, "RESULTADO_DESCONHECIDO", NULL},
    {"too much", HTTPS_TOO_LARGE, 200, "", SEND_UNKNOWN, "RESULTADO_DESCONHECIDO", NULL},
    {"down", HTTPS_ANSWERED, 503, "<html>", SEND_TRANSIENT, "HTTP 503", NULL},
    {"too fast, without words", HTTPS_ANSWERED, 429, "", SEND_TRANSIENT, "HTTP 429", NULL},
    {"without credentials, without words", HTTPS_ANSWERED, 401, "", SEND_SENDER, "HTTP 401", NULL},
    {"refused without words", HTTPS_ANSWERED, 400, "{}", SEND_PERMANENT, "HTTP 400", NULL},
    {"elsewhere", HTTPS_ANSWERED, 302, "", SEND_PERMANENT, "HTTP 302", NULL},
    {"the code decides, not the status", HTTPS_ANSWERED, 500, META_ERROR(131026), SEND_PERMANENT,
     "131026", NULL},
    {"nor does a 400 make it permanent", HTTPS_ANSWERED, 400, META_ERROR(131056), SEND_TRANSIENT,
     "131056", NULL},
};

static void
check(const Answer *answers, gsize count,
      void (*judge)(const HttpsResult *, const GString *, SendAnswer *))
{
  for (gsize i = 0; i < count; i++) {
    g_auto(SendAnswer) got = {0};
    g_autoptr(GString) body = g_string_new(answers[i].body);
    const HttpsResult result = {.outcome = answers[i].outcome,
                                .status = answers[i].status,
                                .was_sent = TRUE,
                                .reason = "x"};
    judge(&result, body, &got);
    if (got.class != answers[i].class || g_strcmp0(got.code, answers[i].code) != 0 ||
        g_strcmp0(got.id, answers[i].id) != 0)
      fail_msg("%s: class %d, code %s, id %s", answers[i].why, (int)got.class, got.code, got.id);
  }
}

/* DC 88 */
static void
test_an_answer_of_meta_tells_what_became_of_the_message(G_GNUC_UNUSED void **state)
{
  check(cloud, G_N_ELEMENTS(cloud), whatsapp_judge_cloud);
}

static const struct {
  SendClass class;
  int codes[20]; /* ended by -1 */
} classes[] = {
    {SEND_TRANSIENT, {1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, -1}},
    {SEND_SENDER, {0, 3, 10, 190, 200, 250, 299, 368, 131005, 131031, 131042, 131048, 133010, -1}},
    {SEND_PERMANENT, {131021, 131026, 131049, 131050, 130472, -1}},
    {SEND_PERMANENT,
     {100, 131008, 131009, 132000, 132001, 132005, 132007, 132012, 132015, 132016, -1}},
    {SEND_PERMANENT, {5, 300, 133016, 999999, -1}},
};

/* DC 87 */
static void
test_every_code_has_its_class(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
    for (const int *code = classes[i].codes; *code >= 0; code++) {
      g_auto(SendAnswer) got = {0};
      g_autoptr(GString) body = g_string_new(NULL);
      const HttpsResult result = {.outcome = HTTPS_ANSWERED, .status = 400};
      g_string_printf(body, "{\"error\":{\"code\":%d}}", *code);
      whatsapp_judge_cloud(&result, body, &got);
      if (got.class != classes[i].class)
        fail_msg("%d: class %d", *code, (int)got.class);
    }
}

static void
test_people_read_code_detail_and_trace(G_GNUC_UNUSED void **state)
{
  g_auto(SendAnswer) got = {0};
  const HttpsResult result = {.outcome = HTTPS_ANSWERED, .status = 400, .retry_after_s = 7};
  g_autoptr(GString) body =
      g_string_new("{\"error\":{\"message\":\"(#132001) Template\",\"code\":132001,"
                   "\"error_data\":{\"details\":\"Template name\\ndoes not exist\"},"
                   "\"fbtrace_id\":\"AbC\"}}");
  whatsapp_judge_cloud(&result, body, &got);
  assert_string_equal(got.error, "132001: Template name does not exist (fbtrace_id AbC)");
  assert_string_equal(got.code, "132001");
  assert_int_equal(got.retry_after_ms, 7000);
}

static void
test_a_long_detail_is_cut(G_GNUC_UNUSED void **state)
{
  g_auto(SendAnswer) got = {0};
  const HttpsResult result = {.outcome = HTTPS_ANSWERED, .status = 400};
  g_autofree char *detail = g_strnfill(2000, 'x');
  g_autoptr(GString) body = g_string_new(NULL);
  g_string_printf(body, "{\"error\":{\"message\":\"%s\",\"code\":100}}", detail);
  whatsapp_judge_cloud(&result, body, &got);
  assert_int_equal(strlen(got.error), 500);
}

static const Answer gateway[] = {
    {"queued", HTTPS_ANSWERED, 200, "{\"success\":true,\"queued\":true,\"jobId\":\"j1\"}",
     SEND_QUEUED, NULL, "j1"},
    {"taken without a job", HTTPS_ANSWERED, 200, "{\"success\":true}", SEND_QUEUED, NULL, NULL},
    {"refused in so many words", HTTPS_ANSWERED, 200, "{\"success\":false,\"error\":\"x\"}",
     SEND_PERMANENT, "GATEWAY", NULL},
    {"refused", HTTPS_ANSWERED, 400, "{\"success\":false,\"error\":\"x\"}", SEND_PERMANENT,
     "HTTP 400", NULL},
    {"session gone", HTTPS_ANSWERED, 404, "{\"success\":false}", SEND_SENDER, "HTTP 404", NULL},
    {"wrong secret", HTTPS_ANSWERED, 401, "", SEND_SENDER, "HTTP 401", NULL},
    {"down before it, or behind it", HTTPS_ANSWERED, 502, "<html>", SEND_UNKNOWN,
     "RESULTADO_DESCONHECIDO", NULL},
    {"down, as it says", HTTPS_ANSWERED, 503, "{\"success\":false}", SEND_TRANSIENT, "HTTP 503",
     NULL},
    {"unreadable", HTTPS_ANSWERED, 200, "{\"queued\":true}", SEND_UNKNOWN, "RESULTADO_DESCONHECIDO",
     NULL},
    {"cut off", HTTPS_FAILED, 0, "", SEND_UNKNOWN, "RESULTADO_DESCONHECIDO", NULL},
};

static void
test_an_answer_of_the_gateway_tells_what_became_of_the_message(G_GNUC_UNUSED void **state)
{
  check(gateway, G_N_ELEMENTS(gateway), whatsapp_judge_gateway);
}

/* 9.6: no connection, no certificate, none in time: whoever has not left is not in doubt */
static void
test_what_never_left_is_tried_again(G_GNUC_UNUSED void **state)
{
  static const HttpsOutcome outcomes[] = {HTTPS_NOT_SENT, HTTPS_UNTRUSTED, HTTPS_TIMED_OUT};
  for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++) {
    g_auto(SendAnswer) cloud_got = {0}, gateway_got = {0};
    g_autoptr(GString) body = g_string_new("");
    const HttpsResult result = {.outcome = outcomes[i], .reason = "x"};
    whatsapp_judge_cloud(&result, body, &cloud_got);
    whatsapp_judge_gateway(&result, body, &gateway_got);
    assert_int_equal(cloud_got.class, SEND_TRANSIENT);
    assert_int_equal(gateway_got.class, SEND_TRANSIENT);
    assert_string_equal(cloud_got.code, "SEM_CONEXAO");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_answer_of_meta_tells_what_became_of_the_message),
      cmocka_unit_test(test_what_never_left_is_tried_again),
      cmocka_unit_test(test_every_code_has_its_class),
      cmocka_unit_test(test_people_read_code_detail_and_trace),
      cmocka_unit_test(test_a_long_detail_is_cut),
      cmocka_unit_test(test_an_answer_of_the_gateway_tells_what_became_of_the_message),
  };
  return cmocka_run_group_tests_name("whatsapp answers", tests, NULL, NULL);
}

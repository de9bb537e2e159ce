/* Who may use the back office, and the exchange itself: methods, types, sizes, slashes
 * (backoffice.md 2, 3). */
#include "harness_backoffice.h"

#include <string.h>

static const struct {
  const char *method, *path;
} routes[] = {
    {"POST", TRANSFER},
    {"POST", UPLOAD},
    {"POST", RETRY_TRANSFERS},
    {"POST", REGISTER},
    {"POST", ORDER_CLOSURE},
    {"POST", RETRY_ORDERS},
    {"POST", ORDERS "/closure/encerrar"},
    {"POST", ORDERS "/closure/reprocessar_falhas"},
    {"GET", ATTACHMENTS},
    {"GET", ATTACHMENTS "/1"},
    {"GET", MAP},
    {"GET", ORDERS},
    {"GET", ORDERS "/1"},
    {"GET", ORDERS "/closure"},
    {"GET", ORDERS "/closure/1"},
    {"GET", TASKS "/" USER_ID},
};

#define FORBIDDEN "Você não tem permissão para executar essa ação."

/* B52 */
static void
test_without_a_good_token_nothing_opens(G_GNUC_UNUSED void **state)
{
  g_autofree char *expired = token_with("fin", "{\"exp\":1}");
  g_autofree char *claims = token_claims("fin", NULL);
  g_autofree char *none = token_unsigned("{\"alg\":\"none\"}", claims, "");
  g_autofree char *altered = g_strconcat(fin_token(), "A", NULL);
  g_autofree char *audience = token_with("fin", "{\"aud\":\"other\"}");
  g_autofree char *sales = token_for_role("sales");
  const char *const bad[] = {expired, none, altered, audience, "x"};
  const char *body = "{\"origem_id\":1,\"destino_id\":2,\"assincrono\":true}";
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    const char *sent = *routes[i].method == 'P' ? body : NULL;
    g_autoptr(Answer) nobody = call(routes[i].method, routes[i].path, .body = sent);
    assert_detail(nobody, 401, "As credenciais de autenticação não foram fornecidas.");
    assert_header(nobody, "www-authenticate", "Bearer");
    for (gsize j = 0; j < G_N_ELEMENTS(bad); j++) {
      g_autoptr(Answer) answer =
          call(routes[i].method, routes[i].path, .token = bad[j], .body = sent);
      assert_detail(answer, 401, "Token inválido.");
      assert_header(answer, "www-authenticate", "Bearer error=\"invalid_token\"");
    }
    g_autoptr(Answer) other = call(routes[i].method, routes[i].path, .token = sales, .body = sent);
    assert_detail(other, 403, FORBIDDEN);
  }
  assert_nothing_happened();
}

/* B53; the scheduler's secret opens nothing here either */
static void
test_only_a_role_that_users_cannot_give_themselves_counts(G_GNUC_UNUSED void **state)
{
  g_autofree char *claimed = token_with(NULL, "{\"user_metadata\":{\"role\":\"admin\"}}");
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    g_autoptr(Answer) answer = call(routes[i].method, routes[i].path, .token = claimed);
    assert_detail(answer, 403, FORBIDDEN);
    g_autoptr(Answer) cron =
        call(routes[i].method, routes[i].path, .token = harness_env("CRON_SECRET"));
    if (g_str_has_prefix(routes[i].path, TASKS)) /* what a cron started it may follow */
      assert_status(cron, 404);
    else
      assert_detail(cron, 401, "Token inválido.");
  }
  assert_nothing_happened();
}

/* B51 */
static void
test_another_method_is_named_with_those_that_are(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    gboolean posts = *routes[i].method == 'P';
    static const char *const tried[] = {"PUT", "DELETE", "PATCH"};
    for (gsize j = 0; j < G_N_ELEMENTS(tried); j++) {
      g_autoptr(Answer) answer = call(tried[j], routes[i].path, .token = fin_token());
      g_autofree char *text = g_strdup_printf("Método \"%s\" não é permitido.", tried[j]);
      assert_detail(answer, 405, text);
      assert_header(answer, "allow", posts ? "POST" : "GET, HEAD");
    }
  }
  g_autoptr(Answer) get = bo_get(TRANSFER);
  assert_detail(get, 405, "Método \"GET\" não é permitido.");
  assert_header(get, "allow", "POST");
}

/* B47, 3.4 */
static void
test_a_body_that_is_no_json_says_why(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *body, *why;
  } bodies[] = {
      {"{\"a\":", "fim inesperado"},
      {"{\"a\":1}x", "texto depois do fim"},
      {"{\"a\":\"\xff\"}", "UTF-8 inválido"},
      {"{'a':1}", "sintaxe inválida na linha 1, coluna 2"},
      {"{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", "profundidade acima de 16"},
      {"{\"a\":NaN}", NULL},
      {"{\"a\":1,}", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Answer) answer = bo_post(TRANSFER, bodies[i].body);
    g_autofree char *text =
        bodies[i].why != NULL ? g_strconcat("JSON parse error - ", bodies[i].why, NULL) : NULL;
    assert_detail(answer, 400, text);
    assert_error_code(answer, 400, NULL, "invalid_json");
    assert_true(g_str_has_prefix(answer_text(answer, "detail"), "JSON parse error - "));
  }
  static const char *const others[] = {"[1]", "null", "1", "\"x\"", "true"};
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(Answer) answer = bo_post(TRANSFER, others[i]);
    assert_erro(answer, 400, "O corpo deve ser um objeto JSON");
  }
  g_autoptr(Answer) deep = bo_post(TRANSFER, "{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"); /* 16 */
  assert_erro(deep, 400, "origem_id e destino_id são obrigatórios");
  assert_nothing_happened();
}

/* B48, 3.3 */
static void
test_a_body_of_another_type_is_named(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *type, *named;
  } types[] = {
      {"text/plain", "text/plain"},
      {"application/x-www-form-urlencoded", "application/x-www-form-urlencoded"},
      {"application/json; charset=latin1", "application/json; charset=latin1"},
      {"application/jsonp", "application/jsonp"},
      {"a\"b", "a\"b"},
      {"", ""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
    g_autoptr(Answer) answer =
        call("POST", TRANSFER, .token = fin_token(), .body = "a=1", .content_type = types[i].type);
    g_autofree char *text =
        g_strdup_printf("Tipo de mídia \"%s\" no pedido não é suportado.", types[i].named);
    assert_detail(answer, 415, text);
  }
  static const char *const good[] = {"application/json;charset=utf-8",
                                     "Application/JSON ; charset=\"UTF-8\""};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autoptr(Answer) answer =
        call("POST", TRANSFER, .token = fin_token(), .body = "{}", .content_type = good[i]);
    assert_erro(answer, 400, NULL);
  }
}

/* B49, 3.6 */
static void
test_a_body_beyond_the_limit_is_not_read(G_GNUC_UNUSED void **state)
{
  g_autofree char *big = g_strnfill(65 * 1024, ' ');
  g_autoptr(Answer) over = bo_post(TRANSFER, big);
  assert_detail(over, 413, "Corpo da requisição excede o limite.");
  big[64 * 1024] = '\0';
  g_autoptr(Answer) fits = bo_post(TRANSFER, big);
  assert_detail(fits, 400, NULL); /* blanks are no JSON */
  g_autoptr(Answer) upload = bo_post(UPLOAD, big);
  assert_detail(upload, 400, NULL);

  gsize length = 100 * 1024 * 1024;
  g_autofree char *huge = g_malloc0(length);
  g_autoptr(Answer) refused =
      call("POST", UPLOAD, .token = fin_token(), .body = huge, .length = length);
  assert_error_code(refused, 413, "Corpo da requisição excede o limite.", "body_too_large");
}

/* 3.6, 7: the limit follows the setting */
static void
test_the_largest_file_is_a_setting(G_GNUC_UNUSED void **state)
{
  program_restart("attachments/incluir", "BACKOFFICE_MAX_FILE_BYTES=1024");
  g_autofree char *base64 = g_strnfill(1368, 'A'); /* 1026 bytes */
  g_autofree char *body = g_strdup_printf(
      "{\"tabela\":\"t\",\"n_id\":1,\"nome_arquivo\":\"a\",\"arquivo_base64\":\"%s\"}", base64);
  g_autoptr(Answer) file = bo_post(UPLOAD, body);
  assert_erro(file, 413, "Arquivo excede o limite de 1 KB");
  assert_error_code(file, 413, NULL, "file_too_large");
  g_autofree char *blanks = g_strnfill(67 * 1024, ' ');
  g_autoptr(Answer) whole = bo_post(UPLOAD, blanks);
  assert_detail(whole, 413, "Corpo da requisição excede o limite.");
  assert_nothing_happened();
}

/* B50 */
static void
test_a_slash_at_the_end_changes_nothing(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
    g_autofree char *slashed = g_strconcat(routes[i].path, "/", NULL);
    const char *body = *routes[i].method == 'P' ? "{}" : NULL;
    g_autoptr(Answer) bare =
        call(routes[i].method, routes[i].path, .token = fin_token(), .body = body);
    g_autoptr(Answer) slash = call(routes[i].method, slashed, .token = fin_token(), .body = body);
    assert_true(bare->status == 200 || bare->status == 400 || bare->status == 404);
    assert_int_equal(bare->status, slash->status);
    json_object_del(bare->json, "requestId");
    json_object_del(slash->json, "requestId");
    assert_true(json_equal(bare->json, slash->json));
  }
}

/* 3.11 */
static void
test_a_failure_of_ours_is_not_explained(G_GNUC_UNUSED void **state)
{
  program_restart("attachments/_index", "APP_TIMEZONE=Nowhere/Land");
  g_autoptr(Answer) answer = bo_get(ATTACHMENTS);
  assert_detail(answer, 500, "Ocorreu um erro de servidor.");
  assert_error_code(answer, 500, NULL, "internal_error");
}

/* B87, 3.11 */
static void
test_without_the_database_the_service_is_unavailable(G_GNUC_UNUSED void **state)
{
  postgres_stop();
  g_autoptr(Answer) list = bo_get(ORDERS);
  assert_detail(list, 503, "Serviço indisponível.");
  g_autoptr(Answer) transfer = bo_post(TRANSFER, "{\"origem_id\":1,\"destino_id\":2}");
  assert_detail(transfer, 503, "Serviço indisponível.");
  postgres_start();
  g_autoptr(Answer) again = bo_get(ORDERS);
  assert_status(again, 200);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      BACKOFFICE_CASE(test_without_a_good_token_nothing_opens),
      BACKOFFICE_CASE(test_only_a_role_that_users_cannot_give_themselves_counts),
      BACKOFFICE_CASE(test_another_method_is_named_with_those_that_are),
      BACKOFFICE_CASE(test_a_body_that_is_no_json_says_why),
      BACKOFFICE_CASE(test_a_body_of_another_type_is_named),
      BACKOFFICE_CASE(test_a_body_beyond_the_limit_is_not_read),
      BACKOFFICE_CASE(test_the_largest_file_is_a_setting),
      BACKOFFICE_CASE(test_a_slash_at_the_end_changes_nothing),
      BACKOFFICE_CASE(test_a_failure_of_ours_is_not_explained),
      BACKOFFICE_CASE(test_without_the_database_the_service_is_unavailable),
  };
  return RUN("backoffice access", tests);
}

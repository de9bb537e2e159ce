/* How a file's content is had (backoffice.md 6.7). */
#include "harness_transfer.h"

#include <string.h>

/* B12 */
static void
test_content_is_had_by_its_link(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "by a link");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_payable_is_a_copy();
  assert_int_equal(omie_calls_of(DOWNLOAD), 1);
}

/* 6.7: what the answer carries needs no download */
static void
test_content_in_the_answer_itself_is_taken(G_GNUC_UNUSED void **state)
{
  omie_setting("attachments_content", "S");
  receipt_file("a.txt", "in the answer");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_payable_is_a_copy();
  assert_int_equal(omie_calls_of(DOWNLOAD), 0);
}

/* B13 */
static void
test_a_file_without_content_fails_alone(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "first");
  receipt_file("b.txt", NULL);
  receipt_file("c.txt", ""); /* an empty file is no content, either */
  receipt_file("d.txt", "fourth");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 2, 4, "2 de 4 anexos não transferidos: b.txt: sem conteúdo");
  assert_figures(answer, "incluidos=2,sem_conteudo=2");
  assert_payable("a.txt,d.txt");
}

/* 6.7: base64 that is not */
static void
test_content_that_is_no_base64_is_none(G_GNUC_UNUSED void **state)
{
  static const char *const contents[] = {"isto não é base64", "QUJ", "QUJD=QUJD", "===="};
  for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
    backoffice_before(state);
    receipt_file("a.txt", "content");
    g_autofree char *body = g_strdup_printf(
        "{\"cCodStatus\":\"0\",\"cDesStatus\":\"ok\",\"cArquivo\":\"%s\"}", contents[i]);
    omie_answer(.method = OBTAIN_ATTACHMENT, .body = body);
    g_autoptr(Answer) answer = transfer_now();
    assert_not_sent(answer, 0, 1, "1 de 1 anexos não transferidos: a.txt: sem conteúdo");
    assert_figures(answer, "sem_conteudo=1");
    assert_payable("");
  }
}

/* B14 */
static void
test_a_link_that_leads_elsewhere_is_not_followed(G_GNUC_UNUSED void **state)
{
  g_autofree char *server = file_server_start(), *foreign = g_strconcat(server, "/", NULL);
  g_autofree char *plain = g_strconcat("http", foreign + strlen("https"), NULL);
  static const char reason[] = "1 de 1 anexos não transferidos: a.txt: link de download %s";
  const struct {
    const char *base, *reason;
  } cases[] = {
      {foreign, "em servidor não permitido"}, /* another port of this very host */
      {plain, "não usa https"},
      {"https://example.com/", "em servidor não permitido"},
      {"https://omie.com.br.example.com/", "em servidor não permitido"},
      {"https://10.0.0.1/", "em servidor não permitido"},
      {"https://[::1]/", "em servidor não permitido"},
      {"https://user@app.omie.com.br/", "com usuário ou senha"},
      {"https://cdn.omie.com.br:8443/", "em porta não permitida"},
      {"file:///etc/passwd", "não usa https"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *message = g_strdup_printf(reason, cases[i].reason);
    worker_before(state);
    omie_setting("download_base", cases[i].base);
    receipt_file("a.txt", "content");
    g_autoptr(Answer) answer = transfer_now();
    assert_not_sent(answer, 0, 1, message);
    assert_figures(answer, "erros_inclusao=1");
    assert_payable("");
    assert_sql("f", "select bool_or(proxima_tentativa_em is not null) from " TRANSFERS);
  }
  assert_int_equal(file_server_hits("/"), 0);
}

/* B14: a name that is allowed, and leads to this very machine */
static void
test_a_name_that_leads_to_an_inner_address_is_not_followed(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_DOWNLOAD_HOSTS=localhost");
  omie_setting("download_base", "https://localhost/");
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(
      answer, 0, 1,
      "1 de 1 anexos não transferidos: a.txt: link de download aponta para endereço interno");
}

/* B14: a redirect is another link */
static void
test_a_redirect_that_leads_elsewhere_is_not_followed(G_GNUC_UNUSED void **state)
{
  g_autofree char *server = file_server_start();
  g_autofree char *headers = g_strdup_printf("{\"Location\":\"%s/stolen\"}", server);
  sql("insert into sandbox.omie_fault (method, status, headers, body)"
      " values ('download', 302, $1, '')",
      headers);
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(
      answer, 0, 1,
      "1 de 1 anexos não transferidos: a.txt: link de download em servidor não permitido");
  assert_int_equal(file_server_hits("/stolen"), 0);
}

/* 5.4: downloads are reads, and a read that was lost is asked for again */
static void
test_a_download_that_breaks_off_is_repeated(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_TRANSIENT_WAITS_MS=10,10");
  omie_answer(.method = DOWNLOAD, .times = 1, .trick = "reset");
  omie_answer(.method = DOWNLOAD, .call = 2, .times = 1, .status = 503, .body = "away");
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_payable_is_a_copy();
  assert_int_equal(omie_calls_of(DOWNLOAD), 3);
}

static void
test_a_download_that_never_succeeds_fails_its_file_alone(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_TRANSIENT_WAITS_MS=10,10");
  omie_answer(.method = DOWNLOAD, .times = 3, .status = 503, .body = "away");
  receipt_file("a.txt", "first");
  receipt_file("b.txt", "second");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 1, 2,
                  "1 de 2 anexos não transferidos: a.txt: o servidor do arquivo respondeu 503 "
                  "Service Unavailable");
  assert_payable("b.txt");
  assert_sql("t", "select proxima_tentativa_em is not null from " TRANSFERS);
}

/* B15, by its link and in the answer itself */
static void
test_a_file_above_the_limit_fails_alone(G_GNUC_UNUSED void **state)
{
  static const char message[] =
      "1 de 3 anexos não transferidos: large.bin: arquivo excede o limite de 64 KB";
  for (guint i = 0; i < 2; i++) {
    worker_before(state);
    program_restart(TRANSFER_PROGRAM, "BACKOFFICE_MAX_FILE_BYTES=65536");
    omie_setting("attachments_content", i == 0 ? "N" : "S");
    receipt_file("a.txt", "small");
    receipt_noise("large.bin", 65537);
    receipt_noise("just.bin", 65536);
    g_autoptr(Answer) answer = transfer_now();
    assert_not_sent(answer, 2, 3, message);
    assert_figures(answer, "incluidos=2,erros_inclusao=1");
    assert_payable("a.txt,just.bin");
    assert_sql("t", "select proxima_tentativa_em is null from " TRANSFERS);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_content_is_had_by_its_link),
      TRANSFER_CASE(test_content_in_the_answer_itself_is_taken),
      TRANSFER_CASE(test_a_file_without_content_fails_alone),
      TRANSFER_CASE(test_content_that_is_no_base64_is_none),
      TRANSFER_CASE(test_a_link_that_leads_elsewhere_is_not_followed),
      TRANSFER_CASE(test_a_name_that_leads_to_an_inner_address_is_not_followed),
      TRANSFER_CASE(test_a_redirect_that_leads_elsewhere_is_not_followed),
      TRANSFER_CASE(test_a_download_that_breaks_off_is_repeated),
      TRANSFER_CASE(test_a_download_that_never_succeeds_fails_its_file_alone),
      TRANSFER_CASE(test_a_file_above_the_limit_fails_alone),
  };
  return RUN("transfer: content", tests);
}

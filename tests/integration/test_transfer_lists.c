/* How the attachments of both records are listed (backoffice.md 5.4, 6.5). */
#include "harness_transfer.h"

/* B07, B08: three pages on both sides */
static void
test_long_lists_are_read_to_their_end(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, NO_RATE);
  for (guint i = 1; i <= 120; i++) {
    g_autofree char *name = g_strdup_printf("%u.txt", i), *before = g_strdup_printf("-%s", name);
    receipt_file(name, name);
    payable_file(i == 119 ? name : before, "before");
  }
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 119, 120);
  assert_figures(answer, "contagem_origem=120,contagem_destino_inicial=120,incluidos=119,"
                         "duplicados=1");
  assert_int_equal(attachments_count(PAYABLES, PAYABLE), 239);
  assert_sql("1,2,3,1,2,3", "select string_agg(param ->> 'nPagina', ',' order by id)"
                            "  from sandbox.omie_call where method = 'ListarAnexo'");
  assert_sql("0", "select count(*) from (select name from sandbox.omie_attachment"
                  "  where register = 'conta-pagar' group by name having count(*) > 1) twice");
}

/* B09 */
static void
test_the_older_name_of_the_list_is_read_too(G_GNUC_UNUSED void **state)
{
  omie_setting("attachments_member", "anexos");
  payable_file("a.txt", "before");
  receipt_abc();
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 2, 3);
  assert_figures(answer, "incluidos=2,duplicados=1");
}

/* B10 */
static void
test_a_receipt_without_files_is_done_at_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 0, 0);
  assert_figures(answer, "contagem_origem=0,contagem_destino_inicial=0");
  assert_methods_called("ListarAnexo");
}

/* 6.5: a list that does not say how long it is ends with a page that is not full */
static void
test_a_list_without_a_total_is_read_to_its_end(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, UNHURRIED);
  for (guint i = 1; i <= 51; i++) {
    g_autofree char *name = g_strdup_printf("%u.txt", i);
    receipt_file(name, name);
  }
  g_autofree char *page =
      sql_text("select jsonb_build_object('listaAnexos', jsonb_agg(jsonb_build_object("
               "    'nIdAnexo', id, 'cNomeArquivo', name) order by position))::text"
               "  from (select * from sandbox.omie_attachment order by position limit 50) first");
  omie_answer(.method = LIST_ATTACHMENTS, .times = 1, .body = page);
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 51, 51);
  assert_payable_is_a_copy();
}

/* 6.5 */
static void
test_a_list_of_more_than_200_pages_is_an_error(G_GNUC_UNUSED void **state)
{
  omie_answer(.method = LIST_ATTACHMENTS, .times = 1,
              .body = "{\"listaAnexos\":[{\"nIdAnexo\":1,\"cNomeArquivo\":\"a.txt\"}],"
                      "\"nPagina\":1,\"nTotPaginas\":201}");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 0, "Erro inesperado: Omie: paginação inválida");
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 1);
}

/* 5.1: a file without an id is asked for by its name, and has no code at its destination */
static void
test_a_file_without_an_id_is_known_by_its_name(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "content");
  omie_answer(.method = LIST_ATTACHMENTS, .times = 1,
              .body = "{\"listaAnexos\":[{\"cNomeArquivo\":\"a.txt\"}],\"nTotPaginas\":1}");
  omie_write_ends(INCLUDE_ATTACHMENT, 1, TRUE, ENDS_IN_RESET);
  g_autoptr(Answer) answer = transfer_now();
  assert_figures(answer, "erros_inclusao=1");
  g_autofree char *asked = omie_parameters_of(OBTAIN_ATTACHMENT, 1);
  assert_string_equal(asked, "{\"nId\": 77001, \"cTabela\": \"com-recebimento\", "
                             "\"cNomeArquivo\": \"a.txt\"}");
  omie_answer(.method = LIST_ATTACHMENTS, .times = 1,
              .body = "{\"listaAnexos\":[{\"cNomeArquivo\":\"a.txt\"}],\"nTotPaginas\":1}");
  g_autoptr(Answer) retried = retry_pending();
  assert_int_equal(answer_int(retried, "sucessos"), 1);
  assert_sql("1", "select detalhes ->> 'ja_transferidos' from " TRANSFERS);
  assert_payable("a.txt");
  assert_sql("t", "select integration_code is null from sandbox.omie_attachment"
                  " where register = 'conta-pagar'");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_long_lists_are_read_to_their_end),
      TRANSFER_CASE(test_the_older_name_of_the_list_is_read_too),
      TRANSFER_CASE(test_a_receipt_without_files_is_done_at_once),
      TRANSFER_CASE(test_a_list_without_a_total_is_read_to_its_end),
      TRANSFER_CASE(test_a_list_of_more_than_200_pages_is_an_error),
      TRANSFER_CASE(test_a_file_without_an_id_is_known_by_its_name),
  };
  return RUN("transfer: lists", tests);
}

/* The stand-ins of the ERPs' books fail, repeat themselves and hold back as tests arrange it. */
#include <string.h>

#include "harness_ledger.h"
#include "harness_stand_in.h"

#define JANUARY "dataInicial=20260101&dataFinal=20260131"
#define TOTVS   "/totvs/protheus/rest/CTBR020/"

/* GETs a path with a token of the company (TOTVS: as its tenant). */
static Reply
get(const Book *book, const char *path)
{
  g_autofree char *token = book_token_make(book);
  g_autofree char *bearer = g_strconcat("Authorization: Bearer ", token, NULL);
  g_autofree char *tenant = g_strconcat("tenantId: ", book_login(book, "tenant"), NULL);
  return ask(path, NULL, bearer, tenant);
}

static void
test_pages_follow_each_other_and_can_be_disturbed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
#define PAGE(n) TOTVS "movimentacao?empresa=01&conta=1.01.001&pageSize=10&page=" #n "&" JANUARY
  book_account(book, "1.01.001", "Caixa", "ASSET", "0.00");
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", 25);
  g_auto(Reply) first = get(book, PAGE(1)), third = get(book, PAGE(3));
  assert_true(says(&first, 200, "\"hasNext\":true"));
  assert_true(says(&first, 200, "\"CT2_DOC\":\"000010\""));
  assert_null(strstr(first.body->str, "\"CT2_DOC\":\"000011\""));
  assert_true(says(&third, 200, "\"hasNext\":false"));
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .trick = "repeat");
  g_auto(Reply) repeated = get(book, PAGE(2)), second = get(book, PAGE(2));
  assert_string_equal(repeated.body->str, first.body->str);
  assert_true(says(&second, 200, "\"CT2_DOC\":\"000020\""));
  book_fault(book, .kind = "subledger", .times = LEDGER_ALWAYS, .trick = "empty");
  g_auto(Reply) empty = get(book, PAGE(1));
  assert_true(says(&empty, 200, "\"hasNext\":true,\"movimentacao\":[]"));
  book_faults_clear(book);
  ledger_setting("totvs", "shift", "1");
  g_auto(Reply) shifted = get(book, PAGE(2));
  assert_true(says(&shifted, 200, "\"CT2_DOC\":\"000010\""));
  ledger_setting("totvs", "paging", "N");
  g_auto(Reply) whole = get(book, PAGE(2));
  assert_true(says(&whole, 200, "\"CT2_DOC\":\"000025\""));
  assert_null(strstr(whole.body->str, "hasNext"));
}

static void
test_rows_are_listed_as_they_were_put(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_put(book, "trial-balance", "{\"CT1_CONTA\": \"1.01.001\", \"CTI_SALDOF\":1e2}");
  book_put_for(book, "subledger", "{\"id\":1}", "1.01.001", "2026-01-05");
  book_put_for(book, "subledger", "{\"id\":2}", "1.01.002", "2026-01-05");
  g_auto(Reply) balance = get(book, TOTVS "balancete?empresa=01&" JANUARY);
  assert_true(
      says(&balance, 200, "\"balancete\":[{\"CT1_CONTA\": \"1.01.001\", \"CTI_SALDOF\":1e2}]}"));
  g_auto(Reply) entries = get(book, TOTVS "movimentacao?empresa=01&conta=1.01.001&" JANUARY);
  assert_true(says(&entries, 200, "\"movimentacao\":[{\"id\":1}]}"));
  g_auto(Reply) later = get(book, TOTVS "movimentacao?empresa=01&conta=1.01.001"
                                        "&dataInicial=20260201&dataFinal=20260228");
  assert_true(says(&later, 200, "\"movimentacao\":[]}"));
}

static void
test_calls_above_the_limit_are_refused_and_counted(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  ledger_setting("bling", "per_minute", "3");
  for (guint i = 0; i < 3; i++) {
    g_auto(Reply) reply = get(book, "/bling/Api/v3/empresas");
    assert_int_equal(reply.status, 200);
  }
  g_auto(Reply) fourth = get(book, "/bling/Api/v3/empresas");
  assert_true(says(&fourth, 429, "\"period\":\"second\""));
  assert_in_range(g_ascii_strtoll(fourth.retry_after, NULL, 10), 1, 60);
  assert_int_equal(book_busiest(book, "60 s"), 4);
  assert_int_equal(book_calls(book, "companies"), 4);
}

static void
test_faults_are_played_as_they_were_arranged(G_GNUC_UNUSED void **state)
{
  static const char path[] = TOTVS "balancete?empresa=01&" JANUARY;
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  g_auto(Reply) truth = get(book, path);
  book_fault(book, .status = 429, .headers = "{\"Retry-After\":\"2\"}");
  g_auto(Reply) limited = get(book, path);
  assert_true(says(&limited, 429, "Too many requests"));
  assert_string_equal(limited.retry_after, "2");
  book_fault(book, .status = 200, .body = "<html>manutenção</html>");
  g_auto(Reply) page = get(book, path);
  assert_true(says(&page, 200, "<html>"));
  book_fault(book, .trick = "half");
  g_auto(Reply) half = get(book, path);
  assert_int_equal(half.status, 200);
  assert_int_equal(half.body->len, truth.body->len / 2);
  book_fault(book, .trick = "cut");
  g_auto(Reply) cut = get(book, path);
  assert_int_equal(cut.status, 0);
  assert_non_null(cut.failure);
  book_fault(book, .trick = "reset");
  g_auto(Reply) reset = get(book, path);
  assert_int_equal(reset.status, 0);
  book_fault(book, .trick = "windows-1252");
  g_auto(Reply) old = get(book, path);
  assert_true(says(&old, 200, "Dispon\xedvel"));
  book_fault(book, .status = 302, .headers = "{\"Location\":\"https://localhost/\"}");
  g_auto(Reply) moved = get(book, path);
  assert_int_equal(moved.status, 302);
  book_fault(book, .trick = "truth", .delay_ms = 300);
  g_auto(Reply) late = get(book, path);
  assert_true(late.took_us >= 300000);
  assert_string_equal(late.body->str, truth.body->str);
}

static void
test_a_dripping_answer_comes_byte_by_byte(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_put(book, "trial-balance", "{\"CT1_CONTA\":\"1.01.001\"}");
  g_auto(Reply) truth = get(book, TOTVS "balancete?empresa=01&" JANUARY);
  book_fault(book, .trick = "drip", .bytes_per_s = 100);
  g_auto(Reply) slow = get(book, TOTVS "balancete?empresa=01&" JANUARY);
  assert_string_equal(slow.body->str, truth.body->str);
  assert_true(slow.took_us >= (gint64)truth.body->len * 9000);
}

static void
test_a_hundred_thousand_entries_come_at_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_account(book, "1.01.001", "Caixa", "ASSET", "0.00");
  book_account(book, "4.01.001", "Receita", "REVENUE", "0.00");
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", 100000);
  ledger_setting("totvs", "paging", "N");
  g_auto(Reply) all = get(book, TOTVS "movimentacao?empresa=01&conta=1.01.001&" JANUARY);
  assert_int_equal(all.status, 200);
  assert_non_null(strstr(all.body->str, "\"CT2_DOC\":\"100000\""));
  print_message("%zu bytes in %.2f s\n", all.body->len, (double)all.took_us / 1e6);
  ledger_setting("totvs", "paging", "S");
  g_auto(Reply) last =
      get(book, TOTVS "movimentacao?empresa=01&conta=1.01.001&pageSize=500&page=200&" JANUARY);
  assert_true(says(&last, 200, "\"hasNext\":false"));
  print_message("the last of 200 pages in %.3f s\n", (double)last.took_us / 1e6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_pages_follow_each_other_and_can_be_disturbed),
      LEDGER_CASE(test_rows_are_listed_as_they_were_put),
      LEDGER_CASE(test_calls_above_the_limit_are_refused_and_counted),
      LEDGER_CASE(test_faults_are_played_as_they_were_arranged),
      LEDGER_CASE(test_a_dripping_answer_comes_byte_by_byte),
      LEDGER_CASE(test_a_hundred_thousand_entries_come_at_once),
  };
  return RUN("faults of the ledger's sandbox", tests);
}

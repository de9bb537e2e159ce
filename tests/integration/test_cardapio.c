/* Fetching orders of CardapioWeb: pages, details, limits and failures (data-collecting.md 3.1 to
 * 3.3). */
#include "harness.h"

#include "harness_import.h"

#define HISTORY_CALLS "sandbox.call where kind = 'history'"
#define DETAIL_CALLS  "sandbox.call where kind = 'details'"

/* An order of so many whole days ago, at noon. */
static void
past_order_put(gint64 id, int days)
{
  g_autofree char *noon = g_strdup_printf("%sT12:00:00.000-03:00", day_iso(-days));
  order_put(.id = id, .created_at = noon);
}

/* DC 93 */
static void
test_orders_are_listed_by_the_hundred_and_asked_for_once_each(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  orders_seed(day_iso(-2), 230);
  const char *days = window_days(-2, -1);
  g_autoptr(Answer) first = collect_ok_with(days);
  assert_collected(first, "O3", "status", "OK");
  assert_collected(first, "O3", "registrosRecebidos", "230");
  assert_collected(first, "O3", "vendasCriadas", "230");
  assert_sql("1:100,2:100,3:100",
             "select string_agg(concat_ws(':', request ->> 'page', request ->> 'per_page'), ','"
             "   order by at, id) from " HISTORY_CALLS);
  g_autofree char *window =
      g_strdup_printf("%sT00:00:00-03:00 %sT23:59:59-03:00", day_iso(-2), day_iso(-1));
  assert_sql(window, "select distinct concat_ws(' ', request ->> 'start_date',"
                     "   request ->> 'end_date') from " HISTORY_CALLS);
  assert_sql("t", "select bool_and(request::text like '%[\"closed\", \"canceled\"]%')"
                  " from " HISTORY_CALLS);
  assert_sql("230 230", "select concat_ws(' ', count(*), count(distinct request ->> 'id'))"
                        " from " DETAIL_CALLS);
  assert_sql("CARDAPIO-WEB-importation-log 230",
             "select concat_ws(' ', tipo, valor #>> '{dados,registros}') from crm.utils");
  g_autoptr(Answer) second = collect_ok_with(days);
  assert_collected(second, "O3", "status", "OK");
  assert_collected(second, "O3", "vendasCriadas", "0");
  assert_collected(second, "O3", "vendasAtualizadas", "0");
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "history", NULL), 6);
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 230);
  assert_int_equal(import_rows("O3", "log"), 1); /* nothing was fetched: no further row (1.10) */
}

/* DC 93: whatever moved is asked for again, and nothing else */
static void
test_only_an_order_that_moved_is_asked_for_again(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  past_order_put(1, 1);
  past_order_put(2, 1);
  const char *days = window_days(-1, 0);
  g_autoptr(Answer) first = collect_ok_with(days);
  assert_collected(first, "O3", "vendasCriadas", "2");
  order_change(2, "{\"observation\":\"sem cebola\"}");
  g_autoptr(Answer) second = collect_ok_with(days);
  assert_collected(second, "O3", "vendasAtualizadas", "1");
  assert_sql("1,2,2", "select string_agg(id, ',' order by id) from"
                      " (select request ->> 'id' as id from " DETAIL_CALLS ") calls");
  assert_text(sale_column("O3", "2", "observacoes"), "sem cebola");
  order_change(1, "{}"); /* touched, and yet the same: only that is noted (5.3) */
  g_autoptr(Answer) third = collect_ok_with(days);
  assert_collected(third, "O3", "vendasAtualizadas", "0");
  assert_collected(third, "O3", "vendasInalteradas", "1");
  g_autoptr(Answer) fourth = collect_ok_with(days);
  assert_collected(fourth, "O3", "status", "OK");
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 4);
}

/* DC 93, 3.2: a list without pages, with an order twice and one that is not finished */
static void
test_a_bare_list_is_a_single_page(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  past_order_put(1, 1);
  past_order_put(2, 1);
  g_autofree char *list = sql_text("select json_agg(json_build_object('id', id, 'status',"
                                   "   case id when 2 then 'ready' else status end,"
                                   "   'created_at', created, 'updated_at', created))::text"
                                   " from sandbox.cardapio_order, generate_series(1, 2)");
  sales_answer(.service = CARDAPIO_WEB, .kind = "history", .body = list);
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "vendasCriadas", "1");
  assert_non_null(sale_id("O3", "1"));
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "history", NULL), 1);
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 1);
}

/* DC 94 */
static void
test_retry_after_is_obeyed(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  past_order_put(1, 1);
  sales_answer(.service = CARDAPIO_WEB, .kind = "history", .status = 429, .times = 1,
               .headers = "{\"Retry-After\":\"2\"}");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "vendasCriadas", "1");
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "history", NULL), 2);
  gint64 waited = sales_call_start_us(CARDAPIO_WEB, 2) - sales_call_start_us(CARDAPIO_WEB, 1);
  assert_in_range(waited, 2 * G_USEC_PER_SEC, 10 * G_USEC_PER_SEC);
}

/* DC 94 */
static void
test_a_history_that_stays_limited_fails_the_organization(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  organization_put("O1", ONLINE);
  past_order_put(1, 1);
  sale_put(.id = "1", .day = day_iso(-1));
  sales_answer(.service = CARDAPIO_WEB, .kind = "history", .status = 429, .times = 3);
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_collected(answer, "O3", "status", "FALHA");
  assert_collected(answer, "O3", "erro", "ERP_LIMITE_EXCEDIDO");
  assert_collected(answer, "O3", "vendasCriadas", "0");
  assert_collected(answer, "O1", "status", "OK");
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "history", NULL), 3);
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 0);
  assert_null(last_sync_of("O3"));
  assert_int_equal(import_rows("O3", "error"), 1);
  assert_text(import_cell("O3", "error", "concat_ws(' ', tipo, dados ->> 'codigo')"),
              "CARDAPIO-WEB-importation-error ERP_LIMITE_EXCEDIDO");
  g_autoptr(Answer) next = collect_ok_with(window_days(-1, -1)); /* the limit is over */
  assert_collected(next, "O3", "status", "OK");
  assert_collected(next, "O3", "vendasCriadas", "1");
}

/* DC 94: two are survived, without losing or doubling anything */
static void
test_an_order_limited_twice_is_still_fetched(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  past_order_put(1, 1);
  past_order_put(2, 1);
  sales_answer(.service = CARDAPIO_WEB, .kind = "details", .request = "{\"id\":\"2\"}",
               .status = 429, .times = 2);
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "vendasCriadas", "2");
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 4);
}

/* DC 95 */
static void
test_an_order_that_cannot_be_had_does_not_hold_up_the_others(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  for (gint64 id = 1; id <= 3; id++)
    past_order_put(id, 1);
  sales_answer(.service = CARDAPIO_WEB, .kind = "details", .request = "{\"id\":\"2\"}",
               .status = 500);
  g_autoptr(Answer) first = collect_ok_with(window_days(-1, -1));
  assert_collected(first, "O3", "status", "PARCIAL");
  assert_collected(first, "O3", "vendasCriadas", "2");
  assert_non_null(sale_id("O3", "1"));
  assert_null(sale_id("O3", "2"));
  assert_non_null(sale_id("O3", "3"));
  assert_non_null(last_sync_of("O3"));
  assert_count(3, DETAIL_CALLS " and request ->> 'id' = '2'");
  assert_int_equal(import_rows("O3", "error"), 1);
  assert_text(import_cell("O3", "error",
                          "concat_ws(' ', dados ->> 'codigo',"
                          " dados ->> 'idExterno')"),
              "ERP_HTTP_500 2");
  sales_answers_clear();
  g_autoptr(Answer) second = collect_ok_with(window_days(-1, -1));
  assert_collected(second, "O3", "status", "OK");
  assert_collected(second, "O3", "vendasCriadas", "1");
  assert_non_null(sale_id("O3", "2"));
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 6); /* 1, 3, three times 2, 2 */
}

/* DC 95, 3.3 */
static void
test_an_order_that_is_gone_is_asked_for_only_once(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  past_order_put(1, 1);
  past_order_put(2, 1);
  sales_answer(.service = CARDAPIO_WEB, .kind = "details", .request = "{\"id\":\"2\"}",
               .status = 404);
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_collected(answer, "O3", "status", "PARCIAL");
  assert_collected(answer, "O3", "vendasCriadas", "1");
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", NULL), 2);
  assert_text(import_cell("O3", "error", "dados ->> 'codigo'"), "ERP_HTTP_404");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_orders_are_listed_by_the_hundred_and_asked_for_once_each),
      IMPORT_CASE(test_only_an_order_that_moved_is_asked_for_again),
      IMPORT_CASE(test_a_bare_list_is_a_single_page),
      IMPORT_CASE(test_retry_after_is_obeyed),
      IMPORT_CASE(test_a_history_that_stays_limited_fails_the_organization),
      IMPORT_CASE(test_an_order_limited_twice_is_still_fetched),
      IMPORT_CASE(test_an_order_that_cannot_be_had_does_not_hold_up_the_others),
      IMPORT_CASE(test_an_order_that_is_gone_is_asked_for_only_once),
  };
  return RUN("cardapio", tests);
}

/* The stand-ins of Online Software and CardapioWeb answer, refuse and fail as tests arrange it. */
#include <string.h>

#include "harness_stand_in.h"

#define HISTORY                                                                                    \
  ORDERS "history?start_date=2026-03-05T00:00:00-03:00&end_date=2026-03-05T23:59:59-03:00"

static void
test_sales_are_listed_as_they_were_put(G_GNUC_UNUSED void **state)
{
  sale_put_json("2026-03-05", "{\"valor\": 1.50, \"id\":7, \"a\":null}");
  sale_put_json("2026-03-06", "{\"id\":8}");
  g_auto(Reply) first = ask_day();
  assert_true(says(&first, 200, "{\"resultado\":[{\"valor\": 1.50, \"id\":7, \"a\":null}]}"));
  sale_change("7", "{\"valor\":\"2.00\",\"b\":true}");
  g_auto(Reply) second = ask_day();
  assert_true(says(&second, 200, "{\"valor\":\"2.00\",\"id\":7,\"a\":null,\"b\":true}"));
  sale_put(.day = "2026-03-05", .id = "9", .client = "ANA", .total = "15.00");
  g_auto(Reply) third = ask_day();
  assert_true(says(&third, 200, "\"cliente\":\"ANA\",\"clientefone\":null"));
  assert_true(says(&third, 200, "\"valorunit\":\"15.00\""));
  g_autofree char *from = sales_parameter(ONLINE_SOFTWARE, 1, "dtinicio");
  assert_string_equal(from, "05032026");
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 3);
}

static void
test_online_software_refuses_what_is_wrong(G_GNUC_UNUSED void **state)
{
  g_auto(Reply) token = ask_sales("outra", "listarVendas001", "05032026", "05032026");
  assert_true(says(&token, 401, "Token"));
  g_auto(Reply) routine = ask_sales(SALES_TOKEN, "listarVendas002", "05032026", "05032026");
  assert_true(says(&routine, 200, "{\"erro\":\"Rotina"));
  g_auto(Reply) day = ask_sales(SALES_TOKEN, "listarVendas001", "31022026", "05032026");
  assert_true(says(&day, 500, "Fatal error"));
  sales_suspend(SALES_TOKEN);
  g_auto(Reply) suspended = ask_day();
  assert_int_equal(suspended.status, 401);
}

static void
test_a_thousand_seeded_sales_come_at_once(G_GNUC_UNUSED void **state)
{
  sales_seed("2026-03-05", 1000, 0);
  g_auto(Reply) warm = ask_day();
  g_auto(Reply) reply = ask_day();
  assert_int_equal(reply.status, 200);
  g_autoptr(json_t) root = json_loadb(reply.body->str, reply.body->len, 0, NULL);
  assert_int_equal(json_array_size(json_object_get(root, "resultado")), 1000);
  print_message("%zu bytes in %.3f s\n", reply.body->len, (double)reply.took_us / 1e6);
  assert_string_equal(warm.body->str, reply.body->str);
  assert_sql("t", "select count(distinct body ->> 'cliente') between 400 and 560"
                  "   and avg(json_array_length(body -> 'itens')) between 3.2 and 3.8"
                  "   and bool_and((body ->> 'valor')::numeric > 0) from sandbox.online_sale");
}

static void
test_orders_are_paged_and_detailed(G_GNUC_UNUSED void **state)
{
  orders_seed("2026-03-05", 230);
  g_auto(Reply) last = ask_orders(HISTORY "&page=3&per_page=100");
  assert_true(says(&last, 200,
                   "\"pagination\":{\"current_page\":3,\"per_page\":100,\"total_pages\":3,"
                   "\"total_orders\":230}"));
  g_auto(Reply) canceled = ask_orders(HISTORY "&status[]=canceled&status%5B%5D=ready");
  assert_true(says(&canceled, 200, "\"total_orders\":25"));
  order_put(.id = 77, .total = "12.50", .created_at = "2026-03-05T23:59:59-03:00",
            .customer_name = "José");
  g_auto(Reply) details = ask_orders(ORDERS "77");
  assert_true(says(&details, 200, "\"total\":12.50"));
  assert_true(says(&details, 200, "\"name\":\"José\""));
  order_change(77, "{\"status\":\"canceled\"}");
  g_auto(Reply) changed = ask_orders(ORDERS "77");
  assert_true(says(&changed, 200, "\"status\":\"canceled\""));
  assert_null(strstr(changed.body->str, "\"updated_at\":\"2026-03-05"));
  assert_int_equal(sales_calls_of(CARDAPIO_WEB, "details", ORDERS_MERCHANT), 2);
  g_autofree char *states = sales_parameter(CARDAPIO_WEB, 2, "status[]");
  assert_string_equal(states, "[\"canceled\", \"ready\"]");
}

static void
test_cardapioweb_refuses_what_is_wrong(G_GNUC_UNUSED void **state)
{
  g_auto(Reply) key = ask(ORDERS "77", NULL, "X-API-KEY: outra", "X-Merchant-Id: " ORDERS_MERCHANT);
  assert_true(says(&key, 401, "{\"code\":4010,\"message\":"));
  g_auto(Reply) unknown = ask_orders(ORDERS "77");
  assert_int_equal(unknown.status, 404);
  g_auto(Reply) endless = ask_orders(ORDERS "history?start_date=2026-03-05T00:00:00-03:00");
  assert_true(says(&endless, 400, "end_date"));
  g_auto(Reply) large = ask_orders(HISTORY "&per_page=101");
  assert_int_equal(large.status, 400);
}

static void
test_cardapioweb_counts_the_calls_of_a_minute(G_GNUC_UNUSED void **state)
{
  orders_limits(2, 400);
  for (guint i = 0; i < 2; i++) {
    g_auto(Reply) reply = ask_orders(HISTORY);
    assert_int_equal(reply.status, 200);
  }
  g_auto(Reply) third = ask_orders(HISTORY);
  assert_int_equal(third.status, 429);
  assert_in_range(g_ascii_strtoll(third.retry_after, NULL, 10), 1, 60);
  sales_forget();
  g_auto(Reply) later = ask_orders(HISTORY);
  assert_int_equal(later.status, 200);
}

static void
test_faults_are_played_in_their_turn(G_GNUC_UNUSED void **state)
{
  sale_put_json("2026-03-05", "{\"id\":\"7\"}");
  sales_answer(.service = ONLINE_SOFTWARE, .call = 2, .times = 1, .status = 502);
  sales_answer(.service = ONLINE_SOFTWARE, .call = 3, .times = 1, .body = "\xe1");
  sales_answer(.service = ONLINE_SOFTWARE, .call = 4, .times = 1, .trick = "cut");
  sales_answer(.service = ONLINE_SOFTWARE, .call = 5, .times = 1, .trick = "reset");
  g_auto(Reply) first = ask_day(), second = ask_day(), third = ask_day(), fourth = ask_day(),
                fifth = ask_day(), sixth = ask_day();
  assert_true(says(&first, 200, "\"7\""));
  assert_true(says(&second, 502, "<center>nginx</center>"));
  assert_true(says(&third, 200, "\xe1"));
  assert_true(says(&fourth, 0, "{\"resu"));
  assert_true(says(&fifth, 0, ""));
  assert_true(says(&sixth, 200, "\"7\""));
  assert_int_equal(sales_call_status(ONLINE_SOFTWARE, 2), 502);
  sales_answer(.service = CARDAPIO_WEB, .kind = "details", .request = "{\"id\":\"5\"}",
               .status = 429, .headers = "{\"Retry-After\":\"2\"}");
  g_auto(Reply) limited = ask_orders(ORDERS "5");
  assert_true(says(&limited, 429, "\"code\":4290"));
  assert_string_equal(limited.retry_after, "2");
  g_auto(Reply) other = ask_orders(ORDERS "6");
  assert_int_equal(other.status, 404);
}

static gpointer
ask_in_background(gpointer reply)
{
  *(Reply *)reply = ask_day();
  return NULL;
}

static void
test_a_held_call_waits_until_it_is_released(G_GNUC_UNUSED void **state)
{
  g_auto(Reply) reply = {0};
  sales_hold(ONLINE_SOFTWARE, NULL);
  GThread *thread = g_thread_new("held", ask_in_background, &reply);
  WAIT_FOR(sales_held() == 1);
  assert_int_equal(sales_calls(ONLINE_SOFTWARE), 1);
  assert_int_equal(sales_call_status(ONLINE_SOFTWARE, 1), 0);
  sales_release();
  g_thread_join(thread);
  assert_int_equal(reply.status, 200);
}

#define CALLERS 50
#define WORKERS 8 /* of each of the sandbox's programs (deploy/up) */

static void
test_many_slow_answers_need_no_worker(G_GNUC_UNUSED void **state)
{
  Reply replies[CALLERS] = {0};
  GThread *threads[CALLERS];
  sales_seed("2026-03-05", 20, 0);
  g_auto(Reply) quick = ask_day();
  sales_latency(ONLINE_SOFTWARE, 2000);
  gint64 began = g_get_monotonic_time();
  for (guint i = 0; i < CALLERS; i++)
    threads[i] = g_thread_new("slow", ask_in_background, &replies[i]);
  for (guint i = 0; i < CALLERS; i++)
    g_thread_join(threads[i]);
  double seconds = (double)(g_get_monotonic_time() - began) / 1e6;
  for (guint i = 0; i < CALLERS; i++) {
    assert_true(says(&replies[i], 200, "resultado"));
    assert_string_equal(replies[i].body->str, quick.body->str);
    assert_true(replies[i].took_us >= 2 * G_USEC_PER_SEC);
    reply_clear(&replies[i]);
  }
  print_message("%d answers of 2 s in %.2f s, %d at once\n", CALLERS, seconds,
                (int)sales_calls_at_once(ONLINE_SOFTWARE));
  assert_true(sales_calls_at_once(ONLINE_SOFTWARE) > WORKERS);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      SALES_CASE(test_sales_are_listed_as_they_were_put),
      SALES_CASE(test_online_software_refuses_what_is_wrong),
      SALES_CASE(test_a_thousand_seeded_sales_come_at_once),
      SALES_CASE(test_orders_are_paged_and_detailed),
      SALES_CASE(test_cardapioweb_refuses_what_is_wrong),
      SALES_CASE(test_cardapioweb_counts_the_calls_of_a_minute),
      SALES_CASE(test_faults_are_played_in_their_turn),
      SALES_CASE(test_a_held_call_waits_until_it_is_released),
      SALES_CASE(test_many_slow_answers_need_no_worker),
  };
  return RUN("sandbox of sales", tests);
}

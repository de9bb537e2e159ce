/* Reading a listing while it arrives: rows, totals, odd shapes. */
#include <string.h>

#include "erp/omie/reply.h"
#include "unit.h"

static const OmieMethod method = {.list = "clientes_cadastro",
                                  .other_list = "lista_clientes_cadastro",
                                  .members = {"codigo", "nome"}};

/* Fed in pieces of `step` bytes, as a network cuts it. */
static OmieReply *
read_in_pieces(const char *body, gsize step)
{
  OmieReply *reply = omie_reply_new(&method);
  for (gsize at = 0, length = strlen(body); at < length; at += step)
    assert_true(omie_reply_feed(body + at, MIN(step, length - at), reply));
  omie_reply_end(reply);
  return reply;
}

static gboolean
is_whole(const OmieReply *reply)
{
  return omie_reply_answer(reply, &(HttpsResult){.status = 200}, 1000).is_object;
}

static void
test_rows_keep_the_members_asked_for_however_the_network_cuts_them(G_GNUC_UNUSED void **state)
{
  const char *body = "{\"pagina\":1,\"total_de_paginas\":7,\"clientes_cadastro\":["
                     "{\"codigo\":24859940171234,\"outro\":{\"nome\":\"inner\",\"x\":[{\"codigo\":"
                     "9}]},\"nome\":\"A\\u00e7\\u00e3o\"},"
                     "{\"nome\":null,\"codigo\":\"77\",\"tags\":[{\"tag\":\"Cliente\"}]},"
                     "{}],\"registros\":3}";
  for (gsize step = 1; step < 40; step++) {
    g_autoptr(OmieReply) reply = read_in_pieces(body, step);
    assert_true(is_whole(reply));
    assert_int_equal(omie_reply_total_pages(reply), 7);
    assert_int_equal(omie_reply_length(reply), 3);
    assert_int_equal(omie_reply_row(reply, 0)->cells[0].kind, OMIE_NUMBER);
    assert_string_equal(omie_reply_row(reply, 0)->cells[0].text, "24859940171234");
    assert_string_equal(omie_reply_row(reply, 0)->cells[1].text, "Ação");
    assert_int_equal(omie_reply_row(reply, 1)->cells[0].kind, OMIE_TEXT);
    assert_int_equal(omie_reply_row(reply, 1)->cells[1].kind, OMIE_ABSENT);
    assert_int_equal(omie_reply_row(reply, 2)->cells[0].kind, OMIE_ABSENT);
  }
}

static void
test_the_other_name_of_the_list_is_read_too(G_GNUC_UNUSED void **state)
{
  g_autoptr(OmieReply) reply = read_in_pieces("{\"lista_clientes_cadastro\":[{\"codigo\":1}]}", 8);
  assert_int_equal(omie_reply_length(reply), 1);
  assert_int_equal(omie_reply_total_pages(reply), -1);
}

static void
test_a_list_of_another_name_is_not_rows(G_GNUC_UNUSED void **state)
{
  g_autoptr(OmieReply) reply =
      read_in_pieces("{\"clientes_cadastro\":null,\"outros\":[{\"codigo\":1}]}", 8);
  assert_true(is_whole(reply));
  assert_int_equal(omie_reply_length(reply), 0);
}

static void
test_nul_characters_are_dropped(G_GNUC_UNUSED void **state)
{
  g_autoptr(OmieReply) reply =
      read_in_pieces("{\"clientes_cadastro\":[{\"nome\":\"A\\u0000B\"}]}", 100);
  assert_string_equal(omie_reply_row(reply, 0)->cells[1].text, "AB");
}

static void
test_a_lone_surrogate_is_repaired_not_passed_on(G_GNUC_UNUSED void **state)
{
  g_autoptr(OmieReply) reply =
      read_in_pieces("{\"clientes_cadastro\":[{\"nome\":\"A\\udc00B\"}]}", 100);
  const char *name = omie_reply_row(reply, 0)->cells[1].text;
  assert_true(g_utf8_validate(name, -1, NULL));
  assert_true(g_str_has_prefix(name, "A") && g_str_has_suffix(name, "B"));
}

static void
test_more_rows_than_any_page_has_are_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) body = g_string_new("{\"clientes_cadastro\":[{}");
  for (guint i = 0; i < 1000; i++)
    g_string_append(body, ",{}");
  g_string_append(body, "]}");
  g_autoptr(OmieReply) reply = read_in_pieces(body->str, 4096);
  assert_false(is_whole(reply));
}

static void
test_an_object_where_a_text_is_due_is_no_text(G_GNUC_UNUSED void **state)
{
  g_autoptr(OmieReply) reply =
      read_in_pieces("{\"clientes_cadastro\":[{\"nome\":{\"nome\":\"x\"},\"codigo\":[1]}]}", 100);
  assert_int_equal(omie_reply_row(reply, 0)->cells[0].kind, OMIE_OTHER);
  assert_int_equal(omie_reply_row(reply, 0)->cells[1].kind, OMIE_OTHER);
  assert_null(omie_reply_row(reply, 0)->cells[1].text);
}

static void
test_depth_is_bounded(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) deep = g_string_new("{\"a\":");
  for (guint i = 0; i < 31; i++)
    g_string_append_c(deep, '[');
  for (guint i = 0; i < 31; i++)
    g_string_append_c(deep, ']');
  g_string_append_c(deep, '}');
  g_autoptr(OmieReply) allowed = read_in_pieces(deep->str, 100);
  assert_true(is_whole(allowed));
  g_autofree char *deeper = g_strdup_printf("{\"a\":[%s]}", strchr(deep->str, '['));
  deeper[strlen(deeper) - 2] = '\0'; /* drop the extra braces, then close anew */
  g_autofree char *closed = g_strconcat(deeper, "}", NULL);
  g_autoptr(OmieReply) refused = read_in_pieces(closed, 100);
  assert_false(is_whole(refused));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows_keep_the_members_asked_for_however_the_network_cuts_them),
      cmocka_unit_test(test_the_other_name_of_the_list_is_read_too),
      cmocka_unit_test(test_a_list_of_another_name_is_not_rows),
      cmocka_unit_test(test_nul_characters_are_dropped),
      cmocka_unit_test(test_a_lone_surrogate_is_repaired_not_passed_on),
      cmocka_unit_test(test_more_rows_than_any_page_has_are_refused),
      cmocka_unit_test(test_an_object_where_a_text_is_due_is_no_text),
      cmocka_unit_test(test_depth_is_bounded),
  };
  return cmocka_run_group_tests_name("omie_reply", tests, NULL, NULL) != 0;
}

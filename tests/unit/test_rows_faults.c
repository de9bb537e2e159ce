/* Answers that are cut, mislabelled, malformed, too large or in another charset
 * (erp-connectors.md 6.0). */
#include "rows_fixture.h"

static const Delivery json_answer = {&json_rows, 200, "application/json", 0};
static const RowShape books = {
    .arrays = "items", .cells = {"nome", "valor"}, .outside = {"error.message", "total"}};

static void
assert_state(const char *text, BodyState wanted, const char *reason)
{
  for (gsize piece = 0; piece < 5; piece++) {
    g_auto(Rows) rows;
    rows_init(&rows, &books);
    Delivery delivery = json_answer;
    delivery.piece = piece;
    BodyState got = feed_text(&rows, &delivery, text);
    if (got != wanted || g_strcmp0(row_reader_reason(rows.reader), reason) != 0)
      fail_msg("%.60s: %d, %s", text, got, row_reader_reason(rows.reader));
  }
}

/* F-18 */
static void
test_an_answer_cut_anywhere_is_known_as_cut(G_GNUC_UNUSED void **state)
{
  const char *text = "{\"items\":[{\"nome\":\"\xC3\xA7\\u00e7\",\"valor\":-1.5e1},"
                     "{\"nome\":\"x\",\"y\":[true,{\"z\":null}]}],\"total\":2}";
  gsize first_end = (gsize)(strstr(text, "},") + 1 - text);
  gsize second_end = (gsize)(strstr(text, "}]}]") + 3 - text);
  for (gsize length = 1; length < strlen(text); length++)
    for (gsize piece = 0; piece < 4; piece++) {
      g_auto(Rows) rows;
      rows_init(&rows, &books);
      Delivery delivery = {&json_rows, 200, "application/json", piece};
      assert_int_equal(feed(&rows, &delivery, text, length), BODY_TRUNCATED);
      guint complete = (length >= first_end ? 1 : 0) + (length >= second_end ? 1 : 0);
      assert_int_equal(row_reader_count(rows.reader), complete);
      assert_int_equal(strstr(rows.seen->str, "x") != NULL, complete == 2);
    }
}

/* F-18 */
static void
test_a_second_attempt_hands_over_only_what_is_new(G_GNUC_UNUSED void **state)
{
  const char *text = "{\"items\":[{\"valor\":1},{\"valor\":2},{\"valor\":3}]}";
  const char *changed = "{\"items\":[{\"valor\":1},{\"valor\":9},{\"valor\":3}]}";
  const char *shorter = "{\"items\":[{\"valor\":1}]}";
  gsize two_rows = strlen("{\"items\":[{\"valor\":1},{\"valor\":2}");
  g_auto(Rows) rows;
  rows_init(&rows, &books);
  assert_int_equal(feed(&rows, &json_answer, text, two_rows), BODY_TRUNCATED);
  assert_int_equal(feed_text(&rows, &json_answer, changed), BODY_TRUNCATED);
  assert_int_equal(feed_text(&rows, &json_answer, shorter), BODY_TRUNCATED);
  assert_int_equal(feed_text(&rows, &json_answer, ""), BODY_TRUNCATED);
  assert_int_equal(feed_text(&rows, &json_answer, text), BODY_WHOLE);
  assert_string_equal(rows.seen->str, "1#1 \n1#2 \n1#3 \n");
  assert_int_equal(row_reader_count(rows.reader), 3);
  row_reader_restart(rows.reader);
  assert_int_equal(feed_text(&rows, &json_answer, shorter), BODY_WHOLE);
  assert_string_equal(rows.seen->str, "1#1 \n1#2 \n1#3 \n1#1 \n");
}

/* F-20 */
static void
test_a_page_or_another_markup_is_no_answer(G_GNUC_UNUSED void **state)
{
  assert_state("<!DOCTYPE html><html>", BODY_UNEXPECTED, NULL);
  assert_state("  \r\n <retorno/>", BODY_UNEXPECTED, NULL);
  assert_state("Internal error", BODY_UNEXPECTED, NULL);
  assert_state("{\"items\":[{\"nome\":<br>", BODY_UNEXPECTED, "no_json");
  assert_state("{\"items\":[]} {}", BODY_UNEXPECTED, "no_json");
}

static void
test_an_empty_answer_is_an_empty_list(G_GNUC_UNUSED void **state)
{
  assert_state("", BODY_NONE, NULL);
  assert_state(" \r\n", BODY_NONE, NULL);
}

static void
test_an_answer_of_the_wrong_shape_says_why(G_GNUC_UNUSED void **state)
{
  assert_state("{\"items\":[{\"nome\":\"a\",\"nome\":\"b\"}]}", BODY_MISSHAPEN, "member_twice");
  assert_state("{\"total\":1,\"total\":1}", BODY_MISSHAPEN, "member_twice");
  assert_state("{\"items\":[],\"items\":[]}", BODY_MISSHAPEN, "member_twice");
  assert_state("{\"items\":[1]}", BODY_MISSHAPEN, "row_is_no_object");
  assert_state("{\"items\":[null]}", BODY_MISSHAPEN, "row_is_no_object");
  assert_state("{\"items\":[[]]}", BODY_MISSHAPEN, "row_is_no_object");
  assert_state("{\"items\":[{\"nome\":\"a\"},{\"nome\":\"a\"}]}", BODY_WHOLE, NULL);
  static const RowShape two = {.arrays = "a,b", .cells = {"x"}};
  g_auto(Rows) rows;
  rows_init(&rows, &two);
  assert_int_equal(feed_text(&rows, &json_answer, "{\"a\":[{}],\"b\":[{}]}"), BODY_MISSHAPEN);
  assert_string_equal(row_reader_reason(rows.reader), "two_arrays_of_rows");
}

static void
test_an_answer_without_the_array_is_told(G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = {"{\"total\":1}", "{\"items\":null}", "{\"items\":{}}", "[]"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_auto(Rows) rows;
    rows_init(&rows, &books);
    assert_int_equal(feed_text(&rows, &json_answer, texts[i]), BODY_WHOLE);
    assert_false(row_reader_found_array(rows.reader));
  }
}

/* F-21 */
static void
test_of_a_refusal_only_what_stands_outside_is_read(G_GNUC_UNUSED void **state)
{
  static const Delivery refusal = {&json_rows, 400, NULL, 3};
  g_auto(Rows) rows;
  rows_init(&rows, &books);
  const char *text = "{\"error\":{\"message\":\"no\"},\"items\":[{\"nome\":\"a\"}]}";
  assert_int_equal(feed_text(&rows, &refusal, text), BODY_WHOLE);
  assert_string_equal(rows.seen->str, "");
  assert_string_equal(row_reader_outside(rows.reader, 0).text, "no");
  static const char *const texts[] = {"<html>", "{\"error\":{\"message\":\"cut\"}", "\xFF\xFE",
                                      "{x"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    assert_int_equal(feed_text(&rows, &refusal, texts[i]), BODY_WHOLE);
  assert_int_equal(feed_text(&rows, &refusal, "{\"error\":{\"message\":\"cut\"}"), BODY_WHOLE);
  assert_string_equal(row_reader_outside(rows.reader, 0).text, "cut");
}

/* F-51 */
static void
test_windows_1252_is_decoded_where_no_charset_is_stated(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *content_type, *text, *seen;
    BodyState state;
    gboolean decoded;
  } cases[] = {
      {"application/json", "Dispon\xEDvel \x80 \xC3", "Dispon\xC3\xADvel \xE2\x82\xAC \xC3\x83",
       BODY_WHOLE, TRUE},
      {NULL, "\xE7\xE3", "\xC3\xA7\xC3\xA3", BODY_WHOLE, TRUE},
      {"application/json; charset=ISO-8859-1", "\xE7", "\xC3\xA7", BODY_WHOLE, FALSE},
      {"application/json;charset=\"windows-1252\"", "\x80", "\xE2\x82\xAC", BODY_WHOLE, FALSE},
      {"application/json", "\xC3\xA7\xF0\x9F\x98\x80", "\xC3\xA7\xF0\x9F\x98\x80", BODY_WHOLE,
       FALSE},
      {"application/json; charset=utf-8", "\xE7", NULL, BODY_UNEXPECTED, FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gsize piece = 0; piece < 5; piece++) {
      g_auto(Rows) rows;
      rows_init(&rows, &books);
      Delivery delivery = {&json_rows, 200, cases[i].content_type, piece};
      g_autofree char *text = g_strdup_printf("{\"items\":[{\"nome\":\"%s\"}]}", cases[i].text);
      assert_int_equal(feed_text(&rows, &delivery, text), cases[i].state);
      g_autofree char *seen = g_strdup_printf("0=%s \n", cases[i].seen);
      assert_string_equal(rows.seen->str, cases[i].seen != NULL ? seen : "");
      assert_int_equal(row_reader_was_decoded(rows.reader), cases[i].decoded);
    }
}

static void
test_a_byte_order_mark_is_skipped(G_GNUC_UNUSED void **state)
{
  assert_state("\xEF\xBB\xBF{\"items\":[]}", BODY_WHOLE, NULL);
  assert_state("\xEF\xBB\xBF", BODY_NONE, NULL);
  assert_state("\xEF\xBB{\"items\":[]}", BODY_UNEXPECTED, NULL);
}

/* F-22 */
static void
test_json_under_another_content_type_is_read_and_told(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *content_type;
    gboolean mislabelled;
  } cases[] = {{"text/plain", TRUE},
               {"text/html; charset=utf-8", TRUE},
               {"Application/JSON", FALSE},
               {"application/problem+json", FALSE},
               {NULL, FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Rows) rows;
    rows_init(&rows, &books);
    Delivery delivery = {&json_rows, 200, cases[i].content_type, 0};
    assert_int_equal(feed_text(&rows, &delivery, "{\"items\":[{\"valor\":1}]}"), BODY_WHOLE);
    assert_string_equal(rows.seen->str, "1#1 \n");
    assert_int_equal(row_reader_was_mislabelled(rows.reader), cases[i].mislabelled);
  }
}

static void
assert_large(const char *before, gsize filler, const char *after, BodyState wanted,
             const char *reason)
{
  g_autofree char *padding = g_strnfill(filler, 'x');
  g_autofree char *text = g_strconcat(before, padding, after, NULL);
  for (guint i = 0; i < 2; i++) {
    g_auto(Rows) rows;
    rows_init(&rows, &books);
    Delivery delivery = {&json_rows, 200, NULL, i * 16384};
    assert_int_equal(feed_text(&rows, &delivery, text), wanted);
    if (i == 1)
      assert_int_equal(g_strcmp0(row_reader_reason(rows.reader), reason), 0);
  }
}

static void
test_rows_values_and_depth_have_limits(G_GNUC_UNUSED void **state)
{
  assert_large("{\"items\":[{\"nome\":\"", 1000000, "\"}]}", BODY_WHOLE, NULL);
  assert_large("{\"items\":[{\"nome\":\"", 1200000, "\"}]}", BODY_MISSHAPEN, "row_too_large");
  assert_large("{\"items\":[{\"zzz\":\"", 1200000, "\"}]}", BODY_MISSHAPEN, "row_too_large");
  assert_large("{\"items\":[],\"zzz\":\"", 1000000, "\"}", BODY_WHOLE, NULL);
  assert_state(
      "{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],\"items\":[]}",
      BODY_WHOLE, NULL);
  assert_state("{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
               BODY_MISSHAPEN, "too_deep");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_answer_cut_anywhere_is_known_as_cut),
      cmocka_unit_test(test_a_second_attempt_hands_over_only_what_is_new),
      cmocka_unit_test(test_a_page_or_another_markup_is_no_answer),
      cmocka_unit_test(test_an_empty_answer_is_an_empty_list),
      cmocka_unit_test(test_an_answer_of_the_wrong_shape_says_why),
      cmocka_unit_test(test_an_answer_without_the_array_is_told),
      cmocka_unit_test(test_of_a_refusal_only_what_stands_outside_is_read),
      cmocka_unit_test(test_windows_1252_is_decoded_where_no_charset_is_stated),
      cmocka_unit_test(test_a_byte_order_mark_is_skipped),
      cmocka_unit_test(test_json_under_another_content_type_is_read_and_told),
      cmocka_unit_test(test_rows_values_and_depth_have_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

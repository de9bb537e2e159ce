/* The rows of a JSON answer while it arrives (erp-connectors.md 6.0). */
#include "rows_fixture.h"

static const Delivery json_answer = {&json_rows, 200, "application/json", 0};

static const RowShape books = {
    .arrays = "balancete, items",
    .cells = {"CT1_CONTA,accountCode", "contato.nome", "valor", "lines[]", "ok"},
    .outside = {"hasNext", "company.name", "total", "error.message"}};

/* The same whether it comes at once, byte by byte or in pieces between. */
static void
assert_rows(const RowShape *shape, const char *text, const char *seen)
{
  for (gsize piece = 0; piece < 12; piece++) {
    g_auto(Rows) rows;
    rows_init(&rows, shape);
    Delivery delivery = json_answer;
    delivery.piece = piece;
    assert_int_equal(feed_text(&rows, &delivery, text), BODY_WHOLE);
    assert_string_equal(rows.seen->str, seen);
    assert_true(row_reader_found_array(rows.reader));
  }
}

static void
test_only_what_is_asked_for_comes_of_a_row(G_GNUC_UNUSED void **state)
{
  assert_rows(&books,
              "{\"balancete\":[{\"CT1_CONTA\":\"1.01  \",\"x\":{\"valor\":9,\"y\":[{\"valor\":8}]},"
              "\"valor\":10.50,\"contato\":{\"nome\":\"Ana\",\"id\":3}},\n"
              "{\"valor\":-0.1e2,\"ok\":true,\"accountCode\":\"2\"} , {}]}",
              "0=1.01 1=Ana 2#10.50 \n0=2 2#-0.1e2 4+ \n\n");
}

static void
test_texts_come_without_the_white_space_at_their_ends(G_GNUC_UNUSED void **state)
{
  assert_rows(&books,
              "{\"items\":[{\"accountCode\":\" \xC2\xA0 Caixa geral \\n \",\"valor\":\"10,50 \"},"
              "{\"accountCode\":\"  \",\"valor\":\"\"},{\"accountCode\":\"3\"}]}",
              "0=Caixa geral 2=10,50 \n0= 2= \n0=3 \n");
}

static void
test_the_first_name_that_is_there_and_not_null_wins(G_GNUC_UNUSED void **state)
{
  assert_rows(
      &books,
      "{\"items\":[{\"accountCode\":\"b\",\"CT1_CONTA\":\"a\"},"
      "{\"CT1_CONTA\":\"a\",\"accountCode\":\"b\"},"
      "{\"CT1_CONTA\":null,\"accountCode\":\"b\"},{\"CT1_CONTA\":\"\",\"accountCode\":\"b\"},"
      "{\"CT1_CONTA\":null,\"valor\":null}]}",
      "0=a \n0=a \n0=b \n0= \n\n");
}

static void
test_one_name_may_fill_several_cells(G_GNUC_UNUSED void **state)
{
  static const RowShape shape = {.arrays = "", .cells = {"data", "x,data", NULL, "data"}};
  assert_rows(&shape, "[{\"data\":\"31/01/2024\"}]", "0=31/01/2024 1=31/01/2024 3=31/01/2024 \n");
}

static void
test_arrays_may_stand_deep_or_at_the_root(G_GNUC_UNUSED void **state)
{
  static const RowShape shape = {.arrays = "data,retorno.contas,", .cells = {"a"}};
  assert_rows(&shape, "{\"retorno\":{\"contas\":[{\"a\":1}]},\"contas\":[{\"a\":2}]}", "0#1 \n");
  assert_rows(&shape, " \n[{\"a\":1}]", "0#1 \n");
  assert_rows(&shape, "{\"data\":[],\"retorno\":{\"contas\":[{\"a\":1}]}}", "0#1 \n");
  assert_rows(&shape, "{\"data\":[]}", "");
}

static void
test_a_list_inside_a_row_keeps_its_own_text(G_GNUC_UNUSED void **state)
{
  assert_rows(&books,
              "{\"items\":[{\"lines\":[ {\"v\": 1.50, \"t\":\"a\\\"]\"}, [] ] ,\"valor\":1},"
              "{\"lines\":{\"a\":{}}},{\"lines\":\"none\"},{\"lines\":null},{\"lines\":[]}]}",
              "2#1 3~[ {\"v\": 1.50, \"t\":\"a\\\"]\"}, [] ] \n3~{\"a\":{}} \n\n\n3~[] \n");
}

static void
test_an_object_where_a_value_is_due_is_not_taken_for_absent(G_GNUC_UNUSED void **state)
{
  assert_rows(&books, "{\"items\":[{\"valor\":{\"x\":1}},{\"valor\":[1]}]}", "2~ \n2~ \n");
}

static void
test_what_stands_outside_the_rows_is_read_before_and_behind_them(G_GNUC_UNUSED void **state)
{
  g_auto(Rows) rows;
  rows_init(&rows, &books);
  const char *text = "{\"company\":{\"name\":\"Effecti\"},\"items\":[{\"total\":1}],"
                     "\"hasNext\":true,\"total\":41,\"error\":null}";
  assert_int_equal(feed_text(&rows, &json_answer, text), BODY_WHOLE);
  assert_int_equal(row_reader_outside(rows.reader, 0).kind, ROW_TRUE);
  assert_string_equal(row_reader_outside(rows.reader, 1).text, "Effecti");
  assert_string_equal(row_reader_outside(rows.reader, 2).text, "41");
  assert_int_equal(row_reader_outside(rows.reader, 3).kind, ROW_ABSENT);
  assert_int_equal(row_reader_outside(rows.reader, 4).kind, ROW_ABSENT);
  assert_int_equal(row_reader_count(rows.reader), 1);
}

static void
test_an_answer_that_is_one_object_is_a_row(G_GNUC_UNUSED void **state)
{
  static const RowShape root = {
      .arrays = "", .cells = {"id", "baixas[]"}, .outside = {"erro"}, .is_object = TRUE};
  static const RowShape member = {
      .arrays = "data", .cells = {"id"}, .outside = {"erro"}, .is_object = TRUE};
  static const RowShape nothing = {.outside = {"id"}, .is_object = TRUE};
  g_auto(Rows) rows;
  rows_init(&rows, &root);
  const char *text = "{\"id\":7,\"erro\":\"e\",\"baixas\":[{}],\"data\":{\"id\":8}}";
  assert_int_equal(feed_text(&rows, &json_answer, text), BODY_WHOLE);
  assert_string_equal(rows.seen->str, "0#7 1~[{}] \n");
  assert_string_equal(row_reader_outside(rows.reader, 0).text, "e");
  g_auto(Rows) inner;
  rows_init(&inner, &member);
  assert_int_equal(feed_text(&inner, &json_answer, text), BODY_WHOLE);
  assert_string_equal(inner.seen->str, "0#8 \n");
  g_auto(Rows) outer;
  rows_init(&outer, &nothing);
  assert_int_equal(feed_text(&outer, &json_answer, text), BODY_WHOLE);
  assert_string_equal(outer.seen->str, "");
  assert_string_equal(row_reader_outside(outer.reader, 0).text, "7");
}

static void
test_escapes_are_decoded_and_what_texts_cannot_hold_is_left_out(G_GNUC_UNUSED void **state)
{
  assert_rows(&books,
              "{\"items\":[{\"CT1_CONTA\":\"a\\u0000b\\n\\u00e7\\ud83d\\ude00\"},"
              "{\"CT1_CONTA\":\"x\\udc00y\"},{\"CT1_CONTA\":\"\xC3\xA7\"}]}",
              "0=ab\n\xC3\xA7\xF0\x9F\x98\x80 \n0=x\xEF\xBF\xBDy \n0=\xC3\xA7 \n");
}

static gboolean
is_whole_text(const RowCell *cells, gpointer data)
{
  guint *seen = data;
  assert_int_equal(cells[0].kind, ROW_TEXT);
  assert_true(g_utf8_validate(cells[0].text, -1, NULL));
  (*seen)++;
  return TRUE;
}

static void
test_rows_are_handed_over_while_the_answer_arrives(G_GNUC_UNUSED void **state)
{
  guint seen = 0;
  g_autoptr(RowReader) reader = row_reader_new(&books, is_whole_text, &seen);
  json_rows.begin(reader);
  json_rows.head(reader, 200, "application/json");
  assert_true(json_rows.take("{\"items\":[", 10, reader));
  for (guint i = 1; i <= 1000; i++) {
    assert_true(json_rows.take("{\"CT1_CONTA\":\"1\"}", 17, reader));
    assert_int_equal(seen, i);
    assert_true(json_rows.take(",", 1, reader));
  }
}

static void
test_whoever_has_enough_ends_the_answer(G_GNUC_UNUSED void **state)
{
  for (guint fails = 0; fails < 2; fails++) {
    g_auto(Rows) rows;
    rows_init(&rows, &books);
    rows.left = 2;
    rows.fails = fails == 1;
    const char *text = "{\"items\":[{\"valor\":1},{\"valor\":2},{\"valor\":3}]}";
    assert_int_equal(feed_text(&rows, &json_answer, text), fails ? BODY_UNTAKEN : BODY_STOPPED);
    assert_string_equal(rows.seen->str, "2#1 \n2#2 \n");
  }
}

static void
test_a_cell_is_read_as_text_or_as_a_flag(G_GNUC_UNUSED void **state)
{
  const RowCell cells[] = {{ROW_TEXT, "Caixa"}, {ROW_TEXT, ""},  {ROW_NUMBER, "1"},
                           {ROW_TRUE, NULL},    {ROW_RAW, "[]"}, {ROW_ABSENT, NULL},
                           {ROW_TEXT, "Sim"},   {ROW_TEXT, "N"}, {ROW_FALSE, NULL}};
  static const char *const texts[] = {"Caixa", NULL, "1", "true", NULL, NULL, "Sim", "N", "false"};
  static const gboolean flags[] = {FALSE, FALSE, TRUE, TRUE, FALSE, FALSE, TRUE, FALSE, FALSE};
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    assert_int_equal(g_strcmp0(row_text(&cells[i]), texts[i]), 0);
    assert_int_equal(row_flag(&cells[i]), flags[i]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_only_what_is_asked_for_comes_of_a_row),
      cmocka_unit_test(test_texts_come_without_the_white_space_at_their_ends),
      cmocka_unit_test(test_the_first_name_that_is_there_and_not_null_wins),
      cmocka_unit_test(test_one_name_may_fill_several_cells),
      cmocka_unit_test(test_arrays_may_stand_deep_or_at_the_root),
      cmocka_unit_test(test_a_list_inside_a_row_keeps_its_own_text),
      cmocka_unit_test(test_an_object_where_a_value_is_due_is_not_taken_for_absent),
      cmocka_unit_test(test_what_stands_outside_the_rows_is_read_before_and_behind_them),
      cmocka_unit_test(test_an_answer_that_is_one_object_is_a_row),
      cmocka_unit_test(test_escapes_are_decoded_and_what_texts_cannot_hold_is_left_out),
      cmocka_unit_test(test_rows_are_handed_over_while_the_answer_arrives),
      cmocka_unit_test(test_whoever_has_enough_ends_the_answer),
      cmocka_unit_test(test_a_cell_is_read_as_text_or_as_a_flag),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

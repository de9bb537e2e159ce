/* erp-connectors.md 5.8, 6.2: which page is the last; arrays inside a row; maps of categories. */
#include "unit.h"

#include "erp/inner.h"
#include "erp/paging.h"
#include "erp/voucher.h"

static const struct {
  const char *why;
  gint64 total, before; /* -1: not told; rows of the pages before */
  guint empty;          /* pages before, in a row */
  gint64 received;
  guint rows;
  gboolean more;
  gint64 size; /* asked for */
} pages[] = {
    {"no total, a full page", -1, 0, 0, 100, 100, TRUE, 100},
    {"no total, a short page", -1, 100, 0, 199, 99, FALSE, 100},
    {"no total, an empty page", -1, 100, 0, 100, 0, FALSE, 100},
    {"no total, everything at once", -1, 0, 0, 5000, 5000, FALSE, 100},
    {"no total, asked for fewer, the usual page", -1, 0, 0, 100, 100, TRUE, 10},
    {"no total, asked for more, the ERP's own page", -1, 0, 0, 40, 40, TRUE, 500},
    {"no total, asked for more, a page like those before", -1, 80, 0, 120, 40, TRUE, 500},
    {"no total, asked for more, and got it", -1, 1000, 0, 1500, 500, TRUE, 500},
    {"no total, asked for more, a shorter page", -1, 80, 0, 119, 39, FALSE, 500},
    {"no total, asked for more, an empty page", -1, 80, 0, 80, 0, FALSE, 500},
    {"no total, asked for more, all there is", -1, 0, 0, 800, 800, FALSE, 500},
    {"no total, a page of what was there before", -1, 100, 0, 100, 100, TRUE, 100},
    {"the total is reached with a full page", 200, 100, 0, 200, 100, FALSE, 100},
    {"pages are smaller than asked", 200, 0, 0, 50, 50, TRUE, 100},
    {"a row came twice", 3, 0, 0, 2, 3, FALSE, 100},
    {"a page came twice, the last is still to come", 400, 300, 0, 300, 100, TRUE, 100},
    {"an empty page in between", 400, 100, 0, 100, 0, TRUE, 100},
    {"two of them", 400, 100, 1, 100, 0, TRUE, 100}, /* which the guards refuse */
    {"two of them, and a row was deleted", 400, 399, 1, 399, 0, FALSE, 100},
    {"the total is something else", 1, 0, 0, 100, 100, TRUE, 100},
    {"the total is something else, a short page", 1, 100, 0, 150, 50, FALSE, 100},
    {"nothing at all", 0, 0, 0, 0, 0, FALSE, 100},
};

static void
test_the_last_page_is_known(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
    ErpPages before;
    erp_pages_init(&before, 10000);
    before.declared_total = pages[i].total;
    before.rows = pages[i].before;
    before.page = pages[i].before > 0 ? 2 : 0;
    before.empty = pages[i].empty;
    if (erp_has_more(&before, pages[i].received, pages[i].rows, pages[i].size) != pages[i].more)
      fail_msg("%s", pages[i].why);
  }
}

static void
test_having_had_enough_is_no_failure(G_GNUC_UNUSED void **state)
{
  GError *failure = NULL, *error = NULL;
  assert_true(erp_ended(TRUE, &failure, &error));
  assert_true(erp_ended(FALSE, &failure, &error));
  assert_null(error);
  failure = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_IO, "x");
  assert_false(erp_ended(FALSE, &failure, &error));
  assert_null(failure);
  assert_string_equal(error->message, "x");
  g_clear_error(&error);
}

static const struct {
  const char *names;
  RowKind kind;
  const char *text;
} members[] = {
    {"code", ROW_TEXT, "1.01"},
    {"account.code", ROW_TEXT, "2"},
    {"absent,account.code", ROW_TEXT, "2"},
    {"empty,value", ROW_NUMBER, "10.50"},
    {"account.none,code", ROW_TEXT, "1.01"},
    {"code.none", ROW_ABSENT, NULL},
    {"cod", ROW_ABSENT, NULL},
    {"codes", ROW_ABSENT, NULL},
    {"flag", ROW_TRUE, NULL},
    {"account", ROW_RAW, NULL},
    {"list", ROW_RAW, NULL},
};

static void
test_members_of_inner_rows_are_found_by_their_paths(G_GNUC_UNUSED void **state)
{
  static const char text[] = "[{\"code\":\"1.01\",\"value\":10.50,\"empty\":null,\"flag\":true,"
                             "\"list\":[1],\"account\":{\"code\":\"2\"}}]";
  RowCell raw = {ROW_RAW, text};
  g_auto(yajl_val) tree = inner_tree(&raw);
  assert_int_equal(inner_count(tree), 1);
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
    RowCell cell = inner_cell(inner_at(tree, 0), members[i].names);
    if (cell.kind != members[i].kind || g_strcmp0(cell.text, members[i].text) != 0)
      fail_msg("%s: %s", members[i].names, cell.text);
  }
}

static void
test_what_is_no_array_has_no_inner_rows(G_GNUC_UNUSED void **state)
{
  static const RowCell cells[] = {{ROW_ABSENT, NULL}, {ROW_TEXT, "[]"}, {ROW_RAW, "{}"},
                                  {ROW_RAW, "[]"},    {ROW_RAW, "["},   {ROW_RAW, ""}};
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    g_auto(yajl_val) tree = inner_tree(&cells[i]);
    assert_int_equal(inner_count(tree), 0);
    assert_null(inner_at(tree, 0));
    assert_int_equal(inner_cell(inner_at(tree, 0), "code").kind, ROW_ABSENT);
  }
}

static void
test_a_category_leads_to_the_account_it_is_mapped_to(G_GNUC_UNUSED void **state)
{
  static const char map[] = "CAT1=4.01.001, CAT2 = 5.01.001,broken";
  g_autofree char *one = voucher_mapped(map, "CAT1"), *two = voucher_mapped(map, "CAT2");
  assert_string_equal(one, "4.01.001");
  assert_string_equal(two, "5.01.001");
  assert_null(voucher_mapped(map, "broken"));
  assert_null(voucher_mapped(NULL, "CAT1"));
  assert_true(voucher_is_mapped_to(map, "5.01.001"));
  assert_false(voucher_is_mapped_to(map, "CAT1"));
  assert_false(voucher_is_mapped_to(NULL, "CAT1"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_last_page_is_known),
      cmocka_unit_test(test_having_had_enough_is_no_failure),
      cmocka_unit_test(test_members_of_inner_rows_are_found_by_their_paths),
      cmocka_unit_test(test_what_is_no_array_has_no_inner_rows),
      cmocka_unit_test(test_a_category_leads_to_the_account_it_is_mapped_to),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

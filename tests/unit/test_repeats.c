/* data-collecting.md 1.7.8: records that come more than once in one answer. */
#include "crm/repeats.h"

#include <string.h>

#include "unit.h"

/* A record of these tests is its id and a version; one that ends with "!" cannot be taken. */
static gboolean
is_good(const char *record, gsize length, G_GNUC_UNUSED gpointer data)
{
  return record[length - 1] != '!';
}

static Repeats *
repeats_of(const char *records)
{
  Repeats *repeats = repeats_new(is_good, NULL);
  g_auto(GStrv) each = g_strsplit(records, " ", -1);
  for (guint i = 0; each[i] != NULL; i++) {
    g_autofree char *id = g_strndup(each[i], 1);
    repeats_note(repeats, *id == '-' ? NULL : id, each[i], strlen(each[i]));
  }
  assert_int_equal(repeats_end(repeats), g_strv_length(each));
  return repeats;
}

static void
expect(const Repeats *repeats, const char *id, guint first, guint winner, const char *text)
{
  const Repeat *repeat = repeats_find(repeats, id);
  assert_non_null(repeat);
  assert_int_equal(repeat->first, first);
  assert_int_equal(repeat->winner, winner);
  if (text != NULL)
    assert_string_equal(repeat->text->str, text);
  else
    assert_true(first == winner);
}

static void
test_records_that_come_once_are_no_repeats(G_GNUC_UNUSED void **state)
{
  g_autoptr(Repeats) repeats = repeats_of("a1 b1 c1");
  assert_false(repeats_are_there(repeats));
  assert_null(repeats_find(repeats, "a"));
  assert_null(repeats_find(repeats, NULL));
}

/* DC 24 */
static void
test_the_last_one_wins_at_the_place_of_the_first(G_GNUC_UNUSED void **state)
{
  g_autoptr(Repeats) repeats = repeats_of("a1 b1 a2 c1 a3 b2");
  assert_true(repeats_are_there(repeats));
  expect(repeats, "a", 0, 4, "a3");
  expect(repeats, "b", 1, 5, "b2");
  assert_null(repeats_find(repeats, "c"));
}

static void
test_one_that_cannot_be_taken_never_wins(G_GNUC_UNUSED void **state)
{
  g_autoptr(Repeats) repeats = repeats_of("a1 a2 a3! b1 b2! c1! c2");
  expect(repeats, "a", 0, 1, "a2");
  expect(repeats, "b", 3, 3, NULL);
  expect(repeats, "c", 5, 6, "c2");
}

static void
test_records_without_an_id_repeat_nothing(G_GNUC_UNUSED void **state)
{
  g_autoptr(Repeats) repeats = repeats_of("-1 -2 a1 -3");
  assert_false(repeats_are_there(repeats));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_records_that_come_once_are_no_repeats),
      cmocka_unit_test(test_the_last_one_wins_at_the_place_of_the_first),
      cmocka_unit_test(test_one_that_cannot_be_taken_never_wins),
      cmocka_unit_test(test_records_without_an_id_repeat_nothing),
  };
  return cmocka_run_group_tests_name("repeats", tests, NULL, NULL);
}

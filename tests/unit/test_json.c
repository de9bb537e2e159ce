/* Written JSON, character by character. */
#include "unit.h"

#include <string.h>

#include "base/json.h"

static void
assert_written(JsonWriter *w, const char *expected)
{
  assert_string_equal(json_writer_text(w), expected);
  assert_int_equal(json_writer_length(w), strlen(expected));
}

static void
test_an_object_has_members_of_every_kind(G_GNUC_UNUSED void **state)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "text", "a");
  json_add_text(w, "nothing", NULL);
  json_add_int(w, "int", G_MININT64);
  json_add_bool(w, "yes", TRUE);
  json_add_bool(w, "no", FALSE);
  json_add_null(w, "null");
  json_add_decimal(w, "money", "1950.00");
  json_add_raw(w, "raw", "{\"a\": [1]}");
  json_close_object(w);
  assert_written(w, "{\"text\":\"a\",\"nothing\":null,\"int\":-9223372036854775808,\"yes\":true,"
                    "\"no\":false,\"null\":null,\"money\":1950.00,\"raw\":{\"a\": [1]}}");
}

static void
test_objects_and_arrays_nest(G_GNUC_UNUSED void **state)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_array(w, NULL);
  json_open_object(w, NULL);
  json_open_array(w, "list");
  json_add_int(w, NULL, 1);
  json_add_text(w, NULL, "b");
  json_close_array(w);
  json_open_object(w, "empty");
  json_close_object(w);
  json_close_object(w);
  json_close_array(w);
  assert_written(w, "[{\"list\":[1,\"b\"],\"empty\":{}}]");
}

static void
test_text_is_escaped(G_GNUC_UNUSED void **state)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_array(w, NULL);
  json_add_text(w, NULL, "\"\\\n\t\x01 ção");
  json_close_array(w);
  assert_written(w, "[\"\\\"\\\\\\n\\t\\u0001 ção\"]");
}

static void
test_text_that_is_not_utf8_is_repaired(G_GNUC_UNUSED void **state)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "a", "caf\xE9!");
  json_close_object(w);
  assert_written(w, "{\"a\":\"caf\xEF\xBF\xBD!\"}");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_object_has_members_of_every_kind),
      cmocka_unit_test(test_objects_and_arrays_nest),
      cmocka_unit_test(test_text_is_escaped),
      cmocka_unit_test(test_text_that_is_not_utf8_is_repaired),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

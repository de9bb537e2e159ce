/* Bodies of any size: kept, summed up, decoded (data-collecting.md 1.10, 2.2). */
#include "unit.h"

#include <string.h>

#include "net/spool.h"

static GString *
contents(Spool *spool, gsize piece)
{
  GString *text = g_string_new(NULL);
  g_autofree char *buffer = g_malloc(piece);
  gssize got;
  while ((got = spool_read(spool, text->len, buffer, piece)) > 0)
    g_string_append_len(text, buffer, got);
  assert_int_equal(got, 0);
  return text;
}

static void
assert_contents(Spool *spool, const char *expected, gsize length)
{
  GString *text = contents(spool, 1000);
  assert_int_equal(spool_length(spool), length);
  assert_int_equal(text->len, length);
  assert_memory_equal(text->str, expected, length);
  g_string_free(text, TRUE);
}

static void
test_a_small_body_is_read_as_it_came(G_GNUC_UNUSED void **state)
{
  g_autoptr(Spool) spool = spool_new();
  assert_contents(spool, "", 0);
  assert_true(spool_append("abc", 3, spool));
  assert_true(spool_append("d\0e", 3, spool));
  assert_contents(spool, "abcd\0e", 6);
}

static void
test_a_large_body_is_read_as_it_came(G_GNUC_UNUSED void **state)
{
  g_autoptr(Spool) spool = spool_new();
  g_autoptr(GString) expected = g_string_new(NULL);
  for (guint i = 0; i < 100000; i++) {
    char line[16];
    int length = g_snprintf(line, sizeof line, "%u,", i * 7919);
    g_string_append_len(expected, line, length);
    assert_true(spool_append(line, (gsize)length, spool));
  }
  assert_contents(spool, expected->str, expected->len);
  char few[5];
  assert_int_equal(spool_read(spool, expected->len - 3, few, sizeof few), 3);
  assert_memory_equal(few, expected->str + expected->len - 3, 3);
}

static void
test_the_checksum_is_that_of_all_that_came(G_GNUC_UNUSED void **state)
{
  g_autoptr(Spool) spool = spool_new();
  assert_string_equal(spool_sha256(spool),
                      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_true(spool_append("a", 1, spool));
  assert_int_equal(strlen(spool_sha256(spool)), 64);
  assert_true(spool_append("bc", 2, spool)); /* goes on after it was asked for */
  assert_string_equal(spool_sha256(spool),
                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* DC 25 */
static void
test_windows_1252_becomes_utf8(G_GNUC_UNUSED void **state)
{
  static const char body[] = "{\"cliente\":\"Jos\xE9 da Concei\xE7\xE3o \x80 \x93x\x94 \x81\"}";
  static const char expected[] = "{\"cliente\":\"José da Conceição € “x” \xC2\x81\"}";
  g_autoptr(Spool) spool = spool_new();
  assert_true(spool_append(body, strlen(body), spool));
  g_autofree char *sum = g_strdup(spool_sha256(spool));
  assert_true(spool_make_utf8(spool));
  assert_contents(spool, expected, strlen(expected));
  assert_string_equal(spool_sha256(spool), sum);
}

static void
test_utf8_stays_as_it_is(G_GNUC_UNUSED void **state)
{
  static const char body[] = "\xEF\xBB\xBF{\"cliente\":\"José €\"}\0x";
  g_autoptr(Spool) spool = spool_new();
  assert_true(spool_append(body, sizeof body - 1, spool));
  assert_true(spool_make_utf8(spool));
  assert_contents(spool, body, sizeof body - 1);
}

/* A character may lie across any border */
static void
test_large_utf8_stays_as_it_is(G_GNUC_UNUSED void **state)
{
  for (gsize shift = 0; shift < 4; shift++) {
    g_autoptr(Spool) spool = spool_new();
    g_autoptr(GString) body = g_string_new(NULL);
    for (gsize i = 0; i < shift; i++)
      g_string_append_c(body, 'x');
    while (body->len < 600000)
      g_string_append(body, "😀");
    assert_true(spool_append(body->str, body->len, spool));
    assert_true(spool_make_utf8(spool));
    assert_contents(spool, body->str, body->len);
  }
}

static void
test_one_wrong_byte_far_behind_is_found(G_GNUC_UNUSED void **state)
{
  g_autoptr(Spool) spool = spool_new();
  g_autofree char *body = g_strnfill(700000, 'a');
  assert_true(spool_append(body, 700000, spool));
  assert_true(spool_append("\xE9", 1, spool));
  assert_true(spool_make_utf8(spool));
  assert_int_equal(spool_length(spool), 700002);
  char end[3];
  assert_int_equal(spool_read(spool, 699999, end, sizeof end), 3);
  assert_memory_equal(end, "aé", 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_small_body_is_read_as_it_came),
      cmocka_unit_test(test_a_large_body_is_read_as_it_came),
      cmocka_unit_test(test_the_checksum_is_that_of_all_that_came),
      cmocka_unit_test(test_windows_1252_becomes_utf8),
      cmocka_unit_test(test_utf8_stays_as_it_is),
      cmocka_unit_test(test_large_utf8_stays_as_it_is),
      cmocka_unit_test(test_one_wrong_byte_far_behind_is_found),
  };
  return cmocka_run_group_tests_name("spool", tests, NULL, NULL) != 0;
}

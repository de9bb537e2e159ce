/* Base64 as callers and Omie send it (backoffice.md 6.7, 7). */
#include "unit.h"

#include <string.h>

#include "backoffice/base64.h"

static void
test_what_counts_as_base64(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why, *text, *content; /* NULL: refused */
  } cases[] = {
      {"nothing stands for nothing", "", ""},
      {"one byte, two signs of padding", "QQ==", "A"},
      {"two bytes, one sign of padding", "QUI=", "AB"},
      {"three bytes, none", "QUJD", "ABC"},
      {"plus and slash belong to the alphabet", "+/+/", "\xfb\xff\xbf"},
      {"lines of 76, as mail has them", "aGVs\r\nbG8s\nIHdvcmxk\r\n", "hello, world"},
      {"a line may end between two signs of padding", "QQ=\n=", "A"},
      {"a browser's data URL", "data:application/pdf;base64,QUJD", "ABC"},
      {"a data URL without a type", "data:;base64,QUJD", "ABC"},
      {"a data URL with a character set", "data:text/plain;charset=utf-8;base64,QUJD", "ABC"},
      {"a data URL of nothing", "data:;base64,", ""},
      {"padding is not optional", "QQ", NULL},
      {"nor halved", "QQ=", NULL},
      {"three signs of padding stand for no byte", "Q===", NULL},
      {"nor four", "====", NULL},
      {"padding comes at the end", "QQ==QUJD", NULL},
      {"and nowhere else", "Q=QQ", NULL},
      {"a single character is no byte", "Q", NULL},
      {"five are not, either", "QUJDQ", NULL},
      {"the alphabet of URLs is another one", "-_-_", NULL},
      {"a space is no line break", "QU JD", NULL},
      {"nor is a tab", "QUJD\tQUJD", NULL},
      {"not base64 at all", "isto não é base64", NULL},
      {"a data URL in plain text", "data:text/plain,QUJD", NULL},
      {"two data URLs", "data:;base64,data:;base64,QUJD", NULL},
      {"the marker without data:", ";base64,QUJD", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) content = g_string_new("before ");
    gboolean accepted = base64_decode(cases[i].text, content);
    g_autofree char *expected =
        g_strconcat("before ", cases[i].content != NULL ? cases[i].content : "", NULL);
    if (accepted != (cases[i].content != NULL) || strcmp(content->str, expected) != 0)
      fail_msg("%s: %s gave %s, \"%s\"", cases[i].why, cases[i].text, accepted ? "yes" : "no",
               content->str);
  }
}

/* Every byte, zeros included, and every length modulo 3 */
static void
test_any_bytes_come_back_as_they_were(G_GNUC_UNUSED void **state)
{
  guchar bytes[1024];
  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guchar)(i * 7 + i / 256);
  for (gsize length = 0; length <= sizeof bytes; length++) {
    g_autofree char *text = g_base64_encode(bytes, length);
    g_autoptr(GString) content = g_string_new(NULL);
    assert_true(base64_decode(text, content));
    assert_int_equal(content->len, length);
    assert_memory_equal(content->str, bytes, length);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_counts_as_base64),
      cmocka_unit_test(test_any_bytes_come_back_as_they_were),
  };
  return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}

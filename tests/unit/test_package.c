/* A file made ready for IncluirAnexo (backoffice.md 6.8, omie-api.md 7.2). */
#include "unit.h"

#include <string.h>
#include <zip.h>

#include "backoffice/package.h"
#include "base/error.h"

typedef struct {
  guchar *bytes;
  gsize length;
} Zip;

static Package
package_of(const char *name, const char *content, gsize length)
{
  g_autoptr(GError) error = NULL;
  Package package;
  if (!package_file(name, content, length, &package, &error))
    fail_msg("%s", error->message);
  g_autofree char *md5 = g_compute_checksum_for_string(G_CHECKSUM_MD5, package.base64, -1);
  assert_string_equal(package.md5, md5);
  return package;
}

static Zip
zip_of(const Package *package)
{
  Zip zip;
  zip.bytes = g_base64_decode(package->base64, &zip.length);
  return zip;
}

/* Is the package a zip of that one file, as another reader of archives sees it? */
static void
assert_holds(const Package *package, const char *name, const char *content, gsize length)
{
  Zip zip = zip_of(package);
  zip_t *archive = zip_open_from_source(zip_source_buffer_create(zip.bytes, zip.length, 0, NULL),
                                        ZIP_RDONLY | ZIP_CHECKCONS, NULL);
  assert_non_null(archive);
  assert_int_equal(zip_get_num_entries(archive, 0), 1);
  assert_string_equal(zip_get_name(archive, 0, ZIP_FL_ENC_STRICT), name);
  assert_int_equal(zip_file_extra_fields_count(archive, 0, ZIP_FL_LOCAL | ZIP_FL_CENTRAL), 0);
  g_autofree char *found = g_malloc(length + 1);
  zip_file_t *file = zip_fopen_index(archive, 0, 0);
  assert_non_null(file);
  assert_int_equal(zip_fread(file, found, length + 1), length);
  assert_memory_equal(found, content, length);
  assert_int_equal(zip_fclose(file), 0); /* the check sum was right */
  zip_discard(archive);
  g_free(zip.bytes);
}

/* What somebody else's program packed; free .bytes. */
static Zip
foreign_zip(const char *const names[], zip_int32_t method, const char *password)
{
  Zip zip;
  zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
  zip_source_keep(memory);
  zip_t *archive = zip_open_from_source(memory, ZIP_TRUNCATE, NULL);
  for (guint i = 0; names[i] != NULL; i++) {
    zip_source_t *text = zip_source_buffer(archive, "hello hello hello hello hello", 29, 0);
    assert_true(zip_file_add(archive, names[i], text, ZIP_FL_ENC_UTF_8) >= 0);
    assert_int_equal(zip_set_file_compression(archive, i, method, 0), 0);
    if (password != NULL)
      assert_int_equal(zip_file_set_encryption(archive, i, ZIP_EM_AES_256, password), 0);
  }
  assert_int_equal(zip_close(archive), 0);
  zip_stat_t stat;
  assert_int_equal(zip_source_stat(memory, &stat), 0);
  zip.length = stat.size;
  zip.bytes = g_malloc(zip.length);
  assert_int_equal(zip_source_open(memory), 0);
  assert_int_equal(zip_source_read(memory, zip.bytes, zip.length), zip.length);
  zip_source_close(memory);
  zip_source_free(memory);
  return zip;
}

/* Sends an archive under a name: does it travel as it is?  Else it must be wrapped.  Takes it. */
static void
assert_sent_as_is(Zip zip, const char *name, gboolean expected)
{
  g_auto(Package) package = package_of(name, (const char *)zip.bytes, zip.length);
  g_autofree char *itself = g_base64_encode(zip.bytes, zip.length);
  assert_int_equal(strcmp(package.base64, itself) == 0, expected);
  if (!expected)
    assert_holds(&package, name, (const char *)zip.bytes, zip.length);
  g_free(zip.bytes);
}

/* B16 and the check value of omie-api.md 7.2 */
static void
test_the_check_value_comes_out_byte_for_byte(G_GNUC_UNUSED void **state)
{
  g_auto(Package) package = package_of("nota.txt", "Ponte\n", 6);
  assert_string_equal(package.base64,
                      "UEsDBBQAAAAAAAAAIQCIf3DWBgAAAAYAAAAIAAAAbm90YS50eHRQb250ZQpQSwECFAAUAAAAAAAA"
                      "ACEAiH9w1gYAAAAGAAAACAAAAAAAAAAAAAAAgAEAAAAAbm90YS50eHRQSwUGAAAAAAEAAQA2AAAA"
                      "LAAAAAAA");
  assert_string_equal(package.md5, "7feff26c3ce23bfb729c63f428b2e15f");
  assert_holds(&package, "nota.txt", "Ponte\n", 6);
}

/* B18 */
static void
test_the_same_file_gives_the_same_text_in_every_time_zone(G_GNUC_UNUSED void **state)
{
  g_setenv("TZ", "Asia/Tokyo", TRUE);
  g_auto(Package) tokyo = package_of("a.pdf", "content", 7);
  g_setenv("TZ", "America/Sao_Paulo", TRUE);
  g_auto(Package) sao_paulo = package_of("a.pdf", "content", 7);
  g_unsetenv("TZ");
  assert_string_equal(tokyo.base64, sao_paulo.base64);
  g_auto(Package) other_content = package_of("a.pdf", "Content", 7);
  g_auto(Package) other_name = package_of("b.pdf", "content", 7);
  assert_string_not_equal(tokyo.base64, other_content.base64);
  assert_string_not_equal(tokyo.base64, other_name.base64);
}

static void
test_a_name_with_accents_is_marked_as_utf8(G_GNUC_UNUSED void **state)
{
  g_auto(Package) accents = package_of("relatório de março.pdf", "x", 1);
  g_auto(Package) plain = package_of("relatorio.pdf", "x", 1);
  assert_holds(&accents, "relatório de março.pdf", "x", 1);
  Zip marked = zip_of(&accents), unmarked = zip_of(&plain);
  assert_int_equal(marked.bytes[7], 0x08); /* bit 11 of the flags */
  assert_int_equal(unmarked.bytes[7], 0x00);
  g_free(marked.bytes);
  g_free(unmarked.bytes);
}

static void
test_content_of_any_length_and_bytes_survives(G_GNUC_UNUSED void **state)
{
  char content[1000];
  for (gsize i = 0; i < sizeof content; i++)
    content[i] = (char)(i * 7);
  for (gsize length = 0; length <= sizeof content; length += length < 8 ? 1 : 31) {
    g_auto(Package) package = package_of("a.bin", content, length);
    assert_holds(&package, "a.bin", content, length);
    assert_null(strpbrk(package.base64, "\r\n"));
    assert_int_equal(strlen(package.base64) % 4, 0);
  }
}

/* B17 */
static void
test_a_zip_of_that_one_file_is_sent_as_it_is(G_GNUC_UNUSED void **state)
{
  static const char *const own_name[] = {"nota.zip", NULL};
  assert_sent_as_is(foreign_zip(own_name, ZIP_CM_DEFLATE, NULL), "nota.zip", TRUE);
  assert_sent_as_is(foreign_zip(own_name, ZIP_CM_STORE, NULL), "nota.zip", TRUE);
  static const char *const accents[] = {"março.zip", NULL};
  assert_sent_as_is(foreign_zip(accents, ZIP_CM_DEFLATE, NULL), "março.zip", TRUE);
}

/* B17 */
static void
test_any_other_zip_is_wrapped_like_a_file(G_GNUC_UNUSED void **state)
{
  static const char *const other_name[] = {"nota.pdf", NULL},
                           *const other_case[] = {"Nota.zip", NULL},
                           *const folder[] = {"x/nota.zip", NULL},
                           *const two[] = {"nota.zip", "b.txt", NULL};
  static const char *const sheet[] = {"[Content_Types].xml", "xl/workbook.xml", NULL};
  assert_sent_as_is(foreign_zip(other_name, ZIP_CM_DEFLATE, NULL), "nota.zip", FALSE);
  assert_sent_as_is(foreign_zip(other_case, ZIP_CM_DEFLATE, NULL), "nota.zip", FALSE);
  assert_sent_as_is(foreign_zip(folder, ZIP_CM_DEFLATE, NULL), "nota.zip", FALSE);
  assert_sent_as_is(foreign_zip(two, ZIP_CM_DEFLATE, NULL), "nota.zip", FALSE);
  assert_sent_as_is(foreign_zip(sheet, ZIP_CM_DEFLATE, NULL), "planilha.xlsx", FALSE);
}

/* Omie could not open these. */
static void
test_a_zip_that_not_everybody_can_read_is_wrapped(G_GNUC_UNUSED void **state)
{
  static const char *const name[] = {"nota.zip", NULL}, *const accents[] = {"março.zip", NULL};
  assert_sent_as_is(foreign_zip(name, ZIP_CM_DEFLATE, "secret"), "nota.zip", FALSE);
  assert_sent_as_is(foreign_zip(name, ZIP_CM_BZIP2, NULL), "nota.zip", FALSE);
  Zip cut = foreign_zip(name, ZIP_CM_STORE, NULL);
  cut.length -= 30;
  assert_sent_as_is(cut, "nota.zip", FALSE);
  /* "março" in UTF-8 without the mark is another name to whoever keeps to the standard */
  Zip unmarked = foreign_zip(accents, ZIP_CM_STORE, NULL);
  guchar *central = memmem(unmarked.bytes, unmarked.length, "PK\1\2", 4);
  assert_int_equal(unmarked.bytes[7], 0x08);
  unmarked.bytes[7] = central[9] = 0;
  assert_sent_as_is(unmarked, "março.zip", FALSE);
}

static void
test_what_only_begins_like_a_zip_is_wrapped(G_GNUC_UNUSED void **state)
{
  static const char *const beginnings[] = {"P", "PK", "PK\3\4", "PK\3\4 and then something else"};
  for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++) {
    g_auto(Package) package = package_of("a.txt", beginnings[i], strlen(beginnings[i]));
    assert_holds(&package, "a.txt", beginnings[i], strlen(beginnings[i]));
  }
}

/* Never cut: an entry of another name would be another file. */
static void
test_a_name_that_no_zip_can_hold_is_an_error(G_GNUC_UNUSED void **state)
{
  g_autofree char *longest = g_strnfill(G_MAXUINT16, 'a');
  g_auto(Package) package = package_of(longest, "x", 1);
  assert_holds(&package, longest, "x", 1);
  g_autofree char *too_long = g_strnfill(G_MAXUINT16 + 1, 'a');
  const char *const names[] = {"", too_long};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GError) error = NULL;
    Package none = {.md5 = "untouched"};
    assert_false(package_file(names[i], "x", 1, &none, &error));
    assert_true(g_error_matches(error, PONTE_ERROR, ERROR_INTERNAL));
    assert_null(none.base64);
    assert_string_equal(none.md5, "untouched");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_check_value_comes_out_byte_for_byte),
      cmocka_unit_test(test_the_same_file_gives_the_same_text_in_every_time_zone),
      cmocka_unit_test(test_a_name_with_accents_is_marked_as_utf8),
      cmocka_unit_test(test_content_of_any_length_and_bytes_survives),
      cmocka_unit_test(test_a_zip_of_that_one_file_is_sent_as_it_is),
      cmocka_unit_test(test_any_other_zip_is_wrapped_like_a_file),
      cmocka_unit_test(test_a_zip_that_not_everybody_can_read_is_wrapped),
      cmocka_unit_test(test_what_only_begins_like_a_zip_is_wrapped),
      cmocka_unit_test(test_a_name_that_no_zip_can_hold_is_an_error),
  };
  return cmocka_run_group_tests_name("package", tests, NULL, NULL) != 0;
}

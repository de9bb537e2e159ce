/* How a file is packed and sent (backoffice.md 6.8). */
#include "harness_transfer.h"

#include <string.h>
#include <zip.h>

/* The zip that Omie got for a file, checked against its cMd5; free with g_bytes_unref. */
static GBytes *
zip_sent(const char *name)
{
  g_autofree char *md5 = NULL;
  g_autofree char *text = attachment_sent(PAYABLES, PAYABLE, name, &md5);
  assert_non_null(text);
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
  assert_string_equal(md5, sum);
  gsize length;
  guint8 *bytes = g_base64_decode(text, &length);
  return g_bytes_new_take(bytes, length);
}

static zip_t *
zip_open_bytes(GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data(bytes, &length);
  zip_t *zip =
      zip_open_from_source(zip_source_buffer_create(data, length, 0, NULL), ZIP_RDONLY, NULL);
  assert_non_null(zip);
  return zip;
}

/* A zip with these entries, each holding its own name. */
static GBytes *
make_zip(const char *const *names)
{
  zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, NULL);
  zip_t *zip = zip_open_from_source(buffer, ZIP_TRUNCATE, NULL);
  zip_stat_t stat;
  zip_source_keep(buffer);
  for (; *names != NULL; names++)
    zip_file_add(zip, *names, zip_source_buffer(zip, *names, strlen(*names), 0), 0);
  assert_int_equal(zip_close(zip), 0);
  assert_int_equal(zip_source_stat(buffer, &stat), 0);
  char *bytes = g_malloc(stat.size);
  assert_int_equal(zip_source_open(buffer), 0);
  assert_int_equal(zip_source_read(buffer, bytes, stat.size), stat.size);
  zip_source_close(buffer);
  zip_source_free(buffer);
  return g_bytes_new_take(bytes, stat.size);
}

static void
receipt_bytes(const char *name, GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data(bytes, &length);
  attachment_put(RECEIPTS, RECEIPT, name, data, length);
}

/* B16, and the check value of omie-api.md 7.2 */
static void
test_a_file_goes_alone_in_a_zip_with_its_sum(G_GNUC_UNUSED void **state)
{
  gint64 id = receipt_file("a.txt", "hello");
  receipt_file("nota.txt", "Ponte\n");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 2, 2);
  g_autoptr(GBytes) bytes = zip_sent("a.txt");
  zip_t *zip = zip_open_bytes(bytes);
  char content[16] = "";
  assert_int_equal(zip_get_num_entries(zip, 0), 1);
  assert_string_equal(zip_get_name(zip, 0, 0), "a.txt");
  zip_file_t *entry = zip_fopen_index(zip, 0, 0);
  assert_int_equal(zip_fread(entry, content, sizeof content), 5);
  assert_string_equal(content, "hello");
  zip_fclose(entry);
  zip_discard(zip);
  g_autofree char *md5 = NULL;
  g_free(attachment_sent(PAYABLES, PAYABLE, "nota.txt", &md5));
  assert_string_equal(md5, "7feff26c3ce23bfb729c63f428b2e15f");
  g_autofree char *parameters = omie_parameters_of(INCLUDE_ATTACHMENT, 1);
  g_autoptr(json_t) sent = json_loads(parameters, 0, NULL);
  assert_int_equal(json_object_size(sent), 6); /* Omie refuses members it does not know */
  g_autofree char *code = g_strdup_printf("B%" G_GINT64_FORMAT, id);
  assert_string_equal(json_string_value(json_object_get(sent, "cCodIntAnexo")), code);
  assert_string_equal(json_string_value(json_object_get(sent, "cTabela")), PAYABLES);
  assert_int_equal(json_integer_value(json_object_get(sent, "nId")), PAYABLE);
}

/* B17 */
static void
test_only_a_zip_of_the_very_file_is_sent_as_it_is(G_GNUC_UNUSED void **state)
{
  g_autoptr(GBytes) own = make_zip((const char *[]){"nota.zip", NULL});
  g_autoptr(GBytes) other = make_zip((const char *[]){"nota.pdf", NULL});
  g_autoptr(GBytes) sheet =
      make_zip((const char *[]){"[Content_Types].xml", "xl/workbook.xml", NULL});
  receipt_bytes("nota.zip", own);
  receipt_bytes("outra.zip", other);
  receipt_bytes("planilha.xlsx", sheet);
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 3, 3);
  g_autoptr(GBytes) as_is = zip_sent("nota.zip");
  assert_true(g_bytes_equal(as_is, own));
  g_autoptr(GBytes) wrapped = zip_sent("outra.zip");
  assert_false(g_bytes_equal(wrapped, other));
  gsize got, length;
  g_autofree char *arrived = attachment_content(PAYABLES, PAYABLE, "planilha.xlsx", &got);
  const void *expected = g_bytes_get_data(sheet, &length);
  assert_int_equal(got, length);
  assert_memory_equal(arrived, expected, length);
}

/* B18 */
static void
test_equal_content_is_sent_in_equal_bytes(G_GNUC_UNUSED void **state)
{
  attachment_put(RECEIPTS, 1, "a.txt", "content", 7);
  attachment_put(RECEIPTS, 2, "a.txt", "content", 7);
  g_autoptr(Answer) one = transfer_of(1, 11, ""), two = transfer_of(2, 12, "");
  assert_sent(one, 1, 1);
  assert_sent(two, 1, 1);
  assert_sql("2,1", "select count(*) || ',' || count(distinct sent)"
                    "  from sandbox.omie_attachment where sent is not null");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_a_file_goes_alone_in_a_zip_with_its_sum),
      TRANSFER_CASE(test_only_a_zip_of_the_very_file_is_sent_as_it_is),
      TRANSFER_CASE(test_equal_content_is_sent_in_equal_bytes),
  };
  return RUN("transfer: package", tests);
}

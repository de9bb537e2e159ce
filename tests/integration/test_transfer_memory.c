/* What large files cost: at most four times their size, beyond what a small one does. */
#include "harness_transfer.h"

#include <string.h>
#include <sys/resource.h>

#define MIB        ((gsize)1024 * 1024)
#define ALLOWED_10 "BACKOFFICE_MAX_FILE_BYTES=10485760"
#define ALLOWED_25 "BACKOFFICE_MAX_FILE_BYTES=26214400"
/* one process, so that the small file and the large one meet; and time enough for sanitizers */
#define ONE_PROCESS "ROUTE_WORKERS=1", "OMIE_TIMEOUT_MS=120000", "OMIE_MAX_RESPONSE_BYTES=67108864"

static void
assert_bounded(gint64 took_kib, gsize size)
{
  print_message("%u MiB took %.2f times as much\n", (guint)(size / MIB),
                (double)took_kib * 1024 / (double)size);
#ifndef __SANITIZE_ADDRESS__ /* which keeps freed memory for a while */
  assert_true(took_kib * 1024 <= 4 * (gint64)size);
#endif
}

static void
assert_transfer_is_bounded(gsize size, const char *limit)
{
  program_restart(TRANSFER_PROGRAM, ONE_PROCESS, limit);
  attachment_put(RECEIPTS, 1, "small.txt", "content", 7);
  g_autoptr(Answer) small = transfer_of(1, 2, "");
  assert_sent(small, 1, 1);
  gint64 before = program_peak_kib(TRANSFER_PROGRAM);
  receipt_noise("large.bin", size);
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_payable_is_a_copy();
  assert_bounded(program_peak_kib(TRANSFER_PROGRAM) - before, size);
}

static char *
upload_body(const guint8 *bytes, gsize length)
{
  g_autofree char *base64 = g_base64_encode(bytes, length);
  return g_strdup_printf("{\"tabela\":\"conta-pagar\",\"n_id\":%d,"
                         "\"nome_arquivo\":\"large.bin\",\"arquivo_base64\":\"%s\"}",
                         PAYABLE, base64);
}

static void
assert_arrived(const guint8 *bytes, gsize length)
{
  g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes, length);
  assert_sql(sum,
             "select md5(content) from sandbox.omie_attachment order by position desc limit 1");
}

static void
upload_bytes(const guint8 *bytes, gsize length)
{
  g_autofree char *body = upload_body(bytes, length);
  g_autoptr(Answer) answer = bo_post(UPLOAD, body);
  assert_status(answer, 200);
  assert_arrived(bytes, length);
}

/* As a plain CGI, since nginx was told the usual limit; returns the most memory that any process
 * started so far ever held. */
static gint64
upload_from_a_shell(const guint8 *bytes, gsize length)
{
  g_autofree char *body = upload_body(bytes, length);
  g_autofree char *said = g_strdup_printf("CONTENT_LENGTH=%" G_GSIZE_FORMAT, strlen(body));
  g_autofree char *token = g_strconcat("HTTP_AUTHORIZATION=Bearer ", fin_token(), NULL);
  g_autofree char *answer = program_run_cgi(
      UPLOAD_PROGRAM,
      (const char *const[]){"REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", said, token,
                            "OMIE_TIMEOUT_MS=120000", ALLOWED_25, NULL},
      body);
  assert_true(g_str_has_prefix(answer, "Status: 200 OK"));
  assert_arrived(bytes, length);
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

static void
test_a_transfer_of_ten_megabytes_is_bounded(G_GNUC_UNUSED void **state)
{
  assert_transfer_is_bounded(10 * MIB, ALLOWED_10);
}

static void
test_a_transfer_of_twentyfive_megabytes_is_bounded(G_GNUC_UNUSED void **state)
{
  assert_transfer_is_bounded(25 * MIB, ALLOWED_25);
}

/* The content in Omie's answer itself is there once more, as base64 */
static void
test_content_in_the_answer_is_bounded_too(G_GNUC_UNUSED void **state)
{
  omie_setting("attachments_content", "S");
  assert_transfer_is_bounded(10 * MIB, ALLOWED_10);
}

static void
test_an_upload_of_ten_megabytes_is_bounded(G_GNUC_UNUSED void **state)
{
  program_restart(UPLOAD_PROGRAM, ONE_PROCESS, ALLOWED_10);
  g_autofree guint8 *noise = noise_new(10 * MIB);
  upload_bytes(noise, 7);
  gint64 before = program_peak_kib(UPLOAD_PROGRAM);
  upload_bytes(noise, 10 * MIB);
  assert_bounded(program_peak_kib(UPLOAD_PROGRAM) - before, 10 * MIB);
}

static void
test_an_upload_of_twentyfive_megabytes_is_bounded(G_GNUC_UNUSED void **state)
{
  g_autofree guint8 *noise = noise_new(25 * MIB);
  gint64 before = upload_from_a_shell(noise, 7);
  assert_bounded(upload_from_a_shell(noise, 25 * MIB) - before, 25 * MIB);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_a_transfer_of_ten_megabytes_is_bounded),
      TRANSFER_CASE(test_a_transfer_of_twentyfive_megabytes_is_bounded),
      TRANSFER_CASE(test_content_in_the_answer_is_bounded_too),
      TRANSFER_CASE(test_an_upload_of_ten_megabytes_is_bounded),
      TRANSFER_CASE(test_an_upload_of_twentyfive_megabytes_is_bounded),
  };
  return RUN("transfer: memory", tests);
}

/* The records of a large JSON text, one at a time (data-collecting.md 2.2). */
#include "unit.h"

#include <string.h>

#include "erp/records.h"

typedef struct {
  GString *seen; /* each record and a line feed */
  guint left;    /* so many are taken */
} Taken;

static gboolean
take(const char *record, gsize length, gpointer data)
{
  Taken *taken = data;
  g_string_append_len(taken->seen, record, (gssize)length);
  g_string_append_c(taken->seen, '\n');
  return --taken->left > 0;
}

static Spool *
spool_of(const char *text, gsize length)
{
  Spool *spool = spool_new();
  assert_true(spool_append(text, length, spool));
  return spool;
}

static void
assert_records(const char *text, const char *member, RecordsOutcome outcome, const char *seen)
{
  g_autoptr(Spool) spool = spool_of(text, strlen(text));
  Taken taken = {g_string_new(NULL), G_MAXUINT};
  RecordsOutcome got = records_read(spool, member, take, &taken);
  if (got != outcome)
    fail_msg("%.60s: %d", text, got);
  assert_string_equal(taken.seen->str, seen);
  assert_int_equal(records_read(spool, member, NULL, NULL), outcome);
  g_string_free(taken.seen, TRUE);
}

static void
test_the_elements_of_the_member_are_handed_over(G_GNUC_UNUSED void **state)
{
  assert_records("{\"resultado\":[{\"a\":1} , {\"b\":[1,{\"c\":[]}]}\n],\"x\":[9]}", "resultado",
                 RECORDS_READ, "{\"a\":1}\n{\"b\":[1,{\"c\":[]}]}\n");
  assert_records("{\"x\":{\"resultado\":[1]},\"resultado\":[{}]}", "resultado", RECORDS_READ,
                 "{}\n");
}

static void
test_an_array_at_the_root_is_taken_as_well(G_GNUC_UNUSED void **state)
{
  assert_records(" [ {\"a\":1},{} ] ", "resultado", RECORDS_READ, "{\"a\":1}\n{}\n");
  assert_records("[[1,2],\"x , y\", -1.50e1 ,null,true]", NULL, RECORDS_READ,
                 "[1,2]\n\"x , y\"\n-1.50e1\nnull\ntrue\n");
}

/* DC 9 */
static void
test_an_empty_array_is_no_failure(G_GNUC_UNUSED void **state)
{
  assert_records("{\"resultado\":[]}", "resultado", RECORDS_READ, "");
  assert_records("[]", NULL, RECORDS_READ, "");
}

/* DC 9 */
static void
test_an_envelope_without_the_array_is_none(G_GNUC_UNUSED void **state)
{
  assert_records("{}", "resultado", RECORDS_NO_ENVELOPE, "");
  assert_records("{\"resultado\":null}", "resultado", RECORDS_NO_ENVELOPE, "");
  assert_records("{\"resultado\":{\"a\":[1]}}", "resultado", RECORDS_NO_ENVELOPE, "");
  assert_records("{\"outro\":[1]}", "resultado", RECORDS_NO_ENVELOPE, "");
  assert_records("{\"a\":\"resultado\",\"b\":[1]}", "resultado", RECORDS_NO_ENVELOPE, "");
  assert_records("{\"resultado\":[1]}", NULL, RECORDS_NO_ENVELOPE, "");
  assert_records("\"texto\"", "resultado", RECORDS_NO_ENVELOPE, "");
}

/* DC 8 */
static void
test_what_is_no_json_is_told(G_GNUC_UNUSED void **state)
{
  assert_records("", "resultado", RECORDS_NOT_JSON, "");
  assert_records("<html><body>Erro</body></html>", "resultado", RECORDS_NOT_JSON, "");
  assert_records("[{\"a\":1},{\"b\":", NULL, RECORDS_NOT_JSON, "{\"a\":1}\n");
  assert_records("[1] []", NULL, RECORDS_NOT_JSON, "1\n");
  assert_records("[1,]", NULL, RECORDS_NOT_JSON, "1\n");
}

static void
test_a_byte_order_mark_is_skipped(G_GNUC_UNUSED void **state)
{
  assert_records("\xEF\xBB\xBF{\"resultado\":[{}]}", "resultado", RECORDS_READ, "{}\n");
}

static void
test_what_is_nested_too_deep_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *open = g_strnfill(64, '['), *close = g_strnfill(64, ']');
  g_autofree char *fine = g_strconcat(open, close, NULL);
  g_autofree char *deep = g_strconcat("[", fine, "]", NULL);
  g_autofree char *inner = g_strndup(fine + 1, 126);
  g_autofree char *seen = g_strconcat(inner, "\n", NULL);
  assert_records(fine, NULL, RECORDS_READ, seen);
  assert_records(deep, NULL, RECORDS_NOT_JSON, "");
}

static void
test_whoever_takes_them_may_stop(G_GNUC_UNUSED void **state)
{
  g_autoptr(Spool) spool = spool_of("[1,2,3", 6);
  Taken taken = {g_string_new(NULL), 2};
  assert_int_equal(records_read(spool, NULL, take, &taken), RECORDS_STOPPED);
  assert_string_equal(taken.seen->str, "1\n2\n");
  g_string_free(taken.seen, TRUE);
}

/* Records of every length, so that borders of what is read at once fall everywhere in them */
static void
test_a_record_is_handed_over_whole_wherever_it_lies(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) text = g_string_new("{ \"resultado\" : [ ");
  g_autoptr(GString) seen = g_string_new(NULL);
  for (guint i = 0; text->len < 3000000; i++) {
    g_autofree char *filling = g_strnfill(i * 37 % 3001, 'x');
    g_autofree char *record = g_strdup_printf(
        "{\"id\": %u, \"t\" : \"%s\\\"]},é\", \"itens\":[ %u.50 ] }", i, filling, i);
    g_string_append_printf(text, "%s%s", i > 0 ? " ,\n" : "", record);
    g_string_append_printf(seen, "%s\n", record);
  }
  g_string_append(text, ",\"fim\"");
  g_string_append(seen, "\"fim\"\n");
  g_autofree char *blanks = g_strnfill(300000, ' ');
  g_string_append_printf(text, "%s]%s}", blanks, blanks);
  assert_records(text->str, "resultado", RECORDS_READ, seen->str);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_elements_of_the_member_are_handed_over),
      cmocka_unit_test(test_an_array_at_the_root_is_taken_as_well),
      cmocka_unit_test(test_an_empty_array_is_no_failure),
      cmocka_unit_test(test_an_envelope_without_the_array_is_none),
      cmocka_unit_test(test_what_is_no_json_is_told),
      cmocka_unit_test(test_a_byte_order_mark_is_skipped),
      cmocka_unit_test(test_what_is_nested_too_deep_is_refused),
      cmocka_unit_test(test_whoever_takes_them_may_stop),
      cmocka_unit_test(test_a_record_is_handed_over_whole_wherever_it_lies),
  };
  return cmocka_run_group_tests_name("records", tests, NULL, NULL) != 0;
}

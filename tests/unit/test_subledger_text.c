/* A subledger while it arrives: the text, what is left out, how it breaks off (erp-connectors.md
 * 2.4, 5.7, 9). */
#include "unit.h"

#include <string.h>

#include "accounting/subledger.h"
#include "accounting/subledger_text.h"
#include "base/error.h"
#include "base/log.h"
#include "books_fixture.h"

#define QUERY "company=EFFECTI&account=1.01.001&from=2026-01-01&to=2026-01-31"

static LedgerEntry entries[8]; /* ended by a NULL account */
static gboolean breaks;        /* after the entries the ERP fails */
static guint repeats;          /* how often it delivers them */

static gboolean
deliver(Erp *erp, G_GNUC_UNUSED const char *account, G_GNUC_UNUSED const ErpPeriod *period,
        const LedgerSink *sink, GError **error)
{
  for (guint i = 0; i < repeats; i++)
    for (const LedgerEntry *entry = entries; entry->account != NULL; entry++) {
      g_autoptr(GError) refused = NULL;
      if (sink->entry(entry, sink->data, &refused))
        continue;
      if (refused == NULL)
        return TRUE;
      g_propagate_error(error, g_steal_pointer(&refused));
      return FALSE;
    }
  if (!breaks)
    return TRUE;
  erp->last = (ExchangeResult){.attempts = 3, .status = 429, .retry_after_s = 12};
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_RATE_LIMITED, "TOTVS pediu espera de 12 s.");
  return FALSE;
}

static const ErpProfile profile = {
    .erp = ERP_TOTVS, .name = "ctbr020", .source = "TOTVS Protheus", .entries = deliver};

typedef struct {
  GString *text;
  guint pieces, most; /* takes so many; 0: all */
  gboolean began;
} Taker;

static gboolean
take(const char *bytes, gsize length, gpointer data)
{
  Taker *taker = data;
  taker->began = TRUE;
  g_string_append_len(taker->text, bytes, (gssize)length);
  return ++taker->pieces < taker->most || taker->most == 0;
}

static LedgerEntry
entry(const char *id, const char *day, gint64 debit, gint64 credit)
{
  return (LedgerEntry){.id = id,
                       .transaction = books_day(day),
                       .account = "1.01.001",
                       .debit = debit,
                       .credit = credit};
}

/* Runs it; the text is the taker's. */
static gboolean
stream(Erp *erp, const char *more, Taker *taker, GError **error)
{
  g_auto(Question) question = {0};
  const char *field;
  g_autofree char *query = g_strconcat(QUERY, more, NULL);
  assert_true(question_read(QUESTION_SUBLEDGER, query, NULL, &question, &field, NULL));
  g_string_truncate(taker->text, 0);
  taker->pieces = 0;
  taker->began = FALSE;
  erp->operation = "get_subledger_details";
  return subledger_stream(erp, &question, take, taker, &taker->began, error);
}

static int
set_up(void **state)
{
  Taker *taker = g_new0(Taker, 1);
  taker->text = g_string_new(NULL);
  *state = taker;
  books_settings(NULL, NULL);
  books_credentials();
  memset(entries, 0, sizeof entries);
  breaks = FALSE;
  repeats = 1;
  return 0;
}

static int
tear_down(void **state)
{
  Taker *taker = *state;
  g_string_free(taker->text, TRUE);
  g_free(taker);
  return 0;
}

static void
assert_contains(const Taker *taker, const char *part)
{
  if (strstr(taker->text->str, part) == NULL)
    fail_msg("%s is not in %s", part, taker->text->str);
}

static void
test_an_entry_has_every_member_in_order(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  entries[0] = entry("a\"1", "2026-01-05", 35000, 0);
  entries[0].description = "Recebimento\n\\ é \x01";
  entries[0].document_type = "NF";
  entries[0].cost_center = "";
  entries[0].metadata[0] = (LedgerExtra){"batch", "7"};
  entries[0].metadata[1] = (LedgerExtra){"sequence", NULL};
  strcpy(entries[0].timestamp.text, "2026-01-05T10:30:00");
  assert_true(stream(erp, "", taker, NULL));
  assert_true(g_str_has_prefix(
      taker->text->str,
      "{\"company_id\":\"01\",\"account_code\":\"1.01.001\",\"period_start\":\"2026-01-01\","
      "\"period_end\":\"2026-01-31\",\"currency\":\"BRL\",\"entries\":[{\"entry_id\":\"a\\\"1\","
      "\"transaction_date\":\"2026-01-05\",\"posting_date\":\"2026-01-05\",\"account_code\":"
      "\"1.01.001\",\"account_name\":\"1.01.001\",\"debit_amount\":\"350.00\",\"credit_amount\":"
      "\"0.00\",\"description\":\"Recebimento\\n\\\\ é \\u0001\",\"document_number\":null,"
      "\"document_type\":\"NF\",\"cost_center\":null,\"entity_id\":null,\"entity_name\":null,"
      "\"metadata\":{\"document_type_canonical\":\"invoice\",\"transaction_timestamp\":"
      "\"2026-01-05T10:30:00\",\"batch\":\"7\"}}],\"entry_count\":1,\"total_debit\":\"350.00\","
      "\"total_credit\":\"0.00\",\"warnings\":[],\"extracted_at\":\""));
  assert_true(g_str_has_suffix(taker->text->str, "Z\",\"complete\":true,\"error\":null}"));
}

static void
test_no_entries_are_a_fine_answer(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  assert_true(stream(erp, "", taker, NULL));
  assert_contains(taker, "\"entries\":[],\"entry_count\":0,\"total_debit\":\"0.00\"");
}

/* F-67 */
static void
test_csv_has_a_row_for_each_entry(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  entries[0] = entry("1", "2026-01-05", 0, 1);
  entries[0].description = "=1+1";
  entries[0].posting = books_day("2026-01-07");
  assert_true(stream(erp, "&format=csv", taker, NULL));
  assert_string_equal(taker->text->str,
                      "entry_id,transaction_date,posting_date,account_code,account_name,"
                      "debit_amount,credit_amount,description,document_number,document_type,"
                      "cost_center,entity_id,entity_name\r\n"
                      "1,2026-01-05,2026-01-07,1.01.001,1.01.001,0.00,0.01,'=1+1,,,,,\r\n");
}

static void
test_strays_are_left_out_and_counted(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  entries[0] = entry("1", "2025-12-31", 1, 0);
  entries[1] = entry("2", "2026-02-01", 1, 0);
  entries[2] = entry("3", "2026-01-31", 1, 0);
  entries[3] = entry("4", "2026-01-01", 1, 2);
  entries[4] = entry("5", "2026-01-01", 1, 0);
  entries[4].account = "1.01.002";
  assert_true(stream(erp, "", taker, NULL));
  assert_int_equal(books_warned(erp, "out_of_period"), 2);
  assert_int_equal(books_warned(erp, "other_account"), 1);
  assert_int_equal(books_warned(erp, "both_sides"), 1);
  assert_contains(taker, "\"entry_count\":2,\"total_debit\":\"0.02\",\"total_credit\":\"0.02\"");
  assert_contains(taker, "{\"code\":\"out_of_period\",\"about\":null,\"message\":\"Registros de "
                         "fora do período ficaram de fora.\",\"count\":2}");
}

static void
test_a_bad_row_ends_the_run_or_is_counted(void **state)
{
  Taker *taker = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  entries[0] = entry("1", "2026-01-05", 0, 0);
  entries[1] = entry("2", "2026-01-05", -1, 0);
  entries[2] = entry("3", "2026-01-05", 1, 0);
  assert_false(stream(erp, "", taker, &error));
  assert_int_equal(error->code, ERROR_ERP_DATA);
  assert_string_equal(erp->error_details->pdata[1], "zero_entry");
  books_settings("TOTVS_BAD_ROW_POLICY", "skip", NULL);
  books_credentials();
  g_autoptr(Erp) lenient = books_erp("EFFECTI", &profile);
  assert_true(stream(lenient, "", taker, NULL));
  assert_int_equal(books_warned(lenient, "bad_row"), 2);
  assert_contains(taker, "\"entry_count\":1");
  assert_false(stream(lenient, "&strict=1", taker, NULL));
}

/* F-34 */
static void
test_a_failure_in_mid_stream_ends_the_text_well(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  g_autoptr(GError) before = NULL, csv = NULL;
  entries[0] = entry("1", "2026-01-05", 1, 0);
  breaks = TRUE;
  assert_false(stream(erp, "", taker, &before)); /* nothing was sent: a status can tell */
  assert_int_equal(before->code, ERROR_ERP_RATE_LIMITED);
  assert_int_equal(taker->pieces, 0);
  repeats = 1000;
  log_set_request_id("5f2c9b1e");
  assert_true(stream(erp, "", taker, NULL));
  log_set_request_id(NULL);
  assert_contains(taker, "],\"entry_count\":1000,\"total_debit\":\"10.00\"");
  assert_true(g_str_has_suffix(
      taker->text->str,
      "\"complete\":false,\"error\":{\"code\":\"erp_rate_limited\",\"type\":\"RateLimit\","
      "\"message\":\"TOTVS pediu espera de 12 s.\",\"erp\":\"totvs_protheus\",\"company\":"
      "\"EFFECTI\",\"operation\":\"get_subledger_details\",\"retryable\":true,\"retry_after\":12,"
      "\"attempts\":3,\"upstream_status\":429,\"upstream_message\":null,\"request_id\":"
      "\"5f2c9b1e\",\"details\":[]}}"));
  assert_false(stream(erp, "&format=csv", taker, &csv));
  assert_int_equal(csv->code, ERROR_ERP_RATE_LIMITED);
}

/* F-33 */
static void
test_nobody_listening_ends_the_run(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  g_autoptr(GError) error = NULL;
  entries[0] = entry("1", "2026-01-05", 1, 0);
  repeats = 100000;
  taker->most = 1;
  assert_false(stream(erp, "", taker, &error));
  assert_int_equal(error->code, ERROR_INTERRUPTED);
  assert_int_equal(taker->pieces, 1);
}

static void
test_text_is_handed_on_in_pieces(void **state)
{
  Taker *taker = *state;
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  entries[0] = entry("1", "2026-01-05", 1, 0);
  entries[1] = entry("2", "2026-01-05", 0, 1);
  entries[2] = entry("3", "2026-01-05", 0, 1);
  entries[2].document_type = "LC";
  repeats = 1000;
  assert_true(stream(erp, "&document_types=other", taker, NULL));
  assert_contains(taker,
                  "\"entry_count\":2000,\"total_debit\":\"10.00\",\"total_credit\":\"10.00\"");
  assert_in_range(taker->pieces, 9, 12);
}

static void
test_invalid_utf8_cannot_break_the_text(G_GNUC_UNUSED void **state)
{
  const SubledgerHead head = {.company_id = "1",
                              .account = "1",
                              .currency = "BRL",
                              .period = {books_day("2026-01-01"), books_day("2026-01-31")}};
  g_auto(SubledgerText) out = {0};
  LedgerEntry bad = entry("1", "2026-01-05", G_MAXINT64, 0);
  bad.account_name = "Caf\xe9";
  subledger_text_begin(&out, FORMAT_JSON, &head);
  assert_true(subledger_text_entry(&out, &bad, "other"));
  assert_non_null(
      strstr(out.text->str, "\"Caf\xef\xbf\xbd\",\"debit_amount\":\"92233720368547758.07\""));
  assert_false(subledger_text_entry(&out, &bad, "other")); /* the total would pass 64 bits */
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_an_entry_has_every_member_in_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_no_entries_are_a_fine_answer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_csv_has_a_row_for_each_entry, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_strays_are_left_out_and_counted, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_bad_row_ends_the_run_or_is_counted, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_failure_in_mid_stream_ends_the_text_well, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_nobody_listening_ends_the_run, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_text_is_handed_on_in_pieces, set_up, tear_down),
      cmocka_unit_test(test_invalid_utf8_cannot_break_the_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

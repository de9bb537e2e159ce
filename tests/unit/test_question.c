/* What a caller may ask of /api/erp, and how a wrong question is refused (erp-connectors.md 9). */
#include "unit.h"

#include <string.h>

#include "accounting/accept.h"
#include "base/error.h"
#include "books_fixture.h"

#define PERIOD  "&from=2026-01-01&to=2026-01-31"
#define JANUARY "company=EFFECTI" PERIOD

static gboolean
ask(QuestionKind kind, const char *query, Question *question, const char **field, GError **error)
{
  return question_read(kind, query, NULL, question, field, error);
}

/* Asserts that a question is refused with this code, about this field. */
static void
assert_refused(QuestionKind kind, const char *query, PonteErrorCode code, const char *about)
{
  g_autoptr(GError) error = NULL;
  g_auto(Question) question = {0};
  const char *field = "?";
  if (ask(kind, query, &question, &field, &error))
    fail_msg("%s was taken", query);
  if (error->code != (int)code || g_strcmp0(field, about) != 0)
    fail_msg("%s: %s (%s), about %s", query, error_word(error), error->message, field);
}

static void
assert_taken(QuestionKind kind, const char *query, Question *question)
{
  g_autoptr(GError) error = NULL;
  const char *field;
  if (!ask(kind, query, question, &field, &error))
    fail_msg("%s: %s", query, error->message);
  assert_null(field);
}

/* F-65 */
static void
test_a_single_day_is_a_period(G_GNUC_UNUSED void **state)
{
  g_auto(Question) question = {0};
  assert_taken(QUESTION_TRIAL_BALANCE, "company=effecti&from=2026-01-05&to=2026-01-05", &question);
  assert_int_equal(question.companies->len, 1);
  assert_int_equal(g_date_compare(&question.period.first, &question.period.last), 0);
  assert_false(question.leave_out_zero);
  assert_int_equal(question.format, FORMAT_JSON);
}

/* F-65 */
static void
test_what_is_wrong_is_refused_by_name(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query;
    PonteErrorCode code;
    const char *field;
  } rows[] = {
      {"company=EFFECTI&from=2026-02-01&to=2026-01-31", ERROR_INVALID_PERIOD, "from"},
      {"company=EFFECTI&from=2020-01-01&to=2025-01-01", ERROR_INVALID_PERIOD, "from"},
      {"company=EFFECTI&from=1899-12-31&to=1900-01-01", ERROR_INVALID_PARAMETER, "from"},
      {"company=EFFECTI&from=2026-02-30&to=2026-03-31", ERROR_INVALID_PARAMETER, "from"},
      {"company=EFFECTI&from=2026-01-01", ERROR_INVALID_PARAMETER, "to"},
      {"from=2026-01-01&to=2026-01-31", ERROR_INVALID_PARAMETER, "company"},
      {"company=" PERIOD, ERROR_INVALID_PARAMETER, "company"},
      {"company=nobody" PERIOD, ERROR_COMPANY_UNKNOWN, "company"},
      {JANUARY "&company=EFFECTI", ERROR_REPEATED_PARAMETER, "company"},
      {JANUARY "&level=3&level=3", ERROR_REPEATED_PARAMETER, "level"},
      {JANUARY "&color=red", ERROR_UNKNOWN_PARAMETER, "color"},
      {JANUARY "&account=1.01", ERROR_UNKNOWN_PARAMETER, "account"},
      {JANUARY "&level=0", ERROR_INVALID_PARAMETER, "level"},
      {JANUARY "&level=16", ERROR_INVALID_PARAMETER, "level"},
      {JANUARY "&level=3x", ERROR_INVALID_PARAMETER, "level"},
      {JANUARY "&strict=yes", ERROR_INVALID_PARAMETER, "strict"},
      {JANUARY "&account_types=ASSET,GOLD", ERROR_INVALID_PARAMETER, "account_types"},
      {JANUARY "&account_from=2&account_to=1", ERROR_INVALID_PARAMETER, "account_from"},
      {JANUARY "&company_id=0%0A1", ERROR_INVALID_PARAMETER, "company_id"},
      {JANUARY "&format=xml", ERROR_INVALID_PARAMETER, "format"},
      {JANUARY "&company_id=%ff", ERROR_INVALID_PARAMETER, "company_id"},
      {JANUARY "&company_id=%zz", ERROR_INVALID_PARAMETER, "company_id"},
      {JANUARY "&%ff=1", ERROR_INVALID_PARAMETER, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    assert_refused(QUESTION_TRIAL_BALANCE, rows[i].query, rows[i].code, rows[i].field);
  assert_refused(QUESTION_SUBLEDGER, JANUARY, ERROR_INVALID_PARAMETER, "account");
  assert_refused(QUESTION_SUBLEDGER, JANUARY "&account=UNMAPPED:", ERROR_INVALID_PARAMETER,
                 "account");
  assert_refused(QUESTION_SUBLEDGER, JANUARY "&account=1&document_type=NF,LC",
                 ERROR_INVALID_PARAMETER, "document_type");
}

/* F-64 */
static void
test_filters_are_read(G_GNUC_UNUSED void **state)
{
  g_auto(Question) question = {0};
  assert_taken(QUESTION_TRIAL_BALANCE,
               JANUARY "&account_types=Ativo,passivo&include_zero_balances=false&level=3"
                       "&account_from=1.2&account_to=1.10&cost_center=CC+1%20x&company_id=02"
                       "&strict=1&bom=true&format=csv",
               &question);
  assert_int_equal(question.account_types->len, 2);
  assert_int_equal(g_array_index(question.account_types, AccountType, 1), ACCOUNT_LIABILITY);
  assert_true(question.leave_out_zero && question.strict && question.bom);
  assert_int_equal(question.level, 3);
  assert_string_equal(question.cost_center, "CC 1 x");
  assert_string_equal(question.company_id, "02");
  assert_int_equal(question.format, FORMAT_CSV);
}

static void
test_document_types_are_a_list_or_one(G_GNUC_UNUSED void **state)
{
  g_auto(Question) question = {0}, one = {0};
  assert_taken(QUESTION_SUBLEDGER, JANUARY "&account=1.01&document_types=NF,+Transfer%C3%AAncia",
               &question);
  assert_int_equal(question.document_types->len, 2);
  assert_string_equal(question.document_types->pdata[1], "transferencia");
  assert_taken(QUESTION_SUBLEDGER, JANUARY "&account=1.01&document_type=NF", &one);
  assert_int_equal(one.document_types->len, 1);
}

/* F-66 */
static void
test_an_erp_stands_for_its_one_company_with_credentials(G_GNUC_UNUSED void **state)
{
  g_auto(Question) omie = {0}, bling = {0};
  books_settings(NULL, NULL);
  books_credentials();
  assert_taken(QUESTION_TRIAL_BALANCE, "company=omie" PERIOD, &omie);
  assert_string_equal(((ErpCompany *)omie.companies->pdata[0])->code, "DATAHUB");
  assert_refused(QUESTION_TRIAL_BALANCE, "company=bling" PERIOD, ERROR_AMBIGUOUS_COMPANY,
                 "IPE_DIGITAL,LEADLOVERS");
  books_settings("BLING_LEADLOVERS_API_PROFILE", "v2", "BLING_LEADLOVERS_API_KEY", "k", NULL);
  assert_taken(QUESTION_TRIAL_BALANCE, "company=bling" PERIOD, &bling);
  assert_string_equal(((ErpCompany *)bling.companies->pdata[0])->code, "LEADLOVERS");
  books_settings(NULL, NULL);
  assert_refused(QUESTION_TRIAL_BALANCE, "company=omie" PERIOD, ERROR_AMBIGUOUS_COMPANY, "DATAHUB");
}

static void
test_health_is_asked_of_one_an_erp_or_all(G_GNUC_UNUSED void **state)
{
  g_auto(Question) one = {0}, erp = {0}, all = {0};
  assert_taken(QUESTION_HEALTH, "company=Ip%C3%AA+Digital", &one);
  assert_taken(QUESTION_HEALTH, "company=bling", &erp);
  assert_taken(QUESTION_HEALTH, NULL, &all);
  assert_int_equal(one.companies->len, 1);
  assert_false(one.is_list);
  assert_int_equal(erp.companies->len, 2);
  assert_int_equal(all.companies->len, 7);
  assert_true(erp.is_list && all.is_list);
}

static void
test_the_accept_header_chooses_the_format(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *accept;
    int format; /* -1: refused */
  } rows[] = {
      {NULL, FORMAT_JSON},
      {"", FORMAT_JSON},
      {"*/*", FORMAT_JSON},
      {"application/json", FORMAT_JSON},
      {"text/csv", FORMAT_CSV},
      {"Text/CSV; header=present", FORMAT_CSV},
      {"text/csv, */*", FORMAT_CSV},
      {"text/csv, application/json", FORMAT_JSON},
      {"text/csv;q=0.5, application/json;q=0.9", FORMAT_JSON},
      {"text/csv;q=0.9, application/json;q=0.5", FORMAT_CSV},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", FORMAT_JSON},
      {"application/json;q=0, */*", FORMAT_CSV},
      {"text/html", -1},
      {"application/json;q=0", -1},
      {"text/csv;q=nan", -1},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    QuestionFormat format = FORMAT_JSON;
    int got = accept_format(rows[i].accept, &format) ? (int)format : -1;
    if (got != rows[i].format)
      fail_msg("%s gave %d", rows[i].accept, got);
  }
}

static void
test_a_format_in_the_url_needs_no_accept(G_GNUC_UNUSED void **state)
{
  g_auto(Question) question = {0}, refused = {0};
  g_autoptr(GError) error = NULL;
  const char *field;
  assert_true(question_read(QUESTION_TRIAL_BALANCE, JANUARY "&format=csv", "text/html", &question,
                            &field, NULL));
  assert_int_equal(question.format, FORMAT_CSV);
  assert_false(
      question_read(QUESTION_TRIAL_BALANCE, JANUARY, "text/html", &refused, &field, &error));
  assert_int_equal(error->code, ERROR_NOT_ACCEPTABLE);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_single_day_is_a_period),
      cmocka_unit_test(test_what_is_wrong_is_refused_by_name),
      cmocka_unit_test(test_filters_are_read),
      cmocka_unit_test(test_document_types_are_a_list_or_one),
      cmocka_unit_test(test_an_erp_stands_for_its_one_company_with_credentials),
      cmocka_unit_test(test_health_is_asked_of_one_an_erp_or_all),
      cmocka_unit_test(test_the_accept_header_chooses_the_format),
      cmocka_unit_test(test_a_format_in_the_url_needs_no_accept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

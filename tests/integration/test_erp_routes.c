/* The routes of the ERPs' books, as their callers meet them: access, methods, parameters, forms. */
#include <string.h>

#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define BALANCE "/api/erp/trial-balance?company=EFFECTI&" JANUARY
#define ENTRIES "/api/erp/subledger?company=EFFECTI&account=1.01.001&" JANUARY

static const char *const paths[] = {BALANCE, ENTRIES, "/api/erp/health?company=EFFECTI"};

/* Section 7: always there, null when not known. */
static void
assert_error_members(const Answer *answer)
{
  static const char *const members[] = {
      "type",        "erp",      "company",         "operation", "retryable",
      "retry_after", "attempts", "upstream_status", "details",   "upstream_message"};
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
    if (json_object_get(answer->json, members[i]) == NULL)
      fail_msg("no member %s in %s", members[i], answer->body);
}

static void
test_only_those_who_may_get_in(G_GNUC_UNUSED void **state)
{
  g_autofree char *fin = token_for_role("fin");
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(Answer) nobody = call("GET", paths[i]);
    assert_error_code(nobody, 401, NULL, "unauthenticated");
    assert_error_members(nobody);
    g_autoptr(Answer) other = call("GET", paths[i], .token = fin);
    assert_error_code(other, 403, "Sem permissão. Apenas admin, superadmin ou cfo.", "forbidden");
    assert_error_members(other);
  }
  static const char *const roles[] = {"admin", "superadmin", "cfo"};
  for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
    g_autofree char *token = token_for_role(roles[i]);
    g_autoptr(Answer) answer = call("GET", BALANCE "&level=0", .token = token);
    assert_error(answer, 400, NULL);
  }
}

static void
test_books_are_only_read(G_GNUC_UNUSED void **state)
{
  static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
    for (gsize j = 0; j < G_N_ELEMENTS(methods); j++) {
      g_autoptr(Answer) answer = call(methods[j], paths[i], .token = book_bearer());
      assert_error_code(answer, 405, NULL, "method_not_allowed");
      assert_header(answer, "allow", i == 2 ? "GET, HEAD" : "GET");
    }
  for (gsize i = 0; i < 2; i++) {
    g_autoptr(Answer) head = call("HEAD", paths[i], .token = book_bearer());
    assert_status(head, 405);
  }
  g_autoptr(Answer) health = call("HEAD", paths[2], .token = book_bearer());
  assert_status(health, 200);
}

/* F-65 */
static void
test_a_wrong_question_is_refused_by_name(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query, *code, *field;
  } cases[] = {
      {"from=2026-02-01&to=2026-01-01", "invalid_period", NULL},
      {JANUARY "&cor=azul", "unknown_parameter", "cor"},
      {JANUARY "&level=0", "invalid_parameter", "level"},
      {JANUARY "&company=EFFECTI", "repeated_parameter", "company"},
      {"from=2026-01-01", "invalid_parameter", "to"},
      {JANUARY "&format=xml", NULL, "format"},
  };
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, cases[i].query);
    assert_error_code(answer, 400, NULL, cases[i].code);
    assert_member(answer, "type", "Validation");
    assert_error_members(answer);
    if (cases[i].field != NULL)
      assert_at(answer, "details.0.field", cases[i].field);
  }
  assert_int_equal(book_calls(book, NULL), 0);
  g_autoptr(Answer) picky = book_ask(book, TRIAL_BALANCE, JANUARY, "HTTP_ACCEPT=application/pdf");
  assert_error_code(picky, 406, NULL, "not_acceptable");
}

/* F-65 */
static void
test_one_day_is_a_period(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 20, 1);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, "from=2026-01-05&to=2026-01-05");
  assert_status(answer, 200);
  assert_member(answer, "period_end", "2026-01-05");
}

/* F-66 */
static void
test_a_company_is_found_by_its_erp_or_not(G_GNUC_UNUSED void **state)
{
  static const char query[] = "/api/erp/trial-balance?" JANUARY "&company=";
  g_autofree char *two = g_strconcat(query, "bling", NULL),
                  *none = g_strconcat(query, "nobody", NULL);
  g_autoptr(Answer) ambiguous = call("GET", two, .token = book_bearer());
  assert_error_code(ambiguous, 400, NULL, "ambiguous_company");
  assert_at(ambiguous, "details.0.message", "IPE_DIGITAL");
  assert_at(ambiguous, "details.1.message", "LEADLOVERS");
  g_autoptr(Answer) unknown = call("GET", none, .token = book_bearer());
  assert_error_code(unknown, 404, NULL, "company_unknown");
  assert_member(unknown, "type", "NotFound");
}

/* F-64 */
static void
test_filters_leave_the_totals_alone(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 30, 100, 1);
  book_account(book, "1.01.099", "Vazia", "ASSET", "0.00");
  g_autoptr(Answer) all = book_ask(book, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) some =
      book_ask(book, TRIAL_BALANCE,
               JANUARY "&account_types=Ativo,passivo&include_zero_balances=false&level=3");
  assert_status(all, 200);
  assert_status(some, 200);
  g_autofree char *debit = answer_at(all, "metadata.total_debit"),
                  *count = answer_at(all, "metadata.account_count");
  assert_at(some, "metadata.total_debit", debit);
  assert_at(some, "metadata.account_count", count);
  const json_t *kept = json_object_get(some->json, "accounts"), *account;
  assert_in_range(json_array_size(kept), 1,
                  json_array_size(json_object_get(all->json, "accounts")) - 1);
  for (gsize i = 0; (account = json_array_get(kept, i)) != NULL; i++) {
    const char *type = json_string_value(json_object_get(account, "account_type"));
    assert_true(strcmp(type, "ASSET") == 0 || strcmp(type, "LIABILITY") == 0);
    assert_int_equal(json_integer_value(json_object_get(account, "level")), 3);
    assert_string_not_equal(json_string_value(json_object_get(account, "account_code")),
                            "1.01.099");
  }
}

/* F-67, 9 */
static void
test_csv_is_a_file_that_can_be_stored(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_account(book, "1.01.001", "=HYPERLINK(1), \"x\"", "ASSET", "0.00");
  book_account(book, "4.01.001", "Receita", "REVENUE", "0.00");
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", 10);
  g_autoptr(Answer) balance = book_ask(book, TRIAL_BALANCE, JANUARY, "HTTP_ACCEPT=text/csv");
  assert_status(balance, 200);
  assert_header(balance, "x-erp-valid", "true");
  assert_header(balance, "content-disposition",
                "attachment; filename=\"trial_balance_EFFECTI_2026-01-01_2026-01-31.csv\"");
  assert_true(g_str_has_prefix(balance->body, "account_code,account_name,account_type,"));
  assert_non_null(strstr(balance->body, "\r\n1.01.001,\"'=HYPERLINK(1), \"\"x\"\"\",ASSET,"));
  g_autoptr(Answer) entries =
      book_ask(book, SUBLEDGER, "account=1.01.001&format=csv&bom=1&" JANUARY);
  assert_status(entries, 200);
  assert_header(entries, "content-type", "text/csv; charset=utf-8");
  assert_header(entries, "content-disposition",
                "attachment; filename=\"subledger_EFFECTI_1.01.001_2026-01-01_2026-01-31.csv\"");
  assert_true(g_str_has_prefix(entries->body, "\xef\xbb\xbf"
                                              "entry_id,transaction_date,"));
  assert_non_null(answer_header(entries, "content-length")); /* it is short */
  assert_header(entries, "cache-control", "no-store");
}

/* 7: whose fault it was, and what it said */
static void
test_an_error_tells_where_it_comes_from(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_fault(book, .kind = "trial-balance", .status = 429, .headers = "{\"Retry-After\":\"3600\"}",
             .times = LEDGER_ALWAYS);
  g_autoptr(Answer) limited = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(limited, 429, NULL, "erp_rate_limited");
  assert_header(limited, "retry-after", "3600");
  assert_error_members(limited);
  assert_member(limited, "type", "RateLimit");
  assert_member(limited, "erp", "totvs_protheus");
  assert_member(limited, "company", "EFFECTI");
  assert_member(limited, "operation", "get_trial_balance");
  assert_at(limited, "retryable", "true");
  assert_at(limited, "retry_after", "3600");
  assert_at(limited, "upstream_status", "429");

  g_autoptr(Book) bare = book_new("ONCLICK", NULL);
  book_set(bare, "CLIENT_SECRET", "");
  g_autoptr(Answer) missing = book_ask(bare, TRIAL_BALANCE, JANUARY);
  assert_error_code(missing, 503, NULL, "erp_not_configured");
  assert_member(missing, "company", "ONCLICK");
  assert_non_null(strstr(answer_text(missing, "error"), "TOTVS_ONCLICK_CLIENT_SECRET"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_only_those_who_may_get_in),
      LEDGER_CASE(test_books_are_only_read),
      LEDGER_CASE(test_a_wrong_question_is_refused_by_name),
      LEDGER_CASE(test_one_day_is_a_period),
      LEDGER_CASE(test_a_company_is_found_by_its_erp_or_not),
      LEDGER_CASE(test_filters_leave_the_totals_alone),
      LEDGER_CASE(test_csv_is_a_file_that_can_be_stored),
      LEDGER_CASE(test_an_error_tells_where_it_comes_from),
  };
  return RUN("routes of the books", tests);
}

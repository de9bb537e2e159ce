/* Bling's legacy XML (erp-connectors.md 6.4, profile v2): bills receivable and payable as two
 * accounts of one side each. */
#include <string.h>
#include <sys/resource.h>

#include "harness_balance.h"
#include "harness_sales.h"

#define JANUARY    "from=2026-01-01&to=2026-01-31"
#define JANUARY_OF "2026-01-01", "2026-01-31"
#define XML        "application/xml"
#define SPARE_KIB  (32 * 1024)

/* 6.4 */
static void
test_bills_are_two_accounts_of_one_side(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  book_seed(book, "2026-01-01", 11, 300, 1); /* two pages of 100 */
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY "&strict=true");
  assert_status(answer, 200);
  g_autofree char *receivable = book_entry_sum(book, "1.02.001", JANUARY_OF, "debit");
  g_autofree char *payable = book_entry_sum(book, "2.01.001", JANUARY_OF, "credit");
  g_autofree char *debit = g_strdup_printf("0.00 %s 0.00 %s", receivable, receivable);
  g_autofree char *credit = g_strdup_printf("0.00 0.00 %s %s", payable, payable);
  assert_at(answer, "metadata.account_count", "2");
  assert_amounts(answer, "RECEIVABLES", debit);
  assert_amounts(answer, "PAYABLES", credit);
  assert_string_equal(balance_text(answer, "RECEIVABLES", "account_name"), "Contas a Receber");
  assert_string_equal(balance_text(answer, "RECEIVABLES", "account_type"), "ASSET");
  assert_string_equal(balance_text(answer, "PAYABLES", "account_name"), "Contas a Pagar");
  assert_string_equal(balance_text(answer, "PAYABLES", "account_type"), "LIABILITY");
  assert_at(answer, "metadata.total_debit", receivable);
  assert_at(answer, "metadata.total_credit", payable);
  assert_at(answer, "metadata.api_profile", "v2");
  assert_at(answer, "metadata.aggregated_from_transactions", "true");
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.not_applicable",
            "[\"unbalanced\",\"accounting_equation\"]");
  assert_int_equal(book_calls(book, "v2-receivables"), 2);
  assert_asked(book, "v2-receivables", 1, "path", "/bling/Api/v2/contasreceber/xml/");
  assert_asked(book, "v2-receivables", 1, "filters", "dataEmissao[01/01/2026 TO 31/01/2026]");
  assert_asked(book, "v2-receivables", 2, "path", "/bling/Api/v2/contasreceber/page=2/xml/");
  assert_asked(book, "v2-payables", 1, "path", "/bling/Api/v2/contaspagar/xml/");
  assert_int_equal(book_calls(book, "token"), 0);
}

#define BILL                                                                                       \
  "<contareceber><id>88001</id><situacao>aberto</situacao><dataEmissao>2026-01-12</dataEmissao>"   \
  "<vencimento>2026-02-10</vencimento><nroDocumento>NF-331</nroDocumento><valor>1500,50</valor>"   \
  "<historico>Pedido 77 &amp; frete</historico>"                                                   \
  "<cliente><id>41</id><nome>Cliente Beta</nome></cliente></contareceber>"
#define CANCELLED                                                                                  \
  "<contareceber><id>88002</id><situacao>cancelada</situacao>"                                     \
  "<dataEmissao>2026-01-13</dataEmissao><valor>99,00</valor></contareceber>"

/* 6.4: the sample of the specification */
static void
test_entries_are_the_bills(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  book_put(book, "v2-receivables", BILL);
  book_put(book, "v2-receivables", CANCELLED);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=RECEIVABLES&" JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "entry_count", "1");
  assert_at(answer, "entries.0.entry_id", "88001");
  assert_at(answer, "entries.0.transaction_date", "2026-01-12");
  assert_at(answer, "entries.0.posting_date", "2026-01-12");
  assert_at(answer, "entries.0.account_name", "Contas a Receber");
  assert_at(answer, "entries.0.debit_amount", "1500.50");
  assert_at(answer, "entries.0.credit_amount", "0.00");
  assert_at(answer, "entries.0.description", "Pedido 77 & frete");
  assert_at(answer, "entries.0.document_number", "NF-331");
  assert_at(answer, "entries.0.entity_id", "41");
  assert_at(answer, "entries.0.entity_name", "Cliente Beta");
  assert_int_equal(book_calls(book, "v2-payables"), 0);
  g_autoptr(Answer) balance = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_amounts(balance, "RECEIVABLES", "0.00 1500.50 0.00 1500.50");
}

/* 6.4 */
static void
test_entries_of_payables_are_credits(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  book_seed(book, "2026-01-01", 11, 100, 1);
  g_autofree char *credit = book_entry_sum(book, "2.01.001", JANUARY_OF, "credit");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=PAYABLES&" JANUARY);
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "total_debit", "0.00");
  assert_at(answer, "total_credit", credit);
  g_autofree char *name = answer_at(answer, "entries.0.entity_name");
  assert_true(g_str_has_prefix(name, "Fornecedor "));
  assert_int_equal(book_calls(book, "v2-receivables"), 0);
}

/* 6.4: an empty list would read as if there were none */
static void
test_any_other_account_is_not_found(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"1.01.001", "receivables", "RECEIVABLES.1"};
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *query = g_strconcat("account=", codes[i], "&" JANUARY, NULL);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, query);
    assert_error_code(answer, 404, NULL, "account_not_found");
    assert_at(answer, "erp", "bling");
  }
  assert_int_equal(book_calls(book, NULL), 0);
}

#define REFUSAL(code)                                                                              \
  "<?xml version=\"1.0\"?><retorno><erros><erro><cod>" code "</cod><msg>Dito pelo Bling</msg>"     \
  "</erro></erros></retorno>"

/* F-49 */
static void
test_no_data_is_a_balance_of_zeros(G_GNUC_UNUSED void **state)
{
  static const guint statuses[] = {200, 404};
  for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
    g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
    book_fault(book, .times = LEDGER_ALWAYS, .status = statuses[i], .type = XML,
               .body = REFUSAL("14"));
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_status(answer, 200);
    assert_amounts(answer, "RECEIVABLES", "0.00 0.00 0.00 0.00");
    assert_amounts(answer, "PAYABLES", "0.00 0.00 0.00 0.00");
    assert_at(answer, "metadata.total_debit", "0.00");
    assert_int_equal(book_calls(book, NULL), 2);
    g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, "account=PAYABLES&" JANUARY);
    assert_status(entries, 200);
    assert_at(entries, "entries", "[]");
    assert_at(entries, "complete", "true");
  }
}

/* 6.4: only code 14 says that there is nothing */
static void
test_an_answer_without_its_list_is_no_empty_one(G_GNUC_UNUSED void **state)
{
  static const char *const bodies[] = {
      "<retorno><outra/></retorno>", "<retorno/>",
      "<retorno><erros><erro><msg>Sem dados</msg></erro></erros></retorno>"};
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    book_fault(book, .status = 200, .type = XML, .body = bodies[i]);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=PAYABLES&" JANUARY);
    assert_error_code(answer, 422, NULL, "erp_data_invalid");
    assert_at(answer, "details.0.code", "no_rows");
  }
  book_fault(book, .status = 200, .type = XML, .body = "<retorno><contaspagar/></retorno>");
  g_autoptr(Answer) empty = book_ask(book, SUBLEDGER, "account=PAYABLES&" JANUARY);
  assert_status(empty, 200);
  assert_at(empty, "entries", "[]");
}

/* F-49 */
static void
test_blings_words_about_the_key_are_understood(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *body;
    guint status;
    const char *code, *type;
  } cases[] = {
      {REFUSAL("2"), 502, "erp_authentication_failed", "Authentication"},
      {REFUSAL("3"), 502, "erp_authentication_failed", "Authentication"},
      {REFUSAL("4"), 502, "erp_authentication_failed", "Authentication"},
      {REFUSAL("8"), 422, "erp_rejected_request", "Validation"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
    book_fault(book, .status = 200, .type = XML, .body = cases[i].body);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, cases[i].status, NULL, cases[i].code);
    assert_at(answer, "type", cases[i].type);
    assert_at(answer, "upstream_message", "Dito pelo Bling");
    assert_int_equal(book_calls(book, NULL), 1);
  }
}

/* The most memory that any program of this test has had. */
static glong
peak_kib(void)
{
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
  return usage.ru_maxrss;
}

/* F-50 */
static void
test_documents_that_reach_out_or_blow_up_are_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *url = ledger_url("/bling/entity");
  g_autofree char *of_host = g_strdup_printf("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY e SYSTEM"
                                             " \"%s\">]><retorno>&e;</retorno>",
                                             url);
  g_autofree char *of_dtd =
      g_strdup_printf("<!DOCTYPE retorno SYSTEM \"%s\"><retorno><contasreceber/></retorno>", url);
  g_autoptr(GString) bomb = g_string_new("<!DOCTYPE r [<!ENTITY a0 \"lol\">");
  for (guint i = 1; i < 10; i++) {
    g_string_append_printf(bomb, "<!ENTITY a%u \"", i);
    for (guint k = 0; k < 10; k++)
      g_string_append_printf(bomb, "&a%u;", i - 1);
    g_string_append(bomb, "\">");
  }
  g_string_append(bomb, "]><retorno><contasreceber>&a9;</contasreceber></retorno>");
  const char *const bodies[] = {
      "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><retorno>&e;</retorno>", of_host,
      of_dtd, bomb->str};
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  g_autoptr(Answer) fine = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(fine, 200);
  glong before = peak_kib();
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    gint64 calls = book_calls(book, NULL);
    book_fault(book, .status = 200, .type = XML, .body = bodies[i]);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 422, NULL, "erp_data_invalid");
    assert_null(strstr(answer->body, "root:"));
    assert_int_equal(book_calls(book, NULL), calls + 1);
  }
  assert_true(peak_kib() - before < SPARE_KIB);
  assert_int_equal(sales_calls_of("bling", "unknown", NULL), 0);
}

/* F-50: nor is there an entity that nobody declared */
static void
test_an_undeclared_entity_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  book_fault(book, .times = LEDGER_ALWAYS, .status = 200, .type = XML,
             .body = "<retorno><contasreceber>&a9;</contasreceber></retorno>");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 502, NULL, "unexpected_content");
}

/* F-50: nor does a document nest without end */
static void
test_a_document_nested_too_deep_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) deep = g_string_new("<retorno>");
  for (guint i = 0; i < 20000; i++)
    g_string_append(deep, "<a>");
  g_autoptr(Book) book = book_new("LEADLOVERS", "v2");
  book_fault(book, .status = 200, .type = XML, .body = deep->str);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 422, NULL, "erp_data_invalid");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_bills_are_two_accounts_of_one_side),
      LEDGER_CASE(test_entries_are_the_bills),
      LEDGER_CASE(test_entries_of_payables_are_credits),
      LEDGER_CASE(test_any_other_account_is_not_found),
      LEDGER_CASE(test_no_data_is_a_balance_of_zeros),
      LEDGER_CASE(test_an_answer_without_its_list_is_no_empty_one),
      LEDGER_CASE(test_blings_words_about_the_key_are_understood),
      LEDGER_CASE(test_documents_that_reach_out_or_blow_up_are_refused),
      LEDGER_CASE(test_an_undeclared_entity_is_refused),
      LEDGER_CASE(test_a_document_nested_too_deep_is_refused),
  };
  return RUN("Bling, legacy XML", tests);
}

/* Bling's movements of bank accounts and their categories (erp-connectors.md 6.4, profile
 * v3_caixas). */
#include <string.h>

#include "harness_balance.h"

#define JANUARY    "from=2026-01-01&to=2026-01-31"
#define JANUARY_OF "2026-01-01", "2026-01-31"

static Book *
seeded(void)
{
  Book *book = book_new("IPE_DIGITAL", "v3_caixas");
  book_seed(book, "2026-01-01", 11, 60, 1);
  return book;
}

/* A financial account ("CF:503") or a category ("CAT:518") by its code in the books. */
static char *
code_of(const Book *book, const char *prefix, const char *account)
{
  return sql_text("select $2 || id from sandbox.ledger_account where who = $1 and code = $3",
                  book_who(book), prefix, account);
}

/* The sum of January's movements of banks that meet a condition. */
static char *
moved(const Book *book, const char *condition)
{
  g_autofree char *query =
      g_strdup_printf("select coalesce(sum(amount), 0)::numeric(15,2)::text"
                      "  from sandbox.bling_cash_entries($1, '2026-01-01', '2026-01-31') where %s",
                      condition);
  return sql_text(query, book_who(book));
}

/* 6.4: money in is a debit of the account, and a credit of its category */
static void
test_what_moved_on_banks_is_posted_to_categories(G_GNUC_UNUSED void **state)
{
  static const char *const banks[] = {"1.01.001", "1.01.002", "1.01.003"};
  g_autoptr(Book) book = seeded();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(banks); i++) {
    g_autofree char *code = code_of(book, "CF:", banks[i]);
    assert_moved_like(answer, code, book, banks[i], JANUARY_OF);
    assert_string_equal(balance_text(answer, code, "account_type"), "ASSET");
  }
  g_autofree char *income = code_of(book, "CAT:", "4.01.001");
  g_autofree char *condition = g_strdup_printf("direction = 'C' and category = %s", income + 4);
  g_autofree char *received = moved(book, condition);
  assert_string_equal(balance_text(answer, income, "credit_amount"), received);
  assert_string_equal(balance_text(answer, income, "account_type"), "REVENUE");
  g_autofree char *expense = code_of(book, "CAT:", "5.01.001");
  assert_string_equal(balance_text(answer, expense, "account_type"), "EXPENSE");
  g_autofree char *debit = answer_at(answer, "metadata.total_debit");
  assert_at(answer, "metadata.total_credit", debit);
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.not_applicable", "[]");
  assert_at(answer, "metadata.api_profile", "v3_caixas");
  assert_at(answer, "metadata.aggregated_from_transactions", "true");
  assert_at(answer, "metadata.opening_balance_policy", "zero");
}

/* 6.4: only details tell transfers from what nobody put into a category */
static void
test_what_has_no_category_is_looked_at_one_by_one(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = seeded();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  g_autofree char *between = moved(book, "kind = 'transfer' and direction = 'C'");
  g_autofree char *in = moved(book, "kind <> 'transfer' and category is null and direction = 'C'");
  g_autofree char *out = moved(book, "kind <> 'transfer' and category is null and direction = 'D'");
  assert_string_not_equal(in, "0.00");
  assert_string_equal(balance_text(answer, "TRANSF", "debit_amount"), between);
  assert_string_equal(balance_text(answer, "TRANSF", "credit_amount"), between);
  assert_string_equal(balance_text(answer, "TRANSF", "closing_balance"), "0.00");
  assert_string_equal(balance_text(answer, "SEM_CATEGORIA", "credit_amount"), in);
  assert_string_equal(balance_text(answer, "SEM_CATEGORIA", "debit_amount"), out);
  gint64 categories =
      sql_number("select count(*) from sandbox.ledger_account"
                 " where who = $1 and type in ('REVENUE', 'EXPENSE') and not is_summary",
                 book_who(book));
  assert_int_equal(book_calls(book, "transactions"), categories + 1);
  assert_int_equal(book_calls(book, "detail"),
                   sql_number("select count(*) from sandbox.bling_cash_entries($1, '2026-01-01',"
                              " '2026-01-31') where category is null",
                              book_who(book)));
  g_autofree char *first = book_parameter(book, "transactions", 1, "idsCategorias");
  assert_non_null(first);
  assert_asked(book, "transactions", 1, "path", "/bling/Api/v3/caixas");
  assert_asked(book, "transactions", 1, "situacao", "R");
  assert_asked(book, "transactions", 1, "dataInicial", "2026-01-01");
  assert_asked(book, "transactions", 1, "dataFinal", "2026-01-31");
  assert_asked(book, "transactions", (guint)categories + 1, "idsCategorias", NULL);
}

/* 6.4 */
static void
test_entries_agree_with_the_balance(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = seeded();
  g_autofree char *bank = code_of(book, "CF:", "1.01.001");
  g_autofree char *category = code_of(book, "CAT:", "4.01.001");
  const char *const codes[] = {bank, category, "SEM_CATEGORIA", "TRANSF"};
  g_autoptr(Answer) balance = book_ask(book, TRIAL_BALANCE, JANUARY);
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *query = g_strconcat("account=", codes[i], "&" JANUARY, NULL);
    g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, query);
    assert_status(entries, 200);
    assert_at(entries, "complete", "true");
    assert_at(entries, "total_debit", balance_text(balance, codes[i], "debit_amount"));
    assert_at(entries, "total_credit", balance_text(balance, codes[i], "credit_amount"));
    assert_at(entries, "entries.0.account_code", codes[i]);
  }
  g_autofree char *query = g_strconcat("account=", bank, "&" JANUARY, NULL);
  gint64 before = book_calls(book, "transactions"), details = book_calls(book, "detail");
  g_autoptr(Answer) money = book_ask(book, SUBLEDGER, query);
  assert_entries_like(money, book, "1.01.001", JANUARY_OF);
  assert_at(money, "entries.0.account_name", "Caixa");
  assert_asked(book, "transactions", (guint)before + 1, "idContaFinanceira", bank + 3);
  assert_int_equal(book_calls(book, "transactions"), before + 1);
  assert_int_equal(book_calls(book, "detail"), details);
}

/* 6.4 */
static void
test_an_account_bling_does_not_have_is_not_found(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"CF:999", "CAT:999", "1.01.001", "503"};
  g_autoptr(Book) book = seeded();
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *query = g_strconcat("account=", codes[i], "&" JANUARY, NULL);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, query);
    assert_error_code(answer, 404, NULL, "account_not_found");
  }
  assert_int_equal(book_calls(book, "transactions"), 0);
}

#define MOVEMENT(id, value, side, state)                                                           \
  "{\"id\":" id ",\"data\":\"2026-01-05\",\"valor\":" value ",\"debCred\":\"" side                 \
  "\",\"situacao\":\"" state "\",\"contaFinanceira\":{\"id\":7}}"

/* Two movements of account 7: 100.00 in, of category 1 (whichever way); 30.00 out, of none. */
static Book *
written_book(const char *category_type)
{
  Book *book = book_new("IPE_DIGITAL", "v3_caixas");
  g_autofree char *category = g_strdup_printf(
      "{\"id\":1,\"idCategoriaPai\":0,\"descricao\":\"Diversos\",\"tipo\":%s}", category_type);
  book_put(book, "accounts", "{\"id\":7,\"descricao\":\"Caixinha\"}");
  book_put(book, "categories", category);
  book_fault(book, .kind = "transactions", .request = "{\"idsCategorias\":\"1\"}", .status = 200,
             .times = LEDGER_ALWAYS, .body = "{\"data\":[" MOVEMENT("11", "100.00", "C", "R") "]}");
  book_put(book, "transactions", MOVEMENT("11", "100.00", "C", "R")); /* counted once */
  book_put(book, "transactions", MOVEMENT("12", "30.00", "D", "R"));
  book_put(book, "transactions", MOVEMENT("13", "5.00", "D", "P")); /* planned only */
  book_put(book, "detail", "{\"transferencia\":0}");
  return book;
}

/* 6.4 */
static void
test_sides_may_be_read_the_other_way(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = written_book("2");
  g_autoptr(Answer) of_bank = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(of_bank, 200);
  assert_amounts(of_bank, "CF:7", "0.00 100.00 30.00 70.00");
  assert_amounts(of_bank, "CAT:1", "0.00 0.00 100.00 100.00");
  assert_amounts(of_bank, "SEM_CATEGORIA", "0.00 30.00 0.00 30.00");
  assert_true(balance_warns(of_bank, "not_registered"));
  book_set(book, "DEBCRED_PERSPECTIVE", "ledger");
  g_autoptr(Answer) of_ledger = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(of_ledger, 200);
  assert_amounts(of_ledger, "CF:7", "0.00 30.00 100.00 -70.00");
  assert_amounts(of_ledger, "CAT:1", "0.00 100.00 0.00 -100.00");
}

/* 5.1: category tipo 1 is an expense, 2 a revenue, 3 what its movements are */
static void
test_a_category_is_what_bling_says_or_what_moved(G_GNUC_UNUSED void **state)
{
  static const char *const types[][2] = {{"1", "EXPENSE"}, {"2", "REVENUE"}, {"3", "REVENUE"}};
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
    g_autoptr(Book) book = written_book(types[i][0]);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_status(answer, 200);
    assert_string_equal(balance_text(answer, "CAT:1", "account_type"), types[i][1]);
    assert_string_equal(balance_text(answer, "CAT:1", "account_name"), "Diversos");
    assert_at(answer, "metadata.total_debit", "130.00");
    assert_at(answer, "metadata.total_credit", "130.00");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_what_moved_on_banks_is_posted_to_categories),
      LEDGER_CASE(test_what_has_no_category_is_looked_at_one_by_one),
      LEDGER_CASE(test_entries_agree_with_the_balance),
      LEDGER_CASE(test_an_account_bling_does_not_have_is_not_found),
      LEDGER_CASE(test_sides_may_be_read_the_other_way),
      LEDGER_CASE(test_a_category_is_what_bling_says_or_what_moved),
  };
  return RUN("Bling, bank accounts", tests);
}

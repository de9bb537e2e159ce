/* A company of a test: its own books and login in the sandbox (tests/sandbox/ledger.sql), and
 * programs that run with its settings.  Nothing of it is shared with another test: tenant, client,
 * keys and tokens are fresh, so buckets and breakers are too.  Include it after harness.h.
 *
 *   static void
 *   test_a_failing_page_is_asked_again(G_GNUC_UNUSED void **state)
 *   {
 *     g_autoptr(Book) book = book_new("EFFECTI", "ctbr020");
 *     book_seed(book, "2026-01-01", 20, 200, 1);
 *     book_fault(book, .kind = "trial-balance", .status = 503, .times = 2);
 *     g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, "from=2026-01-01&to=2026-01-31");
 *     assert_status(answer, 200);
 *     assert_int_equal(book_calls(book, "trial-balance"), 3);
 *   }
 *   … LEDGER_CASE(test_a_failing_page_is_asked_again) …
 *
 * Two ways to ask: book_ask runs the route's program once, as a plain CGI, in an environment of its
 * own (a few milliseconds; every call is another process); book_serve starts the stack's program
 * behind nginx anew with the book's settings, for what only nginx or a living process shows. */
#pragma once
#include "harness.h"

#define TRIAL_BALANCE "erp/trial-balance"
#define SUBLEDGER     "erp/subledger"
#define ERP_HEALTH    "erp/health"

/* harness_before and harness_after, and between them ledger_reset: no companies but the stack's
 * own, no faults, no calls, default settings. */
int ledger_before(void **state);
int ledger_after(void **state);
#define LEDGER_CASE(test) cmocka_unit_test_setup_teardown(test, ledger_before, ledger_after)
void ledger_reset(void);

/* ---- the company -------------------------------------------------------------------------------
 */

typedef struct Book Book;

/* A company of the portfolio ("EFFECTI", "MERCOS", "DATAHUB", "LEADLOVERS" …) with fresh
 * credentials, no books yet, and a profile of spec 1.4 (NULL: the default).  Its settings to begin
 * with: profile, addresses of the sandbox, the credentials (TOTVS, ContaAzul: OAuth2; Bling:
 * OAuth2, of profile v2 the api key), PER_MINUTE=0 (no buckets), ERP_RETRY_BASE_MS=20,
 * ERP_RETRY_JITTER=0. */
Book *book_new(const char *company, const char *profile);
void book_free(Book *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Book, book_free)

/* The same login and books for another book: a second company, host or set of settings. */
Book *book_copy(const Book *book);

const char *book_who(const Book *book); /* in sandbox.call, sandbox.fault, sandbox.ledger_… */

/* A credential or other column of sandbox.ledger_company ("tenant", "client_id", "refresh_token"
 * …). Borrowed. */
const char *book_login(const Book *book, const char *column);

/* A setting of the company: book_set(book, "PAGE_SIZE", "50") is TOTVS_EFFECTI_PAGE_SIZE; "" unsets
 * it. book_setting: any variable by its whole name. */
void book_set(Book *book, const char *key, const char *value);
void book_setting(Book *book, const char *name, const char *value);

/* "https://127.0.0.1:…" and a path of the sandbox, for BASE_URL and redirects.  Caller frees. */
char *ledger_url(const char *path);

/* ---- its books ---------------------------------------------------------------------------------
 */

/* So many accounts (at least 11, their sums come on top) and journal entries a month, for so many
 * months; always the same for the same arguments. */
void book_seed(Book *book, const char *first_day, guint accounts, guint entries, guint months);

/* So many entries that debit one account and credit the other, spread over a month; their amounts
 * are 0.02, 0.03 … 100.00, 0.01 and again. */
void book_fill(Book *book, const char *debit, const char *credit, const char *first_day,
               guint count);

/* One account; one journal entry with lines [{"account":…,"debit":…},{…,"credit":…}]. */
void book_account(Book *book, const char *code, const char *name, const char *type,
                  const char *opening);
void book_voucher(Book *book, const char *day, const char *lines);

/* A row listed exactly so, in place of all of the ledger's, by calls of this kind (see book_fault);
 * XML for kinds v2-….  book_put_for: only for this account or id (NULL: all), and in periods with
 * this day (NULL: all). */
void book_put(Book *book, const char *kind, const char *row);
void book_put_for(Book *book, const char *kind, const char *row, const char *key, const char *day);

/* The truth: one column (opening, debit, credit, closing; natural sign) of an account in a period,
 * as text.  Caller frees. */
char *book_balance(const Book *book, const char *code, const char *first_day, const char *last_day,
                   const char *column);

/* The sum of a column over an account's entries, and how many there are. */
char *book_entry_sum(const Book *book, const char *code, const char *first_day,
                     const char *last_day, const char *column);
gint64 book_entry_count(const Book *book, const char *code, const char *first_day,
                        const char *last_day);

/* ---- faults ------------------------------------------------------------------------------------
 * Kinds of calls.  totvs: token trial-balance subledger chart companies health.  contaazul: token
 * chart transactions companies; v2: categories dre accounts balance receivables payables instalment
 * transfers.  bling: token chart subledger trial-balance companies; v3_caixas: accounts categories
 * transactions detail; v2: v2-receivables v2-payables v2-companies.  omie: the methods' names.
 *
 *   what                          how
 *   a status (words of the ERP)   .status = 503
 *   … with a header               .status = 429, .headers = "{\"Retry-After\":\"2\"}"
 *   … with a body                 .status = 400, .body = "{…}"
 *   a page of HTML                .status = 200, .body = "<html>…"
 *   another content type          .trick = "truth", .type = "text/plain"
 *   a redirect                    .status = 302, .headers = "{\"Location\":\"https://…\"}"; who
 * follows it to https://localhost:<sandbox>/totvs/x is sales_calls_of("totvs", "unknown", NULL)
 *   later                         .trick = "truth", .delay_ms = 3000
 *   never                         .trick = "hang", .delay_ms = 200000
 *   bytes one by one              .trick = "drip", .bytes_per_s = 10
 *   Content-Length unmet          .trick = "cut"
 *   cut, but whole for HTTP       .trick = "half"
 *   the connection just ends      .trick = "reset"; "lost": after the work was done (a token call
 *                                 has spent its refresh token)
 *   not UTF-8                     .trick = "windows-1252"
 *   the first page's rows again   .trick = "repeat"; on page 2: .request = "{\"page\":\"2\"}"
 *   an empty page, more claimed   .trick = "empty"
 *   a row more before page 2      ledger_setting("totvs", "shift", "1")
 *   all in one answer             ledger_setting("totvs", "paging", "N")
 *   until told otherwise          sales_hold("totvs", kind) and sales_release() of harness_sales.h
 *   Postgres away                 postgres_stop() takes the sandbox along: its answers are 502
 * For Omie only status, body, headers, type, "cut", "reset", "hang". */
typedef struct {
  const char *kind;    /* NULL: any */
  const char *request; /* only calls whose parameters (texts) contain this JSON; NULL: any */
  guint call;          /* the n-th such call from now on; 0: the next */
  guint times;         /* so often; 0: once; LEDGER_ALWAYS */
  guint status;        /* 0: 200 with a body, else 500, or with a trick the usual */
  const char *body, *type, *headers, *trick;
  guint delay_ms, bytes_per_s;
} BookFault;
#define LEDGER_ALWAYS         G_MAXUINT
#define book_fault(book, ...) book_fault_with(book, &(BookFault){__VA_ARGS__})
void book_fault_with(const Book *book, const BookFault *fault);
void book_faults_clear(const Book *book);

/* A setting of a service (select * from sandbox.sales_settings): "token_seconds", "per_second" … */
void ledger_setting(const char *service, const char *name, const char *value);

/* ---- tokens ------------------------------------------------------------------------------------
 */

/* Every access token of this company has expired from now on, in the ERP's eyes. */
void book_tokens_expire(const Book *book);

/* How often a refresh token of the chain (from 1) was shown; how many links it has. */
gint64 book_link_uses(const Book *book, guint link);
gint64 book_links(const Book *book);

/* An access token good for an hour, made without a token call.  Caller frees. */
char *book_token_make(const Book *book);

/* ---- asking ------------------------------------------------------------------------------------
 */

/* GET of a route by the program alone (see above), as an administrator; the query is completed by
 * "company=…&".  Headers as "HTTP_ACCEPT=text/csv". */
#define book_ask(book, program, query, ...)                                                        \
  book_ask_with(book, program, query, (const char *const[]){"", ##__VA_ARGS__, NULL})
Answer *book_ask_with(const Book *book, const char *program, const char *query,
                      const char *const *headers);

/* The same in the background: several processes at once. */
typedef struct BookCall BookCall;
BookCall *book_start(const Book *book, const char *program, const char *query);
Answer *book_finish(BookCall *call);

/* What the programs of book_ask and book_start logged since this was last called, those still
 * running left out.  Caller frees. */
char *book_log_take(void);

/* Starts the stack's own program anew with the book's settings, until the end of the test; then
 * call("GET", path, .token = book_bearer()) or book_call asks it through nginx. */
void book_serve(const Book *book, const char *program);
Answer *book_call(const Book *book, const char *program, const char *query);
const char *book_bearer(void); /* an administrator's token; the harness keeps it */
/* "/api/erp/trial-balance?company=EFFECTI&…"; caller frees. */
char *book_path(const Book *book, const char *program, const char *query);

/* ---- what the ERP saw --------------------------------------------------------------------------
 */

/* How many calls of a kind (NULL: any, token calls too), refused ones included. */
gint64 book_calls(const Book *book, const char *kind);

/* Of the n-th such call (from 1): when it began, in microseconds since 1970; its status (0: none
 * yet or a connection that was reset); a parameter as text ("page", "tenantId", "path", "@client"
 * …; NULL: absent; caller frees). */
gint64 book_call_us(const Book *book, const char *kind, guint nth);
guint book_call_status(const Book *book, const char *kind, guint nth);
char *book_parameter(const Book *book, const char *kind, guint nth, const char *name);

/* The most calls (but token calls) that began within any such window ("60 s"). */
gint64 book_busiest(const Book *book, const char *window);

/* A member of an answer by its path ("accounts.0.closing_balance"): text as it is, other values as
 * JSON; NULL when absent.  Caller frees. */
char *answer_at(const Answer *answer, const char *path);
#define assert_at(answer, path, expected) assert_at_at(answer, path, expected, __FILE__, __LINE__)
void assert_at_at(const Answer *answer, const char *path, const char *expected, const char *file,
                  int line);

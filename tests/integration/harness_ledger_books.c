/* Books of tests, arranged by SQL as tests/sandbox/ledger.sql describes. */
#include "harness_ledger_book.h"

/* A number as a statement's parameter, of its own until the next eight. */
static const char *
number(guint value)
{
  static char places[8][16];
  static guint turn;
  char *text = places[turn++ % G_N_ELEMENTS(places)];
  g_snprintf(text, sizeof places[0], "%u", value);
  return text;
}

void
book_seed(Book *book, const char *first_day, guint accounts, guint entries, guint months)
{
  sql("select sandbox.ledger_seed($1, $2, $3, $4, $5)", book->who, first_day, number(accounts),
      number(entries), number(months));
}

void
book_fill(Book *book, const char *debit, const char *credit, const char *first_day, guint count)
{
  sql("select sandbox.ledger_fill($1, $2, $3, $4, $5)", book->who, debit, credit, first_day,
      number(count));
}

void
book_account(Book *book, const char *code, const char *name, const char *type, const char *opening)
{
  sql("select sandbox.ledger_put_account($1, $2, $3, $4, $5)", book->who, code, name, type,
      opening);
}

void
book_voucher(Book *book, const char *day, const char *lines)
{
  sql("select sandbox.ledger_put_voucher($1, $2, 'journal', $3)", book->who, day, lines);
}

void
book_put_for(Book *book, const char *kind, const char *row, const char *key, const char *day)
{
  sql("select sandbox.ledger_put($1, $2, $3, nullif($4, ''), nullif($5, '')::date)", book->who,
      kind, row, key != NULL ? key : "", day != NULL ? day : "");
}

void
book_put(Book *book, const char *kind, const char *row)
{
  book_put_for(book, kind, row, NULL, NULL);
}

char *
book_balance(const Book *book, const char *code, const char *first_day, const char *last_day,
             const char *column)
{
  return sql_text(
      "select case $5 when 'opening' then sign * opening when 'debit' then debit"
      "            when 'credit' then credit else sign * closing end::numeric(15,2)::text"
      "  from sandbox.ledger_balances($1, $3, $4) where code = $2",
      book->who, code, first_day, last_day, column);
}

char *
book_entry_sum(const Book *book, const char *code, const char *first_day, const char *last_day,
               const char *column)
{
  return sql_text("select coalesce(sum(case $5 when 'debit' then debit else credit end), 0)"
                  "       ::numeric(15,2)::text"
                  "  from sandbox.ledger_entry"
                  " where who = $1 and account = $2 and day between $3 and $4",
                  book->who, code, first_day, last_day, column);
}

gint64
book_entry_count(const Book *book, const char *code, const char *first_day, const char *last_day)
{
  return sql_number("select count(*) from sandbox.ledger_entry"
                    " where who = $1 and account = $2 and day between $3 and $4",
                    book->who, code, first_day, last_day);
}

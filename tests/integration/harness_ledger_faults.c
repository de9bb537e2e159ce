/* What the ERPs answer in place of the truth, and the tokens they gave. */
#include "harness_ledger_book.h"

#include <string.h>

/* ---- faults -----------------------------------------------------------------------------------
 */

static const char *
or_empty(const char *text)
{
  return text != NULL ? text : "";
}

/* As digits, since an answer need not be valid UTF-8. */
static char *
hexadecimal(const char *text)
{
  GString *digits = g_string_new(NULL);
  for (; text != NULL && *text != '\0'; text++)
    g_string_append_printf(digits, "%02x", (guint8)*text);
  return g_string_free(digits, FALSE);
}

#define FAULT_VALUES                                                                               \
  "nullif($2, ''), nullif($3, '')::jsonb, $4::int, nullif($5::bigint, 0)::int, $6, "               \
  "nullif($7::int, 0), nullif($8, ''), $9::jsonb,"                                                 \
  " case when $10 = 'y' then decode($11, 'hex') end"

static const char sql_fault[] =
    "insert into sandbox.fault (who, kind, request, nth, times, behaviour, status, content_type,"
    "                           headers, body_bytes, delay_ms, bytes_per_s)"
    " select $1, " FAULT_VALUES ", $12::int, $13::int";

static const char sql_omie_fault[] =
    "insert into sandbox.omie_fault (app_key, method, param, nth, times, behaviour, status,"
    "                                content_type, headers, body_bytes, seconds)"
    " select $1, " FAULT_VALUES ", $12::numeric / 1000 + 0 * $13::int";

void
book_fault_with(const Book *book, const BookFault *fault)
{
  gboolean is_omie = strcmp(book->erp, "omie") == 0;
  guint times = fault->times == 0 ? 1 : fault->times == LEDGER_ALWAYS ? 0 : fault->times;
  g_autofree char *nth = g_strdup_printf("%u", MAX(fault->call, 1));
  g_autofree char *often = g_strdup_printf("%u", times);
  g_autofree char *status = g_strdup_printf("%u", fault->status);
  g_autofree char *delay = g_strdup_printf("%u", fault->delay_ms);
  g_autofree char *pace = g_strdup_printf("%u", MAX(fault->bytes_per_s, 1));
  g_autofree char *body = hexadecimal(fault->body);
  sql(is_omie ? sql_omie_fault : sql_fault, is_omie ? book_login(book, "api_key") : book->who,
      or_empty(fault->kind), or_empty(fault->request), nth, often,
      fault->trick != NULL ? fault->trick : "answer", status, or_empty(fault->type),
      fault->headers != NULL ? fault->headers : "{}", fault->body != NULL ? "y" : "n", body, delay,
      pace);
}

void
book_faults_clear(const Book *book)
{
  sql("delete from sandbox.fault where who = $1", book->who);
  if (strcmp(book->erp, "omie") == 0)
    sql("delete from sandbox.omie_fault where app_key = $1", book_login(book, "api_key"));
}

/* ---- tokens -----------------------------------------------------------------------------------
 */

void
book_tokens_expire(const Book *book)
{
  sql("update sandbox.ledger_token set expires_at = clock_timestamp()"
      " where who = $1 and kind = 'access'",
      book->who);
}

gint64
book_link_uses(const Book *book, guint link)
{
  g_autofree char *n = g_strdup_printf("%u", link);
  return sql_number("select coalesce(sum(uses), 0) from sandbox.ledger_token"
                    " where who = $1 and kind = 'refresh' and link = $2",
                    book->who, n);
}

gint64
book_links(const Book *book)
{
  return sql_number("select coalesce(max(link), 0) from sandbox.ledger_token"
                    " where who = $1 and kind = 'refresh'",
                    book->who);
}

char *
book_token_make(const Book *book)
{
  return sql_text("insert into sandbox.ledger_token (token, who, kind, expires_at)"
                  " values ('eyJ' || md5(random()::text), $1, 'access', now() + interval '1 hour')"
                  " returning token",
                  book->who);
}

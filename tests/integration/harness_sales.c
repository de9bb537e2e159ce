/* Faults, calls and time of the stand-ins of data collecting, arranged by SQL as
 * tests/sandbox/sales.sql describes.  (Their records: harness_records.c.) */
#include "harness_sales.h"

#include "harness_whatsapp.h"

#define HOLD "78, 1" /* the advisory lock at which held calls wait */

static PGconn *holder;

void
sales_reset(void)
{
  sql("select sandbox.sales_reset()");
  sales_organization(SALES_TOKEN);
  orders_store(ORDERS_MERCHANT, ORDERS_KEY);
  orders_limits(0, 0);
  whatsapp_phone(WHATSAPP_PHONE, WHATSAPP_TOKEN);
  gateway_session(GATEWAY_SESSION, TRUE);
}

int
sales_before(void **state)
{
  int failed = harness_before(state);
  sales_reset();
  return failed;
}

int
sales_after(void **state)
{
  sales_release();
  return harness_after(state);
}

/* As digits, since an answer need not be valid UTF-8. */
static char *
hexadecimal(const char *text)
{
  GString *digits = g_string_new(NULL);
  for (; *text != '\0'; text++)
    g_string_append_printf(digits, "%02x", (guint8)*text);
  return g_string_free(digits, FALSE);
}

static const char *
or_empty(const char *text)
{
  return text != NULL ? text : "";
}

void
sales_answer_with(const SalesAnswer *answer)
{
  g_autofree char *nth = g_strdup_printf("%u", MAX(answer->call, 1));
  g_autofree char *times = g_strdup_printf("%u", answer->times);
  g_autofree char *status = g_strdup_printf("%u", answer->status);
  g_autofree char *delay = g_strdup_printf("%u", answer->delay_ms);
  g_autofree char *body = answer->body ? hexadecimal(answer->body) : g_strdup("none");
  sql("insert into sandbox.fault (service, who, kind, request, nth, times, behaviour, delay_ms,"
      "                           status, content_type, headers, body_bytes)"
      " values (nullif($1, ''), nullif($2, ''), nullif($3, ''), nullif($4, '')::jsonb, $5,"
      "         nullif($6::int, 0), $7, $8, nullif($9::int, 0), nullif($10, ''), $11,"
      "         decode(nullif($12, 'none'), 'hex'))",
      or_empty(answer->service), or_empty(answer->who), or_empty(answer->kind),
      or_empty(answer->request), nth, times, answer->trick ? answer->trick : "answer", delay,
      status, or_empty(answer->type), answer->headers ? answer->headers : "{}", body);
}

void
sales_answers_clear(void)
{
  sql("truncate sandbox.fault");
}

void
sales_setting(const char *service, const char *name, const char *value)
{
  sql("select sandbox.sales_set($1, $2, $3)", service, name, value);
}

void
sales_latency(const char *service, guint ms)
{
  g_autofree char *text = g_strdup_printf("%u", ms);
  sales_setting(service, "latency_ms", text);
}

void
sales_forget(void)
{
  sql("select sandbox.sales_forget()");
}

void
sales_hold(const char *service, const char *kind)
{
  if (holder == NULL) {
    holder = admin_connect();
    PQclear(PQexec(holder, "select pg_advisory_lock(" HOLD ")"));
  }
  sql("insert into sandbox.sales_hold values ($1, nullif($2, ''))", service, or_empty(kind));
}

gint64
sales_held(void)
{
  return sql_number("select count(*) from pg_locks where locktype = 'advisory' and classid = 78"
                    "   and objid = 1 and not granted");
}

void
sales_release(void)
{
  if (holder == NULL)
    return;
  g_clear_pointer(&holder, PQfinish);
  sql("delete from sandbox.sales_hold");
}

gint64
sales_calls_of(const char *service, const char *kind, const char *who)
{
  return sql_number("select count(*) from sandbox.call where service = $1"
                    "   and kind = coalesce(nullif($2, ''), kind)"
                    "   and who = coalesce(nullif($3, ''), who)",
                    service, or_empty(kind), or_empty(who));
}

gint64
sales_calls(const char *service)
{
  return sales_calls_of(service, NULL, NULL);
}

/* The n-th call's cell. */
#define NTH(cell)                                                                                  \
  "select " cell " from sandbox.call where service = $1 order by at, id limit 1"                   \
  " offset $2::int - 1"

char *
sales_request(const char *service, guint nth)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return sql_text(NTH("request::text"), service, n);
}

char *
sales_parameter(const char *service, guint nth, const char *name)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return sql_text(NTH("request ->> $3"), service, n, name);
}

gint64
sales_call_start_us(const char *service, guint nth)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return sql_number(NTH("(extract(epoch from at) * 1000000)::bigint"), service, n);
}

guint
sales_call_status(const char *service, guint nth)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return (guint)sql_number(NTH("status"), service, n);
}

gint64
sales_calls_at_once(const char *service)
{
  return sql_number("select max((select count(*) from sandbox.call b where b.service = a.service"
                    "   and b.at <= a.at and coalesce(b.ended_at, 'infinity') > a.at))"
                    "  from sandbox.call a where a.service = $1",
                    service);
}

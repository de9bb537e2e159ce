/* The sandbox's Omie, arranged by SQL as tests/sandbox/schema.sql describes. */
#include "harness.h"

#define METHOD "ListarClientes"
#define HOLD   "77, 1" /* the advisory lock at which held calls and writes wait */

static PGconn *holder;

static const char *
app(void)
{
  return harness_env("OMIE_APP_KEY");
}

void
omie_reset(void)
{
  sql("select sandbox.omie_reset()");
  sql("insert into sandbox.omie_app (app_key, app_secret) values ($1, $2)", app(),
      harness_env("OMIE_APP_SECRET"));
}

void
omie_seed(guint count)
{
  g_autofree char *number = g_strdup_printf("%u", count);
  sql("select sandbox.omie_seed_clients($1, $2::int)", app(), number);
}

void
omie_put(const char *record)
{
  gint64 known =
      sql_number("select count(*) from sandbox.omie_client"
                 " where app_key = $1 and id = ($2::jsonb ->> 'codigo_cliente_omie')::bigint",
                 app(), record);
  if (known > 0)
    sql("select sandbox.omie_change_client($1, ($2::jsonb ->> 'codigo_cliente_omie')::bigint, $2)",
        app(), record);
  else
    sql("select sandbox.omie_put_client($1, $2)", app(), record);
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

void
omie_answer_with(const OmieAnswer *answer)
{
  g_autofree char *param =
      answer->page ? g_strdup_printf("{\"pagina\":%u}", answer->page) : g_strdup("{}");
  g_autofree char *nth = g_strdup_printf("%u", MAX(answer->call, 1));
  g_autofree char *times = g_strdup_printf("%u", answer->times);
  g_autofree char *seconds =
      g_strdup_printf("%u.%03u", answer->delay_ms / 1000, answer->delay_ms % 1000);
  g_autofree char *status =
      answer->status ? g_strdup_printf("%u", answer->status) : g_strdup(answer->body ? "200" : "");
  g_autofree char *body = answer->body ? hexadecimal(answer->body) : g_strdup("none");
  sql("insert into sandbox.omie_fault"
      " (method, param, nth, times, behaviour, seconds, status, content_type, body_bytes)"
      " values ($1, $2, $3, nullif($4::int, 0), $5, $6, nullif($7, '')::int,"
      "         nullif($8, ''), decode(nullif($9, 'none'), 'hex'))",
      answer->method ? answer->method : METHOD, param, nth, times,
      answer->trick ? answer->trick : "answer", seconds, status, answer->type ? answer->type : "",
      body);
}

void
omie_fault(guint page, guint status, const char *code, const char *text)
{
  g_autofree char *body = sql_text("select sandbox.omie_fault_text($1, $2)", code, text);
  omie_answer(.page = page, .status = status, .body = body);
}

void
omie_page(guint page, guint total, const char *records)
{
  g_autofree char *body =
      g_strdup_printf("{\"clientes_cadastro\":[%s],\"pagina\":%u,\"registros\":1,"
                      "\"total_de_paginas\":%u,\"total_de_registros\":%u}",
                      records, MAX(page, 1), total, total);
  omie_answer(.page = page, .body = body);
}

void
omie_answers_clear(void)
{
  sql("truncate sandbox.omie_fault");
}

void
omie_forget(void)
{
  /* what a run gave up waiting for is answered all the same, and would be remembered after this */
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_call c where running"
                      "   and exists (select from pg_stat_get_activity(c.backend))") == 0);
  sql("update sandbox.omie_call set answered = null, clock = clock - interval '1 day'");
  sql("truncate sandbox.omie_block");
}

/* A trigger in schema probe that waits for the lock which this test holds. */
static void
make_hold(void)
{
  sql("create schema if not exists probe");
  sql("create or replace function probe.hold() returns trigger language plpgsql as $$"
      "  begin perform pg_advisory_xact_lock(" HOLD "); return new; end $$");
  if (holder != NULL)
    return;
  holder = admin_connect();
  PQclear(PQexec(holder, "select pg_advisory_lock(" HOLD ")"));
}

void
omie_hold_of(const char *method, guint first)
{
  make_hold();
  g_autofree char *statement = g_strdup_printf(
      "create or replace trigger probe_hold_%s before update on sandbox.omie_call for each row"
      " when (old.method = '%s' and (old.param ->> 'pagina')::int >= %u)"
      " execute function probe.hold()",
      method, method, first);
  sql(statement);
}

void
omie_hold(guint first)
{
  omie_hold_of(METHOD, first);
}

void
page_hold(const char *codigo)
{
  make_hold();
  g_autofree char *statement = g_strdup_printf(
      "create or replace trigger probe_hold before insert or update on fin.clients for each row"
      " when (new.omie_codigo = '%s') execute function probe.hold()",
      codigo);
  sql(statement);
}

gint64
held_count(void)
{
  return sql_number("select count(*) from pg_locks where locktype = 'advisory' and classid = 77"
                    "   and objid = 1 and not granted");
}

void
omie_release(void)
{
  if (holder == NULL)
    return;
  g_clear_pointer(&holder, PQfinish); /* first, or dropping would wait for those who wait */
  sql("drop schema if exists probe cascade");
}

gint64
omie_calls_of(const char *method)
{
  return sql_number("select count(*) from sandbox.omie_call where method = $1", method);
}

char *
omie_pages_of(const char *method)
{
  return sql_text("select string_agg(param ->> 'pagina', ',' order by id)"
                  "  from sandbox.omie_call where method = $1",
                  method);
}

char *
omie_parameters_of(const char *method, guint nth)
{
  g_autofree char *offset = g_strdup_printf("%u", nth - 1);
  return sql_text("select param::text from sandbox.omie_call where method = $1"
                  " order by id limit 1 offset $2::int",
                  method, offset);
}

gint64
omie_calls(void)
{
  return omie_calls_of(METHOD);
}

char *
omie_pages(void)
{
  return omie_pages_of(METHOD);
}

char *
omie_parameters(guint nth)
{
  return omie_parameters_of(METHOD, nth);
}

void
omie_setting(const char *name, const char *value)
{
  sql("select sandbox.omie_set($1, $2)", name, value);
}

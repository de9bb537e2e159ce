#include "harness_revenue.h"

Answer *
cron_post(const char *query)
{
  g_autofree char *path = g_strconcat(CRON_REVENUE, query, NULL);
  return call("POST", path, .token = harness_env("CRON_SECRET"));
}

Pending *
cron_start(const char *query)
{
  g_autofree char *path = g_strconcat(CRON_REVENUE, query, NULL);
  return call_start("POST", path, .token = harness_env("CRON_SECRET"));
}

gint64
cron_ok_at(const char *query, const char *file, int line)
{
  g_autoptr(Answer) answer = cron_post(query);
  assert_status_at(answer, 200, file, line);
  return answer_int(answer, "recordCount");
}

void
assert_cron_fails_at(const char *query, const char *text, const char *file, int line)
{
  g_autoptr(Answer) answer = cron_post(query);
  assert_error_at(answer, 500, text, "job_failed", file, line);
  assert_last_job_at("status", "error", file, line);
  assert_last_job_at("error_message", text, file, line);
  assert_last_job_at("finished_at is not null", "true", file, line);
}

void
assert_last_job_at(const char *column, const char *expected, const char *file, int line)
{
  g_autofree char *query = g_strdup_printf(
      "select (%s)::text from fin.job_run order by started_at desc, id desc limit 1", column);
  assert_sql_text(file, line, expected, query, NULL);
}

static const char *
finance_token(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return token;
}

Answer *
revenue_get(const char *query)
{
  g_autofree char *path = g_strconcat(REVENUE, query, NULL);
  return call("GET", path, .token = finance_token());
}

Pending *
revenue_start(const char *query)
{
  g_autofree char *path = g_strconcat(REVENUE, query, NULL);
  return call_start("GET", path, .token = finance_token());
}

char *
title_json(guint id, const char *day, const char *code, const char *value, const char *more)
{
  return g_strdup_printf("{\"codigo_lancamento_omie\":%u,\"data_registro\":\"%s\","
                         "\"codigo_cliente_fornecedor\":%s,\"valor_documento\":%s%s}",
                         id, day, code, value, more);
}

void
title(guint id, const char *day, const char *code, const char *value, const char *more)
{
  g_autofree char *record = title_json(id, day, code, value, more);
  title_put(record);
}

void
snapshot_put(const char *month, const char *code, const char *valor)
{
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor, created_at)"
      " values (($1 || '-01')::date, $2, $3::numeric, '2026-02-01T05:00:07.112Z')",
      month, code, valor);
}

void
assert_snapshot_at(const char *month, const char *expected, const char *file, int line)
{
  assert_sql_text(file, line, expected,
                  "select coalesce(string_agg(omie_codigo || '=' || valor, ' '"
                  "         order by length(omie_codigo), omie_codigo), '')"
                  "  from fin.erp_revenue_snapshot where period = ($1 || '-01')::date",
                  month, NULL);
}

void
client_put(const char *code, const char *name)
{
  sql("insert into fin.clients (name, omie_codigo) values ($2, $1)", code, name);
}

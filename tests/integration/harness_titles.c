/* The sandbox's titles receivable. */
#include "harness.h"

static const char *
app(void)
{
  return harness_env("OMIE_APP_KEY");
}

void
titles_seed(const char *month, guint count)
{
  g_autofree char *number = g_strdup_printf("%u", count);
  sql("select sandbox.omie_seed_titles($1, ($2 || '-01')::date, $3::int)", app(), month, number);
}

void
title_put(const char *record)
{
  gint64 known =
      sql_number("select count(*) from sandbox.omie_title"
                 " where app_key = $1 and id = ($2::jsonb ->> 'codigo_lancamento_omie')::bigint",
                 app(), record);
  if (known > 0)
    sql("select sandbox.omie_change_title("
        "  $1, ($2::jsonb ->> 'codigo_lancamento_omie')::bigint, $2)",
        app(), record);
  else
    sql("select sandbox.omie_put_title($1, $2)", app(), record);
}

void
titles_page(guint page, guint total_pages, const char *records)
{
  g_autofree char *list = g_strdup_printf("[%s]", records);
  g_autoptr(json_t) parsed = json_loads(list, 0, NULL);
  guint rows = parsed != NULL ? (guint)json_array_size(parsed) : 1; /* records may be no JSON */
  g_autofree char *body =
      g_strdup_printf("{\"conta_receber_cadastro\":%s,\"pagina\":%u,\"registros\":%u,"
                      "\"total_de_paginas\":%u,\"total_de_registros\":%u}",
                      list, MAX(page, 1), rows, total_pages, rows * total_pages);
  omie_answer(.method = LIST_TITLES, .page = page, .body = body);
}

void
titles_fault(guint page, guint status, const char *code, const char *text)
{
  g_autofree char *body = sql_text("select sandbox.omie_fault_text($1, $2)", code, text);
  omie_answer(.method = LIST_TITLES, .page = page, .status = status, .body = body);
}

gint64
titles_calls(void)
{
  return omie_calls_of(LIST_TITLES);
}

char *
titles_pages(void)
{
  return omie_pages_of(LIST_TITLES);
}

char *
titles_parameters(guint nth)
{
  return omie_parameters_of(LIST_TITLES, nth);
}

void
titles_hold(guint first_page)
{
  omie_hold_of(LIST_TITLES, first_page);
}

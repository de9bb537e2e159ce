#include "harness_backoffice.h"

#include <string.h>

static char *token;

static void
empty_tables(void)
{
  sql("truncate backoffice.attachment_integration_map, backoffice.attachment_transfer_log,"
      " backoffice.purchase_order_closure_log restart identity cascade");
}

int
backoffice_before(void **state)
{
  harness_before(state);
  empty_tables();
  if (token == NULL)
    token = token_for_role("fin");
  return 0;
}

int
backoffice_after(void **state)
{
  if (database_answers())
    empty_tables();
  return harness_after(state);
}

const char *
fin_token(void)
{
  return token;
}

Answer *
bo_get(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *path = g_strdup_vprintf(format, args);
  va_end(args);
  return call("GET", path, .token = token);
}

Answer *
bo_post(const char *path, const char *body)
{
  return call("POST", path, .token = token, .body = body);
}

void
workers_rest(void)
{
  program_kill("_worker");
}

void
closures(const char *count)
{
  sql("insert into backoffice.purchase_order_closure_log"
      " (numero_pedido, numero_nf_servico, id_nf_servico, status, created_at)"
      " select 'PO' || i, 'NF' || i, 1000 + i, 'failed',"
      "        '2025-11-18T16:00:00Z'::timestamptz + i * interval '1 minute'"
      "   from generate_series(1, $1::int) as i",
      count);
}

void
assert_told_at(const Answer *answer, guint status, const char *member, const char *text,
               const char *file, int line)
{
  const char *other = strcmp(member, "detail") == 0 ? "erro" : "detail";
  assert_error_at(answer, status, text, NULL, file, line);
  if (g_strcmp0(answer_text(answer, member), answer_text(answer, "error")) != 0 ||
      answer_text(answer, other) != NULL) {
    print_error("the error stands not as %s alone: %s\n", member, answer->body);
    _fail(file, line);
  }
}

char *
listed(const Answer *answer, const char *member)
{
  GString *all = g_string_new(NULL);
  json_t *row;
  size_t i;
  json_array_foreach(json_object_get(answer->json, "results"), i, row)
  {
    g_autofree char *text = json_dumps(json_object_get(row, member), JSON_ENCODE_ANY);
    g_string_append_printf(all, "%s%s", i > 0 ? "," : "", text);
  }
  return g_string_free(all, FALSE);
}

#include "harness_register.h"

#include <string.h>

void
client_of_contracts(void)
{
  sql("insert into fin.clients (id, name, omie_codigo) values ('" CLIENT_ID "', 'ACME', '7')");
}

void
assert_created(const char *path, const char *body, const char *expected)
{
  g_autoptr(Answer) answer = finance_post(path, body);
  if (answer->status != 201)
    fail_msg("%s: %s", body, answer->body);
  if (strstr(answer->body, expected) == NULL)
    fail_msg("%s is not in %s", expected, answer->body);
}

/* The members that the error's `fields` names, each with a text, in order: "mrr,name". */
static char *
wrong_members(const Answer *answer)
{
  json_t *fields = json_object_get(answer->json, "fields");
  g_autoptr(GString) names = g_string_new(NULL);
  const char *name;
  json_t *message;
  json_object_foreach(fields, name, message)
  {
    assert_true(json_is_string(message) && *json_string_value(message) != '\0');
    g_string_append_printf(names, "%s%s", names->len > 0 ? "," : "", name);
  }
  return sql_text("select string_agg(n, ',' order by n collate \"C\")"
                  "  from regexp_split_to_table($1, ',') n",
                  names->str);
}

void
assert_wrong(const char *path, const char *body, const char *members)
{
  g_autoptr(Answer) answer = finance_post(path, body);
  if (answer->status != 400)
    print_error("%s\n", body);
  assert_error_code(answer, 400, "Campos inválidos.", "invalid_fields");
  g_autofree char *named = wrong_members(answer);
  if (!g_str_equal(named, members))
    fail_msg("%s: %s is wrong, not %s: %s", body, named, members, answer->body);
}

char *
rows_text(const Answer *answer, const char *member)
{
  assert_status(answer, 200);
  assert_int_equal(json_object_size(answer->json), 1);
  GString *names = g_string_new(NULL);
  gsize i;
  json_t *row;
  json_array_foreach(json_object_get(answer->json, "rows"), i, row)
  {
    g_string_append_printf(names, "%s%s", i > 0 ? "," : "",
                           json_string_value(json_object_get(row, member)));
  }
  return g_string_free(names, FALSE);
}

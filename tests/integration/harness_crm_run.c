/* Runs of data collecting, and what they answer. */
#include "harness_crm.h"

#include <string.h>

#include "harness_crm_texts.h"

Answer *
collect(const char *query)
{
  g_autofree char *path = g_strconcat(COLLECT, query, NULL);
  return call("GET", path, .token = harness_env("CRON_SECRET"));
}

Answer *
collect_ok_at(const char *query, const char *file, int line)
{
  Answer *answer = collect(query);
  assert_status_at(answer, 201, file, line);
  return answer;
}

Pending *
collect_start(void)
{
  return call_start("GET", COLLECT, .token = harness_env("CRON_SECRET"));
}

/* A cell of the answer as text; NULL when it is not there, or null. */
static const char *
member_text(const json_t *object, const char *member)
{
  const json_t *value = json_object_get(object, member);
  if (json_is_object(value))
    value = json_object_get(value, "codigo");
  if (json_is_string(value))
    return crm_keep(g_strdup(json_string_value(value)));
  if (json_is_integer(value))
    return crm_keep(g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)));
  return NULL;
}

static const json_t *
part_of(const Answer *answer, const char *organization)
{
  const json_t *all = json_object_get(answer->json, "organizacoes");
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *part = json_array_get(all, i);
    if (g_strcmp0(json_string_value(json_object_get(part, "organizacaoId")), organization) == 0)
      return part;
  }
  return NULL;
}

const char *
collected(const Answer *answer, const char *organization, const char *member)
{
  return member_text(part_of(answer, organization), member);
}

const char *
collected_total(const Answer *answer, const char *member)
{
  return member_text(json_object_get(answer->json, "totais"), member);
}

static void
expect(const Answer *answer, const char *found, const char *whose, const char *member,
       const char *expected, const char *file, int line)
{
  if (g_strcmp0(found, expected) == 0)
    return;
  print_error("%s of %s is %s, not %s, in\n%s\n", member, whose, found ? found : "(null)",
              expected ? expected : "(null)", answer->body);
  _fail(file, line);
}

void
assert_collected_at(const Answer *answer, const char *organization, const char *member,
                    const char *expected, const char *file, int line)
{
  expect(answer, collected(answer, organization, member), organization, member, expected, file,
         line);
}

void
assert_collected_total_at(const Answer *answer, const char *member, const char *expected,
                          const char *file, int line)
{
  expect(answer, collected_total(answer, member), "totais", member, expected, file, line);
}

const char *
collected_organizations(const Answer *answer)
{
  const json_t *all = json_object_get(answer->json, "organizacoes");
  g_autoptr(GString) ids = g_string_new(NULL);
  for (size_t i = 0; i < json_array_size(all); i++)
    g_string_append_printf(
        ids, "%s%s", i > 0 ? "," : "",
        json_string_value(json_object_get(json_array_get(all, i), "organizacaoId")));
  return crm_keep(g_strdup(ids->str));
}

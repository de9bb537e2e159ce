/* What tests say about runs of the client sync. */
#include "harness.h"

static const char *
finance_token(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return token;
}

Answer *
sync_post(void)
{
  return call("POST", SYNC, .token = finance_token());
}

Answer *
sync_get(void)
{
  return call("GET", SYNC, .token = finance_token());
}

Pending *
sync_start(void)
{
  return call_start("POST", SYNC, .token = finance_token());
}

gint64
sync_ok_at(const char *file, int line)
{
  g_autoptr(Answer) answer = sync_post();
  assert_status_at(answer, 200, file, line);
  return answer_int(answer, "recordCount");
}

const char *
answer_last_run(const Answer *answer, const char *member)
{
  return json_string_value(json_object_get(json_object_get(answer->json, "lastSync"), member));
}

void
assert_run_fails_at(guint status, const char *text, const char *file, int line)
{
  g_autoptr(Answer) answer = sync_post();
  assert_error_at(answer, status, text, NULL, file, line);
  g_autofree char *id = last_run("id");
  assert_member_at(answer, "logId", id, file, line);
  assert_last_run_at("status", "error", file, line);
  assert_last_run_at("error_message", text, file, line);
  assert_last_run_at("finished_at is not null", "true", file, line);
}

char *
clients_snapshot(void)
{
  return sql_text("select string_agg(concat_ws('|', coalesce(omie_codigo, '-'), name,"
                  "         coalesce(document, '-'), coalesce(contact_email, '-')), E'\n'"
                  "         order by omie_codigo::bigint, document, name)"
                  "  from fin.clients");
}

void
runs_age(const char *interval)
{
  sql("update fin.erp_sync_log set started_at = started_at - $1::interval,"
      "  finished_at = finished_at - $1::interval",
      interval);
  sql("update erp.call_slot set expires_at = expires_at - $1::interval", interval);
  sql("update erp.rate_bucket set updated_at = updated_at - $1::interval,"
      "  blocked_until = blocked_until - $1::interval",
      interval);
}

void
five_minutes_pass(void)
{
  runs_age("301 seconds");
  omie_forget();
}

char *
last_run(const char *column)
{
  g_autofree char *query = g_strdup_printf(
      "select (%s)::text from fin.erp_sync_log order by started_at desc, id desc limit 1", column);
  return sql_text(query);
}

void
assert_last_run_at(const char *column, const char *expected, const char *file, int line)
{
  g_autofree char *value = last_run(column);
  if (g_strcmp0(value, expected) == 0)
    return;
  print_error("%s of the last run is \"%s\", not \"%s\"\n", column, value ? value : "(null)",
              expected ? expected : "(null)");
  _fail(file, line);
}

char *
undisturbed_rows(guint clients)
{
  omie_seed(clients);
  assert_int_equal(sync_ok(), clients);
  char *rows = clients_snapshot();
  database_reset();
  omie_reset();
  omie_seed(clients);
  return rows;
}

void
assert_next_run_leaves_at(const char *rows, guint clients, const char *file, int line)
{
  omie_answers_clear();
  five_minutes_pass();
  sql("update fin.erp_sync_log set lease_until = now() - interval '1 s' where status = 'running'");
  sql("delete from erp.call_guard");
  if (sync_ok_at(file, line) != clients) {
    print_error("the next run did not count %u clients\n", clients);
    _fail(file, line);
  }
  g_autofree char *found = clients_snapshot();
  if (g_strcmp0(found, rows) != 0) {
    print_error("the next run left other rows than an undisturbed one:\n%s\n", found);
    _fail(file, line);
  }
  assert_count(0, "fin.erp_sync_log where status = 'running'");
}

const char *
run_just_now(void)
{
  static char *token;
  sql("insert into fin.erp_sync_log (status, finished_at) values ('success', now())");
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return token;
}

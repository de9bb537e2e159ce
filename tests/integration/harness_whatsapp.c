/* Messages, arranged by SQL as tests/sandbox/sales.sql describes. */
#include "harness_whatsapp.h"

#include <string.h>

#include "harness_sales.h"

void
whatsapp_phone(const char *phone_id, const char *token)
{
  sql("insert into sandbox.whatsapp_phone values ($1, $2)"
      " on conflict (phone_id) do update set token = excluded.token",
      phone_id, token);
}

void
whatsapp_template(const char *name, const char *language, int parameters)
{
  g_autofree char *number = g_strdup_printf("%d", parameters);
  sql("insert into sandbox.whatsapp_template"
      " values ($1, $2, case when $3::int >= 0 then $3::int end)"
      " on conflict (name, language) do update set parameters = excluded.parameters",
      name, language, number);
}

void
whatsapp_message_status(const char *status)
{
  sales_setting(WHATSAPP, "message_status", status != NULL ? status : "");
}

void
gateway_session(const char *session, gboolean is_there)
{
  if (is_there)
    sql("insert into sandbox.gateway_session values ($1) on conflict do nothing", session);
  else
    sql("delete from sandbox.gateway_session where session_id = $1", session);
}

void
gateway_queues(gboolean queues)
{
  sales_setting(GATEWAY, "queues", queues ? "S" : "N");
}

static guint
usual_status(int code)
{
  switch (code) {
  case 190:
    return 401;
  case 4:
  case 80007:
  case 130429:
  case 131056:
    return 429;
  case 1:
  case 2:
  case 131000:
  case 131016:
    return 500;
  default:
    return 400;
  }
}

void
whatsapp_refuse_with(const WhatsappRefusal *refusal)
{
  g_autofree char *code = g_strdup_printf("%d", refusal->code);
  g_autofree char *details =
      refusal->details ? g_strdup(refusal->details) : g_strdup_printf("Detalhe de %s", code);
  g_autofree char *body = sql_text(
      "select json_build_object('error', json_build_object("
      "  'message', '(#' || $1::text || ') Recusa de ensaio', 'type', 'OAuthException',"
      "  'code', $1::int, 'error_data', json_build_object("
      "    'messaging_product', 'whatsapp', 'details', $2::text), 'fbtrace_id', 'AEnsaio' || $1))",
      code, details);
  sales_answer(.service = WHATSAPP, .who = refusal->who, .request = refusal->request,
               .call = refusal->call, .times = refusal->times,
               .status = refusal->status ? refusal->status : usual_status(refusal->code),
               .body = body);
}

static void
message_free(gpointer data)
{
  Message *message = data;
  char **texts[] = {(char **)&message->service,  (char **)&message->sender,
                    (char **)&message->to,       (char **)&message->template,
                    (char **)&message->language, (char **)&message->text,
                    (char **)&message->id,       (char **)&message->client_id};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(*texts[i]);
  json_decref(message->parameters);
  json_decref(message->payload);
  g_free(message);
}

static char *
copy_of(const json_t *row, const char *name)
{
  return g_strdup(json_string_value(json_object_get(row, name)));
}

static Message *
message_of(const json_t *row)
{
  Message *message = g_new(Message, 1);
  *message = (Message){.service = copy_of(row, "service"),
                       .sender = copy_of(row, "sender"),
                       .to = copy_of(row, "to_"),
                       .template = copy_of(row, "template"),
                       .language = copy_of(row, "language"),
                       .text = copy_of(row, "text_"),
                       .id = copy_of(row, "message_id"),
                       .client_id = copy_of(row, "client_id"),
                       .start_us = json_integer_value(json_object_get(row, "start_us")),
                       .parameters = json_incref(json_object_get(row, "parameters")),
                       .payload = json_incref(json_object_get(row, "payload"))};
  return message;
}

GPtrArray *
whatsapp_messages(void)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func(message_free);
  g_autofree char *text =
      sql_text("select coalesce(json_agg(m order by at, id), '[]') from (select *,"
               "   (extract(epoch from at) * 1000000)::bigint as start_us"
               "  from sandbox.whatsapp_message) m");
  g_autoptr(json_t) rows = json_loads(text, 0, NULL);
  size_t place;
  json_t *row;
  json_array_foreach(rows, place, row)
  {
    g_ptr_array_add(messages, message_of(row));
  }
  return messages;
}

gint64
whatsapp_message_count(void)
{
  return sql_number("select count(*) from sandbox.whatsapp_message");
}

const Message *
whatsapp_message(const GPtrArray *messages, guint n)
{
  if (n >= messages->len)
    fail_msg("there are %u messages, not %u", messages->len, n + 1);
  return g_ptr_array_index(messages, n);
}

const char *
whatsapp_parameter(const Message *message, const char *name)
{
  size_t place;
  json_t *parameter;
  json_array_foreach(message->parameters, place, parameter)
  {
    const char *own = json_string_value(json_object_get(parameter, "name"));
    g_autofree char *number = g_strdup_printf("%zu", place + 1);
    if (strcmp(own != NULL ? own : number, name) == 0)
      return json_string_value(json_object_get(parameter, "text"));
  }
  return NULL;
}

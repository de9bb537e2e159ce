/* Faults with Omie's words and codes. */
#include "omie_reply.h"

#define JSON_TYPE "application/json"

OmieReply *
omie_reply_new(gboolean turned)
{
  OmieReply *reply = g_new0(OmieReply, 1);
  reply->status = 200;
  reply->content_type = JSON_TYPE;
  reply->body = g_string_new(NULL);
  reply->turned = turned;
  return reply;
}

void
omie_reply_free(OmieReply *reply)
{
  g_string_free(reply->body, TRUE);
  g_free(reply->faultcode);
  g_free(reply);
}

static void
add_character(GString *json, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf(json, "\\%c", (char)c);
  else if (c >= 0x20 && c < 0x7f)
    g_string_append_c(json, (char)c);
  else if (c < 0x10000)
    g_string_append_printf(json, "\\u%04x", c);
  else
    g_string_append_printf(json, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                           0xdc00 + ((c - 0x10000) & 0x3ff));
}

void
omie_add_text(GString *json, const char *text)
{
  g_string_append_c(json, '"');
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
    add_character(json, g_utf8_get_char(p));
  g_string_append_c(json, '"');
}

static void
write_fault(OmieReply *reply, const char *code, const char *message)
{
  GString *json = reply->body;
  g_string_assign(json, reply->turned ? "{\"faultcode\":" : "{\"faultstring\":");
  omie_add_text(json, reply->turned ? code : message);
  g_string_append(json, reply->turned ? ",\"faultstring\":" : ",\"faultcode\":");
  omie_add_text(json, reply->turned ? message : code);
  g_string_append_c(json, '}');
}

void
omie_reply_fault(OmieReply *reply, guint status, const char *code, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  reply->status = status;
  reply->content_type = JSON_TYPE;
  reply->rows = 0;
  g_free(reply->faultcode);
  reply->faultcode = g_strdup(code);
  write_fault(reply, code, message);
}

void
omie_reply_bad_credentials(OmieReply *reply)
{
  omie_reply_fault(reply, 403, "SOAP-ENV:Server",
                   "A chave de acesso está inválida ou o aplicativo está suspenso.");
}

void
omie_reply_blocked(OmieReply *reply, gint64 seconds)
{
  omie_reply_fault(reply, 425, "MISUSE_API_PROCESS",
                   "API bloqueada por consumo indevido. Tente novamente em %" G_GINT64_FORMAT
                   " segundos.",
                   seconds);
}

void
omie_reply_too_many(OmieReply *reply)
{
  reply->status = 429;
  g_string_assign(reply->body,
                  "{\"error_code\":429,\"error_hash\":\"5d41402abc4b2a76b9719d911017c592\","
                  "\"error_message\":\"Too Many Requests\"}");
}

void
omie_reply_broken(OmieReply *reply)
{
  omie_reply_fault(reply, 500, "SOAP-ENV:Server",
                   "SOAP-ERROR: Broken response from Application Server (BG)");
}

void
omie_reply_no_records(OmieReply *reply, gint64 page)
{
  omie_reply_fault(reply, 500, "SOAP-ENV:Client-5113",
                   "ERROR: Não existem registros para a página [%" G_GINT64_FORMAT "]!", page);
}

static const char *
reason_of(guint status)
{
  switch (status) {
  case 500:
    return "Internal Server Error";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Temporarily Unavailable";
  case 504:
    return "Gateway Time-out";
  default:
    return "OK";
  }
}

void
omie_reply_gateway_page(OmieReply *reply, guint status)
{
  reply->status = status;
  reply->content_type = "text/html";
  g_string_printf(reply->body,
                  "<html>\r\n<head><title>%u %s</title></head>\r\n<body>\r\n"
                  "<center><h1>%u %s</h1></center>\r\n<hr><center>nginx</center>\r\n"
                  "</body>\r\n</html>\r\n",
                  status, reason_of(status), status, reason_of(status));
}

void
omie_reply_send(const OmieReply *reply, Response *res)
{
  response_status(res, reply->status);
  response_body(res, reply->content_type, reply->body->str, reply->body->len);
}

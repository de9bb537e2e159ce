#include "crm/whatsapp.h"

#include <string.h>

#include "base/settings.h"

#define MAX_ANSWER 65536 /* bytes */

/* A text that can stand in a request's address or header. */
static gboolean
has(const char *text)
{
  return text != NULL && *text != '\0' && strpbrk(text, "\r\n") == NULL;
}

static gboolean
is_gateway(const WhatsappSender *sender)
{
  return g_strcmp0(sender->type, "INTERNAL_GATEWAY") == 0;
}

gboolean
whatsapp_sender_is_usable(const WhatsappSender *sender)
{
  if (is_gateway(sender))
    return has(sender->session) && setting_is_set(INTERNAL_WHATSAPP_GATEWAY_API_SECRET) &&
           https_url_is_acceptable(setting(INTERNAL_WHATSAPP_GATEWAY_URL));
  return g_strcmp0(sender->type, "META_CLOUD_API") == 0 && has(sender->token) &&
         has(sender->phone_id) && https_url_is_acceptable(setting(WHATSAPP_API_BASE_URL));
}

/* `path` under a base URL, with one slash between them. */
static char *
url_of(Setting base, const char *path)
{
  const char *text = setting(base);
  return g_strconcat(text, g_str_has_suffix(text, "/") ? "" : "/", path, NULL);
}

static HttpsResult
post(const char *url, const char *bearer, const char *payload, GString *body)
{
  g_autofree char *authorization = g_strconcat("Authorization: Bearer ", bearer, NULL);
  HttpsResult result;
  const HttpsRequest request = {
      .url = url,
      .headers = (const char *const[]){authorization, NULL},
      .body = payload,
      .content_type = "application/json",
      .timeout_ms = setting_int(ENVIO_TIMEOUT_S) * 1000,
      .max_bytes = MAX_ANSWER,
      .only_once = TRUE,
  };
  if (!https_fetch(https_shared(), &request, body, &result, NULL))
    return (HttpsResult){.outcome = HTTPS_NOT_SENT, .reason = "not an https address"};
  return result;
}

static void
send_by_cloud(const WhatsappSender *sender, const Template *message, const char *to,
              SendAnswer *answer)
{
  g_autoptr(GString) body = g_string_new(NULL);
  g_autofree char *phone = g_uri_escape_string(sender->phone_id, NULL, FALSE);
  g_autofree char *path = g_strconcat(phone, "/messages", NULL);
  g_autofree char *url = url_of(WHATSAPP_API_BASE_URL, path);
  g_autofree char *payload = template_payload(message, to);
  const HttpsResult result = post(url, sender->token, payload, body);
  whatsapp_judge_cloud(&result, body, answer);
}

static void
send_by_gateway(const WhatsappSender *sender, const Template *message, const char *to,
                const char *text, const char *client_id, SendAnswer *answer)
{
  g_autoptr(GString) body = g_string_new(NULL);
  g_autofree char *url = url_of(INTERNAL_WHATSAPP_GATEWAY_URL, "messages/send");
  g_autofree char *payload =
      template_gateway_payload(message, sender->session, to, text, client_id);
  const HttpsResult result =
      post(url, setting(INTERNAL_WHATSAPP_GATEWAY_API_SECRET), payload, body);
  whatsapp_judge_gateway(&result, body, answer);
}

void
whatsapp_send(const WhatsappSender *sender, const Template *message, const char *to,
              const char *text, const char *client_id, SendAnswer *answer)
{
  if (is_gateway(sender))
    send_by_gateway(sender, message, to, text, client_id, answer);
  else
    send_by_cloud(sender, message, to, answer);
}

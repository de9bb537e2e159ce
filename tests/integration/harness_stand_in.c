/* Calling the stand-ins directly. */
#include "harness_stand_in.h"

#include <curl/curl.h>
#include <string.h>

#define LIST "/online-software/planodecontas/apirestweb/vends/listvends.php"

void
reply_clear(Reply *reply)
{
  if (reply->body != NULL)
    g_string_free(reply->body, TRUE);
}

static size_t
keep_body(char *bytes, size_t size, size_t count, void *body)
{
  g_string_append_len(body, bytes, (gssize)(size * count));
  return size * count;
}

static size_t
keep_header(char *bytes, size_t size, size_t count, void *reply)
{
  g_autofree char *line = g_strndup(bytes, size * count);
  if (g_ascii_strncasecmp(line, "retry-after:", 12) == 0)
    g_strlcpy(((Reply *)reply)->retry_after, g_strstrip(line + 12),
              sizeof((Reply *)reply)->retry_after);
  return size * count;
}

Reply
ask(const char *path, const char *body, const char *header, const char *other)
{
  Reply reply = {.body = g_string_new(NULL)};
  g_autofree char *url = g_strconcat(harness_env("PONTE_SANDBOX_URL"), path, NULL);
  struct curl_slist *headers = curl_slist_append(NULL, header);
  if (other != NULL)
    headers = curl_slist_append(headers, other);
  CURL *curl = curl_easy_init();
  gint64 began = g_get_monotonic_time();
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_CAINFO, harness_env("CURL_CA_BUNDLE"));
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 120000L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
  if (body != NULL)
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  CURLcode result = curl_easy_perform(curl);
  if (result == CURLE_OK)
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  else
    reply.failure = curl_easy_strerror(result);
  reply.took_us = g_get_monotonic_time() - began;
  curl_easy_cleanup(curl);
  curl_slist_free_all(headers);
  return reply;
}

Reply
ask_sales(const char *token, const char *routine, const char *from, const char *to)
{
  g_autofree char *body =
      g_strdup_printf("{\"token\":\"%s\",\"rotina\":\"%s\",\"dtinicio\":\"%s\",\"dtfim\":\"%s\"}",
                      token, routine, from, to);
  return ask(LIST, body, "Content-Type: application/json", NULL);
}

Reply
ask_orders(const char *path)
{
  return ask(path, NULL, "X-API-KEY: " ORDERS_KEY, "X-Merchant-Id: " ORDERS_MERCHANT);
}

gboolean
says(const Reply *reply, long status, const char *text)
{
  if (reply->status == status && strstr(reply->body->str, text) != NULL)
    return TRUE;
  print_error("answered %ld (%s): %.600s\n", reply->status,
              reply->failure ? reply->failure : "whole", reply->body->str);
  return FALSE;
}

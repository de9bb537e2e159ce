/* The network alone: asks for pages 1 to COUNT of a listing, PARALLEL at once, and discards
 * them.
 *   fetch URL COUNT PARALLEL      prints "bytes seconds"
 * A URL that ends in "=" gets the page's number; any other is Omie's, which is sent a body.
 * CURL_CA_BUNDLE names the authority of the server's certificate. */
#include <curl/curl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  CURLM *multi;
  const char *url;
  struct curl_slist *headers;
  int next, count;
  gsize bytes;
  gboolean failed;
} Fetch;

static size_t
discard(G_GNUC_UNUSED char *bytes, size_t size, size_t count, void *data)
{
  Fetch *fetch = data;
  fetch->bytes += size * count;
  return size * count;
}

static CURL *
new_call(Fetch *fetch)
{
  CURL *easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, fetch->url);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("CURL_CA_BUNDLE"));
  curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch->headers);
  return easy;
}

static void
set_page(Fetch *fetch, CURL *easy, int page)
{
  if (g_str_has_suffix(fetch->url, "=")) {
    g_autofree char *url = g_strdup_printf("%s%d", fetch->url, page);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    return;
  }
  g_autofree char *body = g_strdup_printf("{\"call\":\"ListarClientes\",\"app_key\":\"1\","
                                          "\"app_secret\":\"x\",\"param\":[{\"pagina\":%d,"
                                          "\"registros_por_pagina\":500}]}",
                                          page);
  curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
}

/* Sends the next page on a handle that is free. */
static void
ask(Fetch *fetch, CURL *easy)
{
  if (fetch->next > fetch->count)
    return;
  set_page(fetch, easy, fetch->next++);
  curl_multi_add_handle(fetch->multi, easy);
}

static int
collect(Fetch *fetch)
{
  int done = 0, left;
  for (CURLMsg *message; (message = curl_multi_info_read(fetch->multi, &left)) != NULL;) {
    CURL *easy = message->easy_handle;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    fetch->failed |= message->data.result != CURLE_OK || status != 200;
    curl_multi_remove_handle(fetch->multi, easy);
    ask(fetch, easy);
    done++;
  }
  return done;
}

int
main(int argc, char **argv)
{
  if (argc != 4) {
    fputs("usage: fetch URL COUNT PARALLEL\n", stderr);
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Fetch fetch = {.multi = curl_multi_init(),
                 .url = argv[1],
                 .next = 1,
                 .count = (int)strtol(argv[2], NULL, 10)};
  fetch.headers = curl_slist_append(NULL, "Content-Type: application/json");
  gint64 begin = g_get_monotonic_time();
  for (long lanes = strtol(argv[3], NULL, 10); lanes > 0; lanes--)
    ask(&fetch, new_call(&fetch));
  for (int done = 0, running; done < fetch.count;) {
    curl_multi_perform(fetch.multi, &running);
    int ended = collect(&fetch);
    done += ended;
    if (ended == 0)
      curl_multi_poll(fetch.multi, NULL, 0, 1000, NULL);
  }
  printf("%" G_GSIZE_FORMAT " %.4f\n", fetch.bytes,
         (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC);
  return fetch.failed;
}

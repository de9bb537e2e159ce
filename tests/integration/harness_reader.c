#include "harness_reader.h"

#include "harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM (8 * 1024) /* bytes that the client's socket holds */

struct Reader {
  int socket;
  GString *text;
};

static void
send_request(const Reader *reader, const char *path, const char *token)
{
  g_autofree char *request = g_strdup_printf("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                             "Authorization: Bearer %s\r\n\r\n",
                                             path, token);
  assert_int_equal(send(reader->socket, request, strlen(request), MSG_NOSIGNAL), strlen(request));
}

Reader *
reader_open(const char *path, const char *token)
{
  g_autoptr(GUri) url = g_uri_parse(harness_env("PONTE_URL"), G_URI_FLAGS_NONE, NULL);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((guint16)g_uri_get_port(url))};
  Reader *reader = g_new0(Reader, 1);
  int room = ROOM;
  reader->text = g_string_new(NULL);
  reader->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(inet_pton(AF_INET, g_uri_get_host(url), &address.sin_addr), 1);
  setsockopt(reader->socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  assert_int_equal(connect(reader->socket, (struct sockaddr *)&address, sizeof address), 0);
  send_request(reader, path, token);
  return reader;
}

void
reader_close(Reader *reader)
{
  close(reader->socket);
  g_string_free(reader->text, TRUE);
  g_free(reader);
}

gboolean
reader_take(Reader *reader, gsize bytes)
{
  char buffer[16 * 1024];
  gsize wanted = reader->text->len + bytes;
  while (reader->text->len < wanted) {
    ssize_t got = recv(reader->socket, buffer, sizeof buffer, 0);
    if (got <= 0)
      return FALSE;
    g_string_append_len(reader->text, buffer, got);
  }
  return TRUE;
}

const GString *
reader_text(const Reader *reader)
{
  return reader->text;
}

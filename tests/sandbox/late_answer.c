/* The worker's own end of the connection becomes /dev/null, where libfcgi may write, finish and
 * close as usual; the thread writes the protocol's few records itself. */
#include "late_answer.h"

#include <fastcgi.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/internal.h"

#define MOST_CONTENT     65528 /* of one record; a multiple of eight needs no padding */
#define DRIPS_PER_SECOND 10

typedef struct {
  int connection;
  guint16 request_id;
  GString *answer;
  gsize cut_at;
  gsize head;        /* what comes after it drips */
  guint bytes_per_s; /* 0: nothing drips */
  gint64 due_us;
} Late;

static gboolean
write_all(int fd, const void *bytes, gsize length)
{
  for (const char *from = bytes; length > 0;) {
    gssize sent = send(fd, from, length, MSG_NOSIGNAL);
    if (sent <= 0)
      return FALSE;
    from += sent;
    length -= (gsize)sent;
  }
  return TRUE;
}

static gboolean
write_record(const Late *late, guint8 type, const char *content, gsize length)
{
  guint8 head[FCGI_HEADER_LEN] = {FCGI_VERSION_1,
                                  type,
                                  (guint8)(late->request_id >> 8),
                                  (guint8)late->request_id,
                                  (guint8)(length >> 8),
                                  (guint8)length};
  return write_all(late->connection, head, sizeof head) &&
         write_all(late->connection, content, length);
}

/* Several times a second, as many bytes as belong to that time. */
static gboolean
drip(const Late *late)
{
  gsize portion = MAX(late->bytes_per_s / DRIPS_PER_SECOND, 1), sent = late->head;
  gulong pause_us = (gulong)(portion * G_USEC_PER_SEC / late->bytes_per_s);
  if (!write_record(late, FCGI_STDOUT, late->answer->str, sent))
    return FALSE;
  for (; sent < late->answer->len; sent += portion) {
    g_usleep(pause_us);
    if (!write_record(late, FCGI_STDOUT, late->answer->str + sent,
                      MIN(portion, late->answer->len - sent)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_at_once(const Late *late)
{
  gsize whole = MIN(late->answer->len, late->cut_at);
  for (gsize sent = 0; sent < whole; sent += MOST_CONTENT)
    if (!write_record(late, FCGI_STDOUT, late->answer->str + sent, MIN(MOST_CONTENT, whole - sent)))
      return FALSE;
  return TRUE;
}

static void
write_answer(const Late *late)
{
  static const char end[8] = {0}; /* status 0, complete */
  if (!(late->bytes_per_s > 0 ? drip(late) : write_at_once(late)))
    return;
  if (late->cut_at == LATE_WHOLE && write_record(late, FCGI_STDOUT, "", 0))
    (void)write_record(late, FCGI_END_REQUEST, end, sizeof end);
}

static gpointer
answer_when_due(gpointer data)
{
  Late *late = data;
  char rest[4096];
  for (gint64 left; (left = late->due_us - g_get_monotonic_time()) > 0;)
    g_usleep((gulong)left);
  write_answer(late);
  /* what nginx sent and nobody read would turn the end of the connection into a failure */
  while (recv(late->connection, rest, sizeof rest, MSG_DONTWAIT) > 0)
    continue;
  shutdown(late->connection, SHUT_RDWR);
  close(late->connection);
  g_string_free(late->answer, TRUE);
  g_free(late);
  return NULL;
}

/* Takes the connection from the worker; the rest of `late` is filled in. */
static gboolean
hand_over(const Request *req, const Late *late)
{
  const FCGX_Request *fastcgi = req->gateway->fastcgi;
  int nowhere = fastcgi != NULL ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
  int connection = nowhere >= 0 ? fcntl(fastcgi->ipcFd, F_DUPFD_CLOEXEC, 0) : -1;
  gboolean taken = connection >= 0 && dup2(nowhere, fastcgi->ipcFd) >= 0;
  if (nowhere >= 0)
    close(nowhere);
  if (!taken) {
    if (connection >= 0)
      close(connection);
    return FALSE;
  }
  Late *own = g_memdup2(late, sizeof *late);
  own->connection = connection;
  own->request_id = (guint16)fastcgi->requestId;
  g_thread_unref(g_thread_new("late answer", answer_when_due, own));
  return TRUE;
}

gboolean
late_answer(const Request *req, GString *answer, gsize cut_at, gint64 delay_ms)
{
  Late late = {
      .answer = answer, .cut_at = cut_at, .due_us = g_get_monotonic_time() + delay_ms * 1000};
  return hand_over(req, &late);
}

gboolean
late_answer_drip(const Request *req, GString *answer, gsize head, guint bytes_per_s,
                 gint64 delay_ms)
{
  Late late = {.answer = answer,
               .cut_at = LATE_WHOLE,
               .head = head,
               .bytes_per_s = bytes_per_s,
               .due_us = g_get_monotonic_time() + delay_ms * 1000};
  return hand_over(req, &late);
}

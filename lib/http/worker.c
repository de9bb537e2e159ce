/* A worker: one request at a time.  Signals stay blocked for good; it waits with epoll on the stop
 * descriptor and on the listening socket and only then calls libfcgi.  This loop lost nothing in
 * 716 rolling restarts under load, the usual ones truncate answers (platform-notes, libfcgi 3). */
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "base/stop.h"
#include "http/internal.h"

#define LISTENING_SOCKET 0

static gboolean
watch(int epoll, int fd, guint32 events)
{
  struct epoll_event event = {.events = events, .data.fd = fd};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* Waits for a connection; FALSE when asked to stop. */
static gboolean
wait_for_connection(int epoll)
{
  struct epoll_event events[2];
  int n;
  while ((n = epoll_wait(epoll, events, 2, stop_leftover_wait_ms())) == 0)
    stop_try_leftover();
  for (int i = 0; i < n; i++)
    if (events[i].data.fd == stop_fd())
      return FALSE;
  return n > 0 || errno == EINTR;
}

int
work(WorkerState *state)
{
  FCGX_Request request;
  int status = 0;
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (FCGX_Init() != 0 || FCGX_InitRequest(&request, LISTENING_SOCKET, 0) != 0 ||
      fcntl(LISTENING_SOCKET, F_SETFL, fcntl(LISTENING_SOCKET, F_GETFL) | O_NONBLOCK) != 0 ||
      !watch(epoll, stop_fd(), EPOLLIN) ||
      !watch(epoll, LISTENING_SOCKET, EPOLLIN | EPOLLEXCLUSIVE)) {
    log_error("worker cannot start", NULL);
    return 1;
  }
  while (wait_for_connection(epoll)) {
    int accepted = FCGX_Accept_r(&request);
    if (accepted == -EAGAIN || accepted == -ECONNABORTED || accepted == -EINTR)
      continue; /* another worker was quicker, or the caller has gone */
    if (accepted < 0) {
      log_error("no connection is accepted", "reason", g_strerror(-accepted), NULL);
      status = 1;
      break;
    }
    g_atomic_int_set(&state->busy, 1);
    Gateway gateway = gateway_of_fastcgi(&request);
    if (dispatch(&gateway))
      FCGX_Finish_r(&request); /* tells nginx that the answer is whole */
    FCGX_Free(&request, 1);    /* closes a kept connection, which would starve the others */
    state->last_active_us = g_get_monotonic_time();
    g_atomic_int_set(&state->busy, 0);
  }
  stop_farewell();
  db_disconnect(db_shared());
  close(epoll);
  return status;
}

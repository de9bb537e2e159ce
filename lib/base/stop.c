#include "base/stop.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t
stop_signals(void)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

void
stop_block_signals(void)
{
  sigset_t set = stop_signals();
  sigprocmask(SIG_BLOCK, &set, NULL);
}

int
stop_fd(void)
{
  static int fd = -1;
  static pid_t owner;
  if (fd < 0 || owner != getpid()) { /* a forked child needs its own */
    sigset_t set = stop_signals();
    if (fd >= 0)
      close(fd);
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    owner = getpid();
  }
  return fd;
}

gboolean
stop_requested(void)
{
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

#define TRY_AGAIN_MS 1000

static struct {
  gboolean (*action)(void); /* NULL: nothing is left over */
  gint64 patience_s;
} leftover;

void
stop_add_leftover(gboolean (*action)(void), gint64 patience_s)
{
  g_assert(leftover.action == NULL || leftover.action == action);
  leftover.action = action;
  leftover.patience_s = patience_s;
}

int
stop_leftover_wait_ms(void)
{
  return leftover.action != NULL ? TRY_AGAIN_MS : -1;
}

void
stop_try_leftover(void)
{
  if (leftover.action != NULL && leftover.action())
    leftover.action = NULL;
}

void
stop_farewell(void)
{
  gint64 last_us = g_get_monotonic_time() + leftover.patience_s * G_USEC_PER_SEC;
  for (;;) {
    stop_try_leftover();
    if (leftover.action == NULL || g_get_monotonic_time() + TRY_AGAIN_MS * 1000 > last_us)
      return;
    g_usleep(TRY_AGAIN_MS * 1000);
  }
}

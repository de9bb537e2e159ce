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

#define MAX_FAREWELLS 4

static void (*farewells[MAX_FAREWELLS])(void);

void
stop_add_farewell(void (*action)(void))
{
  guint n = 0;
  while (n < MAX_FAREWELLS && farewells[n] != NULL && farewells[n] != action)
    n++;
  g_assert(n < MAX_FAREWELLS);
  farewells[n] = action;
}

void
stop_farewell(void)
{
  for (guint n = 0; n < MAX_FAREWELLS && farewells[n] != NULL; n++)
    farewells[n]();
}

#include "base/crew.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define SHORT_LIFE_US    (1 * G_USEC_PER_SEC) /* a member that lived less is started again later */
#define RESTART_DELAY_US (G_USEC_PER_SEC / 2)
#define LOOK_MS          200

typedef struct {
  pid_t pid; /* 0: not running */
  gint64 started_us;
  gint64 not_before_us;
} Member;

typedef struct {
  const Crew *crew;
  Member *members;
  gboolean stopping;
} Leader;

static void
start_member(Leader *leader, guint place)
{
  Member *member = &leader->members[place];
  pid_t parent = getpid();
  member->started_us = g_get_monotonic_time();
  member->pid = fork();
  if (member->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a killed parent leaves no orphans */
    if (getppid() != parent)
      _exit(0);
    exit(leader->crew->work(place, leader->crew->data));
  }
  if (member->pid < 0) {
    log_error("fork failed", "reason", g_strerror(errno), NULL);
    member->pid = 0;
    member->not_before_us = member->started_us + RESTART_DELAY_US;
  }
}

static void
start_missing(Leader *leader)
{
  gint64 now = g_get_monotonic_time();
  for (guint i = 0; i < leader->crew->size; i++)
    if (leader->members[i].pid == 0 && now >= leader->members[i].not_before_us)
      start_member(leader, i);
}

static void
note_death(Leader *leader, pid_t pid, int status)
{
  for (guint i = 0; i < leader->crew->size; i++) {
    Member *member = &leader->members[i];
    if (member->pid != pid)
      continue;
    gint64 now = g_get_monotonic_time();
    gboolean failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    gboolean short_lived = failed && now - member->started_us < SHORT_LIFE_US;
    member->pid = 0;
    member->not_before_us = short_lived ? now + RESTART_DELAY_US : 0;
    if (leader->crew->note_end != NULL)
      leader->crew->note_end(i, leader->crew->data);
    if (failed && !leader->stopping)
      log_error("worker died", "pid", int_text(pid), "signal",
                WIFSIGNALED(status) ? int_text(WTERMSIG(status)) : NULL, "status",
                WIFEXITED(status) ? int_text(WEXITSTATUS(status)) : NULL, NULL);
  }
}

static void
collect_dead(Leader *leader)
{
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    note_death(leader, pid, status);
}

static guint
count_running(const Leader *leader)
{
  guint n = 0;
  for (guint i = 0; i < leader->crew->size; i++)
    n += leader->members[i].pid != 0;
  return n;
}

static void
stop_members(Leader *leader)
{
  leader->stopping = TRUE;
  for (guint i = 0; i < leader->crew->size; i++)
    if (leader->members[i].pid != 0)
      kill(leader->members[i].pid, SIGTERM);
}

/* Waits for a signal; with a time limit only when something else must be looked at. */
static int
next_signal(const Leader *leader, const sigset_t *signals)
{
  struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
  gboolean timed = count_running(leader) < leader->crew->size || leader->crew->may_leave != NULL;
  return timed ? sigtimedwait(signals, NULL, &pause) : sigwaitinfo(signals, NULL);
}

void
crew_lead(const Crew *crew)
{
  Leader leader = {.crew = crew, .members = g_new0(Member, crew->size)};
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  while (!leader.stopping || count_running(&leader) > 0) {
    if (!leader.stopping)
      start_missing(&leader);
    int got = next_signal(&leader, &signals);
    gboolean leaves = crew->may_leave != NULL && crew->may_leave(crew->data);
    if (got == SIGCHLD)
      collect_dead(&leader);
    else if ((got == SIGTERM || got == SIGINT || leaves) && !leader.stopping)
      stop_members(&leader);
  }
  g_free(leader.members);
}

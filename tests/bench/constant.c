/* The least a FastCGI program can do: the usual accept loop of libfcgi, pre-forked ROUTE_WORKERS
 * times, answering one constant of the size of our own answer.  The yardstick of the figure `get`.
 */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BODY                                                                                       \
  "{\"lastSync\":{\"id\":\"00000000-0000-4000-8000-000000000001\",\"started_at\":"                 \
  "\"2025-01-01T00:00:00.000Z\",\"finished_at\":\"2025-01-01T00:00:01.000Z\",\"status\":"          \
  "\"success\",\"record_count\":20000,\"error_message\":null,\"progress\":null},"                  \
  "\"cooldownSeconds\":0}"

/* What nginx/generate asks every program. */
static void
describe(void)
{
  puts("url /api/bench/constant\nsummary Constante\ndeadline_seconds 30\nmax_body 1048576");
}

static int
serve(void)
{
  FCGX_Request request;
  if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
    return 1;
  while (FCGX_Accept_r(&request) == 0) {
    static const char answer[] = "Status: 200 OK\r\nContent-Type: application/json\r\n\r\n" BODY;
    FCGX_PutStr(answer, (int)strlen(answer), request.out);
    FCGX_Finish_r(&request);
  }
  return 0;
}

int
main(int argc, char **argv)
{
  const char *workers = getenv("ROUTE_WORKERS");
  if (argc == 2 && strcmp(argv[1], "--describe") == 0) {
    describe();
    return 0;
  }
  for (int left = workers != NULL ? (int)strtol(workers, NULL, 10) : 1; left > 0; left--)
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      return serve();
    }
  while (wait(NULL) > 0)
    ;
  return 0;
}

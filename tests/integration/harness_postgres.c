/* Stopping and starting the private Postgres of the stack. */
#include "harness.h"

static void
deploy_cluster(const char *action)
{
  g_autofree char *script = g_build_filename(harness_env("PONTE_ROOT"), "deploy", "cluster", NULL);
  g_autofree char *output = NULL, *errors = NULL;
  int status =
      run_command((const char *const[]){script, action, NULL}, NULL, NULL, &output, &errors);
  if (status != 0)
    fail_msg("deploy/cluster %s ended with %d: %s%s", action, status, output, errors);
}

void
postgres_stop(void)
{
  deploy_cluster("stop");
}

void
postgres_start(void)
{
  deploy_cluster("start");
}

void
postgres_restart(void)
{
  deploy_cluster("restart");
}

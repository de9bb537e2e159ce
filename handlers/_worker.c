/* The worker: does what was left to the background, from all queues of all domains.
 *   _worker                    JOB_WORKERS processes, until told to stop
 *   _worker --once             works off what is due, then leaves
 *   _worker --queues a,b       only these queues; --list names them
 * deploy/worker runs it with the settings of the local stack. */
#include <stdio.h>
#include <string.h>

#include "backoffice/closure.h"
#include "backoffice/transfer.h"
#include "base/crew.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "crm/send.h"
#include "fin/client_sync.h"
#include "fin/job.h"
#include "jobs/worker.h"

static const Queue *const all_queues[] = {&transfer_queue, &closure_queue, &client_sync_queue,
                                          &job_queue, &interaction_queue};

/* The queues that `names` lists (NULL: all), ended by NULL; nothing when a name is unknown. */
static GPtrArray *
choose_queues(const char *names)
{
  g_autoptr(GPtrArray) chosen = g_ptr_array_new();
  g_auto(GStrv) list = g_strsplit(names != NULL ? names : "", ",", -1);
  for (gsize i = 0; i < G_N_ELEMENTS(all_queues); i++)
    if (names == NULL || g_strv_contains((const char *const *)list, all_queues[i]->name))
      g_ptr_array_add(chosen, (gpointer)all_queues[i]);
  if (names != NULL && chosen->len != g_strv_length(list))
    return NULL;
  g_ptr_array_add(chosen, NULL);
  return g_steal_pointer(&chosen);
}

static int
work(G_GNUC_UNUSED guint place, gpointer queues)
{
  worker_run((const Queue *const *)((GPtrArray *)queues)->pdata, FALSE);
  return 0;
}

static int
list_queues(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(all_queues); i++)
    puts(all_queues[i]->name);
  return 0;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  gboolean once = FALSE, list = FALSE;
  g_autofree char *names = NULL;
  const GOptionEntry options[] = {
      {"once", 0, 0, G_OPTION_ARG_NONE, &once, "Work off what is due, then leave", NULL},
      {"queues", 0, 0, G_OPTION_ARG_STRING, &names, "Only these queues", "A,B"},
      {"list", 0, 0, G_OPTION_ARG_NONE, &list, "Name the queues", NULL},
      G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_option_context_add_main_entries(context, options, NULL);
  stop_block_signals();
  if (!g_option_context_parse(context, &argc, &argv, &error) || !settings_load(&error)) {
    fprintf(stderr, "%s\n", error->message);
    return 2;
  }
  if (list)
    return list_queues();
  if (!setting_is_set(DATABASE_URL)) {
    fputs("DATABASE_URL não configurada.\n", stderr);
    return 2;
  }
  g_autoptr(GPtrArray) queues = choose_queues(names);
  if (queues == NULL) {
    fprintf(stderr, "unknown queue in --queues %s (see --list)\n", names);
    return 2;
  }
  log_init("worker");
  if (once)
    return worker_run((const Queue *const *)queues->pdata, TRUE) ? 0 : 1;
  crew_lead(&(Crew){.size = (guint)setting_int(JOB_WORKERS), .work = work, .data = queues});
  return 0;
}

/* Starting the worker, putting jobs, looking at them. */
#include "harness_worker.h"

#include <signal.h>
#include <string.h>

static pid_t paused;

int
worker_before(void **state)
{
  program_kill(WORKER); /* harness_after starts it again */
  backoffice_before(state);
  sql("truncate ponte.worker_heartbeat");
  omie_setting("redundancy_s", "0");
  omie_setting("repeated_write_s", "0");
  omie_setting("rate_per_minute", "0");
  omie_setting("rate_per_minute_ip", "0");
  return 0;
}

int
worker_after(void **state)
{
  worker_resume();
  return harness_after(state);
}

/* ---- running ------------------------------------------------------------------------------------
 */

static int
run(const char *const *arguments, char **output, char **errors, va_list settings)
{
  g_autofree char *path = g_build_filename(harness_env("PONTE_BUILD"), "bin", WORKER, NULL);
  g_auto(GStrv) environment = program_environment();
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  g_ptr_array_add(argv, path);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add(argv, (gpointer)arguments[i]);
  g_ptr_array_add(argv, NULL);
  for (const char *setting; (setting = va_arg(settings, const char *)) != NULL;) {
    const char *equals = strchr(setting, '=');
    g_autofree char *name = g_strndup(setting, (gsize)(equals - setting));
    environment = g_environ_setenv(g_steal_pointer(&environment), name, equals + 1, TRUE);
  }
  return run_command((const char *const *)argv->pdata, environment, NULL, output, errors);
}

int
worker_run(const char *const *arguments, char **output, char **errors, ...)
{
  va_list settings;
  va_start(settings, errors);
  int status = run(arguments, output, errors, settings);
  va_end(settings);
  return status;
}

void
worker_once_with(const char *file, int line, ...)
{
  const char *const arguments[] = {"--once", NULL};
  g_autofree char *errors = NULL;
  va_list settings;
  va_start(settings, line);
  int status = run(arguments, NULL, &errors, settings);
  va_end(settings);
  if (status != 0) {
    print_error("_worker --once ended with %d: %s\n", status, errors);
    _fail(file, line);
  }
}

pid_t
worker_process(void)
{
  WAIT_FOR(sql_number("select count(*) from pg_stat_activity"
                      " where application_name = 'worker' and query = 'listen ponte_jobs'") == 1);
  WAIT_FOR(program_worker_count(WORKER) == 1);
  g_autoptr(GArray) workers = program_workers(WORKER);
  return g_array_index(workers, pid_t, 0);
}

void
worker_pause(void)
{
  paused = worker_process();
  kill(paused, SIGSTOP);
}

void
worker_resume(void)
{
  if (paused != 0)
    kill(paused, SIGCONT);
  paused = 0;
}

/* ---- jobs ---------------------------------------------------------------------------------------
 */

void
pair_put(gint64 origin, gint64 target, guint files)
{
  for (guint i = 1; i <= files; i++) {
    g_autofree char *name = g_strdup_printf("nota-%u.pdf", i);
    g_autofree char *content = g_strdup_printf("content %u of %" G_GINT64_FORMAT, i, origin);
    attachment_put("com-recebimento", origin, name, content, strlen(content));
  }
  attachment_put("conta-pagar", target, "antes.pdf", "before", 6);
}

gint64
transfer_put(gint64 origin, gint64 target)
{
  g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, origin);
  g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, target);
  return sql_number("insert into " TRANSFERS
                    " (origem_tabela_omie, origem_id, destino_tabela_omie, destino_id,"
                    "  proxima_tentativa_em)"
                    " values ('com-recebimento', $1, 'conta-pagar', $2, now()) returning id",
                    from, to);
}

gint64
closure_put(const char *number, const char *item)
{
  return sql_number("insert into " CLOSURES
                    " (numero_pedido, item_pedido, numero_nf_servico, id_nf_servico,"
                    "  proxima_tentativa_em)"
                    " values ($1, nullif($2, ''), 'NF789', 999, now()) returning id",
                    number, item != NULL ? item : "");
}

static char *
column_of(const char *table, gint64 id, const char *column)
{
  g_autofree char *query =
      g_strdup_printf("select (%s)::text from %s where id = %" G_GINT64_FORMAT, column, table, id);
  return sql_text(query);
}

char *
transfer_column(gint64 id, const char *column)
{
  return column_of(TRANSFERS, id, column);
}

char *
closure_column(gint64 id, const char *column)
{
  return column_of(CLOSURES, id, column);
}

gboolean
transfer_is(gint64 id, const char *status)
{
  g_autofree char *cell = transfer_column(id, "status");
  return g_strcmp0(cell, status) == 0;
}

gboolean
closure_is(gint64 id, const char *status)
{
  g_autofree char *cell = closure_column(id, "status");
  return g_strcmp0(cell, status) == 0;
}

/* ---- Omie ---------------------------------------------------------------------------------------
 */

void
guard_close(const char *method, guint seconds)
{
  g_autofree char *length = g_strdup_printf("%u s", seconds);
  sql("insert into erp.call_guard (account, call, blocked_until)"
      " values (left(encode(sha256(convert_to($1, 'UTF8')), 'hex'), 16), $2,"
      "         now() + $3::interval)",
      harness_env("OMIE_APP_KEY"), method, length);
}

void
calls_hold(const char *method)
{
  omie_hold_of(method, 0); /* makes the lock; pages do not matter here */
  g_autofree char *statement = g_strdup_printf(
      "create or replace trigger probe_hold_%s before update on sandbox.omie_call for each row"
      " when (old.method = '%s') execute function probe.hold()",
      method, method);
  sql(statement);
}

char *
methods_called(void)
{
  return sql_text("select string_agg(method, ',' order by id) from sandbox.omie_call");
}

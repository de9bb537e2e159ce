#include "harness_stored_month.h"

void
stored_month_put(void)
{
  snapshot_put("2026-01", "7", "5.00");
  snapshot_put("2026-01", "8", "6.00");
  title(1, "10/01/2026", "7", "1", "");
  title(2, "10/01/2026", "7", "2", "");
  title(3, "10/01/2026", "9", "300", "");
}

void
assert_stored_month_stays_at(const char *file, int line)
{
  assert_snapshot_at("2026-01", OLD_MONTH, file, line);
  assert_sql_text(file, line, "2",
                  "select count(*)::text from fin.erp_revenue_snapshot"
                  " where created_at = '2026-02-01T05:00:07.112Z'",
                  NULL);
}

void
omie_recovers(void)
{
  omie_release();
  omie_answers_clear();
  omie_forget();
  sql("delete from erp.call_guard");
  sql("delete from erp.call_slot");
}

void
assert_next_run_stores_new_month_at(const char *file, int line)
{
  omie_recovers();
  if (cron_ok_at(JANUARY, file, line) != 2)
    _fail(file, line);
  assert_snapshot_at("2026-01", NEW_MONTH, file, line);
  assert_last_job_at("status", "success", file, line);
  assert_sql_text(file, line, "0",
                  "select count(*)::text from fin.job_run where status = 'running'", NULL);
}

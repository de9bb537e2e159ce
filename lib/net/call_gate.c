#include "net/call_gate.h"

#include "base/log.h"
#include "base/text.h"

static const char sql_enter[] =
    "select verdict, wait_ms"
    "  from erp.enter_call($1, $2, $3::uuid, $4::int, $5::int, $6::int, $7::int, $8::int, $9::int,"
    "                      $10::regproc, $11::uuid, $12::int, $13::int)";

static const char sql_note_fault[] =
    "select erp.note_fault($1, $2, $3::uuid, $4::int, $5::int, $6::bigint)";

static const char sql_leave[] = "select erp.leave_calls($1, $2, $3::uuid[])";

static GateVerdict
verdict_of(const char *word)
{
  return g_str_equal(word, "go")          ? GATE_GO
         : g_str_equal(word, "busy")      ? GATE_BUSY
         : g_str_equal(word, "suspended") ? GATE_SUSPENDED
                                          : GATE_LEASE_LOST;
}

gboolean
call_gate_enter(Db *db, const CallPolicy *policy, const char *holder, const Lease *lease,
                GateVerdict *verdict, gint64 *wait_ms, GError **error)
{
  static const Lease none;
  const Lease *kept = lease != NULL ? lease : &none;
  char numbers[8][24];
  const gint64 figures[8] = {policy->places, policy->place_ms,   policy->per_minute,
                             policy->burst,  policy->max_errors, policy->window_s,
                             kept->seconds,  policy->stand_ms};
  for (gsize i = 0; i < G_N_ELEMENTS(figures); i++)
    g_snprintf(numbers[i], sizeof numbers[i], "%" G_GINT64_FORMAT, figures[i]);
  g_autoptr(PGresult) result = db_query(
      db, DB_CLAIMS_SYSTEM, sql_enter,
      DB_PARAMS(policy->account, policy->call, holder, numbers[0], numbers[1], numbers[2],
                numbers[3], numbers[4], numbers[5], kept->renew, kept->id, numbers[6], numbers[7]),
      error);
  if (result == NULL)
    return FALSE;
  *verdict = verdict_of(db_text(result, 0, 0));
  *wait_ms = db_int(result, 0, 1);
  return TRUE;
}

static const char sql_renew[] = "select erp.renew_lease($1::regproc, $2::uuid, $3::int)";

gboolean
call_gate_renew(Db *db, const Lease *lease, gint64 wait_ms, GError **error)
{
  if (lease->renew == NULL)
    return TRUE;
  g_autoptr(PGresult) renewed = db_query(
      db, DB_CLAIMS_SYSTEM, sql_renew,
      DB_PARAMS(lease->renew, lease->id, int_text(lease->seconds + wait_ms / 1000)), error);
  return renewed != NULL; /* one that is lost shows at the gate */
}

gboolean
call_gate_note_fault(Db *db, const CallPolicy *policy, const char *holder, gint64 block_s,
                     gint64 pause_ms, GError **error)
{
  g_autoptr(PGresult) result = db_query(
      db, DB_CLAIMS_SYSTEM, sql_note_fault,
      DB_PARAMS(policy->account, policy->call, holder, int_text(policy->window_s),
                block_s > 0 ? int_text(block_s) : NULL, pause_ms > 0 ? int_text(pause_ms) : NULL),
      error);
  return result != NULL;
}

gboolean
call_gate_leave(Db *db, const CallPolicy *policy, const char *holders, GError **error)
{
  g_autoptr(PGresult) result = db_query(db, DB_CLAIMS_SYSTEM, sql_leave,
                                        DB_PARAMS(policy->account, policy->call, holders), error);
  return result != NULL;
}

char *
call_gate_account(const char *key)
{
  char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
  hash[16] = '\0';
  return hash;
}

#include "net/rate.h"

#include <math.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"

/* Rows that somebody holds for longer than 200 ms: so often, then it is as with a long queue. */
#define BUSY_TRIES   5
#define BUSY_WAIT_MS 1000

#define WARN_EVERY_US (60 * G_USEC_PER_SEC)

void
rate_policy_clear(RatePolicy *policy)
{
  g_free(policy->breaker);
  for (guint i = 0; i < policy->count; i++)
    g_free(policy->buckets[i].key);
  *policy = (RatePolicy){0};
}

GError *
rate_store_error(GError *error)
{
  if (!g_error_matches(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE))
    return error;
  log_warning("the rates of ERPs are not known", "reason", error->message, NULL);
  g_error_free(error);
  return g_error_new_literal(PONTE_ERROR, ERROR_RATE_STORE_UNAVAILABLE,
                             "O controle de chamadas ao ERP está indisponível.");
}

static gboolean
fail_of(GError *reason, GError **error)
{
  g_propagate_error(error, rate_store_error(reason));
  return FALSE;
}

/* The buckets of a policy as array literals. */
typedef struct {
  DbArray keys, capacities, refills, day_limits;
  guint count;
} Columns;

static void
columns_clear(Columns *columns)
{
  db_array_clear(&columns->keys);
  db_array_clear(&columns->capacities);
  db_array_clear(&columns->refills);
  db_array_clear(&columns->day_limits);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Columns, columns_clear)

static void
add_number(DbArray *array, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  db_array_add(array, g_ascii_dtostr(text, sizeof text, number));
}

static Columns
columns_of(const RatePolicy *policy)
{
  Columns columns = {0};
  db_array_init(&columns.keys);
  db_array_init(&columns.capacities);
  db_array_init(&columns.refills);
  db_array_init(&columns.day_limits);
  for (guint i = 0; i < policy->count; i++) {
    const RateBucket *bucket = &policy->buckets[i];
    if (bucket->limit == 0)
      continue;
    double per_s = (double)(bucket->limit - bucket->burst) / (double)bucket->interval_s;
    db_array_add(&columns.keys, bucket->key);
    add_number(&columns.capacities, (double)bucket->burst);
    add_number(&columns.refills, per_s * (policy->share > 0 ? policy->share : 1));
    db_array_add(&columns.day_limits, bucket->day_limit > 0 ? int_text(bucket->day_limit) : NULL);
    columns.count++;
  }
  return columns;
}

static void
warn_of_lowered(const RatePolicy *policy)
{
  static gint64 warned_us;
  gint64 now = g_get_monotonic_time();
  if (warned_us != 0 && now - warned_us < WARN_EVERY_US)
    return;
  warned_us = now;
  log_warning("another program has a lower rate configured; it holds for all", "bucket",
              policy->buckets[0].key, NULL);
}

static const char sql_enter[] =
    "select verdict, wait_ms, epoch, failures, is_probe, lowered"
    "  from erp.enter_exchange($1, $2::bigint, $3::text[], $4::float8[], $5::float8[],"
    "                          $6::bigint[], $7, $8::bigint)";

/* As parameters of the statement; the texts are those of `columns` and int_text. */
#define ENTER_PARAMS(policy, columns, patience_ms)                                                 \
  DB_PARAMS((policy)->breaker, int_text((policy)->recovery_ms), db_array_text(&(columns)->keys),   \
            db_array_text(&(columns)->capacities), db_array_text(&(columns)->refills),             \
            db_array_text(&(columns)->day_limits), setting(APP_TIMEZONE),                          \
            int_text(MAX(0, patience_ms)))

/* FALSE when the rows were held by somebody else. */
static gboolean
read_grant(const PGresult *result, const RatePolicy *policy, RateGrant *grant)
{
  static const struct {
    const char *word;
    RateVerdict verdict;
  } words[] = {
      {"go", RATE_GO}, {"late", RATE_TOO_LONG}, {"spent", RATE_DAY_SPENT}, {"open", RATE_OPEN}};
  if (db_bool(result, 0, 5))
    warn_of_lowered(policy);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_equal(db_text(result, 0, 0), words[i].word)) {
      *grant = (RateGrant){.verdict = words[i].verdict,
                           .wait_ms = db_int(result, 0, 1),
                           .epoch = db_int(result, 0, 2),
                           .failures = db_int(result, 0, 3),
                           .is_probe = db_bool(result, 0, 4)};
      return TRUE;
    }
  return FALSE;
}

gboolean
rate_enter(Db *db, const RatePolicy *policy, gint64 patience_ms, RateGrant *grant, GError **error)
{
  g_auto(Columns) columns = columns_of(policy);
  gint64 until_us = g_get_monotonic_time() + patience_ms * 1000;
  *grant = (RateGrant){.verdict = RATE_GO};
  if (policy->breaker == NULL && columns.count == 0)
    return TRUE;
  for (guint i = 0; i < BUSY_TRIES && !stop_requested(); i++) {
    GError *reason = NULL;
    gint64 left_ms = (until_us - g_get_monotonic_time()) / 1000;
    g_autoptr(PGresult) result =
        db_query(db, DB_CLAIMS_SYSTEM, sql_enter, ENTER_PARAMS(policy, &columns, left_ms), &reason);
    if (result == NULL)
      return fail_of(reason, error);
    if (read_grant(result, policy, grant))
      return TRUE;
  }
  *grant = (RateGrant){.verdict = RATE_TOO_LONG, .wait_ms = BUSY_WAIT_MS};
  return TRUE;
}

gboolean
rate_send(Db *db, const RatePolicy *policy, gint64 patience_ms)
{
  g_auto(Columns) columns = columns_of(policy);
  return (policy->breaker != NULL || columns.count > 0) &&
         db_send(db, DB_CLAIMS_SYSTEM, sql_enter, ENTER_PARAMS(policy, &columns, patience_ms),
                 NULL);
}

gboolean
rate_take(Db *db, const RatePolicy *policy, RateGrant *grant)
{
  g_autoptr(PGresult) result = db_receive(db, NULL);
  return result != NULL && read_grant(result, policy, grant);
}

static const char sql_leave[] =
    "select erp.leave_exchange($1, $2::bigint, $3, $4::int, $5::text[], $6, $7::bigint, $8::bool)";

static gboolean
changes_breaker(const RatePolicy *policy, const RateGrant *grant, RateOutcome outcome)
{
  return policy->breaker != NULL && (grant->is_probe || outcome == RATE_FAILED ||
                                     (outcome == RATE_SUCCEEDED && grant->failures > 0));
}

gboolean
rate_leave(Db *db, const RatePolicy *policy, const RateGrant *grant, RateOutcome outcome,
           gint64 pause_ms, gboolean whole_day, GError **error)
{
  static const char *const words[] = {[RATE_SUCCEEDED] = "succeeded",
                                      [RATE_FAILED] = "failed",
                                      [RATE_UNCOUNTED] = "uncounted",
                                      [RATE_CANCELLED] = "cancelled"};
  g_auto(Columns) columns = columns_of(policy);
  GError *reason = NULL;
  gboolean holds_back = columns.count > 0 && (pause_ms > 0 || whole_day);
  if (!holds_back && !changes_breaker(policy, grant, outcome))
    return TRUE;
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_leave,
               DB_PARAMS(policy->breaker, int_text(grant->epoch), words[outcome],
                         int_text(policy->threshold), db_array_text(&columns.keys),
                         setting(APP_TIMEZONE), int_text(pause_ms), whole_day ? "true" : "false"),
               &reason);
  return result != NULL || fail_of(reason, error);
}

static const char sql_look[] =
    "select circuit, tokens_left from erp.look_exchange($1, $2::text[], $3::float8[])";

gboolean
rate_look(Db *db, const RatePolicy *policy, RateState *state, GError **error)
{
  g_auto(Columns) columns = columns_of(policy);
  GError *reason = NULL;
  g_autoptr(PGresult) result = db_query(
      db, DB_CLAIMS_SYSTEM, sql_look,
      DB_PARAMS(policy->breaker, db_array_text(&columns.keys), db_array_text(&columns.capacities)),
      &reason);
  if (result == NULL)
    return fail_of(reason, error);
  const char *left = db_text(result, 0, 1);
  g_strlcpy(state->circuit, db_text(result, 0, 0), sizeof state->circuit);
  state->tokens_left = left != NULL ? g_ascii_strtod(left, NULL) : NAN;
  return TRUE;
}

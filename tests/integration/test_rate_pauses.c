/* For how long an ERP is left alone: the day's quota, and pauses it asks for
 * (erp-connectors.md 4.1, 4.3). */
#include "harness_rate.h"

static RatePolicy
bling_policy(void)
{
  RatePolicy policy = bucket_policy("bling:A", 100, 60, 10);
  policy.buckets[0].day_limit = 120000;
  return policy;
}

#define TODAY "(now() at time zone 'America/Sao_Paulo')::date"

/* F-43 */
static void
assert_spent_until_midnight(const RatePolicy *policy)
{
  RateGrant grant = enter(policy);
  gint64 left_ms = sql_number("select (extract(epoch from (" TODAY " + 1)::timestamp at time zone"
                              " 'America/Sao_Paulo' - clock_timestamp()) * 1000)::bigint");
  assert_int_equal(grant.verdict, RATE_DAY_SPENT);
  assert_in_range(grant.wait_ms, left_ms, left_ms + 5000);
}

/* F-43 */
static void
test_a_day_s_quota_lasts_until_midnight(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bling_policy();
  enter_ok(&policy);
  assert_sql("1", "select day_used::text from erp.rate_bucket");
  sql("update erp.rate_bucket set day_used = 119999");
  enter_ok(&policy);
  assert_spent_until_midnight(&policy);
  assert_sql("120000", "select day_used::text from erp.rate_bucket");
}

static void
test_a_new_day_has_a_new_quota(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bling_policy();
  enter_ok(&policy);
  sql("update erp.rate_bucket set day_used = 120000, day = " TODAY " - 1");
  enter_ok(&policy);
  assert_sql("1", "select day_used::text from erp.rate_bucket where day = " TODAY);
}

static void
hold_back(const RatePolicy *policy, gint64 pause_ms, gboolean whole_day)
{
  RateGrant grant = enter_ok(policy);
  assert_true(rate_leave(program_db(), policy, &grant, RATE_UNCOUNTED, pause_ms, whole_day, NULL));
}

/* An ERP that says the day is over is believed */
static void
test_an_erp_that_ends_the_day_is_left_alone_until_midnight(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bling_policy();
  hold_back(&policy, 0, TRUE);
  assert_spent_until_midnight(&policy);
}

/* F-10, F-45: everybody pauses, and nobody gathers tokens meanwhile */
static void
test_a_pause_that_the_erp_asks_for_holds_for_everybody(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 15, 100, 5);
  hold_back(&policy, 30000, FALSE);
  assert_int_equal(enter_within(&policy, 20000).verdict, RATE_TOO_LONG);
  assert_in_range(enter_ok(&policy).wait_ms, 39000, 40000);
  sql("update erp.rate_bucket set updated_at = updated_at - interval '30 s',"
      "  blocked_until = blocked_until - interval '30 s'");
  assert_in_range(enter_ok(&policy).wait_ms, 19000, 20000);
}

static int
after(void **state)
{
  program_db_close();
  return harness_after(state);
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, harness_before, after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_day_s_quota_lasts_until_midnight),
      CASE(test_a_new_day_has_a_new_quota),
      CASE(test_an_erp_that_ends_the_day_is_left_alone_until_midnight),
      CASE(test_a_pause_that_the_erp_asks_for_holds_for_everybody),
  };
  return RUN("rate pauses", tests);
}

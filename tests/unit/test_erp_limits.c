/* How fast each company's ERP may be asked. */
#include "erp_fixture.h"

#include "erp/limits.h"

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RatePolicy, rate_policy_clear)

static const LimitOwners owners = {
    .tenant = "T1,D MG 01", .account = "a1b2", .egress = "default", .host = "api.example"};

static gboolean
read_limits(const char *company, RatePolicy *policy, GError **error)
{
  g_autoptr(ErpConfig) config = erp_fixture_config(company);
  return erp_limits_init(policy, config, &owners, error);
}

static void
assert_bucket(const RateBucket *bucket, const char *key, gint64 limit, gint64 interval_s,
              gint64 burst)
{
  assert_string_equal(bucket->key, key);
  assert_int_equal(bucket->limit, limit);
  assert_int_equal(bucket->interval_s, interval_s);
  assert_int_equal(bucket->burst, burst);
}

static void
test_every_erp_keeps_to_the_stricter_of_both_figures(G_GNUC_UNUSED void **state)
{
  g_auto(RatePolicy) totvs = {0}, contaazul = {0}, omie = {0}, bling = {0};
  assert_true(read_limits("EFFECTI", &totvs, NULL));
  assert_int_equal(totvs.count, 1);
  assert_bucket(&totvs.buckets[0], "totvs:T1,D MG 01", 100, 60, 10);
  assert_true(read_limits("MERCOS", &contaazul, NULL));
  assert_int_equal(contaazul.count, 2);
  assert_bucket(&contaazul.buckets[0], "contaazul:a1b2", 60, 60, 5);
  assert_bucket(&contaazul.buckets[1], "contaazul-s:a1b2", 10, 1, 5);
  assert_true(read_limits("DATAHUB", &omie, NULL));
  assert_int_equal(omie.count, 2);
  assert_bucket(&omie.buckets[0], "omie:a1b2", 300, 60, 20);
  assert_bucket(&omie.buckets[1], "omie-ip:default", 960, 60, 60);
  assert_true(read_limits("LEADLOVERS", &bling, NULL));
  assert_int_equal(bling.count, 2);
  assert_bucket(&bling.buckets[0], "bling:a1b2", 100, 60, 10);
  assert_int_equal(bling.buckets[0].day_limit, 120000);
  assert_bucket(&bling.buckets[1], "bling-s:a1b2", 3, 1, 1);
}

static void
test_the_breaker_is_of_a_company_and_its_host_and_omie_has_its_guard(G_GNUC_UNUSED void **state)
{
  g_auto(RatePolicy) totvs = {0}, omie = {0};
  assert_true(read_limits("EFFECTI", &totvs, NULL));
  assert_string_equal(totvs.breaker, "EFFECTI@api.example");
  assert_int_equal(totvs.threshold, 5);
  assert_int_equal(totvs.recovery_ms, 60000);
  assert_true(read_limits("DATAHUB", &omie, NULL));
  assert_null(omie.breaker);
}

static void
test_a_company_may_have_a_rate_of_its_own(G_GNUC_UNUSED void **state)
{
  g_auto(RatePolicy) policy = {0};
  erp_fixture_set("BLING_LEADLOVERS_PER_MINUTE", "30");
  erp_fixture_set("BLING_LEADLOVERS_BURST", "3");
  erp_fixture_set("BLING_LIMIT_SHARE", "0.8");
  assert_true(read_limits("LEADLOVERS", &policy, NULL));
  assert_bucket(&policy.buckets[0], "bling:a1b2", 30, 60, 3);
  assert_bucket(&policy.buckets[1], "bling-s:a1b2", 3, 1, 1);
  assert_true(policy.share > 0.799 && policy.share < 0.801);
}

static void
test_a_rate_below_the_usual_burst_lowers_it(G_GNUC_UNUSED void **state)
{
  g_auto(RatePolicy) policy = {0};
  erp_fixture_set("TOTVS_PER_MINUTE", "6");
  assert_true(read_limits("EFFECTI", &policy, NULL));
  assert_bucket(&policy.buckets[0], "totvs:T1,D MG 01", 6, 60, 3);
}

static void
test_zero_a_minute_turns_all_buckets_of_the_company_off(G_GNUC_UNUSED void **state)
{
  g_auto(RatePolicy) own = {0}, other = {0};
  erp_fixture_set("BLING_LEADLOVERS_PER_MINUTE", "0");
  assert_true(read_limits("LEADLOVERS", &own, NULL));
  assert_int_equal(own.count, 0);
  assert_string_equal(own.breaker, "LEADLOVERS@api.example");
  assert_true(read_limits("IPE_DIGITAL", &other, NULL));
  assert_int_equal(other.count, 2);
}

static void
test_omies_rate_per_method_is_not_that_of_the_whole_key(G_GNUC_UNUSED void **state)
{
  g_auto(RatePolicy) shared = {0}, own = {0};
  erp_fixture_set("OMIE_PER_MINUTE", "0");
  erp_fixture_set("OMIE_BURST", "1");
  assert_true(read_limits("DATAHUB", &shared, NULL));
  assert_bucket(&shared.buckets[0], "omie:a1b2", 300, 60, 20);
  erp_fixture_set("OMIE_DATAHUB_PER_MINUTE", "100");
  assert_true(read_limits("DATAHUB", &own, NULL));
  assert_bucket(&own.buckets[0], "omie:a1b2", 100, 60, 20);
}

static void
test_figures_that_cannot_be_kept_are_named(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *name, *value;
  } cases[] = {{"TOTVS_EFFECTI_BURST", "100"},       {"TOTVS_EFFECTI_BURST", "0"},
               {"TOTVS_EFFECTI_PER_MINUTE", "1"},    {"TOTVS_EFFECTI_PER_MINUTE", "-1"},
               {"TOTVS_EFFECTI_PER_MINUTE", "x1"},   {"TOTVS_EFFECTI_LIMIT_SHARE", "0.4"},
               {"TOTVS_EFFECTI_LIMIT_SHARE", "1.1"}, {"TOTVS_EFFECTI_LIMIT_SHARE", "half"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_auto(RatePolicy) policy = {0};
    erp_fixture_set(cases[i].name, cases[i].value);
    assert_false(read_limits("EFFECTI", &policy, &error));
    erp_fixture_assert_named(&error, cases[i].name, NULL);
    erp_fixture_set(cases[i].name, NULL);
  }
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, erp_fixture_clear)
  const struct CMUnitTest tests[] = {
      TEST(test_every_erp_keeps_to_the_stricter_of_both_figures),
      TEST(test_the_breaker_is_of_a_company_and_its_host_and_omie_has_its_guard),
      TEST(test_a_company_may_have_a_rate_of_its_own),
      TEST(test_a_rate_below_the_usual_burst_lowers_it),
      TEST(test_zero_a_minute_turns_all_buckets_of_the_company_off),
      TEST(test_omies_rate_per_method_is_not_that_of_the_whole_key),
      TEST(test_figures_that_cannot_be_kept_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

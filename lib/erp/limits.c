#include "erp/limits.h"

#include "base/decimal.h"
#include "base/settings.h"

#define MINUTE        60
#define MAX_CALLS     100000
#define MAX_BURST     1000
#define WHOLE_SHARE   10000 /* 1, at the scale of rates */
#define HALF_OF_SHARE 5000

enum { BY_TENANT, BY_ACCOUNT, BY_EGRESS };

/* The first of an ERP is the one that PER_MINUTE and BURST change. */
static const struct {
  ErpType erp;
  const char *prefix;
  int owner;
  gint64 limit, interval_s, burst, day_limit;
} limits[] = {
    {ERP_TOTVS, "totvs:", BY_TENANT, 100, MINUTE, 10, 0},
    {ERP_CONTAAZUL, "contaazul:", BY_ACCOUNT, 60, MINUTE, 5, 0},
    {ERP_CONTAAZUL, "contaazul-s:", BY_ACCOUNT, 10, 1, 5, 0},
    {ERP_OMIE, "omie:", BY_ACCOUNT, 300, MINUTE, 20, 0},
    {ERP_OMIE, "omie-ip:", BY_EGRESS, 960, MINUTE, 60, 0},
    {ERP_BLING, "bling:", BY_ACCOUNT, 100, MINUTE, 10, 120000},
    {ERP_BLING, "bling-s:", BY_ACCOUNT, 3, 1, 1, 0},
};

/* OMIE_PER_MINUTE and OMIE_BURST are the client sync's, per method: of Omie only the company's own
 * count here. */
static gboolean
read_figure(const ErpConfig *config, const char *key, gint64 low, gint64 high, gint64 *figure,
            GError **error)
{
  if (erp_config_company(config)->erp == ERP_OMIE && erp_config_own_text(config, key) == NULL)
    return TRUE;
  return erp_config_int(config, key, low, high, *figure, figure, error);
}

/* What is configured for the ERP's own bucket.  A burst that nobody set gives way to the rate. */
static gboolean
adjust(RateBucket *bucket, const ErpConfig *config, GError **error)
{
  gint64 burst = 0;
  if (!read_figure(config, "PER_MINUTE", 0, MAX_CALLS, &bucket->limit, error) ||
      !read_figure(config, "BURST", 1, MAX_BURST, &burst, error))
    return FALSE;
  if (bucket->limit == 1)
    return erp_config_fail(config, "PER_MINUTE", "deve ser 0 ou pelo menos 2", error);
  if (burst == 0)
    burst = MIN(bucket->burst, bucket->limit / 2);
  else if (bucket->limit > 0 && burst >= bucket->limit)
    return erp_config_fail(config, "BURST", "deve ser menor que PER_MINUTE", error);
  bucket->burst = burst;
  return TRUE;
}

static gboolean
read_share(double *share, const ErpConfig *config, GError **error)
{
  gint64 scaled = 0;
  if (!decimal_parse(erp_config_text(config, "LIMIT_SHARE"), SCALE_RATE, WHOLE_SHARE, &scaled) ||
      scaled < HALF_OF_SHARE)
    return erp_config_fail(config, "LIMIT_SHARE", "deve ser um número de 0.5 a 1", error);
  *share = (double)scaled / WHOLE_SHARE;
  return TRUE;
}

static gboolean
add_buckets(RatePolicy *policy, const ErpConfig *config, const LimitOwners *owners, GError **error)
{
  const char *const names[] = {
      [BY_TENANT] = owners->tenant, [BY_ACCOUNT] = owners->account, [BY_EGRESS] = owners->egress};
  for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
    if (limits[i].erp != erp_config_company(config)->erp)
      continue;
    RateBucket bucket = {.limit = limits[i].limit,
                         .interval_s = limits[i].interval_s,
                         .burst = limits[i].burst,
                         .day_limit = limits[i].day_limit};
    if (policy->count == 0 && !adjust(&bucket, config, error))
      return FALSE;
    if (bucket.limit == 0)
      return TRUE; /* no rate at all for this company */
    bucket.key = g_strconcat(limits[i].prefix, names[limits[i].owner], NULL);
    policy->buckets[policy->count++] = bucket;
  }
  return TRUE;
}

gboolean
erp_limits_init(RatePolicy *policy, const ErpConfig *config, const LimitOwners *owners,
                GError **error)
{
  const ErpCompany *company = erp_config_company(config);
  *policy = (RatePolicy){.threshold = setting_int(ERP_BREAKER_FAILURES),
                         .recovery_ms = setting_int(ERP_BREAKER_RECOVERY_MS),
                         .share = 1};
  if (!read_share(&policy->share, config, error) || !add_buckets(policy, config, owners, error)) {
    rate_policy_clear(policy);
    return FALSE;
  }
  if (company->erp != ERP_OMIE) /* whose breaker is its call guard */
    policy->breaker = g_strconcat(company->code, "@", owners->host, NULL);
  return TRUE;
}

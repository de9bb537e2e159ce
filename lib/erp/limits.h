/* How fast an ERP may be asked, and when not at all: its buckets and its breaker (erp-connectors.md
 * 4.2, 4.3). */
#pragma once
#include "erp/config.h"
#include "net/rate.h"

/* Whose rate it is: each goes into the key of one kind of bucket. */
typedef struct {
  const char *tenant;  /* TOTVS */
  const char *account; /* a hash of the client id or key */
  const char *egress;  /* Omie counts by address */
  const char *host;    /* of the breaker */
} LimitOwners;

/* The policy of a company, as its ERP's table and PER_MINUTE, BURST and LIMIT_SHARE say; the
 * caller's.  Room is left for one more bucket.  Errors: ERP_NOT_CONFIGURED. */
gboolean erp_limits_init(RatePolicy *policy, const ErpConfig *config, const LimitOwners *owners,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reading books from an ERP: the one interface of all ERPs, and its factory (erp-connectors.md 1,
 * 2). Nothing here changes data in an ERP.  Calls block; rows go to a sink as they arrive, so
 * memory does not grow with their number. */
#pragma once
#include "db/db.h"
#include "erp/company.h"
#include "erp/config.h"
#include "erp/credential.h"
#include "erp/ledger.h"
#include "erp/rows.h"
#include "net/exchange.h"

/* One wire name: a path, a parameter, the members of a row.  Overridden by the variable
 * <ERP>[_<COMPANY>]_WIRE_<KEY> (dots as _). */
typedef struct {
  const char *key;   /* "trial_balance.path", "account.code" */
  const char *value; /* "/rest/CTBR020/balancete", "CT1_CONTA,accountCode" */
} WireName;

typedef struct Erp Erp;

typedef struct {
  GDate first, last;
} ErpPeriod;

/* An `api_profile` of an ERP (1.4): what it can do, and by which names. */
typedef struct {
  ErpType erp;
  const char *name;      /* "ctbr020" */
  const char *spellings; /* "v1,1": further values of API_PROFILE */
  const char *source;    /* "TOTVS Protheus", for metadata */
  const char *base_url, *token_url;
  const char *authorize_url;   /* of a rotating chain; NULL: there is none */
  const char *authorize_scope; /* asked for there when SCOPE is not set; or NULL */
  guint auths;                 /* bit per AuthType */
  AuthType default_auth;
  const WireName *wire;       /* ended by a NULL key */
  gboolean is_aggregated;     /* trial balances are summed up from postings */
  gboolean is_single_sided;   /* … which have one side only */
  gboolean takes_cost_center; /* of a trial balance */
  ExchangeJudge judge;
  /* Accounts (with amounts, or with none), then the period's postings; sink callbacks that are NULL
   * are not wanted, and what is only needed for them is not asked for. */
  gboolean (*books)(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error);
  /* NULL: operation_unsupported */
  gboolean (*entries)(Erp *erp, const char *account, const ErpPeriod *period,
                      const LedgerSink *sink, GError **error);
  gboolean (*chart)(Erp *erp, const LedgerSink *sink, GError **error);
  gboolean (*companies)(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                        gpointer data, GError **error);
  /* Names what the judge reads outside the rows, for a health probe; NULL: nothing. */
  void (*outside)(const Erp *erp, RowShape *shape);
} ErpProfile;

extern const ErpProfile totvs_ctbr020, totvs_ctb_v1, contaazul_v1, contaazul_v2, omie_balancete,
    omie_extrato, bling_v3, bling_v3_caixas, bling_v2;

/* The profile of a spelling; NULL when there is none.  `name` NULL: the ERP's default. */
const ErpProfile *erp_profile(ErpType erp, const char *name);

/* A warning that goes into the answer: a stable code, and what it is about. */
typedef struct {
  char *code, *about; /* about: an account, a field; or NULL */
  guint64 count;
} ErpWarning;

/* One company's connector, and what came of its run. */
struct Erp {
  const ErpCompany *company;
  const ErpProfile *profile;
  ErpConfig *config;
  Db *db;
  AuthType auth;
  char *base_url, *token_url, *company_id, *account_hash, *environment;
  const char *operation;   /* "get_trial_balance", for log and errors */
  const char *cost_center; /* filter of a trial balance; NULL: none */
  RatePolicy rate;
  ExchangePolicy policy;
  OAuthClient oauth;
  Credential credential; /* headers, query: see erp_credential_headers */
  DecimalHint hint;
  gint64 timeout_ms, extract_timeout_ms;
  gint64 max_pages, page_size;
  ExchangeAbandoned abandoned; /* looked at every 250 ms; or NULL */
  gpointer abandoned_data;
  /* what came of it */
  gboolean is_single_sided;      /* set by a connector whose profile is not always so */
  char *company_name, *currency; /* NULL: the ERP did not say */
  guint pages, requests;
  GPtrArray *warnings;      /* of ErpWarning */
  ExchangeResult last;      /* of the last exchange */
  GPtrArray *error_details; /* field, code, message; three by three */
};

/* The connector of a company, ready for its first call; nothing is sent.  Errors:
 * ERP_NOT_CONFIGURED naming the variable, never its value. */
Erp *erp_new(const ErpCompany *company, Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void erp_free(Erp *erp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Erp, erp_free)

/* Are the credentials of this company there?  (Quietly: for the choice among several.) */
gboolean erp_is_configured(const ErpCompany *company);

/* What every request carries besides what its exchange adds (OAuth2's token): headers, ended by
 * NULL, perhaps none; NULL with ERP_TOKEN_EXPIRED when a bearer token is over (3.4).  And
 * parameters of its URL: name, value, name, value, NULL.  Both borrowed, secret, never to be
 * logged. */
const char *const *erp_credential_headers(const Erp *erp, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *const *erp_credential_query(const Erp *erp);

/* The next operation begins: its name, its deadline.  `deadline_us` caps the run deadline of 1.2.
 */
void erp_begin(Erp *erp, const char *operation, gint64 deadline_us);

/* A wire name, as configured or of the profile's table; NULL when it has none. */
const char *erp_wire(const Erp *erp, const char *key);

/* Adds a warning, or counts it once more. */
void erp_warn(Erp *erp, const char *code, const char *about);

/* What a run's error says besides: {"field","code","message"} in the answer's `details`. */
void erp_detail(Erp *erp, const char *field, const char *code, const char *message);

/* A health probe (2.4): one request, no retries, without blocking: so that seven go on at once. */
typedef struct ErpProbe ErpProbe;
typedef struct {
  const char *status; /* "healthy", "degraded", "unhealthy", "disconnected" */
  gboolean connected;
  gint64 latency_us;
  char *message, *error_message; /* error_message NULL unless unhealthy */
  char *details;                 /* a JSON object */
} ErpHealth;
void erp_health_clear(ErpHealth *health);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ErpHealth, erp_health_clear)
ErpProbe *erp_probe_new(const ErpCompany *company, Db *db);
gboolean erp_probe_advance(ErpProbe *probe); /* TRUE once it is over */
gint64 erp_probe_wait_ms(const ErpProbe *probe);
void erp_probe_take(ErpProbe *probe, ErpHealth *health); /* once over */
void erp_probe_free(ErpProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ErpProbe, erp_probe_free)

/* What is configured for one company: environment variables <ERP>_<COMPANY>_<KEY>, else
 * <ERP>_<KEY>; each also as …_FILE, a file that nobody else may read (erp-connectors.md 8).  The
 * table of keys, with defaults and meanings, is base/erp_settings.def. */
#pragma once
#include "erp/company.h"

typedef struct ErpConfig ErpConfig;

/* Reads every key.  Errors: ERP_NOT_CONFIGURED (naming the variable) for a file that others may
 * read, or is none. */
ErpConfig *erp_config_new(const ErpCompany *company, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void erp_config_free(ErpConfig *config); /* wipes what it read */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ErpConfig, erp_config_free)

const ErpCompany *erp_config_company(const ErpConfig *config);

/* Are all values fit for what they are for: without control characters, and one of the words where
 * there is a choice?  Errors: ERP_NOT_CONFIGURED. */
gboolean erp_config_check(const ErpConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The value of a key ("CLIENT_ID"), its table's default, or NULL.  A value that is empty counts as
 * missing; where a key has another name (API_KEY and APP_KEY) either is found.  Also the wire names
 * ("WIRE_TRIAL_BALANCE_PATH").  Borrowed. */
const char *erp_config_text(const ErpConfig *config, const char *key);

/* The same of <ERP>_<COMPANY>_<KEY> and its file alone. */
const char *erp_config_own_text(const ErpConfig *config, const char *key);

/* Whole numbers and yes/no ("1", "true"); `fallback` when missing.  Errors: ERP_NOT_CONFIGURED. */
gboolean erp_config_int(const ErpConfig *config, const char *key, gint64 low, gint64 high,
                        gint64 fallback, gint64 *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean erp_config_flag(const ErpConfig *config, const char *key, gboolean fallback);

/* Every secret that is configured, as it is and as URLs and headers carry it (percent-encoded,
 * base64), for redaction; ended by NULL, borrowed. */
const char *const *erp_config_secrets(const ErpConfig *config);

/* The full name of the variable to look at: the one that holds the value, or the one a person
 * should set ("TOTVS_EFFECTI_TENANT").  The caller's. */
char *erp_config_name(const ErpConfig *config, const char *key);

/* Sets ERP_NOT_CONFIGURED: that variable's name, and what is wrong with it ("deve começar com
 * https://").  Always FALSE. */
gboolean erp_config_fail(const ErpConfig *config, const char *key, const char *what,
                         GError **error);

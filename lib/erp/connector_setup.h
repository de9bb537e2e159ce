/* Within erp/connector.c: reads a company's configuration into its connector. */
#pragma once
#include "erp/connector.h"

/* Fills in everything that is configured; `company`, `db` and `config` are there.  Errors:
 * ERP_NOT_CONFIGURED. */
gboolean connector_setup(Erp *erp, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As AUTH_TYPE says, else the one whose credential is there, the profile's default first.  Errors:
 * ERP_NOT_CONFIGURED for one that the profile does not take or whose credential is incomplete. */
gboolean connector_choose_auth(const ErpConfig *config, const ErpProfile *profile, AuthType *auth,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Authorizing a company's ERP by hand: ContaAzul v2 and Bling v3 give their first token only to a
 * person who is logged in there (erp-connectors.md 3.2, 6.2, 6.4). */
#pragma once
#include "erp/connector.h"

typedef struct ErpAuthorization ErpAuthorization;

/* Ready for a person to be asked.  Errors: ERP_UNSUPPORTED for an ERP or profile without a chain of
 * refresh tokens; ERP_NOT_CONFIGURED naming the variable; those of db_query. */
ErpAuthorization *erp_authorization_new(const ErpCompany *company, Db *db,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void erp_authorization_free(ErpAuthorization *authorization);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ErpAuthorization, erp_authorization_free)

/* The page on which the person authorizes.  Borrowed. */
const char *erp_authorization_url(const ErpAuthorization *authorization);

/* Takes what the person brings back, the code or the whole address, and stores the chain; *lives_s:
 * how long the first token lives.  Errors: those of oauth_code_read and oauth_bootstrap. */
gboolean erp_authorization_finish(ErpAuthorization *authorization, const char *answer,
                                  gint64 *lives_s, GError **error) G_GNUC_WARN_UNUSED_RESULT;

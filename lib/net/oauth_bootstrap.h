/* The first token of a rotating chain, or of one that takes the place of a broken one: a code that
 * a person got from the ERP is exchanged for it (erp-connectors.md 3.2).  For the operator's tool;
 * blocks. */
#pragma once
#include "net/oauth.h"

/* Will there be a place for what comes?  To be asked before a person is, since a code is good once
 * and for minutes.  Errors: those of db_query. */
gboolean oauth_bootstrap_prepare(Db *db, const OAuthClient *client,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Exchanges the code of a client whose grant is OAUTH_CODE and stores the chain over whatever is
 * there; *lives_s: how long the access token lives from now on.  Asked once: a code is spent by the
 * asking.  Errors: as of oauth_flow_token; ERP_AUTHENTICATION also for a code that is not good (any
 * more). */
gboolean oauth_bootstrap(Db *db, const OAuthClient *client, gint64 *lives_s,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

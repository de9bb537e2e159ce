/* Storing a page of Omie's clients: load what could match, decide (client_plan.h), write the rest
 * in one statement together with the run's progress. */
#pragma once
#include "erp/omie/listing.h"
#include "fin/sync_log.h"

typedef struct ClientStore ClientStore;

/* Stores into the run `log_id`, whose `progress` it keeps.  Both must outlive the store. */
ClientStore *client_store_new(Db *db, const char *log_id, SyncProgress *progress);

/* Ends what is under way, without looking at its outcome. */
void client_store_free(ClientStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClientStore, client_store_free)

/* Takes the next page and makes records of it, while the server may still store the page before. */
void client_store_take(ClientStore *store, OmiePage *page);

/* Waits for the page before, then starts storing the one taken: the server works while the caller
 * fetches the next.  An error is that of the page before, or of loading.
 * Errors: DATABASE_*, INTERRUPTED (the run's row is no longer running). */
gboolean client_store_write(ClientStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for the last page. */
gboolean client_store_finish(ClientStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

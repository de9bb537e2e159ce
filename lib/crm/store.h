/* Writes what was decided for a batch, in one statement (sql/0014_crm_import.up.sql). */
#pragma once
#include "crm/import.h"

/* Inside a transaction of `import->db`; adds what only the database knows to plan->counts.
 * Errors: INTERRUPTED when the lease on the organization is lost, DATABASE_CONFLICT when somebody
 * wrote the same rows meanwhile, DATABASE_*. */
gboolean plan_store(const Import *import, Plan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Loads what a batch of sales refers to, and locks what is decided upon until the transaction ends
 * (data-collecting.md 1.7.9). */
#pragma once
#include "crm/import.h"

/* Inside a transaction of `import->db`.  *now is the transaction's instant.  Errors: DATABASE_*. */
Known *known_load(const Import *import, const GPtrArray *sales, Instant *now,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

#include "crm/import.h"

#include "base/error.h"
#include "base/log.h"
#include "crm/load.h"
#include "crm/store.h"

#define MAX_ATTEMPTS 3 /* of a batch that others get in the way of (1.8) */

/* What became of a batch. */
typedef enum { STORED, REFUSED, BROKEN } Outcome;

/* ---- what is stored already --------------------------------------------------------------------
 */

static const char sql_hashes[] = "select * from crm.known_hashes($1, $2::text[])";

static gboolean
is_unchanged(const PGresult *known, int row, const Sale *sale)
{
  g_autofree char *hash = sale_hash(sale);
  return g_strcmp0(db_text(known, row, 2), hash) == 0 &&
         g_strcmp0(db_text(known, row, 3), sale->erp_status) == 0 &&
         g_strcmp0(db_text(known, row, 4), sale->erp_updated_at) == 0;
}

/* The sales that are new or changed: most of a day's are neither, and cost nothing more than this
 * one look without a lock. */
static GPtrArray *
leave_out_unchanged(const Import *import, const GPtrArray *sales, PlanCounts *counts,
                    GError **error)
{
  g_auto(DbArray) ids;
  g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) rest = g_ptr_array_sized_new(sales->len);
  db_array_init(&ids);
  for (guint i = 0; i < sales->len; i++)
    db_array_add(&ids, ((const Sale *)sales->pdata[i])->external_id);
  g_autoptr(PGresult) known = db_query(import->db, DB_CLAIMS_SYSTEM, sql_hashes,
                                       DB_PARAMS(import->organization, db_array_text(&ids)), error);
  if (known == NULL)
    return NULL;
  for (int row = 0; row < PQntuples(known); row++)
    g_hash_table_insert(rows, (gpointer)db_text(known, row, 0), GINT_TO_POINTER(row + 1));
  for (guint i = 0; i < sales->len; i++) {
    const Sale *sale = sales->pdata[i];
    int row = GPOINTER_TO_INT(g_hash_table_lookup(rows, sale->external_id)) - 1;
    if (row >= 0 && is_unchanged(known, row, sale))
      counts->sales_unchanged++;
    else
      g_ptr_array_add(rest, (gpointer)sale);
  }
  return g_steal_pointer(&rest);
}

/* ---- one transaction ---------------------------------------------------------------------------
 */

static GPtrArray *
part_of(const GPtrArray *sales, guint first, guint count)
{
  GPtrArray *part = g_ptr_array_sized_new(count);
  for (guint i = first; i < first + count; i++)
    g_ptr_array_add(part, sales->pdata[i]);
  return part;
}

/* Decides as many of the sales as one batch may hold; *refused when the last of them cannot be
 * stored at all. */
static guint
decide_batch(const DecideContext *context, Known *known, const GPtrArray *sales, Plan *plan,
             gboolean *refused)
{
  guint taken = 0;
  Decision decision = DECIDED;
  while (taken < sales->len && decision == DECIDED) {
    decision = decide_sale(context, known, sales->pdata[taken], plan);
    taken += decision == DECIDED;
  }
  *refused = decision == DECIDE_OVERFLOW;
  g_assert(taken > 0 || *refused); /* an empty plan has nothing to wait for */
  return taken;
}

/* Loads, decides and stores; *taken is how many of the sales, from the first on, this was for. */
static gboolean
store_once(const Import *import, const GPtrArray *sales, guint *taken, gboolean *refused,
           PlanCounts *counts, guint *statements, GError **error)
{
  DecideContext context = import->decide;
  g_autoptr(Plan) plan = plan_new();
  *statements += 4;
  if (!db_begin(import->db, DB_CLAIMS_SYSTEM, error))
    return FALSE;
  g_autoptr(Known) known = known_load(import, sales, &context.now, error);
  if (known == NULL)
    return FALSE;
  *taken = decide_batch(&context, known, sales, plan, refused);
  if (!plan_is_empty(plan) && !plan_store(import, plan, error))
    return FALSE;
  if (!db_commit(import->db, error))
    return FALSE;
  plan_counts_add(counts, &plan->counts);
  return TRUE;
}

/* The same, again when somebody else wrote the same rows meanwhile. */
static Outcome
store(const Import *import, const GPtrArray *sales, guint *taken, gboolean *refused,
      PlanCounts *counts, guint *statements, GError **error)
{
  for (guint attempt = 1;; attempt++) {
    g_autoptr(GError) failure = NULL;
    if (store_once(import, sales, taken, refused, counts, statements, &failure))
      return STORED;
    db_rollback(import->db);
    gboolean conflict = g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT);
    if (conflict && attempt < MAX_ATTEMPTS)
      continue;
    gboolean split = conflict || db_error_is_of_rows(failure);
    g_propagate_error(error, g_steal_pointer(&failure));
    return split ? REFUSED : BROKEN;
  }
}

/* ---- record by record --------------------------------------------------------------------------
 */

static gboolean
give_up(const Import *import, const Sale *sale, const char *detail, GError **error)
{
  log_warning("sale not stored", "organization", import->organization, "detail", detail, NULL);
  return import->failed(sale, detail, import->failed_data, error);
}

static gboolean import_changed(const Import *import, const GPtrArray *sales, PlanCounts *counts,
                               guint *statements, GError **error);

/* A batch that was refused: each half for itself, down to the record that is to blame. */
static gboolean
split(const Import *import, const GPtrArray *sales, const GError *refusal, PlanCounts *counts,
      guint *statements, GError **error)
{
  if (sales->len == 1)
    return give_up(import, sales->pdata[0], refusal->message, error);
  guint half = sales->len / 2;
  g_autoptr(GPtrArray) first = part_of(sales, 0, half);
  g_autoptr(GPtrArray) second = part_of(sales, half, sales->len - half);
  return import_changed(import, first, counts, statements, error) &&
         import_changed(import, second, counts, statements, error);
}

static gboolean
import_changed(const Import *import, const GPtrArray *sales, PlanCounts *counts, guint *statements,
               GError **error)
{
  g_autoptr(GPtrArray) rest = part_of(sales, 0, sales->len);
  while (rest->len > 0) {
    g_autoptr(GError) failure = NULL;
    guint taken = 0;
    gboolean refused = FALSE;
    Outcome outcome = store(import, rest, &taken, &refused, counts, statements, &failure);
    if (outcome == REFUSED)
      return split(import, rest, failure, counts, statements, error);
    if (outcome == BROKEN) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    if (refused && !give_up(import, rest->pdata[taken], "amount out of range", error))
      return FALSE;
    g_ptr_array_remove_range(rest, 0, taken + refused);
  }
  return TRUE;
}

gboolean
import_sales(const Import *import, const GPtrArray *sales, PlanCounts *counts, guint *statements,
             GError **error)
{
  g_autoptr(GPtrArray) changed = leave_out_unchanged(import, sales, counts, error);
  *statements += 1;
  return changed != NULL && import_changed(import, changed, counts, statements, error);
}

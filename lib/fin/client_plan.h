/* What a page of Omie's records changes in our clients: matching, conflicts and counts (fin.md 6.6,
 * 6.7).  Pure: knows the rows that could match, touches no database. */
#pragma once
#include "fin/client_record.h"

/* A client of ours, as loaded, or one the plan adds (id NULL).  Texts are borrowed. */
typedef struct {
  const char *id;
  const char *code, *name, *document, *email; /* as they shall be */
  gboolean changed, new_code, new_name, new_document, new_email;
  guint order; /* by created_at, id; new ones after all others */
} PlannedClient;

typedef struct {
  gint64 inserted, updated, ignored, repeated_documents;
} ClientCounts;

typedef struct {
  GPtrArray *clients; /* of PlannedClient, oldest first */
  GHashTable *by_code, *by_document;
  ClientCounts counts;
} ClientPlan;

void client_plan_init(ClientPlan *plan);
void client_plan_clear(ClientPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClientPlan, client_plan_clear)

/* Tells of a client we have; call in the order of creation, before any apply. */
void client_plan_know(ClientPlan *plan, const PlannedClient *client);

/* Decides what one record of Omie's does.  The record must outlive the plan. */
void client_plan_apply(ClientPlan *plan, const ClientRecord *record);

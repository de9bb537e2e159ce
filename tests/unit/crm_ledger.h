/* The tables of one organization in memory: what a plan writes, and what is known of it then. */
#pragma once
#include "crm/plan.h"

enum { MOVEMENT_REDEMPTION = MOVEMENT_CANCELLATION + 1 }; /* of the point of sale, not ours */

typedef struct {
  const char *id, *sale_id, *program_id, *campaign_id, *origin_id, *metadata;
  const char *status; /* "ATIVO", "CONSUMIDO", "EXPIRADO" */
  KnownClient *client;
  guint type; /* MovementType, or a redemption */
  gint64 sale_value, amount, remaining, before, after;
  Instant expires, inserted;
} LedgerMovement;

typedef struct {
  KnownClient *client;
  const char *campaign, *sale_id;
  Instant at;
  gboolean is_executed;
} LedgerInteraction;

/* All lists own their rows; texts live in `texts`. */
typedef struct {
  GStringChunk *texts;
  GPtrArray *clients;                  /* of KnownClient */
  GPtrArray *balances;                 /* of KnownBalance */
  GPtrArray *sales;                    /* of KnownSale */
  GPtrArray *movements;                /* of LedgerMovement, in order of creation */
  GPtrArray *interactions;             /* of LedgerInteraction */
  GPtrArray *entities[N_ENTITY_KINDS]; /* of KnownEntity */
} Ledger;

Ledger *ledger_new(void);
void ledger_free(Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)

/* Arranging: rows are copied, their texts too.  A client's dates of 0 are none. */
KnownClient *ledger_add_client(Ledger *ledger, const KnownClient *client);
KnownBalance *ledger_add_balance(Ledger *ledger, const KnownBalance *balance);
KnownSale *ledger_add_sale(Ledger *ledger, const KnownSale *sale);
LedgerMovement *ledger_add_movement(Ledger *ledger, const LedgerMovement *movement);
LedgerInteraction *ledger_add_interaction(Ledger *ledger, const LedgerInteraction *interaction);
KnownEntity *ledger_add_entity(Ledger *ledger, guint kind, const KnownEntity *entity);

/* Finding; fails the test when there is none. */
KnownClient *ledger_client(const Ledger *ledger, const char *name_key);
KnownSale *ledger_sale(const Ledger *ledger, const char *external_id);
KnownBalance *ledger_balance(const Ledger *ledger, const KnownClient *client);

/* Parts of it: the ledger's own row of a client that Known has (NULL stays NULL), a text kept, a
 * balance or NULL. */
KnownClient *ledger_own(const Ledger *ledger, const KnownClient *client);
void ledger_keep(Ledger *ledger, const char **text);
KnownBalance *ledger_find_balance(const Ledger *ledger, const KnownClient *client,
                                  const char *program_id);

/* Fails the test, with a sentence, when cashback is not as it must be in every state. */
void ledger_check_laws(const Ledger *ledger);

/* What storing does, and what loading gives. */
void ledger_apply(Ledger *ledger, const Plan *plan, Instant now);
Known *ledger_known(const Ledger *ledger);

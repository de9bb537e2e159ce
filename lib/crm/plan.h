/* What a batch of sales changes: rows to be written, as plain data.  Made by lib/crm/decide.h,
 * written by lib/crm/store.h in a few statements.  Texts are borrowed: from the sales, from Known,
 * or from known_text. */
#pragma once
#include <glib.h>

#include "crm/known.h"
#include "crm/rules.h"
#include "erp/sale.h"

typedef struct {
  KnownClient *client;
  const char *name, *phone, *phone_base, *email, *external_id, *document;
  const char *channel; /* canal_aquisicao: "PARCEIRO" or NULL */
  const char *origin;  /* origem_integracao or NULL */
  const char *title;   /* analise_rfm_titulo or NULL */
} NewClient;

/* Columns of an existing or new client that a sale moves. */
typedef struct {
  KnownClient *client;
  const char *external_id; /* when it was NULL; else NULL */
  Instant first_purchase;  /* INSTANT_NONE: as it was */
  const char *first_sale;
  Instant last_purchase;
  const char *last_sale;
  gint64 purchases_change, purchased_change; /* centavos; never below 0 when written */
} ClientChange;

typedef struct {
  KnownEntity *product;
  const SaleItem *item;
} NewProduct;

typedef struct {
  KnownEntity *partner;
  const char *document; /* formatted, or NULL */
} NewPartner;

typedef struct {
  KnownEntity *entity;
  const SaleOption *option;
  KnownEntity *group; /* of an option */
} NewAddOn;

typedef struct {
  const char *id;
  const Sale *sale;
  const char *hash;
  KnownClient *client; /* NULL: anonymous; of an update NULL leaves the column */
  const char *seller_id, *partner_id;
  Instant at;
  gboolean is_new;
  gboolean needs_attribution;  /* look for the touch and write the conversion */
  gboolean attribution_done;   /* atribuicao_processada at once: no touch can be there */
  gboolean drops_interactions; /* a cancellation: pending interactions of this sale go */
} PlannedSale;

typedef struct {
  const char *sale_id;
  const SaleItem *item;
  KnownClient *client;
  const char *product_id;
  guint number; /* from 1 */
} PlannedItem;

/* A row of cashback_program_transactions. */
typedef enum { MOVEMENT_ACCUMULATION, MOVEMENT_CANCELLATION } MovementType;
typedef struct {
  const char *id;
  MovementType type;
  KnownClient *client;
  const char *program_id, *campaign_id, *sale_id;
  gint64 sale_value, amount, remaining, before, after; /* centavos */
  Instant expires;                                     /* INSTANT_NONE: NULL */
  Instant inserted;
  const char *origin_id; /* of a cancellation: what it reverses (its row ends: EXPIRADO, 0 left) */
  const char *metadata;  /* JSON or NULL */
} PlannedMovement;

typedef struct {
  const char *id;
  KnownClient *client;
  const Campaign *campaign;
  const char *sale_id;
  char *description; /* owned */
  GDate day;         /* agendamento_data_referencia */
  gboolean is_immediate;
  char *metadata; /* JSON, owned */
} PlannedInteraction;

typedef struct {
  const char *id;
  const Sale *sale;
} TouchedSale;

/* What happened, for the answer (1.9). */
typedef struct {
  gint64 sales_created, sales_updated, sales_unchanged, sales_cancelled;
  gint64 clients_created, products_created, sellers_created, partners_created;
  gint64 add_ons_created;                                             /* groups and options */
  gint64 cashback_accumulated, cashback_campaigns, cashback_reversed; /* centavos */
  gint64 interactions_scheduled, interactions_immediate;
  gint64 interactions_cancelled, conversions; /* counted where they are written */
} PlanCounts;

typedef struct {
  GArray *clients;             /* of NewClient */
  GArray *changes;             /* of ClientChange, one per client */
  GHashTable *change_of;       /* KnownClient* → index + 1 in changes */
  GArray *products;            /* of NewProduct */
  GPtrArray *sellers;          /* of KnownEntity */
  GArray *partners;            /* of NewPartner */
  GArray *groups, *options;    /* of NewAddOn */
  GPtrArray *balances;         /* of KnownBalance: new ones and changed ones, each once */
  GArray *sales;               /* of PlannedSale */
  GArray *items;               /* of PlannedItem, its sale by sale_id below */
  GArray *movements;           /* of PlannedMovement */
  GArray *interactions;        /* of PlannedInteraction */
  GArray *touched;             /* of TouchedSale: erp_situacao or erp_atualizado_em alone moved */
  gboolean drops_interactions; /* of any sale: what counts for 7.4 is not as it was loaded */
  PlanCounts counts;
} Plan;

Plan *plan_new(void);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* What the plan changes of a client, or NULL; and the same, made when it is not there yet.  Valid
 * until the next one is made. */
const ClientChange *plan_change_of(const Plan *plan, const KnownClient *client);
ClientChange *plan_change(Plan *plan, KnownClient *client);

void plan_counts_add(PlanCounts *sum, const PlanCounts *counts);

/* TRUE when there is nothing to write. */
gboolean plan_is_empty(const Plan *plan);

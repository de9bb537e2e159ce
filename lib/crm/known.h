/* What is known of an organization when a batch of its sales is decided: the rows that the batch
 * refers to, and no others (data-collecting.md 1.7.9).  Deciding changes it in memory, so that a
 * later record of the batch sees what an earlier one did; a batch that is not stored is loaded
 * anew. */
#pragma once
#include <glib.h>

#include "base/instant.h"

typedef struct {
  const char *id;
  const char *name_key, *external_id, *phone_base; /* external_id NULL: none */
  const char *document;                            /* digits of cpf_cnpj, or NULL */
  const char *title;                     /* analise_rfm_titulo; NULL reads as CLIENTES RECENTES */
  Instant first_purchase, last_purchase; /* INSTANT_NONE: no such purchase */
  gint64 purchases, purchased;   /* metadata_total_compras, …_valor_total_compras (centavos) */
  gboolean is_placeholder;       /* a partner's NÃO DEFINIDO: never a candidate (4.2) */
  gboolean is_new, is_changed;   /* by this batch */
  gboolean sale_was_changed;     /* an earlier sale of his was, in this batch */
  gboolean awaits_attribution;   /* a sale of this batch: his history is read when it is stored */
  struct KnownBalance *balances; /* one per program, see known_balance */
} KnownClient;

/* The balance of a client in a program: the organization's, or one it had before, whose cashback
 * may still have to be taken back.  Its row is locked while we decide, so what is read is true and
 * what is written is relative (6.3). */
typedef struct KnownBalance {
  KnownClient *client;
  const char *program_id;
  gint64 available, accumulated, redeemed; /* centavos, now */
  gint64 available_change, accumulated_change;
  gboolean is_new, is_planned; /* to be inserted; to be written at all, by this batch */
  struct KnownBalance *next;   /* of the same client */
} KnownBalance;

/* Products, sellers, partners, add-on groups and options: found by one key each. */
typedef struct {
  const char *id;
  const char *key;
  KnownClient *client; /* of a partner: the linked client, or NULL */
  gboolean is_new;
} KnownEntity;

typedef struct {
  const char *id, *external_id;
  const char *hash; /* lower-case hex; NULL: stored before hashes were */
  const char *nature;
  gint64 total;        /* centavos */
  KnownClient *client; /* as stored, NULL: anonymous */
  Instant at;          /* data_venda */
  const char *erp_status, *erp_updated_at;
  gboolean is_planned; /* made or changed by this batch, which decides it no second time */
} KnownSale;

/* A movement that a cancellation would reverse (6.7): ACÚMULO, ATIVO or CONSUMIDO. */
typedef struct {
  const char *id, *sale_id, *program_id, *campaign_id; /* campaign_id NULL: the program's */
  KnownClient *client;
  gint64 amount, remaining, sale_value; /* centavos */
} KnownMovement;

typedef enum {
  ENTITY_PRODUCT, /* by its code */
  ENTITY_SELLER,  /* by name */
  ENTITY_PARTNER, /* by identifier */
  ENTITY_GROUP,   /* of add-ons, by external id */
  ENTITY_OPTION,  /* likewise */
  N_ENTITY_KINDS
} EntityKind;

typedef struct Known Known;
Known *known_new(void);
void known_free(Known *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Known, known_free)

/* A text that lives as long as the whole; NULL stays NULL. */
const char *known_text(Known *known, const char *text);

/* Adding what was loaded, or what deciding makes: the structure is copied, its texts are not (see
 * known_text).  Of several candidates of one key the first one added counts.  A partner's
 * placeholder is found by id and document only (4.2). */
KnownClient *known_add_client(Known *known, const KnownClient *client);
KnownEntity *known_add_entity(Known *known, EntityKind kind, const KnownEntity *entity);
KnownSale *known_add_sale(Known *known, const KnownSale *sale);
void known_add_movement(Known *known, const KnownMovement *movement); /* in order of creation */
KnownBalance *known_add_balance(Known *known, KnownClient *client, const KnownBalance *balance);

/* Gives a client that has no external id one, by which he is found from now on. */
void known_set_external_id(Known *known, KnownClient *client, const char *external_id);

/* The name key of a delivered name, as SQL computes it (4.2: one implementation). */
void known_set_name_key(Known *known, const char *name, const char *key);
const char *known_name_key(const Known *known, const char *name);

/* The interactions of a client in a campaign (7.4): how the newest stands, whether there is one. */
void known_add_contact(Known *known, const KnownClient *client, const char *campaign, Instant at);
gboolean known_last_contact(const Known *known, const KnownClient *client, const char *campaign,
                            Instant *at);

/* A client with an executed interaction that may be a touch (8): his new sale needs a look at
 * attribution. */
void known_add_touch(Known *known, const KnownClient *client);
gboolean known_has_touch(const Known *known, const KnownClient *client);

/* Finding; NULL when there is none. */
KnownClient *known_client(const Known *known, const char *id);
KnownClient *known_client_of_name(const Known *known, const char *name_key);
KnownClient *known_client_of_external_id(const Known *known, const char *external_id);
KnownClient *known_client_of_phone(const Known *known, const char *phone_base);
KnownClient *known_client_of_document(const Known *known, const char *digits);
KnownBalance *known_balance(const KnownClient *client, const char *program_id);
KnownEntity *known_entity(const Known *known, EntityKind kind, const char *key);
KnownSale *known_sale(const Known *known, const char *external_id);
const GPtrArray *known_movements(const Known *known, const char *sale_id); /* NULL: none */

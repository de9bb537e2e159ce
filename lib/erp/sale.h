/* A sale as the connectors of all ERPs deliver it (data-collecting.md 1.13, 2.3, 2.4, 3.6, 3.7).
 * Plain data: what it means is decided in lib/crm.  Texts are borrowed from the batch's arena. */
#pragma once
#include <glib.h>

#include "base/date.h"
#include "base/instant.h"

/* An option of an add-on group chosen with an item (CardapioWeb). */
typedef struct {
  const char *group_id, *group_name; /* group_id NULL: the option belongs to none, and is skipped */
  gint64 group_max;                  /* max_opcoes of a new group */
  const char *option_id, *name, *code;
  gint64 price; /* centavos */
} SaleOption;

typedef struct {
  const char *codes[2]; /* product codes to look for, in this order; NULL: no (further) one */
  const char *new_code; /* of the product that is made when none of them is there */
  const char *description, *unit, *group, *ncm, *kind; /* of that new product; never NULL */
  gint64 quantity;                                     /* scale 4 */
  gint64 unit_price, unit_cost;                        /* scale 6 */
  gint64 gross, discount, net, cost;                   /* centavos */
  const char *metadata;                                /* a JSON object, or NULL */
  GArray *options;                                     /* of SaleOption, or NULL */
} SaleItem;

typedef struct {
  const char *external_id;

  /* the buyer; anonymous when client_name is NULL */
  const char *client_name;
  const char *client_external_id; /* NULL: the ERP has none, the name is the key */
  const char *client_phone,
      *client_phone_base;     /* display and comparable form (4.3); "" when none */
  const char *client_email;   /* or NULL */
  gboolean client_by_name;    /* matched by name key; else by external id, then by phone base */
  gboolean client_match_only; /* a placeholder name: never made a new client */

  gint64 total, cost;          /* centavos */
  gboolean has_adjustments;    /* the two that follow are known */
  gint64 discounts, additions; /* centavos */

  const char *seller;  /* text as stored in vendedor_nome */
  gboolean has_seller; /* and it is no sentinel: a seller of that name is linked */
  const char *partner; /* text as stored in parceiro */
  gboolean has_partner;

  const char *key, *document, *model, *movement, *nature, *series, *situation, *type;
  const char *channel;              /* or NULL */
  const char *delivery_mode;        /* of enum delivery_mode, or NULL */
  const char *table_number, *notes; /* or NULL */

  GDate day;  /* of the sale, where no time is told … */
  Instant at; /* … else the instant; INSTANT_NONE: only the day is known */

  /* or NULL: what tells without details that it changed; the instant as instant_text writes it */
  const char *erp_status, *erp_updated_at;

  GArray *items; /* of SaleItem */
} Sale;

/* Is the sale valid (data-collecting.md 0.2)? */
gboolean sale_is_valid(const char *nature, gint64 total);

/* SHA-256 over the fields that are stored of the sale and of its items, in a fixed order; not over
 * the buyer's phone or e-mail.  Lower-case hex; caller frees. */
char *sale_hash(const Sale *sale);

/* Why a record cannot be taken. */
typedef struct {
  const char *code;  /* "CAMPO_OBRIGATORIO", "TIPO_INVALIDO", "NUMERO_INVALIDO", "DATA_INVALIDA" */
  const char *field; /* by its wire name */
  char *detail;      /* no personal data; caller frees */
  char *external_id; /* when it could be read, else NULL; caller frees */
} SaleRejection;
void sale_rejection_clear(SaleRejection *rejection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SaleRejection, sale_rejection_clear)

/* What the texts of a batch of sales live in. */
typedef struct SaleArena SaleArena;
SaleArena *sale_arena_new(void);
void sale_arena_free(SaleArena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SaleArena, sale_arena_free)
const char *sale_arena_text(SaleArena *arena, const char *text); /* a copy; NULL stays NULL */
GArray *sale_arena_items(SaleArena *arena);                      /* an empty array of SaleItem */
GArray *sale_arena_options(SaleArena *arena);                    /* … of SaleOption */

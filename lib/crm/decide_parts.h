/* What the files of lib/crm/decide*.c share: one record on its way through the rules. */
#pragma once
#include "crm/decide.h"

typedef struct {
  const DecideContext *context;
  Known *known;
  Plan *plan;
  const Sale *sale;
  const char *sale_id;
  gboolean is_valid, is_new_client; /* a new client: made by this very record (0.2) */
  KnownClient *client;              /* NULL: anonymous, or not made yet */
  const KnownEntity *partner;
} Record;

const char *record_new_id(const Record *record);

/* ---- decide_entities.c ---- */

/* Who the buyer is (4.2), or NULL; and whether he is to be made when there is nobody. */
KnownClient *record_find_client(const Record *record);
gboolean record_makes_client(const Record *record);

/* His segment (7.3); NULL: of one who is still to be made. */
const char *client_title(const KnownClient *client);

/* Makes the buyer when he is to be made, else notes what his record tells anew (4.4). */
void record_take_client(Record *record);

/* The client that the sale's partner is or would be linked to (4.7); NULL: none, or one that is
 * still to be made, which `is_to_be_made` tells. */
KnownClient *record_partner_client(const Record *record, gboolean *is_to_be_made);

/* Finds or makes what the sale names. */
const char *record_seller(const Record *record); /* its id, or NULL */
void record_take_partner(Record *record);
void record_take_add_ons(const Record *record, const SaleItem *item);
const char *record_product(const Record *record, const SaleItem *item); /* its id */

/* ---- decide_cashback.c ---- */

typedef struct {
  const Campaign *campaign;
  gint64 cashback; /* centavos it generates, 0: none */
} FiredCampaign;

/* What a new sale gives: found out before anything is changed. */
typedef struct {
  gint64 buyer, partner; /* centavos of the program */
  GArray *campaigns;     /* of FiredCampaign, in the order of 7.2 */
} Rewards;
void rewards_clear(Rewards *rewards);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rewards, rewards_clear)

Decision rewards_find(const Record *record, Rewards *rewards);
void rewards_give(const Record *record, const Rewards *rewards, Instant at); /* of the sale */

/* The zero row that a new client gets when there is a program (4.4). */
void record_open_balance(const Record *record, KnownClient *client);

/* Takes back what an existing sale gave (6.7, 1 to 4). */
void record_reverse(const Record *record);

/* ---- decide_campaigns.c ---- */

/* The campaigns that the sale fires (7.2 to 7.4), added to the rewards. */
Decision campaigns_find(const Record *record, Rewards *rewards);

/* ---- decide_interactions.c ---- */

/* The row of a campaign that fires; `credited` is the program's amount of this sale. */
void record_add_interaction(const Record *record, const Campaign *campaign, gint64 credited);

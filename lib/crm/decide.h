/* The rules of the sales import (data-collecting.md 4 to 8): given what is known and one record,
 * what changes.  Pure: no SQL, no clock, no network; every arithmetic example of the specification
 * is a unit test of this. */
#pragma once
#include <glib.h>

#include "crm/plan.h"

/* What holds for a whole batch. */
typedef struct {
  const OrganizationRules *rules;
  const char *integration; /* "ONLINE-SOFTWARE": origem_integracao of new clients */
  const char *suffix;      /* of descriptions: " (CardapioWeb)" or "" */
  gboolean is_retroactive; /* 1.11: no cashback, no campaigns, no totals */
  Instant now;
  GTimeZone *zone;
  char *(*new_id)(gpointer data); /* ids of new rows; caller frees */
  gpointer new_id_data;
} DecideContext;

typedef enum {
  DECIDED,
  DECIDE_NEXT_BATCH, /* it needs the outcome of what is planned already: store that first */
  DECIDE_OVERFLOW,   /* an amount leaves numeric(14,2): the record cannot be stored */
} Decision;

/* Decides one record, in delivered order; appends to the plan and moves what is known on.  The sale
 * must live as long as the plan.  With DECIDE_NEXT_BATCH or DECIDE_OVERFLOW nothing was changed. */
Decision decide_sale(const DecideContext *context, Known *known, const Sale *sale, Plan *plan);

/* ---- parts of it, for their own tests -------------------------------------------------------- */

/* The amount that a rate gives on a sale (6.2), centavos, half-up; 0 when it gives none, and
 * DECIMAL_MONEY_MAX + 1 when it is more than can be stored. */
gint64 cashback_amount(AmountKind kind, gint64 rate, gint64 sale_value);

/* States of a sale, and what a transition means (5.7). */
typedef enum { SALE_ABSENT, SALE_VALID, SALE_OTHER_NATURE, SALE_WITHOUT_VALUE } SaleState;
SaleState sale_state(const char *nature, gint64 total);
gboolean transition_reverses(SaleState before, SaleState after);

/* May a campaign contact the client again (7.4)?  `last` INSTANT_NONE: never contacted. */
gboolean campaign_may_contact(const Campaign *campaign, Instant last, Instant now, GTimeZone *zone);

/* What a partner's identifier is as a document (4.7): "123.456.789-01"; NULL without digits.  And
 * the 11 or 14 digits by which his client is looked for, else NULL.  Caller frees. */
char *partner_document(const char *identifier);
char *partner_digits(const char *identifier);

/* "R$ 1.234,50" (9.2).  Caller frees. */
char *money_brl(gint64 centavos);

/* What an organization has configured for its cashback and campaigns, as plain data
 * (data-collecting.md 6.1, 7.1, 10.8, 10.10).  Read once per organization and run. */
#pragma once
#include <glib.h>

#include "base/instant.h"
#include "db/db.h"

typedef enum { AMOUNT_NONE, AMOUNT_FIXED, AMOUNT_PERCENT } AmountKind;

/* "FIXO", "PERCENTUAL"; AMOUNT_NONE for any other word and NULL. */
AmountKind amount_kind(const char *word);

/* A configured amount: reais or percent, both at SCALE_RATE. */
typedef struct {
  AmountKind kind;
  gint64 rate;
} Amount;

typedef struct {
  const char *id; /* NULL: the organization has no active program */
  AmountKind kind;
  gint64 buyer_rate, partner_rate; /* SCALE_RATE */
  gint64 minimum;                  /* of a sale, inclusive, SCALE_RATE reais */
  gboolean by_integration;         /* acumulo_permitir_via_integracao */
  gint64 valid_days;
} CashbackProgram;

/* In the order in which they are evaluated for a sale (7.2). */
typedef enum {
  TRIGGER_FIRST_PURCHASE,
  TRIGGER_NEW_PURCHASE,
  TRIGGER_PURCHASE_COUNT,
  TRIGGER_PURCHASE_VALUE,
  TRIGGER_CASHBACK,
  N_TRIGGERS
} Trigger;

#define NO_THRESHOLD (-1) /* the column is NULL */

typedef struct {
  const char *id, *title;
  Trigger trigger;
  const char *const *segments; /* NULL-terminated titles */
  gint64 minimum_value;        /* centavos, of the sale (NOVA-COMPRA) or NO_THRESHOLD */
  gint64 minimum_cashback;     /* centavos just credited (CASHBACK-ACUMULADO) */
  gint64 minimum_balance;      /* centavos available (CASHBACK-ACUMULADO) */
  gint64 purchase_count;       /* QUANTIDADE-TOTAL-COMPRAS */
  gint64 purchase_value;       /* centavos, VALOR-TOTAL-COMPRAS */
  gint64 delay;                /* execucao_agendada_valor */
  CalendarUnit delay_unit;     /* execucao_agendada_medida */
  const char *block;           /* execucao_agendada_bloco, "09:00" */
  gboolean can_send;           /* it has a template, and a phone of a usable connection (7.6) */
  gboolean may_recur;          /* permitir_recorrencia */
  gint64 interval;             /* frequencia_intervalo_valor; 0: none */
  CalendarUnit interval_unit;  /* UNIT_NONE: the column is NULL, no interval; unknown: days (7.4) */
  Amount cashback;             /* AMOUNT_NONE: generates none */
  gint64 cashback_valid;       /* 0: not set, 30 days */
  CalendarUnit cashback_unit;
} Campaign;

/* Everything of one organization; texts live in `texts`. */
typedef struct {
  CashbackProgram program;
  GArray *campaigns; /* of Campaign, by trigger, then in order of their creation */
  GStringChunk *texts;
  GPtrArray *lists; /* of the segments' lists: each an array whose texts are in `texts` */
} OrganizationRules;
OrganizationRules *organization_rules_new(void);
void organization_rules_free(OrganizationRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OrganizationRules, organization_rules_free)

/* Reads them, in one statement.  Errors: DATABASE_*. */
OrganizationRules *organization_rules_load(Db *db, const char *organization,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

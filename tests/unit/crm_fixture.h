/* An organization for the tests of the import's rules: a Thursday afternoon, a program of 5 % from
 * R$ 20,00 on, valid 60 days, and its tables in memory (the fixtures of data-collecting.md 12). */
#pragma once
#include "unit.h"

#include "crm/decide.h"
#include "crm_ledger.h"

#define NOW "2026-03-05T14:07:00"

typedef struct {
  OrganizationRules *rules;
  Ledger *ledger;
  Known *known; /* of the batch; made from the ledger by its first sale */
  Plan *plan;
  SaleArena *arena;
  GPtrArray *sales; /* records made */
  DecideContext context;
  guint ids;
} Crm;

extern Crm crm;
int crm_set_up(void **state);
int crm_tear_down(void **state);
#define CASE(test) cmocka_unit_test_setup_teardown(test, crm_set_up, crm_tear_down)
#define RUN(name, tests)                                                                           \
  int main(void)                                                                                   \
  {                                                                                                \
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);                                   \
  }

/* Values as one writes them: "99.90", "3.33" (percent or reais), "2026-03-05T14:07:00". */
gint64 brl(const char *reais);
gint64 rate(const char *number);
Instant at(const char *wall_time);

/* A valid sale of a shop, dated today, with one item; client NULL: anonymous.  Tests change what
 * they are about. */
Sale *crm_sale(const char *external_id, const char *client, const char *total);
SaleItem *crm_item(Sale *sale, const char *code);
/* One of the delivery service, R$ 100,00: its client is known by external id and phone base. */
Sale *crm_order(const char *external_id, const char *client_external_id, const char *phone_base);
/* The same sale as another record of it. */
Sale *crm_again(const Sale *sale);

/* Adds a campaign, by trigger and then in order; thresholds of 0 are none, the block is 09:00. */
void crm_campaign(const Campaign *campaign);
#define CAMPAIGN(...) crm_campaign(&(Campaign){__VA_ARGS__})
#define SEGMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define RECENT        SEGMENTS("CLIENTES RECENTES")

/* An existing client by the name "MARIA SOUZA" or another key, with a balance when it is given. */
KnownClient *crm_client(const char *name_key, const char *available);

/* Decides it in the present batch. */
Decision crm_try(const Sale *sale);
void crm_decide(const Sale *sale); /* and it is DECIDED */
void crm_store(void);              /* ends the batch */
void crm_import(const Sale *sale); /* a batch of its own */

/* Rows of the plan; the test fails when there is no such row. */
const PlannedSale *planned_sale(guint i);
const PlannedMovement *movement(guint i);
const PlannedInteraction *interaction(guint i);
const NewClient *new_client(guint i);
#define crm_row(array, Type, i) (assert_true((i) < (array)->len), &g_array_index(array, Type, i))

#define assert_money(centavos, expected) assert_string_equal(crm_money(centavos), expected)
const char *crm_money(gint64 centavos); /* of the fixture, until the next call */
#define assert_instant(instant, expected)                                                          \
  assert_string_equal(instant_text(instant).text, instant_text(at(expected)).text)

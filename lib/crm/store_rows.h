/* The rows of a plan as crm.store_batch reads them (sql/0014_crm_import.up.sql): the members of one
 * object each, money in reais, instants as text. */
#pragma once
#include "base/json.h"
#include "crm/plan.h"

void row_write_product(JsonWriter *w, const NewProduct *row);
void row_write_seller(JsonWriter *w, const KnownEntity *const *row);
void row_write_group(JsonWriter *w, const NewAddOn *row);
void row_write_option(JsonWriter *w, const NewAddOn *row);
void row_write_change(JsonWriter *w, const ClientChange *row);
/* With what its first sales make of it at once; change NULL: nothing. */
void row_write_client(JsonWriter *w, const NewClient *row, const ClientChange *change);
void row_write_partner(JsonWriter *w, const NewPartner *row);
void row_write_sale(JsonWriter *w, const PlannedSale *row);
void row_write_touched(JsonWriter *w, const TouchedSale *row);
void row_write_item(JsonWriter *w, const PlannedItem *row);
void row_write_balance(JsonWriter *w, const KnownBalance *const *row);
void row_write_movement(JsonWriter *w, const PlannedMovement *row);
void row_write_interaction(JsonWriter *w, const PlannedInteraction *row);

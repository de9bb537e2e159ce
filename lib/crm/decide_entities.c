/* Clients, products, sellers, partners and add-ons: found by their keys, made when they are
 * missing, never refreshed (data-collecting.md 4). */
#include <string.h>

#include "base/text.h"
#include "crm/decide_parts.h"

#define RECENT_CLIENTS   "CLIENTES RECENTES"
#define PLACEHOLDER_NAME "NÃO DEFINIDO"
#define PARTNER_CHANNEL  "PARCEIRO"
enum { CPF_DIGITS = 11, CNPJ_DIGITS = 14 };

/* ---- clients --------------------------------------------------------------------------------- */

KnownClient *
record_find_client(const Record *record)
{
  const Sale *sale = record->sale;
  if (sale->client_name == NULL)
    return NULL;
  if (sale->client_by_name)
    return known_client_of_name(record->known, known_name_key(record->known, sale->client_name));
  KnownClient *client = known_client_of_external_id(record->known, sale->client_external_id);
  return client != NULL ? client : known_client_of_phone(record->known, sale->client_phone_base);
}

gboolean
record_makes_client(const Record *record)
{
  return record->client == NULL && record->sale->client_name != NULL &&
         !record->sale->client_match_only;
}

const char *
client_title(const KnownClient *client)
{
  return client != NULL && client->title != NULL ? client->title : RECENT_CLIENTS;
}

/* The client's row is `row`; what is the same in Known is taken from there. */
static KnownClient *
make_client(const Record *record, KnownClient client, NewClient row)
{
  client.id = record_new_id(record);
  client.external_id = row.external_id;
  client.phone_base = row.phone_base;
  client.title = row.title;
  client.first_purchase = client.last_purchase = INSTANT_NONE;
  client.is_new = TRUE;
  row.client = known_add_client(record->known, &client);
  g_array_append_val(record->plan->clients, row);
  record->plan->counts.clients_created++;
  return row.client;
}

static void
make_buyer(Record *record)
{
  const Sale *sale = record->sale;
  record->client = make_client(
      record, (KnownClient){.name_key = known_name_key(record->known, sale->client_name)},
      (NewClient){.name = sale->client_name,
                  .phone = sale->client_phone,
                  .phone_base = sale->client_phone_base,
                  .email = sale->client_email,
                  .external_id = sale->client_external_id,
                  .origin = record->context->integration,
                  .title = RECENT_CLIENTS});
  record->is_new_client = TRUE;
  record_open_balance(record, record->client);
}

void
record_take_client(Record *record)
{
  const char *external_id = record->sale->client_external_id;
  if (record_makes_client(record)) {
    make_buyer(record);
  } else if (record->client != NULL && record->client->external_id == NULL && external_id != NULL) {
    known_set_external_id(record->known, record->client, external_id);
    plan_change(record->plan, record->client)->external_id = external_id;
  }
}

/* ---- partners -------------------------------------------------------------------------------- */

char *
partner_document(const char *identifier)
{
  g_autofree char *all = text_digits(identifier);
  g_autofree char *digits = g_strndup(all, CNPJ_DIGITS);
  gsize length = strlen(digits);
  if (length == 0)
    return NULL;
  if (length == CPF_DIGITS)
    return g_strdup_printf("%.3s.%.3s.%.3s-%s", digits, digits + 3, digits + 6, digits + 9);
  if (length == CNPJ_DIGITS)
    return g_strdup_printf("%.2s.%.3s.%.3s/%.4s-%s", digits, digits + 2, digits + 5, digits + 8,
                           digits + 12);
  return g_steal_pointer(&digits);
}

char *
partner_digits(const char *identifier)
{
  g_autofree char *all = text_digits(identifier);
  g_autofree char *digits = g_strndup(all, CNPJ_DIGITS);
  gsize length = strlen(digits);
  return length == CPF_DIGITS || length == CNPJ_DIGITS ? g_steal_pointer(&digits) : NULL;
}

KnownClient *
record_partner_client(const Record *record, gboolean *is_to_be_made)
{
  const KnownEntity *partner = known_entity(record->known, ENTITY_PARTNER, record->sale->partner);
  *is_to_be_made = FALSE;
  if (partner != NULL)
    return partner->client; /* as it is, even none */
  g_autofree char *digits = partner_digits(record->sale->partner);
  KnownClient *client = known_client_of_document(record->known, digits);
  *is_to_be_made = client == NULL;
  return client;
}

static KnownClient *
make_placeholder(const Record *record, const char *document)
{
  g_autofree char *digits = partner_digits(record->sale->partner);
  return make_client(
      record, (KnownClient){.document = known_text(record->known, digits), .is_placeholder = TRUE},
      (NewClient){.name = PLACEHOLDER_NAME,
                  .phone = "",
                  .phone_base = "",
                  .document = document,
                  .channel = PARTNER_CHANNEL});
}

static KnownEntity
new_entity(const Record *record, const char *key)
{
  return (KnownEntity){.id = record_new_id(record), .key = key, .is_new = TRUE};
}

static const KnownEntity *
make_partner(const Record *record)
{
  g_autofree char *formatted = partner_document(record->sale->partner);
  const char *document = known_text(record->known, formatted);
  KnownEntity partner = new_entity(record, record->sale->partner);
  gboolean is_to_be_made = FALSE;
  partner.client = record_partner_client(record, &is_to_be_made);
  if (is_to_be_made)
    partner.client = make_placeholder(record, document);
  NewPartner row = {.partner = known_add_entity(record->known, ENTITY_PARTNER, &partner),
                    .document = document};
  g_array_append_val(record->plan->partners, row);
  record->plan->counts.partners_created++;
  return row.partner;
}

void
record_take_partner(Record *record)
{
  if (!record->sale->has_partner)
    return;
  record->partner = known_entity(record->known, ENTITY_PARTNER, record->sale->partner);
  if (record->partner == NULL)
    record->partner = make_partner(record);
}

/* ---- sellers, products, add-ons -------------------------------------------------------------- */

const char *
record_seller(const Record *record)
{
  const char *name = record->sale->seller;
  if (!record->sale->has_seller)
    return NULL;
  KnownEntity *seller = known_entity(record->known, ENTITY_SELLER, name);
  if (seller == NULL) {
    KnownEntity made = new_entity(record, name);
    seller = known_add_entity(record->known, ENTITY_SELLER, &made);
    g_ptr_array_add(record->plan->sellers, seller);
    record->plan->counts.sellers_created++;
  }
  return seller->id;
}

const char *
record_product(const Record *record, const SaleItem *item)
{
  const char *codes[] = {item->codes[0], item->codes[1], item->new_code};
  for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
    const KnownEntity *product = known_entity(record->known, ENTITY_PRODUCT, codes[i]);
    if (product != NULL)
      return product->id;
  }
  KnownEntity made = new_entity(record, item->new_code);
  NewProduct row = {.product = known_add_entity(record->known, ENTITY_PRODUCT, &made),
                    .item = item};
  g_array_append_val(record->plan->products, row);
  record->plan->counts.products_created++;
  return made.id;
}

static KnownEntity *
take_group(const Record *record, const SaleOption *option)
{
  KnownEntity *group = known_entity(record->known, ENTITY_GROUP, option->group_id);
  if (group != NULL)
    return group;
  KnownEntity made = new_entity(record, option->group_id);
  NewAddOn row = {.entity = known_add_entity(record->known, ENTITY_GROUP, &made), .option = option};
  g_array_append_val(record->plan->groups, row);
  record->plan->counts.add_ons_created++;
  return row.entity;
}

void
record_take_add_ons(const Record *record, const SaleItem *item)
{
  for (guint i = 0; item->options != NULL && i < item->options->len; i++) {
    const SaleOption *option = &g_array_index(item->options, SaleOption, i);
    KnownEntity *group = option->group_id != NULL ? take_group(record, option) : NULL;
    if (group == NULL || option->option_id == NULL ||
        known_entity(record->known, ENTITY_OPTION, option->option_id) != NULL)
      continue;
    KnownEntity made = new_entity(record, option->option_id);
    NewAddOn row = {known_add_entity(record->known, ENTITY_OPTION, &made), option, group};
    g_array_append_val(record->plan->options, row);
    record->plan->counts.add_ons_created++;
  }
}

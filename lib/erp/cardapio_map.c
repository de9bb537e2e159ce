#include "erp/cardapio_map.h"

#include "base/decimal.h"
#include "erp/cardapio_items.h"
#include "erp/fields.h"
#include "erp/phone.h"

#define NONE        "N/A"
#define PLACEHOLDER "CLIENTE CARDAPIO WEB" /* of a buyer without a name */

/* An order while it is read. */
typedef struct {
  Sale sale;
  const char *created_at, *order_type, *sales_channel;
  gint64 delivery_fee, service_fee, additional_fee;
} Draft;

#define OF_SALE(member)  offsetof(Draft, sale.member)
#define OF_DRAFT(member) offsetof(Draft, member)

/* 3.4; what is not read here is not imported */
static const Field order_fields[] = {
    {.names = {"id"}, FIELD_TEXT, OF_SALE(external_id), FIELD_FILLED},
    {.names = {"status"}, FIELD_TEXT, OF_SALE(erp_status), FIELD_FILLED},
    {.names = {"total"}, FIELD_MONEY, OF_SALE(total), FIELD_REQUIRED},
    {.names = {"created_at"}, FIELD_TEXT, OF_DRAFT(created_at), FIELD_REQUIRED, .text = ""},
    {.names = {"updated_at"}, FIELD_TEXT, OF_SALE(erp_updated_at)},
    {.names = {"order_type"}, FIELD_TEXT, OF_DRAFT(order_type)},
    {.names = {"sales_channel"}, FIELD_TEXT, OF_DRAFT(sales_channel)},
    {.names = {"fiscal_document"}, FIELD_TEXT, OF_SALE(document), .text = NONE},
    {.names = {"table_number"}, FIELD_TEXT, OF_SALE(table_number)},
    {.names = {"observation"}, FIELD_TEXT, OF_SALE(notes)},
    {.names = {"delivery_fee"}, FIELD_MONEY, OF_DRAFT(delivery_fee)},
    {.names = {"service_fee"}, FIELD_MONEY, OF_DRAFT(service_fee)},
    {.names = {"additional_fee"}, FIELD_MONEY, OF_DRAFT(additional_fee)},
};

typedef struct {
  const char *id, *name, *phone, *ddi;
} Customer;

static const Field customer_fields[] = {
    {.names = {"id"}, FIELD_TEXT, offsetof(Customer, id)},
    {.names = {"name"}, FIELD_TEXT, offsetof(Customer, name), .text = PLACEHOLDER},
    {.names = {"phone"}, FIELD_TEXT, offsetof(Customer, phone)},
    {.names = {"ddi"}, FIELD_TEXT, offsetof(Customer, ddi)},
};

typedef struct {
  const char *theirs, *ours;
} Word;

static const Word natures[] = {{"closed", "SN01"}, {"canceled", "CANCELADO"}, {NULL, NULL}};
static const Word situations[] = {{"closed", "FECHADO"}, {"canceled", "CANCELADO"}, {NULL, NULL}};
static const Word channels[] = {{"portal", "Portal CardapioWeb"},
                                {"whatsapp_extension", "WhatsApp"},
                                {"ifood", "iFood"},
                                {"catalog", "Catálogo CardapioWeb"},
                                {"store_front_catalog", "Catálogo CardapioWeb"},
                                {NULL, NULL}};
static const Word modes[] = {{"delivery", "ENTREGA"},
                             {"takeout", "RETIRADA"},
                             {"onsite", "PRESENCIAL"},
                             {"closed_table", "COMANDA"},
                             {NULL, NULL}};

/* Our word for theirs, or `otherwise`: an unknown word is data, no error. */
static const char *
word_for(const Word *words, const char *theirs, const char *otherwise)
{
  for (; words->theirs != NULL; words++)
    if (g_strcmp0(words->theirs, theirs) == 0)
      return words->ours;
  return otherwise;
}

static gboolean
add_amount(gint64 *sum, gint64 amount, const char *field, SaleRejection *why)
{
  *sum += amount;
  return ABS(*sum) <= DECIMAL_MONEY_MAX || record_reject(why, "NUMERO_INVALIDO", field);
}

static gboolean
read_discounts(yajl_val order, SaleArena *arena, Sale *sale, SaleRejection *why)
{
  static const Field total = {.names = {"total"}, FIELD_MONEY, 0};
  yajl_val discounts;
  if (!record_array(order, "discounts", FIELD_OPTIONAL, &discounts, why))
    return FALSE;
  for (size_t i = 0; discounts != NULL && i < discounts->u.array.len; i++) {
    gint64 amount = 0;
    if (!fields_read(&total, 1, discounts->u.array.values[i], "discounts", arena, &amount, why) ||
        !add_amount(&sale->discounts, amount, "discounts", why))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_additions(Draft *draft, SaleRejection *why)
{
  gint64 *sum = &draft->sale.additions;
  return add_amount(sum, draft->delivery_fee, "delivery_fee", why) &&
         add_amount(sum, draft->service_fee, "service_fee", why) &&
         add_amount(sum, draft->additional_fee, "additional_fee", why);
}

/* 3.8 */
static gboolean
read_customer(yajl_val order, SaleArena *arena, Sale *sale, SaleRejection *why)
{
  yajl_val object;
  Customer customer = {.id = NULL};
  sale->client_phone = sale->client_phone_base = "";
  if (!record_object(order, "customer", &object, why))
    return FALSE;
  if (object == NULL)
    return TRUE;
  if (!fields_read(customer_fields, G_N_ELEMENTS(customer_fields), object, "customer", arena,
                   &customer, why))
    return FALSE;
  sale->client_name = customer.name;
  sale->client_external_id = customer.id;
  sale->client_match_only = record_name_is(customer.name, PLACEHOLDER);
  g_autofree char *foreign = phone_foreign(customer.ddi, customer.phone);
  Phone phone = phone_read(customer.phone);
  sale->client_phone = sale_arena_text(arena, foreign != NULL ? foreign : phone.display);
  sale->client_phone_base = foreign != NULL ? "" : sale_arena_text(arena, phone.base);
  return TRUE;
}

/* 3.5, 3.6 */
static void
describe(Draft *draft, SaleArena *arena)
{
  Sale *sale = &draft->sale;
  g_autofree char *upper = g_utf8_strup(sale->erp_status, -1);
  const char *status = sale_arena_text(arena, upper);
  const char *type = draft->order_type, *channel = draft->sales_channel;
  sale->nature = word_for(natures, sale->erp_status, status);
  sale->situation = word_for(situations, sale->erp_status, status);
  sale->movement = sale->type = type != NULL ? type : NONE;
  sale->delivery_mode = word_for(modes, type, NULL);
  sale->channel = word_for(channels, channel, channel != NULL ? channel : "NÃO DEFINIDO");
  sale->seller = "CARDAPIO WEB";
  sale->partner = sale->key = sale->series = NONE;
  sale->model = "CARDAPIO-WEB";
  sale->has_adjustments = TRUE;
}

/* As it is compared later; what is no instant tells nothing. */
static const char *
normal_instant(const char *text, GTimeZone *zone, SaleArena *arena)
{
  Instant at;
  return text != NULL && instant_parse(text, zone, &at)
             ? sale_arena_text(arena, instant_text(at).text)
             : NULL;
}

static gboolean
read_order(yajl_val order, GTimeZone *zone, SaleArena *arena, Draft *draft, SaleRejection *why)
{
  Sale *sale = &draft->sale;
  if (!fields_read(order_fields, G_N_ELEMENTS(order_fields), order, "registro", arena, draft, why))
    return FALSE;
  if (!instant_parse(draft->created_at, zone, &sale->at))
    return record_reject(why, "DATA_INVALIDA", "created_at");
  sale->day = instant_day(sale->at, zone);
  sale->erp_updated_at = normal_instant(sale->erp_updated_at, zone, arena);
  if (!read_discounts(order, arena, sale, why) || !read_additions(draft, why) ||
      !read_customer(order, arena, sale, why) ||
      !cardapio_items_read(order, arena, &sale->items, why))
    return FALSE;
  describe(draft, arena);
  return TRUE;
}

char *
cardapio_id_of(const char *record, gsize length)
{
  return record_id(record, length, "id", NULL);
}

gboolean
cardapio_map(const char *record, gsize length, GTimeZone *zone, SaleArena *arena, Sale *sale,
             SaleRejection *why)
{
  g_auto(yajl_val) order = record_parse_or_reject(record, length, why);
  Draft draft = {.created_at = NULL};
  if (order == NULL || !read_order(order, zone, arena, &draft, why)) {
    why->external_id = cardapio_id_of(record, length);
    return FALSE;
  }
  *sale = draft.sale;
  return TRUE;
}

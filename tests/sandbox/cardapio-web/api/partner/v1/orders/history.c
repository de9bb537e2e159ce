/* CardapioWeb's history (data-collecting.md 3.2): light orders of a period, page by page. */
#include <string.h>

#include "base/text.h"
#include "cardapio.h"

#define MOST_PER_PAGE  100
#define USUAL_PER_PAGE 20

/* A positive integer of the URL; 0 when it is something else. */
static gint64
number_of(const json_t *query, const char *name, gint64 usual)
{
  const char *text = json_string_value(json_object_get(query, name));
  guint64 number = 0;
  if (text == NULL)
    return usual;
  return g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32 / 2, &number, NULL) ? (gint64)number
                                                                                : 0;
}

static const char sql_history[] =
    "select complaint, total, orders"
    "  from sandbox.cardapio_history($1, $2, $3, $4::text[], $5::int, $6::int)";

static PGresult *
find(const Call *call, gint64 page, gint64 size, GError **error)
{
  g_auto(DbArray) states = {0};
  size_t place;
  json_t *state;
  db_array_init(&states);
  json_array_foreach(json_object_get(call->request, "status[]"), place, state)
  {
    db_array_add(&states, json_string_value(state));
  }
  return db_query(db_shared(), NULL, sql_history,
                  DB_PARAMS(call->who,
                            json_string_value(json_object_get(call->request, "start_date")),
                            json_string_value(json_object_get(call->request, "end_date")),
                            db_array_text(&states), int_text(page), int_text(size)),
                  error);
}

static gboolean
work(const Call *call, OmieReply *reply, GError **error)
{
  gint64 page = number_of(call->request, "page", 1),
         size = number_of(call->request, "per_page", USUAL_PER_PAGE);
  if (page == 0 || size == 0 || size > MOST_PER_PAGE) {
    cardapio_refuse(reply, 400, 4000,
                    page == 0 ? "page is invalid" : "per_page must be between 1 and 100");
    return TRUE;
  }
  g_autoptr(PGresult) found = find(call, page, size, error);
  if (found == NULL)
    return FALSE;
  if (db_text(found, 0, 0) != NULL) {
    cardapio_refuse(reply, 400, 4000, db_text(found, 0, 0));
    return TRUE;
  }
  gint64 total = db_int(found, 0, 1);
  const char *orders = db_text(found, 0, 2);
  g_string_printf(reply->body,
                  "{\"orders\":[%s],\"pagination\":{\"current_page\":%s,\"per_page\":%s,"
                  "\"total_pages\":%s,\"total_orders\":%s}}",
                  orders != NULL ? orders : "", int_text(page), int_text(size),
                  int_text((total + size - 1) / size), int_text(total));
  return TRUE;
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const StandIn service = {"cardapio-web", "history", cardapio_read, work, cardapio_word};
  return stand_in_serve(req, res, &service);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "CardapioWeb de ensaio: pedidos de um período",
    .methods = {{"GET", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .body = BODY_RAW,
};

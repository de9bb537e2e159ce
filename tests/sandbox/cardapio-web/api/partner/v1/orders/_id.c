/* CardapioWeb's details of one order (data-collecting.md 3.4), exactly as they were put. */
#include "cardapio.h"

static void
read_call(Call *call)
{
  cardapio_read(call);
  json_object_set_new(call->request, "id", json_string(request_path_id(call->req)));
}

static gboolean
work(const Call *call, OmieReply *reply, GError **error)
{
  g_autoptr(PGresult) found =
      db_query(db_shared(), NULL,
               "select body from sandbox.cardapio_order where merchant = $1"
               "   and id = case when $2 ~ '^[0-9]{1,18}$' then $2::bigint end",
               DB_PARAMS(call->who, request_path_id(call->req)), error);
  if (found == NULL)
    return FALSE;
  if (PQntuples(found) == 1)
    g_string_assign(reply->body, db_text(found, 0, 0));
  else
    cardapio_word(404, reply);
  return TRUE;
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const StandIn service = {"cardapio-web", "details", read_call, work, cardapio_word};
  return stand_in_serve(req, res, &service);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "CardapioWeb de ensaio: um pedido",
    .methods = {{"GET", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .body = BODY_RAW,
};

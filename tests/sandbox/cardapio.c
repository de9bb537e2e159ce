#include "cardapio.h"

void
cardapio_read(Call *call)
{
  call->who = g_strdup(stand_in_header(call->req, "HTTP_X_MERCHANT_ID"));
  call->secret = g_strdup(stand_in_header(call->req, "HTTP_X_API_KEY"));
  call->request = stand_in_query(call->req);
}

void
cardapio_refuse(OmieReply *reply, guint status, int code, const char *message)
{
  stand_in_reply(reply, status, json_pack("{s:i,s:s}", "code", code, "message", message));
}

void
cardapio_word(guint status, OmieReply *reply)
{
  const char *message = status == 401   ? "Invalid or missing API key"
                        : status == 404 ? "Order not found"
                        : status == 429 ? "Too many requests"
                        : status >= 500 ? "Internal server error"
                                        : "Bad request";
  cardapio_refuse(reply, status, (int)status * 10, message);
}

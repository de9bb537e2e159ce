#include "message_store.h"

#include "base/text.h"

PGresult *
message_store(const Call *call, const MessageParts *parts, const char *client_id, GError **error)
{
  char *payload = json_dumps(call->request, JSON_COMPACT),
       *parameters = json_dumps(parts->parameters, JSON_COMPACT);
  PGresult *kept = db_query(db_shared(), NULL,
                            "select message_id, status"
                            "  from sandbox.whatsapp_accept($1::bigint, $2, $3, $4,"
                            "         coalesce($5::jsonb, '[]'), $6, $7, $8::jsonb)",
                            DB_PARAMS(int_text(call->id), parts->to, parts->template,
                                      parts->language, parameters, parts->text, client_id, payload),
                            error);
  free(payload); /* jansson's */
  free(parameters);
  return kept;
}

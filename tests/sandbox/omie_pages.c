/* Pages with Hungarian names, and answers that the database knows whole. */
#include "omie_pages.h"

#define USUAL_PAGE   50 /* records, when the call does not say */
#define HIGHEST_PAGE 1000000000

gboolean
omie_page(const OmieCall *call, const char *size, gint64 cap, const char *query, OmieReply *reply,
          GError **error)
{
  gint64 page = CLAMP(omie_param_number(call->param, "nPagina"), 1, HIGHEST_PAGE);
  gint64 wanted = omie_param_number(call->param, size);
  g_autofree char *page_text = g_strdup_printf("%" G_GINT64_FORMAT, page);
  g_autofree char *size_text =
      g_strdup_printf("%" G_GINT64_FORMAT, wanted < 1 ? MIN(USUAL_PAGE, cap) : MIN(wanted, cap));
  g_autoptr(PGresult) found =
      db_query(db_shared(), NULL, query,
               DB_PARAMS(call->app_key, page_text, size_text, call->param_text), error);
  if (found == NULL)
    return FALSE;
  reply->rows = db_int(found, 0, 0);
  if (reply->rows > 0)
    g_string_assign(reply->body, db_text(found, 0, 1));
  else
    omie_reply_no_records(reply, page);
  return TRUE;
}

gboolean
omie_ask(const char *query, DbParams params, OmieReply *reply, GError **error)
{
  g_autoptr(PGresult) row = db_query(db_shared(), NULL, query, params, error);
  if (row == NULL)
    return FALSE;
  const char *body = db_text(row, 0, 0);
  if (body != NULL)
    g_string_assign(reply->body, body);
  else
    omie_reply_fault(reply, 500, db_text(row, 0, 1), "%s", db_text(row, 0, 2));
  return TRUE;
}

gboolean
omie_ask_books(const char *query, const OmieCall *call, const char *const *required,
               OmieReply *reply, GError **error)
{
  for (; required != NULL && *required != NULL; required++) {
    if (json_object_get(call->param, *required) != NULL)
      continue;
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-1000",
                     "ERROR: O preenchimento da tag [%s] é obrigatório!", *required);
    return TRUE;
  }
  return omie_ask(query, DB_PARAMS(call->app_key, call->param_text), reply, error);
}

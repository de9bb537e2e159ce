/* Pages and single records.  A page size above the cap is lowered in silence, and the totals are
 * those of the lowered size. */
#include "omie_listing.h"

#define USUAL_PAGE   50 /* records, when the call does not say */
#define HIGHEST_PAGE 1000000000

static void
write_page(OmieReply *reply, const char *wrapper, const char *records, gint64 page, gint64 pages,
           gint64 total)
{
  g_string_printf(reply->body,
                  "{\"%s\":[%s],\"pagina\":%" G_GINT64_FORMAT ",\"registros\":%" G_GINT64_FORMAT
                  ",\"total_de_paginas\":%" G_GINT64_FORMAT
                  ",\"total_de_registros\":%" G_GINT64_FORMAT "}",
                  wrapper, records, page, reply->rows, pages, total);
}

gboolean
omie_list(const OmieCall *call, const char *query, const char *how, const char *wrapper,
          OmieReply *reply, GError **error)
{
  gint64 page = CLAMP(omie_param_number(call->param, "pagina"), 1, HIGHEST_PAGE);
  gint64 size = omie_param_number(call->param, "registros_por_pagina");
  size = size < 1 ? USUAL_PAGE : MIN(size, call->page_cap);
  g_autofree char *page_text = g_strdup_printf("%" G_GINT64_FORMAT, page);
  g_autofree char *size_text = g_strdup_printf("%" G_GINT64_FORMAT, size);
  g_autoptr(PGresult) found =
      db_query(db_shared(), NULL, query,
               DB_PARAMS(call->app_key, page_text, size_text, how, call->param_text), error);
  if (found == NULL)
    return FALSE;
  gint64 total = db_int(found, 0, 0);
  reply->rows = db_int(found, 0, 1);
  if (reply->rows > 0)
    write_page(reply, wrapper, db_text(found, 0, 2), page, (total + size - 1) / size, total);
  else if (db_bool(found, 0, 3))
    omie_reply_no_records(reply, page);
  else
    write_page(reply, wrapper, "", page, 0, 0);
  return TRUE;
}

gboolean
omie_consult(const OmieCall *call, const OmieKey *key, const char *query, OmieReply *reply,
             GError **error)
{
  gint64 id = omie_param_number(call->param, key->id);
  const char *code = omie_param_text(call->param, key->code);
  if (id == 0 && code == NULL) {
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-1000",
                     "ERROR: O preenchimento da tag [%s] ou [%s] é obrigatório!", key->id,
                     key->code);
    return TRUE;
  }
  g_autofree char *id_text = id != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, id) : NULL;
  g_autoptr(PGresult) found = db_query(
      db_shared(), NULL, query, DB_PARAMS(call->app_key, id_text, id != 0 ? NULL : code), error);
  if (found == NULL)
    return FALSE;
  if (PQntuples(found) == 1)
    g_string_assign(reply->body, db_text(found, 0, 0));
  else if (id != 0)
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-105", "ERROR: %s para o Código [%s]%s",
                     key->missing, id_text, key->end);
  else
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-103",
                     "ERROR: %s para o Código de Integração [%s]%s", key->missing, code, key->end);
  return TRUE;
}

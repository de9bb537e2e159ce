#include "erp/probe_request.h"

#include <string.h>

#include "erp/omie/books_call.h"
#include "erp/omie/listing.h"
#include "erp/xml_rows.h"
#include "net/seal.h"

#define AGENT       "User-Agent: erp-connectors/1"
#define OMIE_LIST   "companies"
#define OMIE_PARAMS "{\"pagina\":1,\"registros_por_pagina\":1}"
#define OMIE_PLACES 4

static void
add_header(GPtrArray *headers, const char *name, const char *value)
{
  if (name != NULL && value != NULL)
    g_ptr_array_add(headers, g_strconcat(name, ": ", value, NULL));
}

static gboolean
add_headers(ProbeRequest *request, const Erp *erp, GError **error)
{
  const char *const *credential = erp_credential_headers(erp, error);
  if (credential == NULL)
    return FALSE;
  request->headers = g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
  g_ptr_array_add(request->headers, g_strdup(AGENT));
  for (; *credential != NULL; credential++)
    g_ptr_array_add(request->headers, g_strdup(*credential));
  add_header(request->headers, erp_wire(erp, "header.tenant"),
             erp_config_text(erp->config, "TENANT"));
  add_header(request->headers, erp_wire(erp, "header.company"), erp->company_id);
  g_ptr_array_add(request->headers, NULL);
  return TRUE;
}

static gboolean
set_url(ProbeRequest *request, const Erp *erp, const char *path_key, GError **error)
{
  const char *path = erp_wire(erp, path_key);
  g_auto(ErpQuery) query = {0};
  if (path == NULL)
    return erp_config_fail(erp->config, "WIRE_HEALTH_PATH", "não está definida", error);
  g_autofree char *url = erp_join_url(erp->base_url, path);
  erp_query_init(&query);
  for (const char *const *pair = erp_credential_query(erp); *pair != NULL; pair += 2)
    erp_query_add(&query, pair[0], pair[1]);
  const char *joint = query.text->len == 0 ? "" : strchr(url, '?') != NULL ? "&" : "?";
  request->url = g_strconcat(url, joint, query.text->str, NULL);
  return TRUE;
}

/* Omie blocks whoever goes on asking while it is suspended: the guard of all its callers is asked.
 */
static void
set_omie(ProbeRequest *request, const Erp *erp)
{
  const char *call = erp_wire(erp, OMIE_LIST ".call");
  const OmieAccount account = {.hash = erp->account_hash};
  const OmieMethod method = {
      .path = erp_wire(erp, OMIE_LIST ".path"), .call = call, .is_single = TRUE};
  request->guard = omie_call_policy(&account, &method, OMIE_PLACES);
  request->has_guard = TRUE;
  request->rate = omie_books_rate(erp, call, &request->bucket);
  request->body = omie_books_body(erp, call, OMIE_PARAMS);
  request->shape = omie_books_shape(erp, OMIE_LIST);
}

gboolean
probe_request_init(ProbeRequest *request, const Erp *erp, GError **error)
{
  gboolean is_omie = erp->company->erp == ERP_OMIE;
  *request = (ProbeRequest){.format = erp->profile == &bling_v2 ? &xml_rows : &json_rows,
                            .rate = erp->rate};
  request->shape.is_object = TRUE; /* whatever it is, as long as it can be read */
  if (!add_headers(request, erp, error) ||
      !set_url(request, erp, is_omie ? OMIE_LIST ".path" : "health.path", error)) {
    probe_request_clear(request);
    return FALSE;
  }
  if (is_omie)
    set_omie(request, erp);
  else if (erp->profile->outside != NULL)
    erp->profile->outside(erp, &request->shape);
  return TRUE;
}

void
probe_request_clear(ProbeRequest *request)
{
  g_clear_pointer(&request->url, secret_free);
  g_clear_pointer(&request->body, secret_free);
  g_clear_pointer(&request->headers, g_ptr_array_unref);
  g_clear_pointer(&request->bucket, g_free);
}

#include "erp/omie/call.h"

#include "base/error.h"

/* The caller's own copy, since the listing ends with this call. */
static void
copy_refusal(const OmieListing *listing, OmieJudgement *refusal)
{
  const OmieJudgement *last = omie_listing_refusal(listing);
  if (last == NULL)
    return;
  *refusal = *last;
  refusal->message = g_strdup(last->message);
  refusal->text = g_strdup(last->text);
}

static json_t *
parse(GString *body, const OmieListingRequest *request)
{
  if (request->long_name != NULL)
    json_cut_text(body, request->long_name, request->long_text);
  return json_loadb(body->str, body->len, JSON_ALLOW_NUL, NULL);
}

json_t *
omie_call(Db *db, const OmieListingRequest *request, OmieJudgement *refusal, GError **error)
{
  g_autoptr(OmieListing) listing = omie_listing_new(db, request);
  g_autoptr(GError) failure = NULL;
  *refusal = (OmieJudgement){0};
  g_autoptr(OmiePage) page = omie_listing_next(listing, &failure);
  json_t *answer = page != NULL ? parse(omie_reply_body(page->reply), request) : NULL;
  if (answer != NULL)
    return answer;
  if (failure != NULL) {
    copy_refusal(listing, refusal);
    g_propagate_error(error, g_steal_pointer(&failure));
  } else
    g_set_error_literal(error, PONTE_ERROR, ERROR_UPSTREAM_FAULT, "Omie: resposta vazia.");
  return NULL;
}

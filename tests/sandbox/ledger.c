/* What a caller shows is told to the database as one text ("Bearer …", "apikey …", of tokens
 * "client …"); it says whose it is, and only that is recorded. */
#include "ledger.h"

#include <string.h>

/* What the record keeps of a request's head. */
static const struct {
  const char *param, *name;
} headers[] = {{"HTTP_TENANTID", "tenantId"},
               {"HTTP_COMPANYID", "companyId"},
               {"HTTP_ACCEPT", "accept"},
               {"HTTP_X_REQUEST_ID", "requestId"}};

/* What is never recorded. */
static const char *const secrets[] = {"apikey",   "client_id", "client_secret", "username",
                                      "password", "code",      "refresh_token"};

static const LedgerPath unknown = {.kind = "unknown"};

/* Both without a slash at the end; *place gets what stands for {}. */
static gboolean
matches(const char *pattern, const char *path, char **place)
{
  const char *hole = strstr(pattern, "{}");
  if (hole == NULL)
    return strcmp(pattern, path) == 0;
  gsize before = (gsize)(hole - pattern);
  if (strncmp(pattern, path, before) != 0)
    return FALSE;
  gsize length = strcspn(path + before, "/");
  if (length == 0 || strcmp(path + before + length, hole + 2) != 0)
    return FALSE;
  *place = g_strndup(path + before, length);
  return TRUE;
}

static const LedgerPath *
find_path(const LedgerErp *erp, const Request *req, char **place)
{
  const char *whole = stand_in_header(req, "DOCUMENT_URI"),
             *method = stand_in_header(req, "REQUEST_METHOD");
  if (!g_str_has_prefix(whole, erp->root))
    return &unknown;
  g_autofree char *path = g_strdup(whole + strlen(erp->root));
  gsize length = strlen(path);
  if (length > 0 && path[length - 1] == '/')
    path[length - 1] = '\0';
  for (const LedgerPath *known = erp->paths; known->path != NULL; known++)
    if (strcmp(known->method, method) == 0 && matches(known->path, path, place))
      return known;
  return &unknown;
}

/* A token call's form, from body and URL, with what its head says. */
static json_t *
read_form(const Request *req)
{
  gsize length;
  const char *body = request_body(req, &length);
  g_autofree char *text = g_strndup(body, length);
  json_t *form = stand_in_form(text), *query = stand_in_query(req);
  const char *type = stand_in_header(req, "CONTENT_TYPE");
  json_object_set_new(form, "@in", json_string(json_object_size(query) > 0 ? "query" : "body"));
  json_object_update(form, query);
  json_decref(query);
  if (length > 0 && !g_str_has_prefix(type, "application/x-www-form-urlencoded"))
    json_object_set_new(form, "@type", json_string(type));
  json_object_set_new(form, "@jwt", json_string(stand_in_header(req, "HTTP_ENABLE_JWT")));
  const char *authorization = stand_in_header(req, "HTTP_AUTHORIZATION");
  gsize basic_length;
  if (g_ascii_strncasecmp(authorization, "Basic ", 6) != 0)
    return form;
  g_autofree guchar *pair = g_base64_decode(authorization + 6, &basic_length);
  g_autofree char *plain = g_strndup((char *)pair, basic_length);
  char *secret = strchr(plain, ':');
  json_object_set_new(form, "@client", json_string("basic"));
  if (secret != NULL) {
    *secret = '\0';
    json_object_set_new(form, "@id", json_string(plain));
    json_object_set_new(form, "@secret", json_string(secret + 1));
  }
  return form;
}

static const char *
member(const json_t *object, const char *name)
{
  return json_string_value(json_object_get(object, name));
}

static void
read_token_call(Call *call)
{
  const char *id;
  call->request = read_form(call->req);
  if ((id = member(call->request, "@id")) != NULL ||
      (id = member(call->request, "client_id")) != NULL)
    call->who = g_strconcat("client ", id, NULL);
  else if ((id = member(call->request, "username")) != NULL)
    call->who = g_strconcat("user ", id, NULL);
  else
    call->who = g_strdup("");
  call->secret = g_strdup("");
  json_object_del(call->request, "@id");
  json_object_del(call->request, "@secret");
}

static void
read_books_call(Call *call)
{
  const char *authorization = stand_in_header(call->req, "HTTP_AUTHORIZATION");
  call->request = stand_in_query(call->req);
  const char *key = member(call->request, "apikey");
  call->who = *authorization == '\0' && key != NULL ? g_strconcat("apikey ", key, NULL)
                                                    : g_strdup(authorization);
  call->secret = g_strdup(stand_in_header(call->req, "HTTP_TENANTID"));
}

/* Which path of which ERP. */
typedef struct {
  const LedgerErp *erp;
  const LedgerPath *path;
  char *place;
} Asked;

static void
read_call(Call *call)
{
  const Asked *asked = call->what;
  if (g_strcmp0(asked->path->kind, LEDGER_TOKEN) == 0)
    read_token_call(call);
  else
    read_books_call(call);
  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
    json_object_del(call->request, secrets[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
    if (*stand_in_header(call->req, headers[i].param) != '\0')
      json_object_set_new(call->request, headers[i].name,
                          json_string(stand_in_header(call->req, headers[i].param)));
  json_object_set_new(call->request, "path",
                      json_string(stand_in_header(call->req, "DOCUMENT_URI")));
  if (asked->place != NULL)
    json_object_set_new(call->request, "id", json_string(asked->place));
}

static PGresult *
ask_database(const Call *call, const Asked *asked, GError **error)
{
  gboolean gives_token = strcmp(asked->path->kind, LEDGER_TOKEN) == 0;
  json_t *request = gives_token ? read_form(call->req) : json_incref(call->request);
  char *text = json_dumps(request, JSON_COMPACT);
  g_autofree char *query = g_strdup_printf("select status, body from sandbox.%s($1, $2, $3%s)",
                                           asked->path->function, gives_token ? "::jsonb" : "");
  PGresult *row = db_query(db_shared(), NULL, query,
                           gives_token ? DB_PARAMS(asked->erp->service, asked->path->path, text)
                                       : DB_PARAMS(call->who, text, call->behaviour),
                           error);
  free(text); /* jansson's */
  json_decref(request);
  return row;
}

static gboolean
work(const Call *call, OmieReply *reply, GError **error)
{
  const Asked *asked = call->what;
  if (asked->path == &unknown) {
    reply->status = 404;
    asked->erp->word(404, reply);
    return TRUE;
  }
  g_autoptr(PGresult) row = ask_database(call, asked, error);
  if (row == NULL)
    return FALSE;
  const char *body = db_text(row, 0, 1);
  reply->status = (guint)db_int(row, 0, 0);
  if (body == NULL) {
    asked->erp->word(reply->status, reply);
    return TRUE;
  }
  reply->content_type = *body == '<' ? "application/xml" : "application/json";
  g_string_assign(reply->body, body);
  return TRUE;
}

gboolean
ledger_serve(Request *req, Response *res, const LedgerErp *erp)
{
  Asked asked = {.erp = erp};
  asked.path = find_path(erp, req, &asked.place);
  StandIn service = {erp->service, asked.path->kind, read_call, work, erp->word};
  gboolean served = stand_in_serve_what(req, res, &service, &asked);
  g_free(asked.place);
  return served;
}

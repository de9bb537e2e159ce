/* One exchange: the checks every route shares, in DESIGN's order (authentication, role, method,
 * size, content type, JSON; the path is nginx's), then the handler, then one answer. */
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "http/internal.h"

#define MAX_QUERY 2048 /* bytes (fin.md 3.3) */

static const Method *
find_method(const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS(route.methods) && route.methods[i].name != NULL; i++)
    if (strcmp(route.methods[i].name, name) == 0)
      return &route.methods[i];
  return NULL;
}

guint
route_access(void)
{
  guint access = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(route.methods); i++)
    access |= route.methods[i].access;
  return access;
}

const Family *
route_family(void)
{
  return route.family != NULL ? route.family : &family_fin;
}

gsize
route_max_body(void)
{
  if (route.measure_body != NULL)
    return route.measure_body();
  return route.max_body != 0 ? route.max_body : route_family()->max_body;
}

guint
route_deadline_seconds(void)
{
  return route.deadline_seconds != 0 ? route.deadline_seconds : 30;
}

static gboolean
check_caller(Request *req, const Method *method, GError **error)
{
  const Family *family = route_family();
  guint access = method != NULL ? method->access : route_access();
  Credentials shown = {.cron_secret = gateway_param(req->gateway, "HTTP_X_CRON_SECRET", NULL)};
  shown.authorization =
      gateway_param(req->gateway, "HTTP_AUTHORIZATION", &shown.authorization_count);
  if (!route.no_database && (shown.authorization != NULL || shown.cron_secret != NULL))
    db_prepare(db_shared()); /* the server makes itself ready while the token is checked */
  if (!auth_identify(&shown, access, db_shared(), &req->caller, error))
    return FALSE;
  req->claims = auth_claims(&req->caller);
  if (!auth_permits(&req->caller, access)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_FORBIDDEN,
                        method != NULL && method->forbidden != NULL ? method->forbidden
                                                                    : family->forbidden);
    return FALSE;
  }
  return TRUE;
}

static gboolean
has_head(const Method *method)
{
  return strcmp(method->name, "GET") == 0 && !route.no_head;
}

static gboolean
refuse_method(const Request *req, Response *res, GError **error)
{
  const char *sent = req->is_head ? "HEAD" : req->method;
  g_autofree char *text = family_text(route_family()->method_not_allowed, sent);
  g_autoptr(GString) allow = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(route.methods) && route.methods[i].name != NULL; i++)
    g_string_append_printf(allow, "%s%s%s", i > 0 ? ", " : "", route.methods[i].name,
                           has_head(&route.methods[i]) ? ", HEAD" : "");
  response_header(res, "Allow", allow->str);
  g_set_error_literal(error, PONTE_ERROR, ERROR_METHOD_NOT_ALLOWED, text);
  return FALSE;
}

static gboolean
check_query(const Request *req, GError **error)
{
  const char *query = gateway_param(req->gateway, "QUERY_STRING", NULL);
  if (query == NULL || strlen(query) <= MAX_QUERY)
    return TRUE;
  g_set_error(error, PONTE_ERROR, ERROR_URI_TOO_LONG, "A consulta da URL excede %d bytes.",
              MAX_QUERY);
  return FALSE;
}

static gboolean
answer(Request *req, Response *res, GError **error)
{
  const Method *method = req->is_head && route.no_head ? NULL : find_method(req->method);
  if (!check_caller(req, method, error))
    return FALSE;
  if (method == NULL)
    return refuse_method(req, res, error);
  return check_query(req, error) &&
         request_read_body(req, route_max_body(), route_family(), error) &&
         (route.body == BODY_RAW || request_parse_json(req, route_family(), error)) &&
         method->run(req, res, error);
}

/* An answer that was cut off has the status it began with. */
static void
log_exchange(const Request *req, const Response *res, const GError *error)
{
  g_autofree char *ms =
      g_strdup_printf("%.1f", (double)(g_get_monotonic_time() - req->started_us) / 1000);
  const char *who = req->caller.system ? "cron" : req->caller.sub;
  const char *code = error != NULL ? error_word(error) : NULL, *cut = res->is_cut ? "true" : NULL;
  if (error != NULL && error_is_private(error))
    log_error("request failed", "method", req->method, "user", who, "status", int_text(res->status),
              "ms", ms, "code", code, "cut_off", cut, "cause", error->message, NULL);
  else
    log_info("request", "method", req->method, "user", who, "status", int_text(res->status), "ms",
             ms, "code", code, "cut_off", cut, NULL);
}

gboolean
dispatch(const Gateway *gateway)
{
  Request req;
  Response res;
  g_autoptr(GError) error = NULL;

  request_init(&req, gateway);
  response_init(&res);
  log_set_request_id(req.id);
  if (!answer(&req, &res, &error))
    response_set_error(&res, &req, error);
  db_rollback(db_shared()); /* nothing of one request may leak into the next */
  response_send(&res, &req);
  log_exchange(&req, &res, error);
  log_set_request_id(NULL);
  gboolean is_whole = !res.is_cut;
  response_clear(&res);
  request_clear(&req);
  return is_whole;
}

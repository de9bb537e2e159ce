/* Online Software's only service (data-collecting.md 2.1, 2.2), at its real path below
 * /online-software: the sales of a window, as they were put.  What it cannot read it answers as
 * such a service of PHP does: 200 with a complaint in place of `resultado`, or PHP's own page. */
#include <string.h>

#include "stand_in.h"

static const char *
text_of(const json_t *body, const char *name)
{
  const char *text = json_string_value(json_object_get(body, name));
  return text != NULL ? text : "";
}

static void
read_call(Call *call)
{
  gsize length;
  const char *body = request_body(call->req, &length);
  call->request = json_loadb(body, length, 0, NULL);
  call->who = g_strdup(text_of(call->request, "token"));
  call->secret = g_strdup("");
  if (json_is_object(call->request))
    json_object_del(call->request, "token");
}

static void
word(guint status, OmieReply *reply)
{
  if (status == 401 || status == 403) {
    stand_in_reply(reply, status, json_pack("{s:s}", "erro", "Token inválido"));
  } else if (status == 429) {
    stand_in_reply(reply, status, json_pack("{s:s}", "erro", "Muitas requisições"));
  } else {
    reply->content_type = "text/html";
    g_string_assign(
        reply->body,
        "<br />\n<b>Fatal error</b>:  Uncaught Exception: DateTime::__construct(): Failed "
        "to parse time string in <b>/var/www/planodecontas/apirestweb/vends/listvends.php"
        "</b> on line <b>41</b><br />\n");
  }
}

/* "05032026" as "2026-03-05"; NULL when it is no date. */
static char *
day_of(const char *text)
{
  guint number = (guint)g_ascii_strtoull(text, NULL, 10);
  guint day = number / 1000000, month = number / 10000 % 100, year = number % 10000;
  if (strlen(text) != 8 || strspn(text, "0123456789") != 8 || year == 0 ||
      !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return NULL;
  return g_strdup_printf("%04u-%02u-%02u", year, month, day);
}

static gboolean
work(const Call *call, OmieReply *reply, GError **error)
{
  g_autofree char *from = day_of(text_of(call->request, "dtinicio")),
                  *to = day_of(text_of(call->request, "dtfim"));
  if (strcmp(text_of(call->request, "rotina"), "listarVendas001") != 0) {
    stand_in_reply(reply, 200, json_pack("{s:s}", "erro", "Rotina não encontrada"));
    return TRUE;
  }
  if (from == NULL || to == NULL) {
    reply->status = 500;
    word(500, reply);
    return TRUE;
  }
  g_autoptr(PGresult) found = db_query(db_shared(), NULL, "select sandbox.online_list($1, $2, $3)",
                                       DB_PARAMS(call->who, from, to), error);
  if (found == NULL)
    return FALSE;
  const char *records = db_text(found, 0, 0);
  g_string_assign(reply->body, "{\"resultado\":[");
  g_string_append(reply->body, records != NULL ? records : "");
  g_string_append(reply->body, "]}");
  return TRUE;
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const StandIn service = {"online-software", "sales", read_call, work, word};
  return stand_in_serve(req, res, &service);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "Online Software de ensaio: vendas de um período",
    .alias = "/online-software/planodecontas/apirestweb/vends/listvends.php",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .max_body = STAND_IN_MAX_BODY,
    .body = BODY_RAW,
};

#include "crm/template.h"

#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "base/text.h"
#include "crm/decide.h"
#include "crm/rich_text.h"

/* ---- variables (9.2) --------------------------------------------------------------------------
 */

static const char *const texts[] = {"clientName",
                                    "clientPhoneNumber",
                                    "clientEmail",
                                    "clientSegmentation",
                                    "clientFavoriteProduct",
                                    "clientFavoriteProductGroup",
                                    "clientSuggestedProduct", /* always empty */
                                    "purchaseSellerName",
                                    "cashbackExpiringDate",
                                    NULL};
static const char *const amounts[] = {"purchaseValue",
                                      "purchaseCashbackAccumulated",
                                      "purchaseCashbackNewBalance",
                                      "cashbackAvailableBalance",
                                      "cashbackLifetimeAccumulated",
                                      "cashbackLifetimeRedeemed",
                                      "cashbackExpiringAmount",
                                      NULL};

/* NULL for a name that is no variable, and for an amount that is no number. */
static char *
variable(const char *identifier, gconstpointer data)
{
  const Template *message = data;
  const char *value = json_string_value(json_object_get(message->variables, identifier));
  gint64 centavos;
  if (g_strv_contains(texts, identifier))
    return g_strdup(value != NULL ? value : "");
  if (!g_strv_contains(amounts, identifier) ||
      !decimal_parse(value, SCALE_MONEY, DECIMAL_MONEY_MAX, &centavos))
    return NULL;
  return money_brl(centavos);
}

char *
template_variable(const Template *message, const char *identifier)
{
  char *text = identifier != NULL ? variable(identifier, message) : NULL;
  return text != NULL ? text : g_strdup("");
}

char *
template_sanitise(const char *text)
{
  g_autoptr(GString) one_line = g_string_new(NULL);
  for (; *text != '\0'; text++)
    if (strchr("\r\n\t", *text) == NULL)
      g_string_append_c(one_line, *text);
    else if (strchr("\r\n\t", text[1]) == NULL || text[1] == '\0') /* the run's last */
      g_string_append_c(one_line, ' ');

  g_autoptr(GString) out = g_string_new(NULL);
  for (const char *at = one_line->str; *at != '\0';) {
    const char *after = at;
    glong blanks = 0;
    for (; g_unichar_isspace(g_utf8_get_char(after)); after = g_utf8_next_char(after))
      blanks++;
    if (blanks >= 4)
      g_string_append(out, "   ");
    else if (blanks > 0)
      g_string_append_len(out, at, after - at);
    else {
      after = g_utf8_next_char(at);
      g_string_append_len(out, at, after - at);
    }
    at = after;
  }
  return text_trim(out->str);
}

/* ---- number (9.4) -----------------------------------------------------------------------------
 */

char *
template_number(const char *phone)
{
  g_autofree char *digits = text_digits(phone != NULL ? phone : "");
  gsize length = strlen(digits);
  if (g_str_has_prefix(digits, "55") && (length == 12 || length == 13))
    return g_steal_pointer(&digits);
  return length == 10 || length == 11 ? g_strconcat("55", digits, NULL) : NULL;
}

/* ---- the template's parts ----------------------------------------------------------------------
 */

static const char *
member(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "";
}

static const json_t *
parameters(const Template *message)
{
  return json_object_get(json_object_get(message->components, "corpo"), "parametros");
}

/* What a parameter sends, and the name of its variable for people. */
static char *
parameter_text(const Template *message, const json_t *parameter)
{
  g_autofree char *text = template_variable(message, member(parameter, "identificador"));
  return template_sanitise(text);
}

const char *
template_empty_parameter(const Template *message)
{
  for (size_t i = 0; i < json_array_size(parameters(message)); i++) {
    const json_t *parameter = json_array_get(parameters(message), i);
    g_autofree char *text = parameter_text(message, parameter);
    if (*text == '\0')
      return *member(parameter, "identificador") != '\0' ? member(parameter, "identificador")
                                                         : member(parameter, "nome");
  }
  return NULL;
}

/* The header's link when it shows something; NULL: it has none, or is text, which Meta knows. */
static const char *
media_link(const Template *message, const char **kind)
{
  static const char *const kinds[] = {"image", "video", "document", NULL};
  const json_t *header = json_object_get(message->components, "cabecalho");
  const char *link = member(header, "conteudo");
  *kind = member(header, "tipo");
  return g_strv_contains(kinds, *kind) && *link != '\0' ? link : NULL;
}

/* ---- payloads (9.3, 9.6) -----------------------------------------------------------------------
 */

static void
write_header(const char *kind, const char *link, JsonWriter *w)
{
  json_open_object(w, NULL);
  json_add_text(w, "type", "header");
  json_open_array(w, "parameters");
  json_open_object(w, NULL);
  json_add_text(w, "type", kind);
  json_open_object(w, kind);
  json_add_text(w, "link", link);
  json_close_object(w);
  json_close_object(w);
  json_close_array(w);
  json_close_object(w);
}

static void
write_parameter(const Template *message, const json_t *parameter, JsonWriter *w)
{
  const char *name = member(parameter, "nome");
  g_autofree char *text = parameter_text(message, parameter);
  json_open_object(w, NULL);
  json_add_text(w, "type", "text");
  if (name[strspn(name, "0123456789")] != '\0') /* else the template counts its places */
    json_add_text(w, "parameter_name", name);
  json_add_text(w, "text", text);
  json_close_object(w);
}

static void
write_body(const Template *message, JsonWriter *w)
{
  const json_t *list = parameters(message);
  json_open_object(w, NULL);
  json_add_text(w, "type", "body");
  json_open_array(w, "parameters");
  for (size_t i = 0; i < json_array_size(list); i++)
    write_parameter(message, json_array_get(list, i), w);
  json_close_array(w);
  json_close_object(w);
}

/* Footer, text header and buttons are Meta's own, from the approved template: not sent. */
char *
template_payload(const Template *message, const char *to)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  const char *kind, *link = media_link(message, &kind);
  json_open_object(w, NULL);
  json_add_text(w, "messaging_product", "whatsapp");
  json_add_text(w, "to", to);
  json_add_text(w, "type", "template");
  json_open_object(w, "template");
  json_add_text(w, "name", message->name);
  json_open_object(w, "language");
  json_add_text(w, "code", "pt_BR");
  json_close_object(w);
  json_open_array(w, "components");
  if (link != NULL)
    write_header(kind, link, w);
  if (json_array_size(parameters(message)) > 0)
    write_body(message, w);
  json_close_array(w);
  json_close_object(w);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

char *
template_gateway_payload(const Template *message, const char *session, const char *to,
                         const char *text, const char *client_id)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  const char *kind, *link = media_link(message, &kind);
  json_open_object(w, NULL);
  json_add_text(w, "sessionId", session);
  json_add_text(w, "to", to);
  json_open_object(w, "content");
  json_add_text(w, "type", link != NULL ? kind : "text");
  json_add_text(w, "text", text);
  if (link != NULL) {
    g_autofree char *path = g_strndup(link, strcspn(link, "?#"));
    g_autofree char *file = g_path_get_basename(path);
    json_add_text(w, "mediaUrl", link);
    json_add_text(w, "mediaFileName", file);
  }
  json_close_object(w);
  json_add_text(w, "clientMessageId", client_id);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

char *
template_text(const Template *message)
{
  return rich_text_plain(member(json_object_get(message->components, "corpo"), "conteudo"),
                         variable, message);
}

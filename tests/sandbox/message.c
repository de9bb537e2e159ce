#include "message.h"

#include <string.h>

#define CODE_PARAMETER 100    /* something is not as it has to be */
#define CODE_MISSING   131008 /* a required value is missing or empty */
#define MOST_SPACES    4      /* so many in a row are too many */

static G_GNUC_PRINTF(3, 4) gboolean
    complain(MessageProblem *problem, int code, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  problem->code = code;
  g_vsnprintf(problem->details, sizeof problem->details, format, arguments);
  va_end(arguments);
  return FALSE;
}

const char *
message_title(int code)
{
  switch (code) {
  case 1:
    return "API Unknown";
  case 4:
    return "Application request limit reached";
  case 100:
    return "Invalid parameter";
  case 190:
    return "Invalid OAuth access token - Cannot parse access token";
  case 130429:
    return "Rate limit hit";
  case 131000:
    return "Something went wrong";
  case 131008:
    return "Required parameter is missing";
  case 132000:
    return "Number of parameters does not match the expected number of params";
  case 132001:
    return "Template name does not exist in the translation";
  default:
    return "Message failed to send";
  }
}

void
message_parts_clear(MessageParts *parts)
{
  json_decref(parts->parameters);
}

static gboolean
is_one_of(const char *text, const char *const *names)
{
  return text != NULL && g_strv_contains(names, text);
}

static const char *
text_of(const json_t *object, const char *name)
{
  return json_string_value(json_object_get(object, name));
}

/* Only members that are known. */
static gboolean
has_only(const json_t *object, const char *const *names, const char *where, MessageProblem *problem)
{
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value)
  {
    if (!g_strv_contains(names, name))
      return complain(problem, CODE_PARAMETER, "Unexpected key \"%s\" on param \"%s\"", name,
                      where);
  }
  return TRUE;
}

/* What Meta refuses inside the text of a parameter. */
static gboolean
is_sendable(const char *text)
{
  guint spaces = 0;
  for (; *text != '\0'; text++) {
    spaces = *text == ' ' ? spaces + 1 : 0;
    if (*text == '\n' || *text == '\r' || *text == '\t' || spaces > MOST_SPACES)
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_text_parameter(const json_t *parameter, guint place, MessageParts *parts,
                    MessageProblem *problem)
{
  static const char *const known[] = {"type", "text", "parameter_name", NULL};
  const char *text = text_of(parameter, "text"), *name = text_of(parameter, "parameter_name");
  const json_t *first = json_array_get(parts->parameters, 0);
  if (g_strcmp0(text_of(parameter, "type"), "text") != 0)
    return complain(problem, CODE_PARAMETER, "body parameter %u must be of type text", place);
  if (!has_only(parameter, known, "parameters", problem))
    return FALSE;
  if (text == NULL || *text == '\0')
    return complain(problem, CODE_MISSING, "Parameter of type text is missing text value");
  if (!is_sendable(text))
    return complain(problem, CODE_PARAMETER,
                    "Param text cannot have new-line/tab characters or more than 4 consecutive "
                    "spaces");
  if (name != NULL && strspn(name, "0123456789") == strlen(name))
    return complain(problem, CODE_PARAMETER, "parameter_name \"%s\" is not a name", name);
  if (first != NULL && json_is_string(json_object_get(first, "name")) != (name != NULL))
    return complain(problem, CODE_PARAMETER, "named and positional parameters cannot be mixed");
  json_array_append_new(parts->parameters, json_pack("{s:s?,s:s}", "name", name, "text", text));
  return TRUE;
}

static gboolean
read_header(const json_t *parameters, MessageProblem *problem)
{
  static const char *const media[] = {"image", "video", "document", NULL};
  const json_t *parameter = json_array_get(parameters, 0);
  const char *type = text_of(parameter, "type");
  if (json_array_size(parameters) != 1 || !is_one_of(type, media))
    return complain(problem, CODE_PARAMETER, "header needs one image, video or document");
  const char *link = text_of(json_object_get(parameter, type), "link");
  if (link == NULL || !g_str_has_prefix(link, "https://"))
    return complain(problem, CODE_MISSING, "header %s has no link", type);
  return TRUE;
}

static gboolean
read_component(const json_t *component, MessageParts *parts, MessageProblem *problem)
{
  static const char *const known[] = {"type", "parameters", NULL};
  const char *type = text_of(component, "type");
  const json_t *parameters = json_object_get(component, "parameters");
  gboolean is_body = g_strcmp0(type, "body") == 0;
  size_t place;
  json_t *parameter;
  if (!is_body && g_strcmp0(type, "header") != 0) /* footers and fixed buttons are the template's */
    return complain(problem, CODE_PARAMETER, "Unexpected component of type \"%s\"",
                    type != NULL ? type : "");
  if (!has_only(component, known, "components", problem))
    return FALSE;
  if (json_array_size(parameters) == 0)
    return complain(problem, CODE_MISSING, "component %s has no parameters", type);
  if (!is_body)
    return read_header(parameters, problem);
  json_array_foreach(parameters, place, parameter)
  {
    if (!read_text_parameter(parameter, (guint)place + 1, parts, problem))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_template(const json_t *template, MessageParts *parts, MessageProblem *problem)
{
  static const char *const known[] = {"name", "language", "components", NULL};
  const json_t *components = json_object_get(template, "components");
  guint bodies = 0, headers = 0;
  size_t place;
  json_t *component;
  parts->template = text_of(template, "name");
  parts->language = text_of(json_object_get(template, "language"), "code");
  if (parts->template == NULL || *parts->template == '\0')
    return complain(problem, CODE_MISSING, "template name is missing");
  if (parts->language == NULL || *parts->language == '\0')
    return complain(problem, CODE_MISSING, "template language code is missing");
  if (!has_only(template, known, "template", problem))
    return FALSE;
  if (components != NULL && !json_is_array(components))
    return complain(problem, CODE_PARAMETER, "components must be an array");
  json_array_foreach(components, place, component)
  {
    if (!read_component(component, parts, problem))
      return FALSE;
    gboolean is_body = strcmp(text_of(component, "type"), "body") == 0;
    if ((is_body ? ++bodies : ++headers) > 1)
      return complain(problem, CODE_PARAMETER, "a component stands twice");
  }
  return TRUE;
}

static gboolean
is_number(const char *to)
{
  gsize length = to != NULL ? strlen(to + (*to == '+')) : 0;
  return length >= 10 && length <= 15 && strspn(to + (*to == '+'), "0123456789") == length;
}

gboolean
message_read(const json_t *body, MessageParts *parts, MessageProblem *problem)
{
  static const char *const known[] = {"messaging_product", "recipient_type", "to", "type",
                                      "template",          "text",           NULL};
  const char *type = text_of(body, "type");
  *parts = (MessageParts){.to = text_of(body, "to"), .parameters = json_array()};
  if (!json_is_object(body) || g_strcmp0(text_of(body, "messaging_product"), "whatsapp") != 0)
    return complain(problem, CODE_PARAMETER, "The parameter messaging_product is required.");
  if (!has_only(body, known, "messages", problem))
    return FALSE;
  if (!is_number(parts->to))
    return complain(problem, CODE_PARAMETER, "The parameter to is no phone number.");
  if (g_strcmp0(type, "template") == 0)
    return read_template(json_object_get(body, "template"), parts, problem);
  parts->text = text_of(json_object_get(body, "text"), "body");
  if ((type != NULL && strcmp(type, "text") != 0) || parts->text == NULL || *parts->text == '\0')
    return complain(problem, CODE_MISSING, "The parameter text['body'] is required.");
  return TRUE;
}

#include "crm/rich_text.h"

#include <string.h>

#include "base/text.h"

typedef struct {
  char *name; /* lower case */
  gboolean is_end, is_alone;
  char *attributes; /* between the name and > */
} Tag;

static void
tag_clear(Tag *tag)
{
  g_clear_pointer(&tag->name, g_free);
  g_clear_pointer(&tag->attributes, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tag, tag_clear)

/* Where the tag that begins at `text` ends, behind its >; NULL when it does not. */
static const char *
tag_end(const char *text)
{
  char quote = '\0';
  for (; *text != '\0'; text++)
    if (*text == quote)
      quote = '\0';
    else if (quote == '\0' && (*text == '"' || *text == '\''))
      quote = *text;
    else if (quote == '\0' && *text == '>')
      return text + 1;
  return NULL;
}

/* Reads a tag; returns what follows it, or NULL when there is none at `text` ("2 < 3"). */
static const char *
read_tag(const char *text, Tag *tag)
{
  const char *name = text + 1 + (text[1] == '/');
  const char *end = g_ascii_isalpha(*name) || *name == '!' ? tag_end(name) : NULL;
  if (end == NULL)
    return NULL;
  gsize length = strcspn(name, " \t\r\n/>");
  g_autofree char *written = g_strndup(name, length);
  tag->name = g_ascii_strdown(written, -1);
  tag->is_end = text[1] == '/';
  tag->is_alone = end[-2] == '/';
  tag->attributes =
      name + length < end ? g_strndup(name + length, (gsize)(end - 1 - name) - length) : NULL;
  return end;
}

/* The value of an attribute, or NULL.  Caller frees. */
static char *
attribute(const Tag *tag, const char *name)
{
  for (const char *at = tag->attributes; at != NULL && *at != '\0';) {
    at += strspn(at, " \t\r\n/");
    gsize named = strcspn(at, " \t\r\n=/");
    gboolean is_it = named == strlen(name) && g_ascii_strncasecmp(at, name, named) == 0;
    at += named;
    const char *value = at + strspn(at, " \t\r\n");
    if (*value != '=') {
      at += named == 0 && *at != '\0'; /* a stray sign */
      continue;
    }
    value += 1 + strspn(value + 1, " \t\r\n");
    const char *ends = *value == '"' ? "\"" : *value == '\'' ? "'" : NULL; /* a quoted value */
    value += ends != NULL;
    gsize length = strcspn(value, ends != NULL ? ends : " \t\r\n");
    if (is_it) {
      g_autofree char *raw = g_strndup(value, length);
      return text_decode_entities(raw);
    }
    at = value + length + (ends != NULL && value[length] != '\0');
  }
  return NULL;
}

static gboolean
is_mention(const Tag *tag)
{
  g_autofree char *type = attribute(tag, "data-type");
  g_autofree char *classes = attribute(tag, "class");
  g_auto(GStrv) list = g_strsplit_set(classes != NULL ? classes : "", " \t\n", -1);
  return !tag->is_end && ((type != NULL && g_str_equal(type, "mention")) ||
                          g_strv_contains((const char *const *)list, "mention"));
}

static char *
mentioned(const Tag *tag, RichTextMention mention, gconstpointer data)
{
  static const char *const attributes[] = {"data-id", "id", "data-label", "label"};
  for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
    g_autofree char *name = attribute(tag, attributes[i]);
    char *text = name != NULL ? mention(name, data) : NULL;
    if (text != NULL)
      return text;
  }
  return g_strdup("");
}

/* Behind the element that a tag opened, whatever it holds. */
static const char *
skip_element(const char *text, const Tag *opened)
{
  guint depth = opened->is_alone ? 0 : 1;
  while (depth > 0 && *text != '\0') {
    g_auto(Tag) tag = {0};
    const char *after = *text == '<' ? read_tag(text, &tag) : NULL;
    if (after != NULL && g_str_equal(tag.name, opened->name) && !tag.is_alone)
      depth = tag.is_end ? depth - 1 : depth + 1;
    text = after != NULL ? after : text + 1;
  }
  return text;
}

static gboolean
breaks_line(const Tag *tag)
{
  static const char *const blocks[] = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", NULL};
  return g_str_equal(tag->name, "br") || (tag->is_end && g_strv_contains(blocks, tag->name));
}

/* Text up to the next sign of a tag, entities decoded. */
static const char *
copy_text(const char *text, GString *out)
{
  gsize length = 1 + strcspn(text + 1, "<");
  g_autoptr(GString) raw = g_string_new_len(text, (gssize)length);
  g_string_replace(raw, "&nbsp;", " ", 0);
  g_autofree char *decoded = text_decode_entities(raw->str);
  g_string_append(out, decoded);
  return text + length;
}

/* One blank for several, none at the ends of a line or at the ends of the whole. */
static char *
tidy(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    char *line = text_one_line(lines[i]);
    g_free(lines[i]);
    lines[i] = line;
  }
  return g_strstrip(g_strjoinv("\n", lines));
}

char *
rich_text_plain(const char *html, RichTextMention mention, gconstpointer data)
{
  g_autoptr(GString) out = g_string_new(NULL);
  while (*html != '\0') {
    g_auto(Tag) tag = {0};
    const char *after = *html == '<' ? read_tag(html, &tag) : NULL;
    if (after == NULL) {
      html = copy_text(html, out);
      continue;
    }
    if (is_mention(&tag)) {
      g_autofree char *text = mentioned(&tag, mention, data);
      g_string_append(out, text);
      after = skip_element(after, &tag);
    } else if (breaks_line(&tag))
      g_string_append_c(out, '\n');
    html = after;
  }
  return tidy(out->str);
}

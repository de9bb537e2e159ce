/* The editor's HTML as plain text (data-collecting.md 9.3, "Rendered text").  Pure. */
#pragma once
#include <glib.h>

/* The text that stands for a mention, by the name in its id or label attribute; NULL: no such name.
 * Caller frees. */
typedef char *(*RichTextMention)(const char *name, gconstpointer data);

/* Mentions replaced, paragraph ends and line breaks as newlines, other tags dropped, entities
 * decoded, blanks collapsed, lines trimmed.  What is no tag stays.  Caller frees. */
char *rich_text_plain(const char *html, RichTextMention mention, gconstpointer data);

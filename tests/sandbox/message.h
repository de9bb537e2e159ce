/* What a message's body says, and whether Meta would take it (data-collecting.md 9.3, 9.6).  The
 * first thing that is wrong counts. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* Why a message is refused. */
typedef struct {
  int code; /* Meta's; 0: not refused */
  char details[160];
} MessageProblem;

/* What of the body the sandbox keeps; texts are borrowed from it. */
typedef struct {
  const char *to, *template, *language;
  const char *text;   /* of a message without a template */
  json_t *parameters; /* of the body: [{"name":…,"text":…}] */
} MessageParts;
void message_parts_clear(MessageParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MessageParts, message_parts_clear)

/* FALSE with the problem. */
gboolean message_read(const json_t *body, MessageParts *parts, MessageProblem *problem);

/* The title that goes with a code. */
const char *message_title(int code);

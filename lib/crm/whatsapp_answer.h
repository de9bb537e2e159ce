/* What an answer to a message means (data-collecting.md 9.5, 9.6): const tables over Meta's
 * error.code, and the gateway's few statuses.  Pure. */
#pragma once
#include "net/https.h"

typedef enum {
  SEND_ACCEPTED,
  SEND_HELD,      /* accepted, and held back for an assessment of its quality */
  SEND_QUEUED,    /* by the gateway */
  SEND_TRANSIENT, /* nothing was sent; worth another attempt */
  SEND_SENDER,    /* phone, account or token: nothing goes out over this connection now */
  SEND_PERMANENT, /* recipient, template or any other refusal */
  SEND_UNKNOWN,   /* it may have been sent */
} SendClass;

typedef struct {
  SendClass class;
  char *id;    /* Meta's message, or the gateway's job; NULL: none told */
  char *error; /* for people: code and detail; may name who was written to, so never in a log */
  char *code;  /* for the log: "131026", "HTTP 503" */
  gint64 retry_after_ms;
} SendAnswer;
void send_answer_clear(SendAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SendAnswer, send_answer_clear)

/* `body` is what came, whatever the outcome.  Both fill an empty answer. */
void whatsapp_judge_cloud(const HttpsResult *result, const GString *body, SendAnswer *answer);
void whatsapp_judge_gateway(const HttpsResult *result, const GString *body, SendAnswer *answer);

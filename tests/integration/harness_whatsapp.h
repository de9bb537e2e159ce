/* What the sandbox's WhatsApp (Meta's Cloud API) and the internal gateway accept and have accepted.
 * Faults, latency, holding and the calls' own log are those of harness_sales.h, with service
 * WHATSAPP or GATEWAY, kind "messages", and as `who` the phone id or the gateway's session. */
#pragma once
#include "harness.h"

/* What sales_reset leaves behind: a phone of the Cloud API with its token, and a session of the
 * gateway. */
#define WHATSAPP_PHONE  "100200300400500"
#define WHATSAPP_TOKEN  "EAAensaio0001"
#define GATEWAY_SESSION "sessao-de-ensaio-1"

/* A further phone; the same phone with another token: the old one is refused (190). */
void whatsapp_phone(const char *phone_id, const char *token);

/* An approved template with so many body parameters (negative: any number).  As soon as one is
 * declared, an unknown name or language is refused (132001), another number too (132000). */
void whatsapp_template(const char *name, const char *language, int parameters);

/* `messages[0].message_status` of what is accepted from now on; NULL: none (as by default). */
void whatsapp_message_status(const char *status);

/* A session of the gateway; gone: 404. */
void gateway_session(const char *session, gboolean is_there);

/* Whether the gateway queues (`queued`, `jobId`; so by default) or sends at once. */
void gateway_queues(gboolean queues);

/* The Cloud API refuses with {"error":{"code":…}}: sales_answer with Meta's body.  `status` 0: the
 * usual one (190: 401, 4 and 80007 and 130429 …: 429, 131000 …: 500, else 400); other members as in
 * SalesAnswer. */
typedef struct {
  int code;
  guint status;
  const char *details; /* error_data.details; default a text of that code's own */
  const char *who, *request;
  guint call, times;
} WhatsappRefusal;
#define whatsapp_refuse(...) whatsapp_refuse_with(&(WhatsappRefusal){__VA_ARGS__})
void whatsapp_refuse_with(const WhatsappRefusal *refusal);

/* A message that was accepted. */
typedef struct {
  const char *service;             /* WHATSAPP or GATEWAY */
  const char *sender;              /* phone id, or session */
  const char *to;                  /* as sent */
  const char *template, *language; /* NULL: none (gateway) */
  const char *text;                /* gateway: content.text */
  const char *id;                  /* wamid…; gateway: jobId */
  const char *client_id;           /* gateway: clientMessageId */
  gint64 start_us;                 /* when its call began, microseconds since 1970 */
  json_t *parameters; /* of the body, in order: [{"name":…, "text":…}], name null when
                       * positional */
  json_t *payload;    /* the whole body */
} Message;

/* All that were accepted, in order of arrival: GPtrArray of Message, to be freed with
 * g_ptr_array_unref (g_autoptr works). */
GPtrArray *whatsapp_messages(void);

/* How many; and the n-th (from 0) of the array, failing the test when there are fewer. */
gint64 whatsapp_message_count(void);
const Message *whatsapp_message(const GPtrArray *messages, guint n);

/* The text of a body parameter, by name, or by its place from 1 ("1") when it has none; NULL when
 * there is no such parameter.  Borrowed. */
const char *whatsapp_parameter(const Message *message, const char *name);

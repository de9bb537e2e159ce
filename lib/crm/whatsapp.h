/* The two ways a message leaves: Meta's Cloud API, and the company's own gateway
 * (data-collecting.md 9.6). */
#pragma once
#include "crm/template.h"
#include "crm/whatsapp_answer.h"

/* A connection and the phone of it that a campaign names.  Texts may be NULL. */
typedef struct {
  const char *type;     /* META_CLOUD_API, INTERNAL_GATEWAY */
  const char *token;    /* of the Cloud API */
  const char *phone_id; /* whatsapp_telefone_id */
  const char *session;  /* of the gateway */
} WhatsappSender;

/* Has everything that its calls need; the gateway's part includes this program's settings. */
gboolean whatsapp_sender_is_usable(const WhatsappSender *sender);

/* One call, never repeated: what became of the message.  `to` as template_number, `text` as
 * template_text, `client_id` the interaction.  Only for a usable sender. */
void whatsapp_send(const WhatsappSender *sender, const Template *message, const char *to,
                   const char *text, const char *client_id, SendAnswer *answer);

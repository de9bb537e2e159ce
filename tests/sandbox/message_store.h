/* Keeping what WhatsApp and its gateway accepted. */
#pragma once
#include "message.h"
#include "stand_in.h"

/* Row of message id and status (see sandbox.whatsapp_accept); NULL: the sandbox's failure. */
PGresult *message_store(const Call *call, const MessageParts *parts, const char *client_id,
                        GError **error);

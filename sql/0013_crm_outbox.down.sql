drop function crm.end_send(uuid, text, text, boolean, boolean, bigint, jsonb, text,
                           crm.chat_message_whatsapp_status, text, integer);
drop function crm.open_send(uuid, text, text, bigint, bigint, bigint);
drop function crm.write_message(crm.interactions, text);
drop function crm.load_send(uuid, text);

set local role ponte_owner;

drop function crm.store_batch(
  text, uuid, integer, text, json, json, json, json, json, json, json, json, json, json, json, json,
  json, json, text[], text[], text[]);
drop function crm.attribute_sales(text, text[], text[], text);
drop function crm.known_for(
  text, text[], text[], text[], text[], text[], text[], text[], text[], text[], text[], text[]);
drop function crm.known_hashes(text, text[]);
drop function crm.microseconds(timestamptz);
drop function crm.instant_text(timestamptz);
drop function crm.centavos(numeric);
drop index crm.clients_document_idx;
drop function crm.digits(text);

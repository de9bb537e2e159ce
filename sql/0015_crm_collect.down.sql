drop index crm.interactions_immediate_idx;
drop function crm.prune_import_logs(text, integer, integer);
drop function crm.log_problems(
  text, text, text, text, text, text, text[], text[], text[], text[], text[], text[], text[]);
drop function crm.take_parts(uuid);
drop table crm.raw_part;
drop function crm.log_answer(text, text, text, text, jsonb, text, boolean, text);
drop function crm.refresh_answer(text, text, text);
drop function crm.json_or_text(text);
drop function crm.take_organizations(text[], uuid[], integer, text, timestamptz);

/* Messages: what WhatsApp's Cloud API and the internal gateway accept. */

/* Why a template is refused, as Meta's code; null: it is not. */
create or replace function sandbox.whatsapp_template_refusal(p_name text, p_language text,
                                                             p_parameters int)
returns int language plpgsql stable as $$
declare
  declared sandbox.whatsapp_template;
begin
  if p_name is null or not exists (select from sandbox.whatsapp_template) then
    return null;
  end if;
  select * into declared from sandbox.whatsapp_template where name = p_name and language = p_language;
  return case when not found then 132001
              when declared.parameters <> p_parameters then 132000 end;
end $$;

/* Keeps a message; gives its id, and the message_status to answer with (null: none). */
create or replace function sandbox.whatsapp_accept(
  p_call bigint, p_to text, p_template text, p_language text, p_parameters jsonb, p_text text,
  p_client_id text, p_payload jsonb, out message_id text, out status text)
language plpgsql as $$
declare
  c sandbox.call;
begin
  select * into c from sandbox.call where id = p_call;
  message_id := case c.service when 'whatsapp' then 'wamid.HBgN' || upper(md5(p_call::text))
                               else 'job-' || p_call end;
  status := case c.service
            when 'whatsapp' then nullif(sandbox.sales_setting('whatsapp', 'message_status'), '')
            else sandbox.sales_setting('gateway', 'queues') end;
  insert into sandbox.whatsapp_message (call, at, service, sender, to_, template, language,
                                        parameters, text_, client_id, message_id, payload)
  values (p_call, c.at, c.service, c.who, p_to, p_template, p_language, p_parameters, p_text,
          p_client_id, message_id, p_payload);
end $$;

create or replace function sandbox.gateway_has(p_session text) returns boolean
language plpgsql stable as $$
begin
  return exists (select from sandbox.gateway_session where session_id = p_session);
end $$;

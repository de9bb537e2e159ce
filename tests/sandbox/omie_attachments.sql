/* Omie's attachments and their download links (omie-api.md 7). */

/* A text as Omie's JSON shows it: with HTML entities. */
create or replace function sandbox.omie_entities(value text) returns text
language sql immutable as $$
  select replace(replace(replace(replace(value, '&', '&amp;'), '"', '&quot;'), '''', '&apos;'),
                 '<', '&lt;');
$$;

create or replace function sandbox.omie_local_time(p_settings jsonb) returns timestamp
language sql volatile as $$
  select (sandbox.omie_now(p_settings) at time zone 'America/Sao_Paulo')::timestamp(0);
$$;

create or replace function sandbox.omie_put_document(p_app text, p_register text, p_id bigint)
returns void language sql as $$
  insert into sandbox.omie_document values (p_app, p_register, p_id) on conflict do nothing;
$$;

/* Stores a file as if somebody had attached it in Omie's screens; returns nIdAnexo. */
create or replace function sandbox.omie_put_attachment(
  p_app text, p_register text, p_document bigint, p_name text, p_content bytea,
  p_code text default null, p_size bigint default null)
returns bigint language sql as $$
  select sandbox.omie_put_document(p_app, p_register, p_document);
  insert into sandbox.omie_attachment (app_key, register, document, integration_code, name, kind,
    content, shown_size, from_api, included)
  values (p_app, p_register, p_document, nullif(p_code, ''), p_name,
          coalesce(substring(p_name from '\.([^.]{1,10})$'), ''), p_content, p_size, false,
          sandbox.omie_local_time(sandbox.omie_settings_of(p_app)))
  returning id;
$$;

/* The members by which every answer names an attachment. */
create or replace function sandbox.omie_attachment_names(a sandbox.omie_attachment) returns jsonb
language sql immutable as $$
  select jsonb_build_object('cCodIntAnexo', coalesce(a.integration_code, ''), 'cTabela', a.register,
    'nId', a.document, 'nIdAnexo', a.id, 'cNomeArquivo', sandbox.omie_entities(a.name));
$$;

/* A row of listaAnexos. */
create or replace function sandbox.omie_attachment_shown(a sandbox.omie_attachment, s jsonb)
returns jsonb language sql immutable as $$
  select sandbox.omie_attachment_names(a) || jsonb_build_object('cTipoArquivo', a.kind,
      'info', jsonb_build_object(
        'dInc', to_char(a.included, 'DD/MM/YYYY'), 'hInc', to_char(a.included, 'HH24:MI:SS'),
        'dAlt', to_char(a.included, 'DD/MM/YYYY'), 'hAlt', to_char(a.included, 'HH24:MI:SS'),
        'uInc', case when a.from_api then 'WEBSERVICE' else 'P000100089' end,
        'uAlt', case when a.from_api then 'WEBSERVICE' else 'P000100089' end,
        'cImpAPI', case when a.from_api then 'S' else 'N' end))
    || case when a.shown_size is not null then jsonb_build_object('nTamanho', a.shown_size)
            when s->>'attachments_size' = 'S' and a.content is not null
            then jsonb_build_object('nTamanho', length(a.content))
            else '{}' end;
$$;

/* A page of a document's attachments; the body is null when it holds none. */
create or replace function sandbox.omie_attachment_page(p_app text, p_page bigint, p_size bigint,
  p jsonb, out rows bigint, out body text)
language plpgsql volatile as $$
declare
  s jsonb := sandbox.omie_settings_of(p_app);
  low date := coalesce(sandbox.omie_day(p->>'dDtIncDe'), '-infinity');
  high date := coalesce(sandbox.omie_day(p->>'dDtIncAte'), 'infinity');
  altered_low date := coalesce(sandbox.omie_day(p->>'dDtAltDe'), '-infinity');
  altered_high date := coalesce(sandbox.omie_day(p->>'dDtAltAte'), 'infinity');
  total bigint;
  list jsonb;
begin
  with found as (
    select a as attachment, row_number() over (
             order by case when p->>'cOrdenarPor' = 'ARQUIVO' then a.name end, a.position) as place,
           count(*) over () as total
      from sandbox.omie_attachment a
     where a.app_key = p_app and a.register = p->>'cTabela'
       and a.document = sandbox.omie_id(p->>'nId')
       and a.included::date between low and high
       and a.included::date between altered_low and altered_high),
  page as (
    select *, row_number() over () as n from (
      select * from found
       order by case when p->>'cOrdemDecrescente' = 'S' then -place else place end
       limit p_size offset (p_page - 1) * p_size) ordered)
  select count(*), max(f.total),
         jsonb_agg(sandbox.omie_attachment_shown(f.attachment, s) order by n)
    into rows, total, list from page f;
  if rows > 0 then
    body := sandbox.omie_json(jsonb_build_object(s->>'attachments_member', list, 'nPagina', p_page,
      'nRegistros', rows, 'nTotRegistros', total, 'nTotPaginas', (total + p_size - 1) / p_size));
  end if;
end $$;

/* The attachment that a call names by cTabela, nId and one of three keys, the first one given; or
 * the fault. */
create or replace function sandbox.omie_attachment_find(p_app text, p jsonb,
  out hit sandbox.omie_attachment, out code text, out message text)
language plpgsql stable as $$
declare
  p_id bigint := nullif(sandbox.omie_id(p->>'nIdAnexo'), 0);
  p_code text := nullif(p->>'cCodIntAnexo', '');
  p_name text := nullif(p->>'cNomeArquivo', '');
begin
  if p_id is null and p_code is null and p_name is null then
    code := 'SOAP-ENV:Client-1000';
    message := 'ERROR: O preenchimento da tag [nIdAnexo] ou [cCodIntAnexo] é obrigatório!';
    return;
  end if;
  select * into hit from sandbox.omie_attachment a
   where a.app_key = p_app and a.register = p->>'cTabela'
     and a.document = sandbox.omie_id(p->>'nId')
     and case when p_id is not null then a.id = p_id
              when p_code is not null then a.integration_code = p_code
              else a.name = p_name end
   order by a.position limit 1;
  if hit.id is null then
    code := case when p_id is null and p_code is not null then 'SOAP-ENV:Client-103'
                 else 'SOAP-ENV:Client-105' end;
    message := case when p_id is not null
                    then format('ERROR: Anexo não cadastrado para o Código [%s] !', p_id)
                    when p_code is not null
                    then format('ERROR: Anexo não cadastrado para o Código de Integração [%s] !', p_code)
                    else format('ERROR: Anexo não cadastrado para o Nome do Arquivo [%s] !', p_name) end;
  end if;
end $$;

/* What proves that a link was given by this sandbox. */
create or replace function sandbox.omie_link_signature(p_id text, p_until text, s jsonb) returns text
language sql immutable as $$
  select encode(sha256(convert_to(concat_ws(':', s->>'download_key', p_id, p_until,
                                            s->>'download_key'), 'UTF8')), 'hex');
$$;

create or replace function sandbox.omie_link(a sandbox.omie_attachment, p_until timestamptz, s jsonb)
returns text language sql immutable as $$
  select concat(s->>'download_base', concat_ws('.', a.id, seconds,
                  sandbox.omie_link_signature(a.id::text, seconds, s)))
    from (select floor(extract(epoch from p_until))::bigint::text as seconds) u;
$$;

/* ObterAnexo: the names, a link, and the content itself when the setting says so. */
create or replace function sandbox.omie_attachment_obtain(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql volatile as $$
declare
  s jsonb := sandbox.omie_settings_of(p_app);
  f record;
  a sandbox.omie_attachment;
  until timestamptz := sandbox.omie_now(s) + make_interval(secs => (s->>'download_expires_s')::float8);
begin
  select * into f from sandbox.omie_attachment_find(p_app, p);
  a := f.hit;
  code := f.code;
  message := f.message;
  if message is null then
    body := sandbox.omie_json(sandbox.omie_attachment_names(a)
      || '{"cCodStatus":"0","cDesStatus":"Anexo obtido com sucesso!"}'
      || case when a.content is not null and s->>'attachments_link' = 'S'
              then jsonb_build_object('cLinkDownload', sandbox.omie_link(a, until, s),
                     'dDtExpiracao', to_char(until at time zone 'America/Sao_Paulo', 'DD/MM/YYYY'))
              else '{}' end
      || case when a.content is not null and s->>'attachments_content' = 'S'
              then jsonb_build_object('cArquivo', translate(encode(a.content, 'base64'), E'\n', ''))
              else '{}' end);
  end if;
end $$;

create or replace function sandbox.omie_attachment_consult(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql volatile as $$
declare
  f record;
  a sandbox.omie_attachment;
begin
  select * into f from sandbox.omie_attachment_find(p_app, p);
  a := f.hit;
  code := f.code;
  message := f.message;
  if message is null then
    body := sandbox.omie_json(
      sandbox.omie_attachment_shown(a, sandbox.omie_settings_of(p_app)));
  end if;
end $$;

create or replace function sandbox.omie_attachment_delete(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql volatile as $$
declare
  f record;
  a sandbox.omie_attachment;
begin
  select * into f from sandbox.omie_attachment_find(p_app, p);
  a := f.hit;
  code := f.code;
  message := f.message;
  if message is null then
    delete from sandbox.omie_attachment where id = a.id;
    body := sandbox.omie_json(sandbox.omie_attachment_names(a)
      || '{"cCodStatus":"0","cDesStatus":"Anexo excluído com sucesso!"}');
  end if;
end $$;

/* Why a file may not be attached, whatever it holds: null and null when it may. */
create or replace function sandbox.omie_attachment_refusal(p_app text, p jsonb, p_length bigint,
  s jsonb, out code text, out message text)
language plpgsql stable as $$
declare
  p_document bigint := sandbox.omie_id(p->>'nId');
  p_code text := nullif(p->>'cCodIntAnexo', '');
  most bigint := (s->>'attachments_max_bytes')::bigint;
  known bigint;
begin
  if s->>'attachments_any_document' <> 'S' and not exists (
       select from sandbox.omie_document
        where app_key = p_app and register = p->>'cTabela' and id = p_document) then
    code := 'SOAP-ENV:Client-105';
    message := format('ERROR: Documento não cadastrado para o Código [%s]', p_document);
  elsif most > 0 and p_length > most then -- code and words are invented
    code := 'SOAP-ENV:Client-5031';
    message := format('ERROR: O arquivo excede o tamanho máximo de %s bytes!', most);
  else
    select id into known from sandbox.omie_attachment
     where app_key = p_app and integration_code = p_code
       and (s->>'attachments_code_scope' = 'app'
            or register = p->>'cTabela' and document = p_document)
     order by position limit 1;
    if known is not null then
      code := 'SOAP-ENV:Client-102';
      message := format('ERROR: Anexo já cadastrado para o Código de Integração [%s] com o nIdAnexo [%s] !',
                        p_code, known);
    end if;
  end if;
end $$;

/* IncluirAnexo of a file that was found inside its archive; `p_content` in base64. */
create or replace function sandbox.omie_attachment_include(p_app text, p jsonb, p_content text,
  p_sent text, out body text, out code text, out message text)
language plpgsql volatile as $$
declare
  s jsonb := sandbox.omie_settings_of(p_app);
  content bytea := decode(p_content, 'base64');
  a sandbox.omie_attachment;
begin
  select r.code, r.message from sandbox.omie_attachment_refusal(p_app, p, length(content), s) r
    into code, message;
  if message is not null then
    return;
  end if;
  insert into sandbox.omie_attachment (app_key, register, document, integration_code, name, kind,
    content, from_api, included, sent, sent_md5)
  values (p_app, p->>'cTabela', sandbox.omie_id(p->>'nId'), nullif(p->>'cCodIntAnexo', ''),
          p->>'cNomeArquivo', coalesce(nullif(p->>'cTipoArquivo', ''),
            substring(p->>'cNomeArquivo' from '\.([^.]{1,10})$'), ''),
          content, true, sandbox.omie_local_time(s), p_sent, p->>'cMd5')
  returning * into a;
  body := sandbox.omie_json(sandbox.omie_attachment_names(a)
    || '{"cCodStatus":"0","cDesStatus":"Anexo incluído com sucesso!"}');
end $$;

/* Receives a download.  `status` is 200, or 403 and 404 with `reason`; `fault` is what was arranged
 * for it, which wins over all but a wrong link.  sandbox.omie_leave ends it. */
create or replace function sandbox.omie_download(p_token text, out id bigint, out status int,
  out reason text, out delay_ms int, out name text, out content bytea, out fault_behaviour text,
  out fault_status int, out fault_type text, out fault_headers jsonb, out fault_body bytea)
language plpgsql volatile as $$
declare
  part text[] := string_to_array(p_token, '.');
  a sandbox.omie_attachment;
  s jsonb;
  fault sandbox.omie_fault;
begin
  select * into a from sandbox.omie_attachment t where t.id = sandbox.omie_id(part[1]);
  s := sandbox.omie_settings_of(coalesce(a.app_key, ''));
  status := 403;
  if sandbox.omie_link_signature(part[1], part[2], s) is distinct from part[3]
     or cardinality(part) <> 3 then
    reason := 'SignatureDoesNotMatch';
  elsif sandbox.omie_now(s) > to_timestamp(part[2]::float8) then
    reason := 'AccessDenied';
  elsif a.content is null then
    status := 404;
    reason := 'NoSuchKey';
  else
    status := 200;
    name := a.name;
    content := a.content;
    fault := sandbox.omie_due_fault(a.app_key, 'download',
      jsonb_build_object('nIdAnexo', a.id, 'cNomeArquivo', a.name));
  end if;
  insert into sandbox.omie_call as c (app_key, method, param, verdict, in_flight, clock, running)
  values (coalesce(a.app_key, ''), 'download',
          jsonb_build_object('nIdAnexo', a.id, 'cNomeArquivo', a.name),
          case when status <> 200 then 'link' when fault.id is not null then 'fault' else 'go' end,
          sandbox.omie_in_flight(coalesce(a.app_key, ''), 'download') + 1, sandbox.omie_now(s), true)
  returning c.id into omie_download.id;
  delay_ms := case when status = 200 then coalesce(fault.seconds * 1000, 0) + (s->>'latency_ms')::int
              else 0 end;
  if fault.id is not null and not (fault.behaviour = 'hang' and fault.status is null) then
    fault_behaviour := fault.behaviour;
    fault_status := fault.status;
    fault_type := fault.content_type;
    fault_headers := fault.headers;
    fault_body := coalesce(fault.body_bytes, convert_to(fault.body, 'UTF8'));
  end if;
end $$;

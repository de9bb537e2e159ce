/* Omie's register of clients: storing, filtering and showing records (omie-api.md 4). */

/* Stores a record as it is; whatever the filters cannot read counts as absent.  Returns its
 * place in the listing. */
create or replace function sandbox.omie_put_client(p_app text, record jsonb) returns bigint
language sql as $$
  insert into sandbox.omie_client (app_key, position, id, integration_code, document, razao_social,
    nome_fantasia, inactive, from_api, tags, included, altered, body, extra)
  select p_app,
         coalesce((select max(position) from sandbox.omie_client where app_key = p_app), 0) + 1,
         case when record->>'codigo_cliente_omie' ~ '^\d{1,18}$'
              then (record->>'codigo_cliente_omie')::bigint end,
         nullif(record->>'codigo_cliente_integracao', ''),
         nullif(regexp_replace(record->>'cnpj_cpf', '\D', '', 'g'), ''),
         record->>'razao_social', record->>'nome_fantasia',
         record->>'inativo' is not distinct from 'S',
         record#>>'{info,cImpAPI}' is not distinct from 'S',
         coalesce((select array_agg(lower(t->>'tag')) from jsonb_array_elements(
           case jsonb_typeof(record->'tags') when 'array' then record->'tags' else '[]' end) t), '{}'),
         sandbox.omie_moment(record#>>'{info,dInc}', record#>>'{info,hInc}'),
         sandbox.omie_moment(record#>>'{info,dAlt}', record#>>'{info,hAlt}'),
         sandbox.omie_json(case jsonb_typeof(record)
           when 'object' then record - '{observacao,obs_detalhadas,caracteristicas}'::text[]
           else record end),
         coalesce((select jsonb_object_agg(key, value) from jsonb_each(
           case jsonb_typeof(record) when 'object' then record else '{}' end)
           where key in ('observacao', 'obs_detalhadas', 'caracteristicas')), '{}')
  returning position;
$$;

/* Changes members of a record (null removes one) and leaves it in its place. */
create or replace function sandbox.omie_change_client(p_app text, p_id bigint, changes jsonb)
returns void language plpgsql as $$
declare
  old sandbox.omie_client;
  place bigint;
begin
  delete from sandbox.omie_client where app_key = p_app and id = p_id returning * into strict old;
  place := sandbox.omie_put_client(p_app, (old.body::jsonb || old.extra || changes) - array(
             select key from jsonb_each(changes) where value = 'null'));
  update sandbox.omie_client set position = old.position where app_key = p_app and position = place;
end $$;

/* A record as ListarClientes shows it with members on request ('extra'; without them, 'cadastro',
 * it is the body as it stands), as ListarClientesResumido does ('resumido'), or whole, as
 * ConsultarCliente does ('tudo'). */
create or replace function sandbox.omie_client_shown(c sandbox.omie_client, how text, p jsonb)
returns text language plpgsql stable as $$
declare
  j json;
begin
  case how
  when 'extra' then
    return sandbox.omie_json(c.body::jsonb || c.extra
      - case when p->>'exibir_obs' is distinct from 'S'
             then '{observacao,obs_detalhadas}'::text[] else '{}' end
      - case when p->>'exibir_caracteristicas' is distinct from 'S'
             then '{caracteristicas}'::text[] else '{}' end);
  when 'resumido' then
    j := c.body;
    return format('{"cnpj_cpf":%s,"codigo_cliente":%s,"codigo_cliente_integracao":%s,'
                  '"nome_fantasia":%s,"razao_social":%s}',
      coalesce((j->'cnpj_cpf')::text, '""'), coalesce((j->'codigo_cliente_omie')::text, '0'),
      coalesce((j->'codigo_cliente_integracao')::text, '""'),
      coalesce((j->'nome_fantasia')::text, '""'), coalesce((j->'razao_social')::text, '""'));
  else
    return sandbox.omie_json(
      (select jsonb_object_agg(name, '') from unnest(
        '{bairro,cep,cidade,cidade_ibge,cnae,cnpj_cpf,codigo_cliente_integracao,codigo_pais,
          complemento,contato,documento_exterior,email,endereco,endereco_numero,estado,fax_ddd,
          fax_numero,homepage,inscricao_estadual,inscricao_municipal,inscricao_suframa,logradouro,
          nif,nome_fantasia,obs_detalhadas,observacao,razao_social,recomendacao_atraso,
          telefone1_ddd,telefone1_numero,telefone2_ddd,telefone2_numero,tipo_atividade}'::text[]) name)
      || (select jsonb_object_agg(name, 'N') from unnest(
        '{bloqueado,bloquear_exclusao,bloquear_faturamento,contribuinte,enviar_anexos,exterior,
          importado_api,inativo,optante_simples_nacional,pessoa_fisica,produtor_rural}'::text[]) name)
      || '{"caracteristicas":[],"enderecoEntrega":{},"recomendacoes":{},"tags":[],
           "valor_limite_credito":0}'
      || c.body::jsonb || c.extra);
  end case;
end $$;

/* A page without filters.  As long as no record was removed a page is a range of positions; an
 * offset would walk over all pages before it. */
create or replace function sandbox.omie_client_page(p_app text, p_page bigint, p_size bigint,
  how text, p jsonb, out total bigint, out rows int, out body text)
language plpgsql stable as $$
declare
  low bigint;
  high bigint;
  skipped bigint := (p_page - 1) * p_size;
begin
  total := coalesce((select r.total from sandbox.omie_register r where r.app_key = p_app), 0);
  select min(position), max(position) into low, high from sandbox.omie_client c
   where c.app_key = p_app;
  if high - low + 1 = total then
    low := low + skipped;
    high := low + p_size - 1;
    skipped := 0;
  end if;
  select count(*), string_agg(shown, ',') into rows, body from (
    select case how when 'cadastro' then c.body
           else sandbox.omie_client_shown(c, how, p) end as shown
      from sandbox.omie_client c
     where c.app_key = p_app and c.position between low and high
     order by c.position limit p_size offset skipped) c;
end $$;

/* A page of what passes the filters in the call's parameter.  Deprecated filters are ignored in
 * silence, as Omie does. */
create or replace function sandbox.omie_client_search(p_app text, p_page bigint, p_size bigint,
  how text, p jsonb, out total bigint, out rows int, out body text)
language plpgsql stable as $$
declare
  f jsonb := coalesce(p->'clientesFiltro', '{}');
  f_id bigint := case when f->>'codigo_cliente_omie' ~ '^\d{1,18}$'
                      then (f->>'codigo_cliente_omie')::bigint
                      when f->>'codigo_cliente_omie' <> '' then -1 end;
  f_code text := nullif(f->>'codigo_cliente_integracao', '');
  f_document text := nullif(regexp_replace(f->>'cnpj_cpf', '\D', '', 'g'), '');
  f_name text := nullif(lower(f->>'razao_social'), '');
  f_alias text := nullif(lower(f->>'nome_fantasia'), '');
  f_inactive boolean := nullif(f->>'inativo', '') = 'S';
  f_tags text[] := nullif(array(select lower(t->>'tag')
                                  from jsonb_array_elements(f->'tags') t), '{}');
  f_ids text[] := array(select k->>'codigo_cliente_omie'
                          from jsonb_array_elements(p->'clientesPorCodigo') k);
  f_codes text[] := array(select nullif(k->>'codigo_cliente_integracao', '')
                            from jsonb_array_elements(p->'clientesPorCodigo') k);
  low timestamp := sandbox.omie_moment(nullif(p->>'filtrar_por_data_de', ''),
                                       p->>'filtrar_por_hora_de');
  high timestamp := sandbox.omie_moment(nullif(p->>'filtrar_por_data_ate', ''),
                     coalesce(nullif(p->>'filtrar_por_hora_ate', ''), '23:59:59'));
  dated boolean := low is not null or high is not null;
  altered_too boolean := p->>'filtrar_apenas_inclusao' is distinct from 'S';
begin
  low := coalesce(low, '-infinity');
  high := coalesce(high, 'infinity');
  with found as materialized (
    select c.position as place from sandbox.omie_client c
     where c.app_key = p_app
       and (f_id is null or c.id = f_id)
       and (f_code is null or c.integration_code = f_code)
       and (f_document is null or c.document = f_document)
       and (f_name is null or strpos(lower(c.razao_social), f_name) > 0)
       and (f_alias is null or strpos(lower(c.nome_fantasia), f_alias) > 0)
       and (f_inactive is null or c.inactive = f_inactive)
       and (f_tags is null or c.tags && f_tags)
       and (cardinality(f_ids) = 0 or c.id::text = any (f_ids) or c.integration_code = any (f_codes))
       and (p->>'apenas_importado_api' is distinct from 'S' or c.from_api)
       and (not dated or c.included between low and high
            or altered_too and c.altered between low and high)),
  page as (
    select case how when 'cadastro' then c.body
           else sandbox.omie_client_shown(c, how, p) end as shown
      from (select place from found order by place limit p_size offset (p_page - 1) * p_size) f
      join sandbox.omie_client c on c.app_key = p_app and c.position = f.place
     order by f.place)
  select (select count(*) from found), count(*), string_agg(shown, ',')
    into total, rows, body from page;
end $$;

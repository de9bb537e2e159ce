-- The run of data collecting: organizations taken with a lease, and what is kept of the ERPs' answers
-- (data-collecting.md 1.4, 1.6, 1.9, 1.10).
set local role ponte_owner;

-- Takes those organizations that nobody has and nobody synchronised since p_since, each with the
-- token at its place.  A row that is being written is somebody's at this very moment.  Run twice it
-- tells the same.
create function crm.take_organizations(
  p_ids text[], p_tokens uuid[], p_lease_s integer, p_worker text, p_since timestamptz)
returns setof text
language sql
as $$
  with asked as (
    select * from unnest(p_ids, p_tokens) as a (id, token)
  ), free as (
    select o.id, a.token
      from asked a join crm.organizations o on o.id = a.id
     where o.lease_token = a.token
        or ((o.lease_ate is null or o.lease_ate <= clock_timestamp())
            and (o.integracao_data_ultima_sincronizacao is null
                 or o.integracao_data_ultima_sincronizacao <= p_since))
     order by o.id
       for no key update of o skip locked
  )
  update crm.organizations o
     set lease_token = f.token, worker = p_worker,
         lease_ate = clock_timestamp() + make_interval(secs => p_lease_s)
    from free f
   where o.id = f.id
  returning o.id
$$;

-- A body of another system as jsonb; what Postgres cannot hold as jsonb (\u0000, a lone surrogate,
-- numbers beyond numeric) as its text.
create function crm.json_or_text(p_text text) returns jsonb
language plpgsql immutable strict
as $$
begin
  return p_text::jsonb;
exception when data_exception or program_limit_exceeded then
  return to_jsonb(p_text);
end
$$;

-- The raw log of an answer (1.10).  p_wrap: a member to put the whole under, or null.  p_is_json:
-- else the beginning of the text is kept.
create function crm.log_answer(
  p_organization text, p_identifier text, p_type text, p_hash text, p_value jsonb, p_wrap text,
  p_is_json boolean, p_body text)
returns void
language plpgsql
as $$
declare
  content jsonb;
begin
  if crm.refresh_answer(p_organization, p_type, p_hash) then
    return;
  end if;
  content := case when p_is_json then crm.json_or_text(p_body) end;
  if content is null or jsonb_typeof(content) = 'string' then
    content := jsonb_build_object('sales', null, 'textoBruto', left(p_body, 16384));
  elsif p_wrap is not null then
    content := jsonb_build_object(p_wrap, content);
  end if;
  insert into crm.utils (organizacao_id, identificador, valor, tipo, dados, hash,
                         data_ultima_atualizacao)
  values (p_organization, p_identifier, p_value, p_type, content, decode(p_hash, 'hex'), now())
  on conflict (organizacao_id, tipo, hash) where hash is not null
  do update set data_ultima_atualizacao = now();
end
$$;

-- The same answer once more: only its row's time moves.  False when there is no such row.
create function crm.refresh_answer(p_organization text, p_type text, p_hash text) returns boolean
language plpgsql
as $$
begin
  update crm.utils set data_ultima_atualizacao = now()
   where organizacao_id = p_organization and tipo = p_type and hash = decode(p_hash, 'hex');
  return found;
end
$$;

-- A large answer on its way here, piece by piece, within one transaction.
create unlogged table crm.raw_part (
  body   uuid not null,
  number integer not null,
  text   text not null,
  primary key (body, number)
);
alter table crm.raw_part alter column text set storage external; -- gone in a moment: not worth packing
call ponte.protect('crm.raw_part', 'crm');

-- The pieces of a body put together; they are gone afterwards.
create function crm.take_parts(p_body uuid) returns text
language sql
as $$
  with part as (delete from crm.raw_part where body = p_body returning number, text)
  select string_agg(text, '' order by number) from part
$$;

-- Rows about failures ('error') and about records that could not be taken ('reject').  One that is
-- there already only gets another time (1.10).
create function crm.log_problems(
  p_organization text, p_identifier text, p_prefix text, p_run text, p_window text, p_zone text,
  p_kinds text[], p_codes text[], p_details text[], p_ids text[], p_fields text[], p_stages text[],
  p_records text[])
returns void
language sql
as $$
  insert into crm.utils (organizacao_id, identificador, valor, tipo, dados, hash,
                         data_ultima_atualizacao)
  select distinct on (p.kind, h.hash)
         p_organization, p_identifier,
         jsonb_build_object('identificador', p_identifier, 'dados',
           jsonb_build_object('organizacaoId', p_organization, 'execucaoId', p_run, 'data', p_window)
           || case when p.kind = 'reject' then jsonb_build_object('idExterno', p.id)
                   else jsonb_build_object('erro', p.code, 'descricao', p.detail) end),
         p_prefix || '-importation-' || p.kind,
         jsonb_build_object('codigo', p.code, 'detalhe', p.detail)
         || case when p.kind = 'reject'
                 then jsonb_build_object('campo', p.field, 'idExterno', p.id,
                                         'registro', crm.json_or_text(p.record))
                 else jsonb_strip_nulls(jsonb_build_object('idExterno', p.id, 'etapa', p.stage)) end,
         h.hash, now()
    from unnest(p_kinds, p_codes, p_details, p_ids, p_fields, p_stages, p_records)
         as p (kind, code, detail, id, field, stage, record),
         lateral (select sha256(convert_to(
                    p.code || E'\n' || case when p.kind = 'reject' then p.record
                                            else coalesce(p.id, '') || E'\n'
                                                 || (now() at time zone p_zone)::date end,
                    'UTF8')) as hash) h
  on conflict (organizacao_id, tipo, hash) where hash is not null
  do update set data_ultima_atualizacao = now()
$$;

-- Rows of these kinds older than so many days go, at most p_most, the oldest first.
create function crm.prune_import_logs(p_organization text, p_days integer, p_most integer)
returns bigint
language sql
as $$
  with gone as (
    delete from crm.utils
     where id in (select u.id
                    from crm.utils u
                   where u.organizacao_id = p_organization
                     and u.tipo in (select prefix::text || '-importation-' || kind
                                      from unnest(enum_range(null::crm.organization_integration_type)) as prefix,
                                           unnest(array['log', 'error', 'reject']) as kind)
                     and u.data_insercao < now() - make_interval(days => p_days)
                   order by u.data_insercao, u.id
                   limit p_most)
    returning 1
  )
  select count(*) from gone
$$;

-- What was to be sent at once, lately: whether some of it is due, and what became of it (9.8, 1.9).
create index interactions_immediate_idx on crm.interactions (organizacao_id, data_insercao)
  where imediata;

/* Omie's titles receivable: storing, filtering and showing records (omie-api.md 5). */

/* An id, however it was written; null when it is none. */
create or replace function sandbox.omie_id(value text) returns bigint language sql immutable as $$
  select case when value ~ '^\d{1,18}$' then value::bigint end;
$$;

create or replace function sandbox.omie_day(value text) returns date language sql immutable as $$
  select sandbox.omie_moment(nullif(value, ''), null)::date;
$$;

/* The sandbox's date. */
create or replace function sandbox.omie_today(p_settings jsonb) returns date
language sql volatile as $$
  select (sandbox.omie_now(p_settings) at time zone 'America/Sao_Paulo')::date;
$$;

/* A status as it is compared: rows say "A VENCER", filters AVENCER. */
create or replace function sandbox.omie_status(value text) returns text language sql immutable as $$
  select upper(translate(value, ' _', ''));
$$;

/* The status that an open title shows on a day. */
create or replace function sandbox.omie_open_status(due date, today date) returns text
language sql immutable as $$
  select case when due > today then 'A VENCER' when due = today then 'VENCE HOJE' else 'ATRASADO' end;
$$;

/* Stores a record as it is; whatever the filters cannot read counts as absent.  Returns its
 * place in the listing. */
create or replace function sandbox.omie_put_title(p_app text, record jsonb) returns bigint
language sql as $$
  insert into sandbox.omie_title (app_key, position, id, integration_code, client, account, project,
    seller, registered, issued, included, altered, due, status, from_api, body, extra)
  select p_app,
         case when r.id is null or exists (select from sandbox.omie_title
                                            where app_key = p_app and position = r.id)
              then coalesce((select max(position) from sandbox.omie_title where app_key = p_app), 0) + 1
              else r.id end,
         r.id, nullif(record->>'codigo_lancamento_integracao', ''),
         sandbox.omie_id(record->>'codigo_cliente_fornecedor'),
         sandbox.omie_id(record->>'id_conta_corrente'), sandbox.omie_id(record->>'codigo_projeto'),
         sandbox.omie_id(record->>'codigo_vendedor'), sandbox.omie_day(record->>'data_registro'),
         sandbox.omie_day(record->>'data_emissao'), sandbox.omie_day(record#>>'{info,dInc}'),
         sandbox.omie_day(record#>>'{info,dAlt}'), sandbox.omie_day(record->>'data_vencimento'),
         coalesce(sandbox.omie_status(record->>'status_titulo'), ''),
         record#>>'{info,cImpAPI}' is not distinct from 'S',
         sandbox.omie_json(case jsonb_typeof(record) when 'object' then record - 'observacao'
                           else record end),
         case when record ? 'observacao' and jsonb_typeof(record) = 'object'
              then jsonb_build_object('observacao', record->'observacao') else '{}' end
    from sandbox.omie_id(record->>'codigo_lancamento_omie') as r (id)
  returning position;
$$;

/* Changes members of a record (null removes one) and leaves it in its place.  An open title of a
 * seed goes on following the date, unless the change gives it a status. */
create or replace function sandbox.omie_change_title(p_app text, p_id bigint, changes jsonb)
returns void language plpgsql as $$
declare
  old sandbox.omie_title;
  place bigint;
begin
  delete from sandbox.omie_title where app_key = p_app and id = p_id returning * into strict old;
  place := sandbox.omie_put_title(p_app, (old.body::jsonb || old.extra || changes) - array(
             select key from jsonb_each(changes) where value = 'null'));
  update sandbox.omie_title t
     set position = old.position, seeded_for = old.seeded_for,
         status = case when old.status is null and not changes ? 'status_titulo' then null
                       else t.status end
   where app_key = p_app and position = place;
end $$;

/* A record as it is listed ('cadastro'), or with its remarks ('extra'). */
create or replace function sandbox.omie_title_shown(c sandbox.omie_title, how text, today date)
returns text language plpgsql immutable as $$
declare
  shown text := c.body;
begin
  if c.status is null then
    shown := replace(shown, '"status_titulo":"A VENCER"',
                     format('"status_titulo":"%s"', sandbox.omie_open_status(c.due, today)));
  end if;
  if how = 'extra' and c.extra <> '{}' then
    shown := sandbox.omie_json(shown::jsonb || c.extra);
  end if;
  return shown;
end $$;

/* The condition that a column lies between the dates `prefix`_de and `prefix`_ate of a parameter;
 * null without either. */
create or replace function sandbox.omie_between(p_column text, p jsonb, prefix text) returns text
language plpgsql immutable as $$
declare
  low date := sandbox.omie_day(p->>(prefix || '_de'));
  high date := sandbox.omie_day(p->>(prefix || '_ate'));
begin
  if low is null and high is null then
    return null;
  end if;
  return format('%s between %L and %L', p_column, coalesce(low, '0001-01-01'),
                coalesce(high, '9999-12-31')); -- not infinity: omie_title_day's word for no date
end $$;

/* The condition that a column is the id given in a parameter; null without one. */
create or replace function sandbox.omie_equal(p_column text, given text) returns text
language sql immutable as $$
  select case when given is null or given in ('', '0') then null
              else format('%s = %s', p_column, coalesce(sandbox.omie_id(given), -1)) end;
$$;

/* What a parameter asks for besides the date of registration, as a condition on omie_title c; ''
 * for nothing.  filtrar_por_data is about inclusion and alteration, whatever one would expect. */
create or replace function sandbox.omie_title_filter(p_app text, p jsonb, today date) returns text
language plpgsql stable as $$
declare
  only_included boolean := coalesce(p->>'filtrar_apenas_inclusao', '') = 'S';
  only_altered boolean := coalesce(p->>'filtrar_apenas_alteracao', '') = 'S';
  status text := format('coalesce(c.status, sandbox.omie_status(sandbox.omie_open_status(c.due, %L)))',
                        today);
  wanted text := nullif(sandbox.omie_status(p->>'filtrar_por_status'), '');
  document text := nullif(regexp_replace(p->>'filtrar_por_cpf_cnpj', '\D', '', 'g'), '');
begin
  return concat_ws(' and ',
    '(' || nullif(concat_ws(' or ',
      case when only_included or not only_altered
           then sandbox.omie_between('c.included', p, 'filtrar_por_data') end,
      case when only_altered or not only_included
           then sandbox.omie_between('c.altered', p, 'filtrar_por_data') end), '') || ')',
    sandbox.omie_between('c.issued', p, 'filtrar_por_emissao'),
    sandbox.omie_equal('c.account', p->>'filtrar_conta_corrente'),
    sandbox.omie_equal('c.client', p->>'filtrar_cliente'),
    sandbox.omie_equal('c.project', p->>'filtrar_por_projeto'),
    sandbox.omie_equal('c.seller', p->>'filtrar_por_vendedor'),
    format('c.client in (select k.id from sandbox.omie_client k where k.app_key = %L'
           ' and k.document = ', p_app) || quote_literal(document) || ')',
    case when p->>'filtrar_apenas_titulos_em_aberto' = 'S' or wanted = 'EMABERTO'
         then status || ' in (''AVENCER'', ''VENCEHOJE'', ''ATRASADO'', ''PAGTOPARCIAL'')' end,
    case when wanted <> 'EMABERTO' then format('%s = %L', status, wanted) end,
    case when p->>'apenas_importado_api' = 'S' then 'c.from_api' end);
end $$;

/* The same for the date of registration.  Dates of one month name it, since the index by months
 * gives its titles in order. */
create or replace function sandbox.omie_title_registered(p jsonb) returns text
language plpgsql immutable as $$
declare
  low date := sandbox.omie_day(p->>'filtrar_por_registro_de');
  high date := sandbox.omie_day(p->>'filtrar_por_registro_ate');
  month date := date_trunc('month', low::timestamp);
begin
  return concat_ws(' and ',
    case when month = date_trunc('month', high::timestamp) then format('c.month = %L', month) end,
    case when low = month and high = month + interval '1 month' - interval '1 day' then null
         else sandbox.omie_between('c.registered', p, 'filtrar_por_registro') end);
end $$;

/* A page of what passes the filters; `is_fault`: a page without records is to be a fault.  Without
 * filters, or with dates of registration alone, nothing is counted, and the places of a page's titles
 * are looked for from the nearer end.  Rows are wide: what narrow indexes tell is read from them. */
create or replace function sandbox.omie_title_page(p_app text, p_page bigint, p_size bigint,
  how text, p jsonb, out total bigint, out rows int, out body text, out is_fault boolean)
language plpgsql volatile set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  s jsonb := sandbox.omie_settings_of(p_app);
  today date := sandbox.omie_today(s);
  shift bigint := least((s->>'titles_shift')::bigint, p_size - 1);
  skipped bigint := (p_page - 1) * (p_size - shift);
  size bigint := p_size;
  way text := 'asc';
  other text := sandbox.omie_title_filter(p_app, p, today);
  condition text := concat_ws(' and ', format('c.app_key = %L', p_app),
                      nullif(sandbox.omie_title_registered(p), ''), nullif(other, ''));
begin
  if other = '' then
    execute format('select coalesce(sum(total), 0) from sandbox.omie_title_day where %s',
                   concat_ws(' and ', format('app_key = %L', p_app),
                             sandbox.omie_between('day', p, 'filtrar_por_registro')))
       into total;
  else
    execute 'select count(*) from sandbox.omie_title c where ' || condition into total;
  end if;
  if skipped > total / 2 then
    way := 'desc';
    size := greatest(least(p_size, total - skipped), 0);
    skipped := greatest(total - skipped - size, 0);
  end if;
  execute format(
    'select count(*), string_agg(shown, '','') from ('
    '  select sandbox.omie_title_shown(c, $1, $2) as shown'
    '    from (select c.position from sandbox.omie_title c where %s'
    '           order by c.position %s limit $3 offset $4) page'
    '    join sandbox.omie_title c on c.app_key = $5 and c.position = page.position'
    '   order by c.position) titles', condition, way)
     into rows, body using how, today, size, skipped, p_app;
  total := total + shift * (p_page - 1);
  is_fault := s->>'titles_empty' = 'fault';
end $$;

/* Omie's receipts of suppliers' invoices (omie-api.md 9). */

/* Stores a record as it is; whatever the filters cannot read counts as absent. */
create or replace function sandbox.omie_put_receipt(p_app text, record jsonb) returns void
language sql as $$
  insert into sandbox.omie_receipt values (p_app, (record#>>'{cabec,nIdReceb}')::bigint,
    nullif(record#>>'{cabec,cChaveNfe}', ''), sandbox.omie_id(record#>>'{cabec,nIdFornecedor}'),
    record#>>'{cabec,cEtapa}', sandbox.omie_day(record#>>'{cabec,dEmissaoNFe}'),
    sandbox.omie_moment(record#>>'{infoCadastro,dAlt}', record#>>'{infoCadastro,hAlt}'), record)
  on conflict (app_key, id) do update
    set nfe_key = excluded.nfe_key, supplier = excluded.supplier, stage = excluded.stage,
        issued = excluded.issued, altered = excluded.altered, body = excluded.body;
  select sandbox.omie_put_document(p_app, 'com-recebimento', (record#>>'{cabec,nIdReceb}')::bigint);
$$;

/* A page of ListarRecebimentos; the body is null when it has no receipt. */
create or replace function sandbox.omie_receipt_page(p_app text, p_page bigint, p_size bigint,
  p jsonb, out rows bigint, out body text)
language plpgsql volatile as $$
declare
  low timestamp := sandbox.omie_moment(nullif(p->>'dtAltDe', ''), p->>'hrAltDe');
  high timestamp := sandbox.omie_moment(nullif(p->>'dtAltAte', ''),
                                        coalesce(nullif(p->>'hrAltAte', ''), '23:59:59'));
  issued_low date := sandbox.omie_day(p->>'dtEmissaoDe');
  issued_high date := sandbox.omie_day(p->>'dtEmissaoAte');
  p_supplier bigint := nullif(sandbox.omie_id(p->>'nIdFornecedor'), 0);
  p_stage text := nullif(p->>'cEtapa', '');
  total bigint;
  list jsonb;
begin
  with found as (
    select r.*, count(*) over () as total,
           row_number() over (order by case when p->>'cOrdenarPor' = 'CHAVE' then r.nfe_key end, r.id) as n
      from sandbox.omie_receipt r
     where r.app_key = p_app
       and (low is null or r.altered >= low) and (high is null or r.altered <= high)
       and (issued_low is null or r.issued >= issued_low)
       and (issued_high is null or r.issued <= issued_high)
       and (p_supplier is null or r.supplier = p_supplier)
       and (p_stage is null or r.stage = p_stage)),
  page as (select * from found order by n limit p_size offset (p_page - 1) * p_size)
  select count(*), max(f.total), jsonb_agg(
           case when p->>'cExibirDetalhes' = 'N'
                then jsonb_build_object('cabec', f.body->'cabec', 'infoCadastro',
                                        coalesce(f.body->'infoCadastro', '{}'))
                else f.body end order by n)
    into rows, total, list from page f;
  if rows > 0 then
    body := sandbox.omie_json(jsonb_build_object('recebimentos', list, 'nPagina', p_page,
      'nRegistros', rows, 'nTotalRegistros', total, 'nTotalPaginas', (total + p_size - 1) / p_size));
  end if;
end $$;

/* ConsultarRecebimento: by one of its two keys, not both. */
create or replace function sandbox.omie_receipt_consult(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql stable as $$
declare
  p_id bigint := nullif(sandbox.omie_id(p->>'nIdReceb'), 0);
  p_key text := nullif(p->>'cChaveNfe', '');
begin
  if (p_id is null) = (p_key is null) then
    code := 'SOAP-ENV:Client-1000';
    message := case when p_id is null
      then 'ERROR: O preenchimento da tag [nIdReceb] ou [cChaveNfe] é obrigatório!'
      else 'ERROR: Informe apenas uma das tags [nIdReceb] ou [cChaveNfe]!' end; -- invented
    return;
  end if;
  select sandbox.omie_json(r.body) into body from sandbox.omie_receipt r
   where r.app_key = p_app and (r.id = p_id or r.nfe_key = p_key)
   order by r.id limit 1;
  if body is null then
    code := 'SOAP-ENV:Client-105';
    message := format('ERROR: Recebimento não cadastrado para %s [%s] !',
      case when p_id is null then 'a Chave' else 'o Código' end, coalesce(p_id::text, p_key));
  end if;
end $$;

/* Synthetic titles: as untidy as real ones, and for the same clients, month and number always the
 * same. */

/* The titles of a month, numbered by n: p_count that were registered in it, and 2 % more that were
 * registered in the month before and altered in it.  Of six in a row, three are sales of their own
 * and three the instalments of one. */
create or replace function sandbox.omie_title_rows(p_month date, p_count int) returns table (
  n int, id bigint, sale bigint, part int, parts int, h bigint, registered date,
  included timestamp, altered timestamp, due date, status text, amount numeric)
language sql stable as $$
  select k, 2000000000 + (months - old::int) * 1000000 + case when old then 499999 + k - p_count else k end
              + case when k % 9 = 0 then 10000000000 else 0 end,
         a.sale, a.part, a.parts, b.h, b.registered, b.included,
         case when old or k % 25 = 3
              then p_month + case when old then interval '0' else interval '1 month' end
                   + make_interval(days => (b.g % 28)::int, secs => 28800 + ((b.g >> 8) % 36000)::int)
              when b.g % 3 = 0 then b.included
              else least(b.included + make_interval(secs => ((b.g >> 8) % 864000)::int),
                         p_month + interval '1 month' - interval '1 second') end,
         b.registered + case when a.parts > 1 then 30 * a.part
                             else (array[0, 7, 15, 28, 30, 45])[1 + b.h % 6] end,
         case when k % 33 = 8 then 'CANCELADO' when b.g % 10 < 6 then 'RECEBIDO'
              when b.g % 10 = 6 then 'LIQUIDADO' end,
         trim_scale(round((1000 + b.h % 800000) / 100.0, (b.h >> 24)::int % 3))
    from generate_series(1, p_count + ceil(p_count * 0.02)::int) as k,
         lateral (select k > p_count as old, p_month - date '2000-01-01' as since,
                         (extract(year from p_month)::bigint - 2000) * 12
                           + extract(month from p_month)::int as months,
                         (p_month + interval '1 month')::date - p_month as days) m,
         lateral (select case when old then k else (k - 1) / 6 * 4 + least((k - 1) % 6, 3) + 1 end::bigint
                           as sale,
                         case when old then 1 else greatest((k - 1) % 6 - 2, 1) end as part,
                         case when old or (k - 1) % 6 < 3 then 1 else 3 end as parts) a,
         lateral (select hashint8extended(a.sale, since) & 9007199254740991 as h,
                         hashint8extended(k, since + 1) & 9007199254740991 as g) h,
         lateral (select h.h, h.g, case when old then p_month - 1 - (h.h % 20)::int
                         else p_month + ((k - a.part)::bigint * days / p_count)::int end as registered) r,
         lateral (select r.h, r.g, r.registered, r.registered + make_interval(
                           secs => 28800 + ((r.h >> 12) % 36000)::int) as included) b;
$$;

/* A seeded title as it is listed.  One without a status of its own says A VENCER, which
 * sandbox.omie_title_shown replaces. */
create or replace function sandbox.omie_title_body(id bigint, client bigint, n int, h bigint,
  part int, parts int, registered date, included timestamp, altered timestamp, due date,
  issued date, status text, amount numeric, code text)
returns text language sql stable as $$
  select format(concat(
    '{"boleto":{"cGerado":"%s","cNumBancario":"","cNumBoleto":"","dDtEmBol":"","nPerJuros":0,"nPerMulta":0},',
    '"categorias":[{"codigo_categoria":"%s","percentual":100,"valor":%s}],"codigo_categoria":"%2$s",',
    '"codigo_cliente_fornecedor":%4$s,"codigo_lancamento_integracao":"%s","codigo_lancamento_omie":%s,',
    '%s"codigo_tipo_documento":"%s",%s%s"data_previsao":"%s","data_registro":"%s",',
    '"data_vencimento":"%s","distribuicao":[],"id_conta_corrente":%s,"id_origem":"%s",',
    '"info":{"cImpAPI":"%s","dAlt":"%s","dInc":"%s","hAlt":"%s","hInc":"%s","uAlt":"P%s","uInc":"P%s"},',
    '%s"numero_parcela":"%s","status_titulo":"%s","tipo_agrupamento":"I","valor_documento":%3$s}'),
    case when h % 3 = 0 then 'S' else 'N' end,
    (array['1.01.01', '1.01.02', '1.01.03', '1.02.01'])[1 + (h >> 4) % 4], amount, client, code, id,
    case when n % 10 = 1 then format('"codigo_projeto":%s,', 2485980001 + n % 3) end,
    case when h % 3 = 0 then 'BOL' when issued is null then '99999' else (array['NF', 'PIX'])[1 + h % 2] end,
    case when n % 4 = 1 then format('"codigo_vendedor":%s,', 2485970001 + h % 7) end,
    '"data_emissao":"' || to_char(issued, 'DD/MM/YYYY') || '",',
    to_char(due, 'DD/MM/YYYY'), to_char(registered, 'DD/MM/YYYY'), to_char(due, 'DD/MM/YYYY'),
    2485990001 + h % 3,
    case when code <> '' then 'APIR' when issued is null then 'MANR' else 'VENR' end,
    case when code <> '' then 'S' else 'N' end,
    to_char(altered, 'DD/MM/YYYY'), to_char(included, 'DD/MM/YYYY'),
    to_char(altered, 'HH24:MI:SS'), to_char(included, 'HH24:MI:SS'),
    '000' || 100000 + h % 89, '000' || 100000 + h % 97,
    case when issued is not null
         then format('"numero_documento":"%s","numero_documento_fiscal":"%1$s",',
                     lpad((h % 99999999)::text, 8, '0')) end,
    format('%s/%s', lpad(part::text, 3, '0'), lpad(parts::text, 3, '0')), coalesce(status, 'A VENCER'));
$$;

/* Gives an app the titles of a month; those that an earlier seed of this month gave are gone.  Ids
 * are 2·10⁹ + a million for each month since 2000, every ninth 10¹⁰ more, so p_count ends below
 * half a million. */
create or replace function sandbox.omie_seed_titles(p_app text, p_month date, p_count int)
returns void language plpgsql as $$
declare
  first_day date := date_trunc('month', p_month::timestamp);
  clients bigint[] := coalesce(
    (select array_agg(id order by position) from sandbox.omie_client
      where app_key = p_app and id is not null),
    array(select 2000000000 + generate_series(1, 200)));
begin
  if p_count >= 499999 then
    raise 'a month has room for 499,998 titles';
  end if;
  delete from sandbox.omie_title where app_key = p_app and seeded_for = first_day;
  insert into sandbox.omie_title (app_key, position, id, integration_code, client, account, project,
    seller, registered, issued, included, altered, due, status, from_api, seeded_for, extra, body)
  select p_app, r.id, r.id, nullif(code, ''), client, 2485990001 + r.h % 3,
         case when r.n % 10 = 1 then 2485980001 + r.n % 3 end,
         case when r.n % 4 = 1 then 2485970001 + r.h % 7 end,
         r.registered, issued, r.included::date, r.altered::date, r.due, r.status, code <> '', first_day,
         case when r.n % 7 = 0 then '{"observacao":"Venda a prazo.|Boleto por e-mail."}' else '{}' end::jsonb,
         sandbox.omie_title_body(r.id, client, r.n, r.h, r.part, r.parts, r.registered, r.included,
                                 r.altered, r.due, issued, r.status, r.amount, code)
    from (select i - 1 as nth, id from unnest(clients) with ordinality as c (id, i)) c (nth, client)
    join sandbox.omie_title_rows(first_day, p_count) r
      on c.nth = (r.sale - 1) % cardinality(clients),
         lateral (select case when r.h % 5 = 1 then 'VENDA-' || r.id else '' end as code,
                         case when r.h % 5 > 0 then r.registered - (r.h % 20 = 7)::int end as issued) d
   order by r.id;
end $$;

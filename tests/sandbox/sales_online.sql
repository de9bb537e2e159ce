/* Online Software's sales. */

create or replace function sandbox.sale_put(p_token text, p_day date, p_record json)
returns void language sql as $$
  insert into sandbox.online_organization values (p_token) on conflict do nothing;
  insert into sandbox.online_sale (token, day, id, body)
  values (p_token, p_day,
          case when json_typeof(p_record) = 'object'
               then coalesce(p_record->>'id', p_record->>'idsw') end, p_record);
$$;

/* "05/03/2026"; null when it is no date. */
create or replace function sandbox.sale_day(p_text text) returns date
language plpgsql immutable as $$
begin
  return case when p_text ~ '^\d\d/\d\d/\d{4}' then to_date(left(p_text, 10), 'DD/MM/YYYY') end;
exception when others then
  return null;
end $$;

create or replace function sandbox.sale_change(p_token text, p_id text, p_members json)
returns void language plpgsql as $$
begin
  update sandbox.online_sale
     set body = sandbox.json_merge(body, p_members),
         day = coalesce(sandbox.sale_day(p_members->>'data'), day)
   where token = p_token and id = p_id;
  if not found then
    raise 'there is no sale % of %', p_id, p_token;
  end if;
end $$;

/* A whole item and a whole record, the given members in place of the usual ones. */
create or replace function sandbox.sale_item(p_members json default '{}') returns json
language sql stable as $$
  select sandbox.json_merge(
    '{"codigo":"10","descricao":"CAMISETA AZUL","unidade":"UN","grupo":"CAMISETAS","ncm":"61091000",
      "tipo":"Produto","qtde":"1","valorunit":"100.00","vprod":"100.00","vdesc":"0.00",
      "vcusto":40.00,"baseicms":"0.00","percent":"0.00","icms":"0.00","cst_icms":"102",
      "csosn":"102","cst_pis":"49","cfop":"5102","vfrete":"0.00","vseg":"0.00","voutro":"0.00",
      "vipi":"0.00","vicmsst":"0.00","vicms_desonera":"0.00","cest":""}', p_members);
$$;

create or replace function sandbox.sale_record(p_day date, p_members json default '{}') returns json
language sql stable as $$
  select sandbox.json_merge(
    ('{"id":"1001","cliente":"MARIA SOUZA","clientefone":null,"clientecelular":null,'
     || '"documento":"1001","modelo":"DV","movimento":"RECEITAS","natureza":"SN01",'
     || '"parceiro":null,"chave":"","serie":"0","situacao":"00","tipo":"Venda de produtos",'
     || '"valor":"100.00","vendedor":"N/A","data":"' || to_char(p_day, 'DD/MM/YYYY')
     || '","itens":[]}')::json, p_members);
$$;

/* The sales of a window, ready to send. */
create or replace function sandbox.online_list(p_token text, p_from date, p_to date)
returns text language plpgsql stable as $$
begin
  return (select string_agg(body::text, ',' order by position) from sandbox.online_sale
           where token = p_token and day between p_from and p_to);
end $$;

/* Words without JSON's escapes. */
create or replace function sandbox.plain_words(p_words text[]) returns text[]
language sql immutable as $$
  select array_agg(('"' || word || '"')::jsonb #>> '{}' order by n)
    from unnest(p_words) with ordinality as w (word, n);
$$;

/* The k-th buyer: another name and another phone than every other of the first three million. */
create or replace function sandbox.buyer_name(k int, firsts text[], lasts text[]) returns text
language sql immutable as $$
  select firsts[1 + k % 20] || ' ' || lasts[1 + k / 20 % 21] || ' ' || lasts[1 + k / 420 % 21] || ' '
      || lasts[1 + k / 8820 % 21] || ' ' || lasts[1 + k / 185220 % 21];
$$;
create or replace function sandbox.buyer_phone(k int) returns text language sql immutable as $$
  select format('(%s) 9%s-%s', 11 + k % 9, lpad((k / 9 / 10000 % 10000)::text, 4, '0'),
                lpad((k / 9 % 10000)::text, 4, '0'));
$$;

/* The items of a sale, 1 to 6, and what they come to. */
create or replace function sandbox.seed_items(h bigint, out items json, out total numeric)
language sql immutable as $$
  select json_agg(json_build_object(
           'codigo', (1000 + code)::text, 'descricao', 'PRODUTO ' || (1000 + code), 'unidade', 'UN',
           'grupo', 'GRUPO ' || code % 12, 'ncm', '61091000', 'tipo', 'Produto',
           'qtde', quantity::text, 'valorunit', price::text, 'vprod', (price * quantity)::text,
           'vdesc', discount::text, 'vcusto', round(price * quantity * 0.4, 2),
           'baseicms', '0.00', 'percent', '0.00', 'icms', '0.00', 'cst_icms', '102',
           'csosn', '102', 'cst_pis', '49', 'cfop', '5102', 'vfrete', '0.00', 'vseg', '0.00',
           'voutro', '0.00', 'vipi', '0.00', 'vicmsst', '0.00', 'vicms_desonera', '0.00',
           'cest', '') order by n),
         sum(price * quantity - discount)
    from generate_series(1, (1 + h % 6)::int) as n,
         lateral (select ((h >> 8) + n * 7919) % 300 as code) c,
         lateral (select round(4.9 + (code * 37 % 195)::numeric, 2) as price,
                         1 + ((h >> 16) + n) % 3 as quantity,
                         case when ((h >> 20) + n) % 10 = 0 then 1.50 else 0.00 end as discount) p;
$$;

create or replace function sandbox.sales_seed(p_token text, p_day date, p_count int,
                                              p_buyers int default null)
returns void language sql as $$
  insert into sandbox.online_organization values (p_token) on conflict do nothing;
  insert into sandbox.online_sale (token, day, id, body)
  select p_token, p_day, number,
         json_build_object(
           'id', number,
           'cliente', case when n % 17 = 0 then 'AO CONSUMIDOR'
                           else sandbox.buyer_name(buyer, firsts, lasts) end,
           'clientefone', null,
           'clientecelular', case when n % 17 <> 0 then sandbox.buyer_phone(buyer) end,
           'documento', number, 'modelo', 'DV', 'movimento', 'RECEITAS',
           'natureza', case when n % 29 = 0 then 'SN02' when n % 41 = 0 then 'SN99' else 'SN01' end,
           'parceiro', case when n % 20 = 0 then regexp_replace(
             sandbox.br_cpf(200000000 + n % 500), '\D', '', 'g') end,
           'chave', '', 'serie', '0', 'situacao', '00', 'tipo', 'Venda de produtos',
           'valor', i.total::text,
           'vendedor', case when n % 13 = 0 then 'N/A' else firsts[1 + n % 12] end,
           'data', to_char(p_day, 'DD/MM/YYYY'), 'itens', i.items)
    from (select sandbox.plain_words(w.firsts) as firsts, sandbox.plain_words(w.lasts) as lasts
            from sandbox.omie_seed_words() w) words,
         generate_series(1, p_count) as n,
         lateral (select hashint8extended(n, p_day - date '2020-01-01') & 9007199254740991 as h,
                         to_char(p_day, 'YYMMDD') || lpad(n::text, 6, '0') as number) k,
         lateral (select case when p_buyers > 0 then (h % p_buyers)::int
                              when n % 3 = 0
                              then 1000 + (p_day - date '2020-01-01') % 30 * 100000 + n
                              else (h % 200)::int end as buyer) b,
         lateral sandbox.seed_items(h) i
   order by n;
$$;

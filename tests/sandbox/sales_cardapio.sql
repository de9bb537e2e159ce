/* CardapioWeb's orders. */

create or replace function sandbox.order_instant(p_text text) returns timestamptz
language plpgsql stable as $$
begin
  return p_text::timestamptz;
exception when others then
  return null;
end $$;

/* An instant as CardapioWeb writes it. */
create or replace function sandbox.order_time(p_at timestamptz) returns text
language sql immutable as $$
  select to_char(p_at at time zone interval '-03:00', 'YYYY-MM-DD"T"HH24:MI:SS.MS"-03:00"');
$$;

create or replace function sandbox.order_put(p_merchant text, p_order json)
returns void language sql as $$
  insert into sandbox.cardapio_store values (p_merchant, 'chave-de-ensaio-' || p_merchant)
  on conflict do nothing;
  insert into sandbox.cardapio_order (merchant, id, status, created, light, body)
  select p_merchant, (p_order->>'id')::bigint, p_order->>'status',
         coalesce(sandbox.order_instant(p_order->>'created_at'), clock_timestamp()),
         '{' || string_agg(to_json(key)::text || ':' || value, ',' order by n) || '}', p_order
    from json_each(p_order) with ordinality as m (key, value, n)
   where key in ('id', 'status', 'order_type', 'order_timing', 'sales_channel', 'created_at',
                 'updated_at')
  on conflict (merchant, id) do update
     set status = excluded.status, created = excluded.created, light = excluded.light,
         body = excluded.body;
$$;

create or replace function sandbox.order_change(p_merchant text, p_id bigint, p_members json)
returns void language plpgsql as $$
declare
  known json := (select body from sandbox.cardapio_order where merchant = p_merchant and id = p_id);
  moved timestamptz := greatest(clock_timestamp(),
    sandbox.order_instant(known->>'updated_at') + interval '1 second');
begin
  if known is null then
    raise 'there is no order % of %', p_id, p_merchant;
  end if;
  if p_members->'updated_at' is null then
    known := sandbox.json_merge(known, json_build_object('updated_at', sandbox.order_time(moved)));
  end if;
  perform sandbox.order_put(p_merchant, sandbox.json_merge(known, p_members));
end $$;

/* A whole order, the given members in place of the usual ones. */
create or replace function sandbox.order_record(p_members json default '{}') returns json
language sql volatile as $$
  select sandbox.json_merge(
    ('{"id":5001,"display_id":1,"external_display_id":null,"merchant_id":10001,"status":"closed",'
     || '"order_type":"delivery","order_timing":"immediate","sales_channel":"catalog",'
     || '"customer_origin":null,"delivered_by":"merchant","table_number":null,'
     || '"estimated_time":40,"cancellation_reason":null,"fiscal_document":null,'
     || '"observation":null,"delivery_fee":0,"service_fee":0,"additional_fee":0,"total":50.00,'
     || '"created_at":"' || made || '","updated_at":"' || made || '","schedule":null,'
     || '"customer":{"id":70001,"name":"João Lima","phone":"11987654321"},'
     || '"delivery_address":null,"items":[{"item_id":7,"order_item_id":1,"external_code":"A1",'
     || '"name":"Pizza grande","quantity":1,"unit_price":50.00,"total_price":50.00,'
     || '"kind":"regular_item","status":"ok","observation":null,"options":[]}],"discounts":[],'
     || '"payments":[{"total":50.00,"payment_method":"pix","payment_type":"online",'
     || '"payment_fee":0,"change_for":null,"status":"paid"}]}')::json, p_members)
    from sandbox.order_time(coalesce(sandbox.order_instant(p_members->>'created_at'),
                                     clock_timestamp())) as made;
$$;

/* What is wrong with a history's window; null: nothing. */
create or replace function sandbox.cardapio_complaint(p_from text, p_to text) returns text
language plpgsql stable as $$
declare
  iso constant text := '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$';
  starts timestamptz := case when p_from ~ iso then sandbox.order_instant(p_from) end;
  ends timestamptz := case when p_to ~ iso then sandbox.order_instant(p_to) end;
begin
  return case
    when starts is null then 'start_date is missing or invalid'
    when ends is null then 'end_date is missing or invalid'
    when ends < starts then 'end_date must be after start_date'
    when ends > starts + interval '6 months' then 'the period must not exceed 6 months'
    when starts < now() - interval '3 years' then 'start_date must be within the last 3 years' end;
end $$;

create or replace function sandbox.cardapio_history(
  p_merchant text, p_from text, p_to text, p_states text[], p_page int, p_size int,
  out complaint text, out total bigint, out orders text)
language plpgsql stable as $$
begin
  complaint := sandbox.cardapio_complaint(p_from, p_to);
  if complaint is not null then
    return;
  end if;
  select count(*), string_agg(light, ',' order by n)
           filter (where n > (p_page - 1) * p_size and n <= p_page::bigint * p_size)
    into total, orders
    from (select light, row_number() over (order by created, id) as n from sandbox.cardapio_order
           where merchant = p_merchant and created between p_from::timestamptz and p_to::timestamptz
             and (cardinality(p_states) = 0 or status = any (p_states))) o;
end $$;

/* The n-th is created n times 50 ms after midnight, so that those of today are not still to come. */
create or replace function sandbox.orders_seed(p_merchant text, p_day date, p_count int)
returns void language sql as $$
  select sandbox.order_put(p_merchant, json_build_object(
           'id', (p_day - date '2020-01-01') * 100000 + n, 'display_id', n,
           'external_display_id', null, 'merchant_id', 10001,
           'status', case when n % 9 = 0 then 'canceled' else 'closed' end,
           'order_type', (array['delivery', 'takeout', 'onsite'])[1 + n % 3],
           'order_timing', 'immediate',
           'sales_channel', (array['catalog', 'ifood', 'portal', 'whatsapp_extension'])[1 + n % 4],
           'delivered_by', 'merchant', 'table_number', null, 'fiscal_document', null,
           'observation', null, 'delivery_fee', 5.00, 'service_fee', 0, 'additional_fee', 0,
           'total', price * 2 + 5.00, 'created_at', made, 'updated_at', made,
           'customer', case when n % 17 <> 0 then json_build_object(
             'id', 700000 + buyer, 'name', sandbox.buyer_name(buyer, firsts, lasts),
             'phone', regexp_replace(sandbox.buyer_phone(buyer), '\D', '', 'g')) end,
           'items', json_build_array(json_build_object(
             'item_id', 100 + n % 40, 'order_item_id', n, 'external_code', 'A' || n % 40,
             'name', 'Prato ' || n % 40, 'quantity', 2, 'unit_price', price,
             'total_price', price * 2, 'kind', 'regular_item', 'status', 'ok',
             'observation', null, 'options', json_build_array())),
           'discounts', json_build_array(), 'payments', json_build_array()))
    from (select sandbox.plain_words(w.firsts) as firsts, sandbox.plain_words(w.lasts) as lasts
            from sandbox.omie_seed_words() w) words,
         generate_series(1, p_count) as n,
         lateral (select case when n % 3 = 0
                              then 1000 + (p_day - date '2020-01-01') % 30 * 100000 + n
                              else n % 200 end as buyer,
                         round(12.90 + n % 40, 2) as price,
                         sandbox.order_time((p_day + n * interval '50 ms')
                                            at time zone 'America/Sao_Paulo') as made) o;
$$;

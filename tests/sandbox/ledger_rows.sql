/* What the dialects have in common: pages, days, amounts, and rows that a test put. */

create or replace function sandbox.ledger_put(
  p_who text, p_kind text, p_body text, p_key text default null, p_day date default null)
returns void language sql as $$
  insert into sandbox.ledger_row (who, kind, key, day, body) values (p_who, p_kind, p_key, p_day, p_body);
$$;

/* A JSON text, or null. */
create or replace function sandbox.js(p_text text) returns text language sql immutable as $$
  select coalesce(to_json(p_text)::text, 'null');
$$;

/* A date written so (to_date's pattern), null when it is none. */
create or replace function sandbox.ledger_day(p_text text, p_format text) returns date
language plpgsql immutable as $$
begin
  return case when to_char(to_date(p_text, p_format), p_format) = p_text
              then to_date(p_text, p_format) end;
exception when others then
  return null;
end $$;

/* The part of a list that a page is.  `size` null: all of it, where no page was asked for; `page`
 * null: what was asked for is no number.  The rows to look for are `size` + 1 from `skip` on, so that
 * one sees whether more follow. */
create or replace function sandbox.ledger_place(
  p_service text, p_page text, p_size text, p_usual int, p_most int, p_behaviour text,
  out page int, out size int, out skip bigint)
language plpgsql stable as $$
begin
  if coalesce(p_page, '1') !~ '^[1-9]\d{0,7}$' or coalesce(p_size, '1') !~ '^[1-9]\d{0,5}$' then
    return;
  end if;
  page := coalesce(p_page, '1')::int;
  size := least(coalesce(p_size::int, p_usual), p_most);
  skip := case when p_behaviour = 'repeat' then 0
               else (page - 1)::bigint * (size - sandbox.sales_setting(p_service, 'shift')::int) end;
end $$;

/* Rows that were put; is_put is false when there are none of this kind at all.  n: how many were found
 * from `skip` on, one more than a page at the most. */
create or replace function sandbox.ledger_put_rows(
  p_who text, p_kind text, p_key text, p_from date, p_to date, p_skip bigint, p_size int,
  out is_put boolean, out rows text, out n bigint, out total bigint)
language plpgsql stable as $$
begin
  is_put := exists (select from sandbox.ledger_row r where r.who = p_who and r.kind = p_kind);
  if not is_put then
    return;
  end if;
  select string_agg(body, ',' order by place) filter (where place <= p_size or p_size is null), count(*)
    into rows, n
    from (select body, row_number() over (order by position) as place
            from (select position, body from sandbox.ledger_row r
                   where r.who = p_who and r.kind = p_kind
                     and (key is null or p_key is null or key = p_key)
                     and (day is null or p_from is null or day between p_from and p_to)
                   order by position offset p_skip limit p_size + 1) page) placed;
  select count(*) into total from sandbox.ledger_row r
   where r.who = p_who and r.kind = p_kind and (key is null or p_key is null or key = p_key)
     and (day is null or p_from is null or day between p_from and p_to);
end $$;

create or replace function sandbox.ledger_company_of(p_who text) returns sandbox.ledger_company
language sql stable as $$
  select c from sandbox.ledger_company c where who = p_who;
$$;

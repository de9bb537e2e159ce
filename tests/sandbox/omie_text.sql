/* JSON as Omie writes it: members in alphabetical order, everything outside ASCII as \uxxxx. */

/* Escapes what is outside ASCII in a JSON text. */
create or replace function sandbox.omie_escape(json text) returns text
language sql immutable strict as $$
  select case when octet_length(json) = length(json) then json
    else (select string_agg(case
                   when point < 128 then letter
                   when point < 65536 then '\u' || lpad(to_hex(point), 4, '0')
                   else '\u' || to_hex(55296 + ((point - 65536) >> 10)) ||
                        '\u' || to_hex(56320 + ((point - 65536) & 1023)) end, '' order by n)
            from unnest(string_to_array(json, null)) with ordinality as l (letter, n),
                 ascii(letter) as point) end;
$$;

create or replace function sandbox.omie_json(value jsonb) returns text
language plpgsql immutable as $$
begin
  case jsonb_typeof(value)
  when 'object' then
    return (select '{' || coalesce(string_agg(
                     sandbox.omie_escape(to_jsonb(m.key)::text) || ':' || sandbox.omie_json(m.value),
                     ',' order by m.key collate "C"), '') || '}'
              from jsonb_each(value) m);
  when 'array' then
    return (select '[' || coalesce(string_agg(sandbox.omie_json(e.value), ',' order by e.n), '') || ']'
              from jsonb_array_elements(value) with ordinality as e (value, n));
  when 'string' then
    return sandbox.omie_escape(value::text);
  else
    return value::text;
  end case;
end $$;

/* The body of a fault, for sandbox.omie_fault. */
create or replace function sandbox.omie_fault_text(code text, message text) returns text
language sql immutable as $$
  select sandbox.omie_json(jsonb_build_object('faultcode', code, 'faultstring', message));
$$;

/* "dd/mm/aaaa" and "hh:mm:ss" (absent: midnight); null when the date is no date. */
create or replace function sandbox.omie_moment(day text, hour text) returns timestamp
language plpgsql immutable as $$
begin
  return to_timestamp(day || ' ' || coalesce(nullif(hour, ''), '00:00:00'),
                      'DD/MM/YYYY HH24:MI:SS')::timestamp;
exception when others then
  return null;
end $$;

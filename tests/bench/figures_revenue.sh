# What is measured of revenue and its reconciliation (sourced by tests/bench/run, after figures.sh).
# shellcheck shell=sh disable=SC2154

TITLES=50000 TITLE_PAGES=100
TITLES_MONTH=2025-01

# ---- what the programs have to do ---------------------------------------------------------------

# The titles of a month as the sandbox seeds them, for 2,000 clients; and the same as if every one
# were of another client, and none cancelled.  Each as pages of 500 a line, and (.rows) as the code,
# value and id of those that count.  Made once.
make_titles() {
  [ ! "$many.rows" -nt "$ROOT/tests/sandbox/omie_titles_seed.sql" ] || return 0
  psql_as_migrator >/dev/null <<SQL && mv "$many.rows.new" "$many.rows"
insert into sandbox.omie_app values ('1', 'x') on conflict do nothing;
select sandbox.omie_seed_clients('1', 2000);
select sandbox.omie_seed_titles('1', '$TITLES_MONTH-01', $TITLES);
create temporary table title as
select name, (row_number() over (partition by name order by position) - 1) / 500 + 1 as page, position, served.body
  from sandbox.omie_title t,
       lateral sandbox.omie_title_shown(t, 'cadastro', '2025-02-15') as shown,
       lateral (values ('few', shown),
                       ('many', replace(regexp_replace(shown, '"codigo_cliente_fornecedor":\d+',
                                                       '"codigo_cliente_fornecedor":' || id),
                                        '"CANCELADO"', '"RECEBIDO"'))) as served (name, body)
 where app_key = '1' and month = '$TITLES_MONTH-01';
create temporary view pages as
select name, format('{"pagina":%s,"total_de_paginas":$TITLE_PAGES,"registros":%s,"total_de_registros":$TITLES,',
                    page, count(*))
             || '"conta_receber_cadastro":[' || string_agg(body, ',' order by position) || ']}' as text
  from title group by name, page order by page;
create temporary view counted as
select name, concat_ws(E'\t', r->>'codigo_cliente_fornecedor', r->>'valor_documento',
                       r->>'codigo_lancamento_omie') as text
  from title, lateral (select body::jsonb) as record (r)
 where r->>'status_titulo' <> 'CANCELADO' order by position;
\o '$few'
select text from pages where name = 'few';
\o '$few.rows'
select text from counted where name = 'few';
\o '$many'
select text from pages where name = 'many';
\o '$many.rows.new'
select text from counted where name = 'many';
\o
delete from sandbox.omie_title where app_key = '1';
truncate sandbox.omie_client;
SQL
}

serve_titles() { program restart sandbox:omie/api/v1/financas/contareceber BENCH_PAGES="$1"; }
serve_revenue() { program restart cron/sync-omie-revenue ROUTE_WORKERS=1 OMIE_PER_MINUTE=0; }
empty_snapshot() {
  sql 'truncate fin.erp_revenue_snapshot' && sql 'vacuum analyze fin.erp_revenue_snapshot' && sql 'checkpoint'
}
snapshot() { sql "select count(*), sum(valor) from fin.erp_revenue_snapshot where period = '$TITLES_MONTH-01'"; }

# ---- revenue ------------------------------------------------------------------------------------

# COPY and one insert; what it stored is what the job has to store.
revenue_floor() { # PAGES SERIES
  empty_snapshot && result=$(psql_as_migrator <<SQL
create temporary table incoming (code text, value numeric, id bigint);
select from fin.erp_revenue_snapshot limit 1;
select clock_timestamp() as begun \gset
begin;
\copy pg_temp.incoming from '$1.rows'
insert into fin.erp_revenue_snapshot (period, omie_codigo, valor)
select '$TITLES_MONTH-01', code, sum(value) from pg_temp.incoming group by code;
commit;
select extract(epoch from clock_timestamp() - :'begun');
SQL
  ) && record "$2" "$result" && expected=$(snapshot)
}

# The job through nginx, after a floor with the same titles; it adds its seconds to a series.
revenue_once() { # SERIES
  answer=$(curl -sS -K "$STATE_DIR/curl" -X POST -w ' %{http_code} %{time_total}' \
    "$url/api/cron/sync-omie-revenue?period=$TITLES_MONTH") || return 1
  case $answer in
  *"\"recordCount\":${expected%|*},"*" 200 "*) record "$1" "${answer##* }" ;;
  *) say "unexpected answer: $answer" >&2 && return 1 ;;
  esac
  [ "$(snapshot)" = "$expected" ] || { say "stored $(snapshot), not $expected" >&2 && return 1; }
}

revenue_round() { # PAGES SERIES
  revenue_floor "$1" "floor_$2" && empty_snapshot && revenue_once "$2"
}

# Every transaction that writes the snapshot leaves its id, whatever statement it does it with.
watch_snapshot() {
  psql_as_migrator <<'SQL'
create schema bench;
create table bench.writer (id xid8 primary key);
create function bench.note_writer() returns trigger language plpgsql security definer as $$
begin
  insert into bench.writer values (pg_current_xact_id()) on conflict do nothing;
  return null;
end $$;
create trigger writers after insert or update or delete or truncate on fin.erp_revenue_snapshot
  execute function bench.note_writer();
SQL
}
leave_snapshot() { sql 'set client_min_messages = warning; drop schema bench cascade'; }

# What the programs asked the database since a line of its log, one function or table a line; without
# begin, commit and claims.
log_lines() { wc -l <"$PG_DIR/postgres.log"; }
asked_since() {
  tail -n "+$(($1 + 1))" "$PG_DIR/postgres.log" | grep -E ' ponte LOG:  (execute [^:]*|statement): ' |
    sed 's/.* LOG:  [^:]*: //' | grep -vE "^(begin|commit|rollback|select set_config\('role')" |
    sed -E 's/^.*\<((ponte|fin|erp)\.[a-z_]+)\(.*$/\1/'
}
count_asked() { grep -cE "$2" "$results/asked_$1"; } # NAME PATTERN
list_asked() { sort "$results/asked_$1" | uniq -c | awk '{ printf "%s%s %d", sep, $2, $1; sep = ", " }'; }

# A fresh worker's whole life, its statements logged.
revenue_run() { # NAME PAGES
  serve_titles "$2" && serve_revenue && revenue_floor "$2" scratch && empty_snapshot && watch_snapshot &&
    log_statements all && before=$(log_lines) && revenue_once "logged_$1" || return 1
  asked_since "$before" >"$results/asked_$1" && [ -s "$results/asked_$1" ] || return 1
  record "gate_$1" "$(count_asked "$1" '^erp\.')"
  record "asked_of_data_$1" "$(($(count_asked "$1" .) - $(series "gate_$1")))"
  memory=$(peak_memory cron/sync-omie-revenue) && record "memory_$1" "$memory" &&
    log_statements none && record "writers_$1" "$(sql 'select count(*) from bench.writer')" && leave_snapshot
}

revenue_verdicts() { # NAME CODES
  line "gate calls for a page, $2 codes" "$(calc %.2f "$(series "gate_$1") / $TITLE_PAGES")" "$(list_asked "$1")"
  verdict "peak RSS, $2 codes, MB" "$(series "memory_$1")" "at most" 48
  verdict "transactions that write the month, $2 codes" "$(series "writers_$1")" exactly 1
  verdict "statements but enter_call, $2 codes" "$(series "asked_of_data_$1")" "at most" 3
}

# The first run of a worker, which connects, is not counted.
revenue_rounds() { # PAGES SERIES
  serve_titles "$1" && serve_revenue && revenue_round "$1" scratch || return 1
  for round in $(rounds); do
    revenue_round "$1" "$2" && fetch_once 1 "fetch_$2" "$omie_titles" "$TITLE_PAGES" || return 1
  done
}

figure_revenue() {
  headline "Revenue of a month of 50,000 titles ($TITLE_PAGES pages, $(($(wc -c <"$few") / 1000000)) MB)"
  revenue_rounds "$few" revenue && revenue_rounds "$many" revenue_many &&
    revenue_run few "$few" && revenue_run many "$many" || return 1
  rate_line "floor: COPY, one insert" "$TITLES" floor_revenue
  rate_line "stored by the job, 2,000 codes" "$TITLES" revenue
  rate_line "floor, 50,000 codes" "$TITLES" floor_revenue_many
  rate_line "stored by the job, 50,000 codes" "$TITLES" revenue_many
  rate_line "the page server alone (TLS)" "$TITLES" fetch_revenue
  line "job / floor" "$(ratio floor_revenue revenue)" "50,000 codes: $(ratio floor_revenue_many revenue_many)"
  revenue_verdicts few 2,000
  revenue_verdicts many 50,000
}

# ---- reconciliation -----------------------------------------------------------------------------

# 10,000 clients with a contract, and the current month's revenue: half of the MRR for every n-th of
# them, for the others 1 % less than it.
arrange_reconciliation() { # N
  psql_as_migrator <<SQL
truncate fin.clients, fin.contracts, fin.erp_revenue_snapshot;
insert into fin.clients (name, document, contact_email, omie_codigo)
select format('Cliente %s Comércio e Serviços Ltda', i), lpad(i::text, 14, '0'),
       format('financeiro%s@cliente.com.br', i), 2485000000 + i
  from generate_series(1, 10000) i;
insert into fin.contracts (client_id, mrr, start_date)
select id, 500 + omie_codigo::bigint * 7919 % 400000 / 100.0, '2025-01-01' from fin.clients;
insert into fin.erp_revenue_snapshot (period, omie_codigo, valor)
select date_trunc('month', ponte.local_date(now(), 'America/Sao_Paulo')), omie_codigo,
       mrr * case when omie_codigo::bigint % $1 = 0 then 0.5 else 0.99 end
  from fin.clients c join fin.contracts k on k.client_id = c.id;
vacuum analyze fin.clients, fin.contracts, fin.erp_revenue_snapshot;
checkpoint;
SQL
}

serve_reconciliation() { program restart fin/reconciliation ROUTE_WORKERS=4 JWT_ROLE_SOURCE=claim; }

get_reconciliation() { # ALERTS
  answer=$(curl -sS -H "Authorization: Bearer $token" "$url/api/fin/reconciliation") || return 1
  case $answer in
  *'"source":"snapshot"'*"\"count\":$1,"*) ;;
  *) say "unexpected answer: $(printf %.300s "$answer")" >&2 && return 1 ;;
  esac
}

# Until the workers are through with what wrk asked for last and did not wait for.
settle() { # ALERTS
  for nth in $(seq 4); do
    get_reconciliation "$1" || return 1
  done
}

# The statements of ten GETs, by workers that are connected already or not.
ask_ten_times() { # NAME ALERTS
  log_statements all && before=$(log_lines)
  for nth in $(seq 10); do
    get_reconciliation "$2" || return 1
  done
  asked_since "$before" >"$results/asked_$1"
  record "queries_$1" "$(calc %.2f "$(count_asked "$1" .) / 10")"
  log_statements none
}

reconciliation_run() { # NAME N ALERTS
  arrange_reconciliation "$2" && serve_reconciliation && ask_ten_times "$1" "$3" || return 1
  record "bytes_$1" ${#answer}
  for round in $(seq 3); do
    hammer "$1_8" /api/fin/reconciliation 8 && settle "$3" && hammer "$1_1" /api/fin/reconciliation 1 ||
      return 1
  done
  memory=$(peak_memory fin/reconciliation) && record "memory_$1" "$memory"
}

reconciliation_lines() { # NAME ALERTS
  get_line "$2 beyond, 1 connection" "$1_1"
  get_line "$2 beyond, 8 connections" "$1_8"
  line "$2 beyond, peak RSS of a worker" "$(series "memory_$1") MB" \
    "answer of $(calc %d "$(series "bytes_$1") / 1000") kB; $(list_asked "$1") for ten GETs"
}

figure_reconciliation() {
  headline "Reconciliation of 10,000 clients through nginx, JWT_ROLE_SOURCE=claim, 4 workers (3 rounds)"
  reconciliation_run beyond_5 20 500 && reconciliation_run beyond_all 1 10000 || return 1
  reconciliation_lines beyond_5 500
  reconciliation_lines beyond_all 10,000
  verdict "queries of a GET, 500 beyond" "$(series queries_beyond_5)" exactly 1
  verdict "queries of a GET, 10,000 beyond" "$(series queries_beyond_all)" exactly 1
}

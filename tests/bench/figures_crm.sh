# What is measured of the import of sales (sourced by tests/bench/run, after figures_jobs.sh).
# shellcheck shell=sh disable=SC2034,SC2086,SC2154

COLLECT=cron/data-collecting
ONLINE=sandbox:online-software/listvends
SALES=1000 SALES_MANY=100000 SALES_FEW=5
SHOPS=200     # organizations, all alike; one of them is enough but for the last figure
CROWD=20000   # clients of an organization who buy nothing, with three interactions each
SALES_DAY=2025-01-15
IMPORTED="products sellers clients partners sales sale_items cashback_program_balances
  cashback_program_transactions interactions utils" # in the order in which they refer to each other

# ---- arrangement --------------------------------------------------------------------------------

sales_file() { printf '%s/sales-%s\n' "$BUILD" "$1"; } # COUNT

# A day's sales in one answer; beside it (.known) the buyers who are there before, so that every third
# sale is a new buyer's.  Made once.
make_sales() { # COUNT
  file=$(sales_file "$1")
  [ ! "$file" -nt "$ROOT/tests/sandbox/sales_online.sql" ] || return 0
  psql_as_migrator >"$results/scratch" <<SQL && mv "$file.new" "$file"
select sandbox.sales_seed('bench', '$SALES_DAY', $1);
\o '$file.new'
select '{"resultado":[' || string_agg(body::text, ',' order by position) || ']}' from sandbox.online_sale;
\o '$file.known'
select distinct body ->> 'cliente' from sandbox.online_sale
 where right(id, 6)::integer % 3 <> 0 and body ->> 'cliente' <> 'AO CONSUMIDOR';
\o
select sandbox.sales_reset();
SQL
}

# Each organization gives 5 % cashback and has three campaigns that meet every valid sale and send
# nothing today.
make_shops() {
  psql_as_migrator <<SQL
create schema bench_crm;
create table bench_crm.known (name text);
insert into crm.users (id, nome) values ('bench', 'Bancada');
insert into crm.organizations (id, nome, cnpj, integracao_tipo, integracao_configuracao)
select 'bench-' || i, 'Loja ' || i, lpad(i::text, 14, '0'), 'ONLINE-SOFTWARE', '{"token":"bench"}'
  from generate_series(1, $SHOPS) i;
insert into crm.cashback_programs (
  id, organizacao_id, titulo, acumulo_tipo, acumulo_valor, acumulo_permitir_via_integracao,
  expiracao_regra_validade_valor)
select 'program-' || id, id, 'Cashback', 'PERCENTUAL', 5, true, 60 from crm.organizations;
insert into crm.campaigns (
  id, organizacao_id, titulo, gatilho_tipo, execucao_agendada_valor, execucao_agendada_bloco, autor_id)
select t || '-' || o.id, o.id, t, t::crm.campaign_trigger_type, 2, '09:00', 'bench'
  from crm.organizations o, unnest(array['PRIMEIRA-COMPRA', 'NOVA-COMPRA', 'CASHBACK-ACUMULADO']) t;
insert into crm.campaign_segmentations (organizacao_id, campanha_id, segmentacao)
select c.organizacao_id, c.id, s
  from crm.campaigns c, unnest(array['CLIENTES RECENTES', 'CLIENTES LEAIS']) s;
SQL
}

# Once for all figures: whichever is the first.
prepare_shops() {
  [ ! -f "$results/shops" ] || return 0
  make_shops && : >"$results/shops" || return 1
  set_autovacuum false
}
set_autovacuum() { # true | false
  for table in $IMPORTED organizations; do
    sql "alter table crm.$table set (autovacuum_enabled = $1)"
  done
}

serve_sales() { # COUNT, SETTING of the page server
  make_sales "$1" && prepare_shops &&
    program restart "$ONLINE" BENCH_SALES="$(sales_file "$1")" "BENCH_SLOW=${2:-0}" &&
    psql_as_migrator <<SQL
truncate bench_crm.known;
\copy bench_crm.known from '$(sales_file "$1").known'
SQL
}
serve_collect() { program restart "$COLLECT" ROUTE_WORKERS=1 "$@"; }

tables() { printf 'crm.%s\n' $IMPORTED | paste -sd ,; }

# As before the first sale, statistics and all: the known buyers of bench-1 with an empty balance, and
# so many others of its clients.
arrange_shops() { # CROWD
  psql_as_migrator <<SQL
set client_min_messages = warning;
truncate $(tables) cascade;
insert into crm.clients (id, organizacao_id, nome, analise_rfm_titulo, origem_integracao)
select 'known-' || row_number() over (order by name), 'bench-1', name, 'CLIENTES LEAIS', 'ONLINE-SOFTWARE'
  from bench_crm.known;
insert into crm.clients (id, organizacao_id, nome, telefone, telefone_base, analise_rfm_titulo, origem_integracao)
select 'known-other-' || i, 'bench-1', format('Outro Cliente %s da Silva', i), 'x', 9000000000 + i,
       'CLIENTES LEAIS', 'ONLINE-SOFTWARE'
  from generate_series(1, $1) i;
insert into crm.cashback_program_balances (organizacao_id, cliente_id, programa_id)
select 'bench-1', id, 'program-bench-1' from crm.clients;
alter table crm.interactions disable trigger tell_workers;
insert into crm.interactions (
  organizacao_id, cliente_id, campanha_id, titulo, tipo, data_execucao, proxima_tentativa_em, status_envio)
select 'bench-1', 'known-other-' || i, 'NOVA-COMPRA-bench-1', 'Mensagem', 'ENVIO-MENSAGEM',
       case when n > 1 then now() - n * interval '1 day' end,
       case when n = 1 then now() + interval '9 days' end, case when n > 1 then 'ENVIADO' end
  from generate_series(1, $1) i, generate_series(1, 3) n;
alter table crm.interactions enable trigger tell_workers;
vacuum analyze $(tables);
checkpoint;
SQL
}

# ---- what is run --------------------------------------------------------------------------------

# One call through nginx, of one organization or all; adds its seconds to a series.
collect() { # SERIES created|unchanged SALES [QUERY]
  answer=$(curl -sS -K "$STATE_DIR/curl" -X POST -w ' %{http_code} %{time_total}' \
    "$url/api/$COLLECT?de=$SALES_DAY&ate=$SALES_DAY&${4-organizacao=bench-1}") || return 1
  case $2 in created) counter=vendasCriadas ;; *) counter=vendasInalteradas ;; esac
  [ "$(told status | sort -u)" = OK ] && [ "$(told $counter | tail -n 1)" = "$3" ] &&
    record "$1" "${answer##* }" && return
  say "unexpected answer: $(printf %.1500s "$answer")" >&2 && return 1
}
# All values of a member, in order; the last one is the total.
told() { printf %s "$answer" | grep -o "\"$1\":[^,}]*" | sed 's/[^:]*://; s/"//g'; }

# The rows of the run in files; the known buyers' own were there before.
export_rows() {
  for table in $IMPORTED; do
    columns=$(sql "select string_agg(attname, ', ' order by attnum) from pg_attribute
      where attrelid = 'crm.$table'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
        and attidentity = '' and attname not in ('primeira_compra_id', 'ultima_compra_id')")
    case $table in
    clients) rows="id not like 'known-%'" ;;
    cashback_program_balances) rows="cliente_id not like 'known-%'" ;;
    *) rows=true ;;
    esac
    printf '%s\n' "\\copy (select $columns from crm.$table where $rows) to '$BUILD/$table.rows'" |
      psql_as_migrator || return 1
    printf '%s\n' "\\copy crm.$table ($columns) from '$BUILD/$table.rows'"
  done >"$BUILD/rows.sql"
}

# The same rows into the same tables, all in one transaction, with indexes, keys and triggers.
copy_rows() { # SERIES
  seconds=$(psql_as_migrator <<SQL
select from crm.sales limit 1;
select clock_timestamp() as begun \gset
begin;
\i '$BUILD/rows.sql'
commit;
select extract(epoch from clock_timestamp() - :'begun');
SQL
  ) && record "$1" "$seconds"
}

import_cpu() { # SERIES-PREFIX
  for who in "$COLLECT" "$ONLINE"; do
    record "$1_$(program_slug "$who")" "$(cpu_ms "$(pid_of "$(program_slug "$who")")")" || return 1
  done
  record "$1_postgres" "$(cpu_ms "$(postmaster)")" && record "$1_nginx" "$(cpu_ms "$(pid_of nginx)")"
}

# Statements of the programs since a line of the log, begin, claims and commit too.
statements_since() { tail -n "+$(($1 + 1))" "$PG_DIR/postgres.log" | grep -cE ' ponte LOG:  (execute [^:]*|statement): '; }

# ---- import: new sales --------------------------------------------------------------------------

import_round() {
  arrange_shops 0 && rm -f "$results"/cpu_before_* "$results"/cpu_after_* && import_cpu cpu_before &&
    collect import created "$SALES" && import_cpu cpu_after || return 1
  record import_inside "$(calc %.3f "$(told duracaoMs | head -n 1) / 1000")"
  for who in "$(program_slug "$COLLECT")" "$(program_slug "$ONLINE")" postgres nginx; do
    record "import_cpu_$who" \
      "$(calc %.3f "($(series "cpu_after_$who") - $(series "cpu_before_$who")) / $SALES")"
  done
  export_rows && arrange_shops 0 && before=$(cpu_ms "$(postmaster)") && copy_rows copy &&
    after=$(cpu_ms "$(postmaster)") || return 1
  record copy_cpu "$(calc %.3f "($after - $before) / $SALES")"
  arrange_shops "$CROWD" && collect import_crowded created "$SALES"
}

# Of a worker that is connected already.
import_statements() { # NAME created|unchanged
  log_statements all && before=$(log_lines) && collect scratch "$2" "$SALES" || return 1
  record "counted_$1" "$(statements_since "$before")"
  record "told_$1" "$(told instrucoesSql | tail -n 1)"
  asked_since "$before" | sed -E 's/^.*\<(crm\.[a-z_]+)\(.*$/\1/
    s/^(select|update|insert|delete|with).*\<(crm\.[a-z_]+).*$/\1 \2/' >"$results/asked_$1"
  log_statements none
}
statement_lines() { # WHAT NAME
  line "$1" "$(series "counted_$2")" \
    "in Postgres's log, with begin, claims, commit; instrucoesSql $(series "told_$2"); $(list_asked "$2")"
}

figure_import() {
  headline "Import of $SALES new sales (3.5 items each, a third new buyers, 5 % cashback, three campaigns)"
  serve_sales "$SALES" && serve_collect && arrange_shops 0 && collect scratch created "$SALES" &&
    arrange_shops 0 && import_statements import created || return 1
  for round in $(rounds); do
    import_round || return 1
  done
  rate_line "floor: COPY of the very same rows" "$SALES" copy
  rate_line "import, end to end" "$SALES" import
  rate_line "import beside $CROWD clients" "$SALES" import_crowded
  line "by its own account" "$(median import_inside) s" "[$(series import_inside)]"
  line "CPU for a sale, ms" "" "program $(median "import_cpu_$(program_slug "$COLLECT")"), Postgres $(median import_cpu_postgres), nginx $(median import_cpu_nginx), the ERP $(median "import_cpu_$(program_slug "$ONLINE")"); Postgres for COPY $(median copy_cpu)"
  statement_lines "statements" import
  verdict "statements for a new sale (instrucoesSql)" "$(calc %.3f "$(series told_import) / $SALES")" "at most" 0.3
  verdict "the same, counted in Postgres's log" "$(calc %.3f "$(series counted_import) / $SALES")" "at most" 0.3
  verdict "import / COPY" "$(ratio copy import)" "at least" 0.4
  verdict "time beside $CROWD clients / alone" "$(ratio import_crowded import)" "at most" 1.10
}

# ---- import_again: nothing changed --------------------------------------------------------------

REWRITTEN="'sales', 'sale_items', 'clients', 'cashback_program_balances',
  'cashback_program_transactions', 'interactions'"
crm_writes() {
  sql "select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables
        where schemaname = 'crm' and relname in ($REWRITTEN)"
}

# A backend tells of its last rows at its end.
rows_rewritten_by_import() {
  arrange_shops 0 && collect scratch created "$SALES" && serve_collect && sleep 1 && before=$(crm_writes) &&
    collect scratch unchanged "$SALES" && serve_collect && sleep 1 && rewritten=$(($(crm_writes) - before))
}

figure_import_again() {
  headline "The same $SALES sales once more, nothing changed"
  serve_sales "$SALES" && serve_collect && rows_rewritten_by_import &&
    collect scratch unchanged "$SALES" && import_statements again unchanged || return 1
  for round in $(rounds); do
    arrange_shops 0 && collect import_first created "$SALES" && collect import_again unchanged "$SALES" ||
      return 1
  done
  rate_line "import" "$SALES" import_first
  rate_line "import again, nothing changed" "$SALES" import_again
  statement_lines "statements" again
  line "time again / first time" "$(ratio import_again import_first)"
  verdict "statements for an unchanged sale (instrucoesSql)" "$(calc %.3f "$(series told_again) / $SALES")" "at most" 0.1
  verdict "the same, counted in Postgres's log" "$(calc %.3f "$(series counted_again) / $SALES")" "at most" 0.1
  verdict "rows written by the import again" "$rewritten" exactly 0
}

# ---- import_large: memory -----------------------------------------------------------------------

# A fresh worker's whole life.  So many sales take their time: autovacuum is at work as it usually is.
figure_import_large() {
  headline "Import of $SALES_MANY new sales in one call, in a fresh worker"
  serve_sales "$SALES_MANY" && arrange_shops 0 && set_autovacuum true &&
    serve_collect ERP_MAX_BYTES=536870912 && collect import_large created "$SALES_MANY" &&
    memory=$(peak_memory "$COLLECT") && set_autovacuum false || return 1
  rate_line "import" "$SALES_MANY" import_large
  line "the ERP's answer" "$(($(wc -c <"$(sales_file "$SALES_MANY")") / 1000000)) MB"
  verdict "peak RSS, $SALES_MANY sales, MB" "$memory" "at most" 96
}

# ---- organizations: many at once ----------------------------------------------------------------

figure_organizations() {
  headline "$SHOPS organizations with $SALES_FEW sales each, an ERP that takes 1 s (3 rounds)"
  serve_sales "$SALES_FEW" 1 && serve_collect && arrange_shops 0 &&
    collect scratch created "$SALES_FEW" || return 1
  for round in $(seq 3); do
    arrange_shops 0 && collect shop created "$SALES_FEW" && arrange_shops 0 &&
      collect shops created $((SALES_FEW * SHOPS)) "" || return 1
  done
  line "one organization" "$(median shop) s" "[$(series shop)]"
  line "$SHOPS organizations" "$(median shops) s" \
    "[$(series shops)]; statements for each $(calc %.1f "$(told instrucoesSql | tail -n 1) / $SHOPS")"
  verdict "time for all / ($SHOPS x time for one)" \
    "$(calc %.4f "$(median shops) / ($SHOPS * $(median shop))")" "at most" 0.05
}

# What is measured of work in the background and of a closure (sourced by tests/bench/run, after
# figures_revenue.sh).
# shellcheck shell=sh disable=SC2154

DRAINED=10000 # jobs that are worked off in one round
TIMED=300     # jobs that are timed one by one
FEW=1000 MANY=1000000
ORDERS=0 # of closures so far: every one is another order

# Milliseconds of processor that a process, its children and those that ended had so far.
cpu_ms() { # PID
  for process in "$1" $(cat "/proc/$1/task/"*/children); do
    sed 's/.*) //' "/proc/$process/stat" 2>>"$results/scratch" # it may just have ended
  done | awk -v hertz="$(getconf CLK_TCK)" '
    { ticks += $12 + $13 + (NR == 1 ? $14 + $15 : 0) } END { print ticks * 1000 / hertz }'
}
postmaster() { head -n 1 "$PG_DIR/data/postmaster.pid"; }

# ---- queue --------------------------------------------------------------------------------------

# A queue as the back office has them: indexes, row security, and so many rows that are due.
make_jobs() { # TABLE ROWS
  psql_as_migrator <<SQL
create table bench.$1 (
  id            bigint generated always as identity primary key,
  status        varchar(20) not null default 'pending',
  detalhes      jsonb not null default '{}',
  mensagem_erro text,
  processado_em timestamptz
) with (autovacuum_enabled = false);
create index on bench.$1 (status);
call ponte.make_queue('bench.$1');
call ponte.protect('bench.$1', 'backoffice');
alter table bench.$1 disable trigger tell_workers;
insert into bench.$1 (proxima_tentativa_em)
select now() - interval '1 day' + i * interval '1 ms' from generate_series(1, $2) i;
alter table bench.$1 enable trigger tell_workers;
SQL
}

make_bench() { sql 'create schema bench' && sql 'grant usage on schema bench to ponte_app'; }

# As if no job had run; what the last round left dead is gone.
arrange_jobs() { # TABLE
  psql_as_migrator <<SQL
alter table bench.$1 disable trigger tell_workers;
update bench.$1 set status = 'pending', tentativas = 0, processado_em = null,
                    proxima_tentativa_em = now() - interval '1 day' + id * interval '1 ms'
 where proxima_tentativa_em is null;
alter table bench.$1 enable trigger tell_workers;
vacuum analyze bench.$1;
checkpoint;
SQL
}

jobs_of_bench() { (export_file "$SETTINGS" && exec "$tools/queue" "$@" 2>>"$results/queue.log"); }

all_jobs_done() { # TABLE
  left=$(sql "select count(*) from bench.$1 where not (status = 'success' and tentativas = 1
                and lease_token is null and processado_em is not null)")
  [ "$left" = 0 ] || { say "bench.$1: $left jobs are not done" >&2 && return 1; }
}

# A run of the tool in so many processes: its seconds, and the processor's time for a job.
run_jobs() { # SERIES drain|floor ARGUMENT WORKERS
  sql checkpoint && before=$(cpu_ms "$(postmaster)") &&
    used=$(jobs_of_bench "$2" "$3" "$4") && after=$(cpu_ms "$(postmaster)") || return 1
  record "$1" "${used% *}" && record "$1_cpu" "$(calc %.3f "${used#* } / $DRAINED")" &&
    record "$1_cpu_postgres" "$(calc %.3f "($after - $before) / $DRAINED")"
}
drain_once() { arrange_jobs jobs && run_jobs "$2" drain bench.jobs "$1" && all_jobs_done jobs; } # WORKERS SERIES
floor_once() { run_jobs "$2" floor "$DRAINED" "$1"; }                                            # WORKERS SERIES

# The medians of one round over a table.
time_once() { # TABLE
  arrange_jobs "$1" && times=$(jobs_of_bench time "bench.$1" "$TIMED") || return 1
  record "claim_$1" "${times%% *}" && record "both_$1" "${times##* }" &&
    times=${times#* } && record "end_$1" "${times% *}"
}

statements_of_jobs() {
  make_jobs logged 500 && arrange_jobs logged && log_statements all && before=$(log_lines) &&
    jobs_of_bench drain bench.logged 2 >"$results/scratch" && all_jobs_done logged || return 1
  asked_since "$before" >"$results/asked_queue"
  log_statements none
}

# The claim's plan, from the statement as the engine sent it.
plan_of_claim() { # TABLE
  claim=$(sed -n "s/^\(update bench\.logged set status = 'processing'.*\)/\1/p" "$results/asked_queue" |
    head -n 1 | sed "s/bench\.logged/bench.$1/g")
  [ -n "$claim" ] && psql_as_migrator >"$results/plan_$1" <<SQL
begin;
set local role ponte_app;
set local request.jwt.claims = '{"role":"system"}';
prepare claim (text, text, text) as $claim;
explain (analyze, buffers, timing off) execute claim ('00000000-0000-4000-8000-000000000001', '180', 'x');
rollback;
SQL
}

time_line() { # WHAT TABLE
  line "$1" "$(median "both_$2") ms" \
    "claim $(median "claim_$2") ms, end $(median "end_$2") ms [$(series "both_$2")]"
}

figure_queue() {
  headline "The queue's engine over work that does nothing ($DRAINED jobs; $TIMED timed one by one)"
  make_bench && make_jobs jobs "$DRAINED" && make_jobs few "$FEW" && make_jobs many "$MANY" &&
    statements_of_jobs && drain_once 2 scratch || return 1
  for round in $(rounds); do
    drain_once 2 drain && floor_once 2 floor_jobs && drain_once 1 drain_1 && time_once few && time_once many || return 1
  done
  arrange_jobs many && plan_of_claim many && leave_snapshot || return 1
  rate_line "floor: two empty questions a job" "$DRAINED" floor_jobs
  rate_line "2 workers" "$DRAINED" drain
  rate_line "1 worker" "$DRAINED" drain_1
  line "CPU for a job, ms" "$(calc %.3f "$(median drain_cpu) + $(median drain_cpu_postgres)")" \
    "program $(median drain_cpu), Postgres $(median drain_cpu_postgres); floor: $(median floor_jobs_cpu), $(median floor_jobs_cpu_postgres)"
  line "2 workers / floor" "$(ratio floor_jobs drain)"
  time_line "a job, $FEW waiting" few
  time_line "a job, $MANY waiting" many
  line "the claim's plan, $MANY waiting" "" "(as a whole in $results/plan_many)"
  grep -E 'Scan|Index Cond|Time:' "$results/plan_many" | sed 's/^[ >-]*/    /'
  verdict "jobs a second, 2 workers" "$(calc %d "$DRAINED / $(median drain)")" "at least" 1500
  verdict "statements for a job" "$(calc %.2f "$(count_asked queue .) / 500")" "at most" 3
  verdict "claim and end, $MANY waiting / $FEW" "$(ratio both_many both_few)" "at most" 1.5
}

# ---- closure ------------------------------------------------------------------------------------

CLOSURE=purchase-orders/encerrar
CLOSURE_LOG=backoffice.purchase_order_closure_log

serve_closure() {
  program restart sandbox:omie/api/v1/produtos/pedidocompra &&
    program restart "$CLOSURE" ROUTE_WORKERS=8 OMIE_PER_MINUTE=0 OMIE_PARALLEL=4
}

no_closure_open() { [ "$(sql "select count(*) from $CLOSURE_LOG where status = 'processing'")" = 0 ]; }
erp_calls() { grep -c '"omie call"' "$STATE_DIR/log/purchase-orders-encerrar.log"; }

# How many orders were closed since the table was empty; an error when one was not.
orders_closed() {
  wait_for 10 no_closure_open && counts=$(sql "select count(*), count(*) filter (where status = 'success'
      and tentativas = 1 and detalhes->>'confirmado' = 'true') from $CLOSURE_LOG") || return 1
  [ "${counts%|*}" = "${counts#*|}" ] || { say "closures, and successes: $counts" >&2 && return 1; }
}

# wrk over orders that are all new: requests a second, p50, p99 into series, what was closed in $counts
close_orders() { # SERIES CONNECTIONS SECONDS
  sql "truncate $CLOSURE_LOG" && sql "vacuum analyze $CLOSURE_LOG" && sql checkpoint || return 1
  result=$(wrk -t1 "-c$2" "-d$3s" -s "$ROOT/tests/bench/closure.lua" -H "Authorization: Bearer $token" \
    "$url/api/purchase-orders/encerrar" -- "$ORDERS" | sed -n 's/^RESULT //p')
  read -r rate p50 p99 failures answered <<RESULT
$result
RESULT
  [ "${failures:-1}" = 0 ] || { say "closures: ${failures:-all} requests failed" >&2 && return 1; }
  ORDERS=$((ORDERS + answered + 1000)) # with those that wrk did not wait for
  orders_closed && counts=${counts%|*} && record "$1" "$rate" && record "$1_p50" "$p50" &&
    record "$1_p99" "$p99"
}

consumers="program postgres nginx omie"
consumer_pid() {
  case $1 in
  program) pid_of "$(program_slug "$CLOSURE")" ;;
  postgres) postmaster ;;
  nginx) pid_of nginx ;;
  omie) pid_of "$(program_slug sandbox:omie/api/v1/produtos/pedidocompra)" ;;
  esac
}
note_cpu() { # SERIES-PREFIX
  for who in $consumers; do
    record "$1_$who" "$(cpu_ms "$(consumer_pid "$who")")" || return 1
  done
}

# One round at a number of connections, with the processor's time for each order.
closure_round() { # SERIES CONNECTIONS
  calls=$(erp_calls)
  rm -f "$results"/before_* "$results"/after_*
  note_cpu before && close_orders "$1" "$2" 4 && note_cpu after || return 1
  record "$1_calls" "$(calc %.2f "($(erp_calls) - $calls) / $counts")"
  for who in $consumers; do
    record "$1_cpu_$who" "$(calc %.3f "($(series "after_$who") - $(series "before_$who")) / $counts")"
  done
}

# What the programs asked the database for each order.
closure_statements() { # SERIES CONNECTIONS
  log_statements all && before=$(log_lines) && close_orders scratch "$2" 2 || return 1
  asked_since "$before" | sed -E 's/^.*\<(backoffice\.open_closure)\(.*$/\1/
      s/^(select|update|insert|delete).*\<((fin|backoffice)\.[a-z_]+).*$/\1 \2/' >"$results/asked_$1"
  log_statements none
  record "$1_orders" "$counts"
}
list_for_order() { # SERIES
  sort "$results/asked_$1" | uniq -c | awk -v orders="$(series "$1_orders")" \
    '{ n = $1; $1 = ""; printf "%s%s %.2f", sep, substr($0, 2), n / orders; sep = ", " }'
}

# The median of a member "ms" of the log's lines with a text, since a line of it.
logged_ms() { # TEXT SINCE
  tail -n "+$(($2 + 1))" "$STATE_DIR/log/purchase-orders-encerrar.log" | grep -F "$1" |
    sed -n 's/.*"ms":"\{0,1\}\([0-9.]*\).*/\1/p' >"$results/logged" && median logged
}

closure_lines() { # SERIES CONNECTIONS
  line "$2" "$(calc %d "$(median "$1")")/s" \
    "p50 $(median "$1_p50") ms, p99 $(median "$1_p99") ms [$(series "$1")]"
  program=$(median "$1_cpu_program") postgres=$(median "$1_cpu_postgres") nginx=$(median "$1_cpu_nginx")
  line "  CPU for an order, ms" "$(calc %.2f "$program + $postgres + $nginx")" \
    "program $program, Postgres $postgres, nginx $nginx; and the Omie $(median "$1_cpu_omie")"
  line "  statements for an order" "$(calc %.2f "$(count_asked "$1" .) / $(series "$1_orders")")" \
    "$(list_for_order "$1")"
  line "  calls to Omie for an order" "$(median "$1_calls")"
}

figure_closure() {
  headline "Closing purchase orders through nginx, 8 workers, OMIE_PARALLEL=4, no latency (3 rounds)"
  serve_closure && sql "alter table $CLOSURE_LOG set (autovacuum_enabled = false)" &&
    close_orders scratch 8 1 || return 1
  from=$(wc -l <"$STATE_DIR/log/purchase-orders-encerrar.log")
  for round in $(seq 3); do
    closure_round closure_8 8 && closure_round closure_1 1 || return 1
  done
  line "an attempt, in the program's log" "$(logged_ms '"job ended"' "$from") ms" \
    "a consultation $(logged_ms '"call":"ConsultarPedCompra"' "$from") ms, the closing call $(logged_ms '"call":"AlterarPedidoCompra"' "$from") ms (medians, 8 and 1 connections)"
  closure_statements closure_8 8 && closure_statements closure_1 1 || return 1
  closure_lines closure_8 "8 connections"
  closure_lines closure_1 "1 connection"
  verdict "closures a second, 8 connections" "$(calc %d "$(median closure_8)")" "at least" 1000
  verdict "closures, p99 at 8 connections, ms" "$(median closure_8_p99)" "at most" 15
}

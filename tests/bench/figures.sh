# What is measured of the sync, of a GET and of a start (sourced by tests/bench/run): a function
# figure_NAME each.  figures_revenue.sh has the rest.
# shellcheck shell=sh disable=SC2154

rounds() { seq "$BENCH_ROUNDS"; }

program() { "$ROOT/deploy/program" "$@"; }
serve_pages() { program restart sandbox:omie/api/v1/geral/clientes BENCH_PAGES="$1" BENCH_LATENCY_MS="${2:-0}"; }
serve_sync() { program restart fin/erp/sync ROUTE_WORKERS=1 OMIE_PER_MINUTE=0 FIN_SYNC_COOLDOWN_S=0 "$@"; }

# The table empty, its statistics those of an empty table, nothing left for a checkpoint to do.
empty_table() {
  sql 'truncate fin.clients, fin.contracts' && sql 'vacuum analyze fin.clients' && sql 'checkpoint'
}

# One sync through nginx; adds its seconds to a series.
sync_once() { # ROWS SERIES
  answer=$(curl -sS -K "$STATE_DIR/curl" -X POST -w ' %{http_code} %{time_total}' "$url/api/fin/erp/sync") || return 1
  case $answer in
  *"\"recordCount\":$1} 200 "*) record "$2" "${answer##* }" ;;
  *) say "unexpected answer: $answer" >&2 && return 1 ;;
  esac
}

# Runs tests/bench/load, which prints "rows seconds", and adds the seconds to a series.
load_once() { # floor | store | parse SERIES
  result=$(export_file "$SETTINGS" && FIN_SYNC_COOLDOWN_S=0 "$tools/load" "$1" "$small") || return 1
  record "$2" "${result#* }"
}

fetch_once() { # PARALLEL SERIES [URL PAGES]
  result=$(export_file "$SETTINGS" && "$tools/fetch" "${3-$omie}" "${4-40}" "$1") || return 1
  record "$2" "${result#* }"
}

# ---- sync ---------------------------------------------------------------------------------------

floor_round() { empty_table && load_once floor floor && load_once floor floor_again; }
sync_round() { empty_table && sync_once 20000 sync && sync_once 20000 sync_again; }
store_round() { empty_table && load_once store store && load_once store store_again; }

updated_rows() { sql "select n_tup_upd from pg_stat_user_tables where relid = 'fin.clients'::regclass"; }

# A backend tells of its last rows at its end.
rows_rewritten_by_rerun() {
  empty_table && sync_once 20000 scratch && serve_sync && before=$(updated_rows) &&
    sync_once 20000 scratch && serve_sync && sleep 1 && rewritten=$(($(updated_rows) - before))
}

figure_sync() {
  headline "Sync of 20,000 clients (40 pages, $(($(wc -c <"$small") / 1000000)) MB)"
  serve_pages "$small" && serve_sync || return 1
  for round in $(rounds); do
    floor_round && sync_round && store_round && load_once parse parse && fetch_once 1 fetch || return 1
  done
  rows_rewritten_by_rerun || return 1
  rate_line "floor: COPY, one merge" 20000 floor
  rate_line "sync, end to end" 20000 sync
  rate_line "its database part alone" 20000 store
  rate_line "floor again, rows are there" 20000 floor_again
  rate_line "sync again, nothing changed" 20000 sync_again
  rate_line "its database part alone, again" 20000 store_again
  rate_line "reading the pages alone" 20000 parse
  rate_line "the page server alone (TLS)" 20000 fetch
  verdict "sync / floor" "$(ratio floor sync)" "at least" 0.6 0.45
  verdict "sync's database part / floor" "$(ratio floor store)" "at least" 0.8
  verdict "sync again / floor again" "$(ratio floor_again sync_again)" "at least" 0.5
  verdict "rows rewritten by the sync again (n_tup_upd)" "$rewritten" "at most" 0
}

# ---- pages: statements and memory ---------------------------------------------------------------

# With the user in each line: ponte is the programs.
log_statements() { # all | none
  sql "alter system set log_statement = '$1'" && sql "alter system set log_parameter_max_length = 0" &&
    sql "alter system set log_line_prefix = '%m [%p] %u '" && sql 'select pg_reload_conf()' >/dev/null &&
    sleep 0.2
}

# Statements of the programs so far, without begin, commit and claims.
statements() {
  grep 'LOG:  execute <unnamed>: ' "$PG_DIR/postgres.log" |
    grep -cvE "execute <unnamed>: (begin|commit|rollback|select set_config\('role')"
}

# The most that a worker of a program held since its start, in MB: the largest of them.
peak_memory() { # NAME
  for worker in $(cat "/proc/$(pid_of "$(program_slug "$1")")/task/"*/children); do
    sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$worker/status"
  done | sort -n | awk '{ most = $1 } END { if (!most) exit 1; printf "%.1f\n", most / 1024 }'
}

# A fresh worker's whole life: NAME ROWS FILE PARALLEL
pages_run() {
  serve_pages "$3" && serve_sync "OMIE_PARALLEL=$4" && empty_table && before=$(statements)
  sync_once "$2" "seconds_$1" || return 1
  record "statements_$1" $(($(statements) - before))
  memory=$(peak_memory fin/erp/sync) && record "memory_$1" "$memory"
}

figure_pages() {
  headline "Statements and memory of one sync, in a fresh worker"
  log_statements all && pages_run small 20000 "$small" 1 && pages_run large 100000 "$large" 1 &&
    pages_run small_4 20000 "$small" 4 && pages_run large_4 100000 "$large" 4 && log_statements none ||
    return 1
  line "statements, 40 pages" "$(series statements_small)" "without begin, claims, commit"
  line "statements, 200 pages" "$(series statements_large)"
  line "peak RSS, 20,000 clients" "$(series memory_small) MB" "OMIE_PARALLEL=4: $(series memory_small_4) MB"
  line "peak RSS, 100,000 clients" "$(series memory_large) MB" "OMIE_PARALLEL=4: $(series memory_large_4) MB"
  line "time, 20,000 and 100,000 clients" "$(series seconds_small) s" "$(series seconds_large) s (statements logged)"
  verdict "statements for one more page of 500" \
    "$(calc %.2f "($(series statements_large) - $(series statements_small)) / 160")" "at most" 3
  verdict "peak RSS, MB" "$(series memory_large)" "at most" 48
  verdict "the same for 100,000 as for 20,000 clients, MB" \
    "$(calc %.1f "$(series memory_large) - $(series memory_small)")" "at most" 2
}

# ---- latency ------------------------------------------------------------------------------------

latency_round() {
  fetch_once 4 network && empty_table && load_once store database && empty_table &&
    sync_once 20000 parallel
}

figure_latency() {
  headline "Sync of 20,000 clients, 200 ms for every page, OMIE_PARALLEL=4 (3 rounds)"
  serve_pages "$small" 200 && serve_sync OMIE_PARALLEL=4 || return 1
  for round in $(seq 3); do
    latency_round || return 1
  done
  rate_line "network alone (4 at once)" 20000 network
  rate_line "database alone" 20000 database
  rate_line "sync" 20000 parallel
  verdict "time / longer of network and database" \
    "$(calc %.2f "$(median parallel) / ($(median network) > $(median database) ? $(median network) : $(median database))")" \
    "at most" 1.25
}

# ---- get ----------------------------------------------------------------------------------------

# A place in nginx that answers by itself, for orientation.
add_plain_place() {
  sed -i '0,/^  location \/ {/s|^  location / {|  location = /bench/nginx { return 200 "{}"; }\n&|' \
    "$STATE_DIR/site.conf" && kill -HUP "$(pid_of nginx)" && wait_for 5 answers_plainly
}
answers_plainly() { [ "$(curl -s "$url/bench/nginx")" = "{}" ]; }

# wrk, usually with 16 connections
hammer() { # SERIES PATH [CONNECTIONS]
  result=$(wrk -t1 "-c${3-16}" -d3s -s "$ROOT/tests/bench/wrk.lua" -H "Authorization: Bearer $token" "$url$2" |
    sed -n 's/^RESULT //p')
  read -r rate p50 p99 failures <<RESULT
$result
RESULT
  [ "${failures:-1}" = 0 ] || { say "$2: ${failures:-all} requests failed" >&2 && return 1; }
  record "$1" "$rate" && record "$1_p50" "$p50" && record "$1_p99" "$p99" &&
    record "$1_spread" "$(calc %.2f "$p99 - $p50")"
}

serve_get() { program restart fin/erp/sync ROUTE_WORKERS=4 "$@"; }

get_round() {
  serve_get && hammer nginx /bench/nginx && hammer get /api/fin/erp/sync &&
    hammer constant /api/bench/constant && serve_get JWT_ROLE_SOURCE=claim &&
    hammer claim /api/fin/erp/sync
}

get_line() { # WHAT SERIES
  line "$1" "$(calc %d "$(median "$2")")/s" \
    "p50 $(median "$2_p50") ms, p99 $(median "$2_p99") ms [$(series "$2")]"
}

figure_get() {
  headline "Authorised GET through nginx, 16 connections, 4 workers"
  serve_pages "$small" && serve_sync && empty_table && sync_once 20000 scratch && add_plain_place &&
    program restart bench/constant ROUTE_WORKERS=4 || return 1
  for round in $(rounds); do
    get_round || return 1
  done
  get_line "nginx, return 200" nginx
  get_line "nginx, FastCGI constant" constant
  get_line "GET, role from profiles, claim" get
  get_line "GET, JWT_ROLE_SOURCE=claim" claim
  verdict "GET / constant" "$(ratio get constant)" "at least" 0.4
  verdict "GET / constant, JWT_ROLE_SOURCE=claim" "$(ratio claim constant)" "at least" 0.4
  verdict "GET's p99 - p50, ms" "$(median get_spread)" "at most" 3
  verdict "the same, JWT_ROLE_SOURCE=claim, ms" "$(median claim_spread)" "at most" 3
}

# ---- cold ---------------------------------------------------------------------------------------

cold() { (export_file "$SETTINGS" && BENCH_TOKEN=$token "$tools/cold" "$@"); }

# Alone with nginx and Postgres: programs that run beside it would carry part of its libraries.
figure_cold() {
  headline "A program from its start (GET, JWT and database connection included)"
  stop_programs
  read -r p50 p90 slowest <<RESULT
$(cold starts "$BUILD/bin/fin/erp/sync" "$SOCKET" 60)
RESULT
  memory=$(cold memory "$BUILD/bin/fin/erp/sync" "$SOCKET" 4 50)
  [ -n "${slowest-}" ] && [ -n "$memory" ] || return 1
  line "exec to first answer, 60 starts" "$p50 ms" "p90 $p90 ms, slowest $slowest ms"
  verdict "exec to first answer, ms" "$p50" "at most" 15
  case $memory in
  *-1*) line "PSS of four workers" "not shown" "only root sees it: the programs are not dumpable" && return ;;
  esac
  largest=$(printf '%s\n' "${memory% *}" | tr ' ' '\n' | sort -n | tail -n 1)
  line "PSS of four workers" "$largest KiB" "each: ${memory% *}; their parent: ${memory##* }"
  verdict "PSS of a worker, MB" "$(calc %.2f "$largest / 1024")" "at most" 2
}

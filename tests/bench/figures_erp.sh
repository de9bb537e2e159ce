# What is measured of the books of ERPs (sourced by tests/bench/run, after figures.sh): a subledger, and
# the rates that all processes share.
# shellcheck shell=sh disable=SC2034,SC2154

PROTHEUS=sandbox:totvs/_any
SUBLEDGER=erp/subledger
ENTRIES=1000000 ENTRIES_FEW=200000 # in pages of 500

# ---- ledger -------------------------------------------------------------------------------------

# A fresh worker that asks without a bucket and with a token that needs no renewal.
serve_ledger() { # ENTRIES
  protheus="https://127.0.0.1:$SANDBOX_PORT/totvs/protheus/rest/CTBR020/movimentacao?page="
  program restart "$PROTHEUS" BENCH_ENTRIES="$1" &&
    program restart "$SUBLEDGER" ROUTE_WORKERS=1 TOTVS_PER_MINUTE=0 \
      TOTVS_EFFECTI_AUTH_TYPE=bearer_token TOTVS_EFFECTI_TOKEN=bench
}

# One subledger through nginx, counted and thrown away; adds its seconds to a series.
subledger_once() { # ENTRIES SERIES
  lines=$(curl -sS -K "$STATE_DIR/curl" -w '%{stderr}%{http_code} %{time_total}\n' \
    "$url/api/$SUBLEDGER?company=EFFECTI&account=1.1.01.001&from=2025-01-01&to=2025-01-31&format=csv" \
    2>"$results/scratch" | wc -l)
  answer=$(cat "$results/scratch")
  [ "${answer% *}" = 200 ] && [ "$lines" = $(($1 + 1)) ] && record "$2" "${answer#* }" && return
  say "unexpected answer: $answer, $lines lines" >&2 && return 1
}

ledger_memory() { # ENTRIES SERIES
  serve_ledger "$1" && subledger_once "$1" scratch && memory=$(peak_memory "$SUBLEDGER") &&
    record "$2" "$memory"
}

figure_ledger() {
  headline "Subledger of $ENTRIES entries as CSV ($((ENTRIES / 500)) pages of TOTVS Protheus, TOTVS_PER_MINUTE=0)"
  ledger_memory "$ENTRIES_FEW" ledger_memory_few && ledger_memory "$ENTRIES" ledger_memory || return 1
  for round in $(rounds); do
    fetch_once 1 ledger_pages "$protheus" $((ENTRIES / 500)) && subledger_once "$ENTRIES" ledger || return 1
  done
  rate_line "reading the pages alone (TLS)" "$ENTRIES" ledger_pages
  rate_line "subledger, end to end" "$ENTRIES" ledger
  line "peak RSS, $ENTRIES_FEW entries" "$(series ledger_memory_few) MB"
  line "peak RSS, $ENTRIES entries" "$(series ledger_memory) MB"
  verdict "entries a second, subledger / reading the pages" "$(ratio ledger_pages ledger)" "at least" 0.3
  verdict "peak RSS, MB" "$(series ledger_memory)" "at most" 48
  # the ids are remembered, 16 bytes and a slot of an index that is at least three eighths full
  verdict "memory for one more entry, bytes" \
    "$(calc %.1f "($(series ledger_memory) - $(series ledger_memory_few)) * 1048576 / ($ENTRIES - $ENTRIES_FEW)")" \
    "at most" 27
}

# ---- bucket -------------------------------------------------------------------------------------

TAKERS=8 BUCKET_LIMIT=600 BUCKET_INTERVAL=10 BUCKET_BURST=60 BUCKET_SECONDS=30

bucket_once() {
  result=$(export_file "$SETTINGS" &&
    "$tools/bucket" "$TAKERS" "$BUCKET_LIMIT" "$BUCKET_INTERVAL" "$BUCKET_BURST" "$BUCKET_SECONDS") || return 1
  read -r granted most most_allowed <<RESULT
$result
RESULT
  record granted "$granted" && record most "$most" && record most_allowed "$most_allowed"
}

figure_bucket() {
  headline "$TAKERS processes on one bucket of $BUCKET_LIMIT in $BUCKET_INTERVAL s, burst $BUCKET_BURST, $BUCKET_SECONDS s (3 rounds)"
  for round in $(seq 3); do
    bucket_once || return 1
  done
  possible=$(calc %d "$BUCKET_BURST + ($BUCKET_LIMIT - $BUCKET_BURST) * $BUCKET_SECONDS / $BUCKET_INTERVAL")
  line "granted, of $possible possible" "$(median granted)" "[$(series granted)]"
  line "most in $BUCKET_INTERVAL s" "$(median most)" "[$(series most)]; less the 50 ms that sending may take: [$(series most_allowed)]"
  verdict "grants / possible" "$(calc %.3f "$(median granted) / $possible")" "at least" 0.95
  verdict "most grants in any $BUCKET_INTERVAL s" "$(sort -n "$results/most_allowed" | tail -n 1)" "at most" "$BUCKET_LIMIT"
}

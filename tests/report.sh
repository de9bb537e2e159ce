# Shared by tests/run and tests/lane (sourced, not run): running a test program and telling of it.
# shellcheck shell=sh

TIME_LIMIT=900 # seconds one test program may take
logs=$BUILD/test-logs

# cmocka's exit status is the number of failures modulo 256, a crash prints no summary and a failing
# group set-up counts nowhere: what was begun and not reported as good is failed, and so is a program
# that ends badly without a failed test, or that ran none.
count() { # LOG EXIT-STATUS
  begun=$(grep -c '^\[ RUN      \]' "$1")
  good=$(grep -c '^\[       OK \]' "$1")
  skipped=$(grep -c '^\[  SKIPPED \]' "$1")
  bad=$((begun - good - skipped))
  if [ "$bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ "$good" -eq 0 ]; }; then
    bad=1
  fi
}

note() { # NAME GOOD BAD SECONDS
  printf '%s %s\n' "$2" "$3" >>"$logs/sums"
  if [ "$3" -eq 0 ]; then word=ok; else word=FAILED; fi
  printf '%-7s %-44s %5d passed %4d failed %8s s\n' "$word" "$1" "$2" "$3" "$4"
}

seconds_since() {
  elapsed=$((($(date +%s%N) - $1) / 10000000))
  printf '%d.%02d' $((elapsed / 100)) $((elapsed % 100))
}

run_program() {
  name=${1#"$BUILD/tests/"}
  log=$logs/$(program_slug "$name").log
  begin=$(date +%s%N)
  timeout --foreground -k 10 $TIME_LIMIT "$1" </dev/null >"$log" 2>&1 9>&-
  status=$?
  count "$log" $status
  note "$name" "$good" "$bad" "$(seconds_since "$begin")"
  if [ "$bad" -gt 0 ]; then
    say "--- $name ended with status $status; from $log:"
    # first, since a report of leaks may be longer than what is shown
    grep -E '^\[ +(ERROR|LINE) +\]' "$log" | head -n 50
    grep -vE '^\[ RUN      \]|^\[       OK \]' "$log" | tail -n 200
    say "---"
  fi
}

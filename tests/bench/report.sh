# Numbers and verdicts (sourced by tests/bench/run).  A series is a file of $results, a number a line.
# shellcheck shell=sh

record() { printf '%s\n' "$2" >>"$results/$1"; } # SERIES NUMBER
series() { tr '\n' ' ' <"$results/$1" | sed 's/ $//'; }
median() { sort -n "$results/$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# The median over the rounds of A / B: what disturbs a round disturbs both.
ratio() { paste "$results/$1" "$results/$2" | awk '{ print $1 / $2 }' >"$results/ratio" && calc %.2f "$(median ratio)"; }

# calc FORMAT EXPRESSION: awk's arithmetic
calc() { awk "BEGIN { printf \"$1\", $2 }"; }

headline() { printf '\n%s\n' "$*"; }
line() { printf '  %-34s %12s   %s\n' "$1" "$2" "${3-}"; } # WHAT VALUE RAW

# A series of seconds, as rows a second beside its raw numbers.
rate_line() { # WHAT ROWS SERIES
  line "$1" "$(calc %d "$2 / $(median "$3")")/s" "$(calc %.3f "$(median "$3")") s [$(series "$3")]"
}

# A figure against its target; kept for the summary.
verdict() { # WHAT VALUE "at least" | "at most" | "exactly" AIM [LEAST]
  word=$(awk -v value="$2" -v how="$3" -v aim="$4" -v least="${5-$4}" 'BEGIN {
    sign = (how == "at least") ? 1 : -1
    word = "BELOW"
    if ((value - least) * sign >= 0) word = "below the aim"
    if ((value - aim) * sign >= 0) word = "ok"
    if (how == "exactly") word = (value == aim) ? "ok" : "BELOW"
    print word
  }')
  target="$3 $4${5+ (least $5)}"
  printf '  %-46s %8s   %-24s %s\n' "$1" "$2" "$target" "$word" | tee -a "$results/verdicts"
}

summary() {
  headline "All figures (BELOW: the target is missed)"
  cat "$results/verdicts"
}

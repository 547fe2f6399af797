#!/bin/sh
# make soak: the longer tiers of all that is random, for so many minutes in all.
# Prints for each what ran, how often, from which seed, and how it ended; stops at the
# first failure, whose seed or place is in the output above it.
set -eu
minutes=${1:-10}
cargo=${CARGO:-cargo}
commit=$(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with changes')
out=$(mktemp)
trap 'rm -f "$out"' EXIT
summary=""

# tier NAME WHAT-IS-SHOWN COMMAND...
tier() {
  name=$1; shown=$2; shift 2
  begun=$(date +%s)
  echo "soak: $name"
  if "$@" >"$out" 2>&1; then result=passed; else result=FAILED; fi
  took=$(($(date +%s) - begun))
  line=$(grep -oE "$shown" "$out" | paste -sd';' | sed 's/;/; /g')
  summary="$summary$name: $result, ${took} s, $line
"
  if [ $result = FAILED ]; then
    cat "$out"
    printf '%s' "$summary"
    echo "soak: FAILED at $commit: $name"
    exit 1
  fi
}

share() { awk "BEGIN { printf \"%.2f\", $minutes * $1 }"; }
seeds=$(awk "BEGIN { printf \"%d\", $minutes * 2000 }")

tier "simulations of the engine, $seeds lives of runs and of towns from seed 0" \
  'test result: ok. [0-9]+ passed' \
  env RPA_SEEDS="$seeds" $cargo test --release -p rpa-engine --lib keep_their_promises
tier "the driver on a disk that fails, seeds from 0" \
  '[0-9]+ losses of power.*|[A-Za-z]+: [0-9]+ operations failed.*|(at rest|after a kill): [0-9]+ flips.*' \
  env RPA_MINUTES="$(share 0.25)" $cargo test -p rpad faults -- --nocapture
tier "days of a firm with 1,000 schedules, seeds from 0" '[0-9]+ fires of [0-9]+ slots' \
  env RPA_MINUTES="$(share 0.1)" $cargo test -p rpad slots_expected_are -- --nocapture
tier "the daemon killed at random" '[0-9]+ kills, [0-9]+ runs, [0-9]+ steps|RPA_SEED=[0-9]+' \
  env RPA_MINUTES="$(share 0.25)" $cargo test -p rpa-tests --test e2e nothing_confirmed -- --nocapture
tier "the daemon killed at each failpoint" \
  '[0-9]+ failpoints, [0-9]+ kills, [0-9]+ runs, [0-9]+ steps|RPA_SEED=[0-9]+' \
  env RPA_MINUTES="$(share 0.25)" $cargo test -p rpa-tests --test e2e every_failpoint -- --nocapture

printf '%s' "$summary"
echo "soak: passed at $commit, $minutes minutes asked for"

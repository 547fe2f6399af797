#!/bin/sh
# make demo: a daemon on a fresh directory, the disk report on this machine's real
# file systems, and what to type next. Leaves nothing running, unless KEEP=1.
set -eu

bin=${BIN:-target/debug}
here=$(cd "$(dirname "$0")" && pwd)
# short, because a socket's path may have 107 bytes
dir=$(mktemp -d "${TMPDIR:-/tmp}/rpad-demo.XXXXXX")
RPA_SOCKET=$dir/rpad.sock
export RPA_SOCKET

"$bin/rpad" --state-dir "$dir/state" --socket "$RPA_SOCKET" </dev/null >"$dir/rpad.log" 2>&1 &
daemon=$!
stop() {
    if kill -TERM "$daemon" 2>/dev/null; then wait "$daemon" || true; fi
}
trap stop EXIT
trap 'exit 130' INT TERM

tries=0
until "$bin/rpa" status >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$daemon" 2>/dev/null; then
        echo "rpad did not start:" >&2
        cat "$dir/rpad.log" >&2
        exit 1
    fi
    sleep 0.1
done

say() { printf '\n$ %s\n' "$*"; }

say rpa apply config/examples/disk-report.yaml
"$bin/rpa" apply "$here/disk-report.yaml"
say rpa run disk-report --var report="$dir/disk-report.txt" --follow
code=0
"$bin/rpa" run disk-report --var report="$dir/disk-report.txt" --follow || code=$?
say rpa runs
"$bin/rpa" runs

printf '\nThe report is in %s:\n\n' "$dir/disk-report.txt"
sed 's/^/    /' "$dir/disk-report.txt" 2>/dev/null || true

if [ "${KEEP:-}" = 1 ]; then
    trap - EXIT
    printf '\nThe daemon (pid %s) is still there. Look further:\n\n' "$daemon"
else
    printf '\nThe daemon is being stopped; all it knows stays in %s. Look further:\n\n' "$dir"
    printf '    %s --state-dir %s --socket %s &\n' "$bin/rpad" "$dir/state" "$RPA_SOCKET"
fi
cat <<END
    export RPA_SOCKET=$RPA_SOCKET PATH="\$PWD/$bin:\$PATH"
    rpa runs                      # what ran
    rpa show RUN                  # its steps, attempts, outputs (RUN: the end of an id is enough)
    rpa logs RUN                  # what they wrote
    rpa run disk-report --var limit=50 --var report=$dir/again.txt --follow
END
exit "$code"

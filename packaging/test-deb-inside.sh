#!/bin/sh
# The second half of test-deb.sh, in mount and process namespaces of its own: makes the copy
# of the machine, then goes into it.
set -eu; [ -z "${TRACE:-}" ] || set -x
work=$1
if [ "${2:-}" != inside ]; then
  mount --make-rprivate /
  mount -t tmpfs -o size=3g rpad-test "$work/top"
  mkdir "$work/top/upper" "$work/top/work" "$work/top/root"
  root=$work/top/root
  mount -t overlay -o "lowerdir=/,upperdir=$work/top/upper,workdir=$work/top/work" rpad-test "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  mount -t tmpfs tmpfs "$root/tmp"
  cp "$work/1.deb" "$work/2.deb" packaging/test-deb-inside.sh "$root/tmp/"
  exec chroot "$root" sh /tmp/test-deb-inside.sh /tmp inside
fi

PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH HOME=/ LC_ALL=C.UTF-8
cd /
say() { echo "== $*"; }
die() { echo "test-deb: $*" >&2; exit 1; }
# tries for a minute
eventually() {
  deadline=$(($(date +%s) + 60))
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt $deadline ] || { cat /tmp/*.log >&2; die "not in time: $*"; }
    sleep 0.1
  done
}
# not a function: what is put into the background is then the program itself
as_rpad="setpriv --reuid rpad --regid rpad --init-groups --inh-caps=-all"
# as the units start them, but for what only systemd can do
start_runner() {
  $as_rpad env -i PATH="$PATH" HOME=/var/lib/rpad STATE_DIRECTORY=/var/lib/rpad \
    rpad runner --idle-exit 0s </dev/null >/dev/null 2>>/tmp/runner.log &
  runner=$!
}
start_daemon() {
  $as_rpad env -i PATH="$PATH" HOME=/var/lib/rpad STATE_DIRECTORY=/var/lib/rpad \
    RUNTIME_DIRECTORY=/run/rpad RPAD_RUNNER_START=false RPAD_STORE_LOW_DISK=0B \
    RPAD_STORE_LOW_DISK_PERCENT=0 rpad </dev/null >/dev/null 2>>/tmp/daemon.log &
  daemon=$!
  eventually rpa status
}
enabled() { [ -L "/etc/systemd/system/$1.wants/$2" ]; }

# nobody keeps this machine: no need to sync it, or to index its manual
echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/rpad-test
rm -f /var/lib/man-db/auto-update
say "install"
[ ! -e /usr/bin/rpad ] || die "rpad is installed on this machine"
dpkg -i /tmp/1.deb
getent passwd rpad | grep -q ':/var/lib/rpad:' || die "no user"
[ "$(stat -c '%U:%G %a' /var/lib/rpad)" = 'rpad:rpad 700' ] || die "the state is not closed"
[ "$(stat -c '%U:%G %a' /run/rpad)" = 'rpad:rpad 750' ] || die "no place for the sockets"
enabled multi-user.target rpad.service || die "rpad.service is not enabled"
enabled multi-user.target rpad-runner.service || die "rpad-runner.service is not enabled"
enabled sockets.target rpad.socket || die "rpad.socket is not enabled"
enabled sockets.target rpad-http.socket || die "rpad-http.socket is not enabled"
rpad --check-config --config /etc/rpad/rpad.toml
if command -v systemd-analyze >/dev/null; then
  for unit in rpad.service rpad-runner.service rpad.socket rpad-http.socket; do
    said=$(systemd-analyze verify --man=no $unit 2>&1) || die "$unit: $said"
    [ -z "$said" ] || die "$unit: $said"
  done
  systemd-analyze security --offline=true --no-pager --threshold=15 rpad.service | tail -n 1
fi
if command -v man >/dev/null; then
  man -w rpad >/dev/null || die "no manual"
fi

say "the first run"
start_runner
start_daemon
rpa apply /usr/share/doc/rpad/examples/disk-report.yaml
rpa run disk-report --wait || [ $? = 3 ]
cat > /tmp/long.yaml <<END
version: 1
name: long
steps:
  - id: wait
    effect: once
    run: echo begun >> /var/lib/rpad/begun; until [ -e /var/lib/rpad/go ]; do sleep 0.1; done
END
rpa apply /tmp/long.yaml
run=$(rpa run long --json | sed -n 's/.*"run": *"\([^"]*\)".*/\1/p' | head -n 1)
eventually test -e /var/lib/rpad/begun

say "upgrade, while a step runs"
printf '[daemon]\ndrain_timeout = "7s"\n' > /etc/rpad/rpad.toml
dpkg -i /tmp/2.deb
grep -q 7s /etc/rpad/rpad.toml || die "the settings were overwritten"
kill -TERM $daemon
wait $daemon || die "the daemon did not end well"
start_daemon
kill -0 $runner || die "the runner has gone"
rpa show "$run" | grep -q running || die "the run does not go on"
$as_rpad touch /var/lib/rpad/go
eventually sh -c "rpa show $run | grep -q completed"
[ "$(cat /var/lib/rpad/begun)" = begun ] || die "the step was run twice"

say "remove"
kill -TERM $daemon $runner
wait $daemon $runner || die "they did not end well"
dpkg -r rpad
[ ! -e /usr/bin/rpad ] && [ ! -e /usr/lib/systemd/system/rpad.service ] || die "still there"
[ -e /var/lib/rpad/rpad.redb ] || die "removing took the state"
grep -q 7s /etc/rpad/rpad.toml || die "removing took the settings"

say "install again, without systemd-sysusers, and go on"
if command -v adduser >/dev/null; then
  userdel rpad
  mv "$(command -v systemd-sysusers)" /tmp/sysusers 2>/dev/null || true
  dpkg -i /tmp/2.deb
  getent passwd rpad >/dev/null || die "no user by adduser"
  chown -R rpad:rpad /var/lib/rpad
else
  dpkg -i /tmp/2.deb
fi
start_runner
start_daemon
rpa show "$run" | grep -q completed || die "the run is forgotten"
kill -TERM $daemon $runner
wait $daemon $runner || true

say "purge"
dpkg -P rpad
for gone in /var/lib/rpad /run/rpad /etc/rpad /usr/share/doc/rpad /usr/bin/rpad /usr/bin/rpa; do
  [ ! -e "$gone" ] || die "left: $gone: $(ls -la "$gone")"
done
left=$(find /etc /usr /var /run -xdev \( -name 'rpad*' -o -name 'rpa' -o -name 'rpa[.-]*' \) \
  -not -name rpad-test -print)
[ -z "$left" ] || die "left: $left"
say "nothing is left but the user rpad"

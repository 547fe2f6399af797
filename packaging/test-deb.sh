#!/bin/sh
# Installs the Debian package, works with it, upgrades, removes and purges it, and looks at
# what is left; in a copy of this machine that is thrown away:
#
#   sh packaging/test-deb.sh BINARIES
#
# As root and where the kernel gives it an overlay over /, dpkg and its scripts do all of it
# for real, in a chroot of their own processes. Elsewhere the package is unpacked and its
# binaries are run from there, and it says so.
set -eu
cd "$(dirname "$0")/.."
bin=$1
work=$(mktemp -d)
# a mount of a process that is gone goes with it
trap 'rm -rf "$work"' EXIT
command -v dpkg-deb >/dev/null || { echo "test-deb: skipped, there is no dpkg-deb here"; exit 0; }

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
export COMPRESS=gzip LEVEL=1
first=$(sh packaging/deb.sh "$bin" "$work" "$version-1" | tail -n 1)
second=$(sh packaging/deb.sh "$bin" "$work" "$version-2" | tail -n 1)
dpkg-deb --info "$first"
dpkg-deb --contents "$first" > "$work/contents"
# names of files with what belongs to each section of the manual
for wanted in ./usr/bin/rpad ./usr/bin/rpa ./usr/bin/rpa-tui ./etc/rpad/rpad.toml \
  ./usr/lib/systemd/system/rpad.service ./usr/lib/systemd/system/rpad.socket \
  ./usr/lib/systemd/system/rpad-http.socket ./usr/lib/systemd/system/rpad-runner.service \
  ./usr/lib/systemd/user/rpad.service ./usr/lib/sysusers.d/rpad.conf \
  ./usr/lib/tmpfiles.d/rpad.conf ./usr/share/man/man8/rpad.8.gz ./usr/share/man/man1/rpa.1.gz \
  ./usr/share/man/man1/rpa-run.1.gz ./usr/share/man/man5/rpad.toml.5.gz \
  ./usr/share/bash-completion/completions/rpa ./usr/share/doc/rpad/examples/disk-report.yaml; do
  grep -q " $wanted\$" "$work/contents" || { echo "not in it: $wanted"; exit 1; }
done
if command -v lintian >/dev/null; then
  # it is nobody's yet: who distributes it says who they are
  lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog "$first"
fi

if ! unshare --mount --pid --fork sh -c "mkdir $work/o $work/t && mount -t tmpfs t $work/t &&
  mkdir $work/t/u $work/t/w && mount -t overlay -o lowerdir=/,upperdir=$work/t/u,workdir=$work/t/w \
  o $work/o && chroot $work/o true" 2>/dev/null; then
  echo "test-deb: no chroot here, so maintainer scripts were not run; the unpacked binaries:"
  dpkg-deb -x "$first" "$work/root"
  "$work/root/usr/bin/rpad" --version
  "$work/root/usr/bin/rpad" --config "$work/root/etc/rpad/rpad.toml" --check-config
  exit 0
fi
rm -rf "$work/o" "$work/t"
mkdir "$work/top"
cp "$first" "$work/1.deb"
cp "$second" "$work/2.deb"
unshare --mount --pid --fork --kill-child sh packaging/test-deb-inside.sh "$work"

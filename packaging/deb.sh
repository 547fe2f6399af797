#!/bin/sh
# Makes a Debian package of binaries that were built:
#
#   sh packaging/deb.sh BINARIES OUT [VERSION]
#
# BINARIES has rpad, rpa and rpa-tui; the package appears in OUT, and its path is the last
# line that is printed. Who it is from is the first of `authors` in Cargo.toml, or what the
# variable MAINTAINER says. COMPRESS=gzip is for tests. Needs dpkg-deb; with dpkg-shlibdeps
# it reckons what the binaries need, else it names the C library alone.
set -eu
cd "$(dirname "$0")/.."
bin=$1
out=$2
version=${3:-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)}
arch=$(dpkg --print-architecture)
maintainer=${MAINTAINER:-$(sed -n 's/^authors = \["\([^"]*\)".*/\1/p' Cargo.toml | head -n 1)}
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022

for program in rpad rpa rpa-tui; do
  install -D -m 755 "$bin/$program" "$root/usr/bin/$program"
  # debug builds are large; of a release this takes nothing
  strip --strip-unneeded "$root/usr/bin/$program" 2>/dev/null || true
done

lib=$root/usr/lib
for kind in system user; do
  install -d "$lib/systemd/$kind"
  install -m 644 packaging/systemd/$kind/* "$lib/systemd/$kind/"
done
install -D -m 644 packaging/sysusers.d/rpad.conf "$lib/sysusers.d/rpad.conf"
install -D -m 644 packaging/tmpfiles.d/rpad.conf "$lib/tmpfiles.d/rpad.conf"
install -D -m 644 config/rpad.toml "$root/etc/rpad/rpad.toml"

rpa=$root/usr/bin/rpa
"$rpa" man "$work/man" >/dev/null
for page in man/*.[158] "$work"/man/*.1; do
  section=${page##*.}
  install -D -m 644 "$page" "$root/usr/share/man/man$section/$(basename "$page")"
done
share=$root/usr/share
install -d "$share/bash-completion/completions" "$share/zsh/vendor-completions" \
  "$share/fish/vendor_completions.d"
"$rpa" completions bash > "$share/bash-completion/completions/rpa"
"$rpa" completions zsh > "$share/zsh/vendor-completions/_rpa"
"$rpa" completions fish > "$share/fish/vendor_completions.d/rpa.fish"

doc=$share/doc/rpad
install -d "$doc/examples/systemd"
install -m 644 config/examples/*.yaml "$doc/examples/"
cp -R packaging/drop-ins/. "$doc/examples/systemd/"
install -m 644 README.md "$doc/README.md"
case $version in
  *-*) changelog=changelog.Debian news=changelog ;;
  *) changelog=changelog news=CHANGELOG.md ;;
esac
install -m 644 CHANGELOG.md "$doc/$news"
# that of the package itself; a version without a revision is one of Debian's own
cat > "$doc/$changelog" <<END
rpad ($version) unstable; urgency=medium

  * What is new in rpad: see $news.gz beside this file.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$epoch")
END
install -D -m 644 packaging/debian/lintian-overrides "$share/lintian/overrides/rpad"
cat > "$doc/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: rpad

Files: *
Copyright: the authors of rpad
License: MIT or Apache-2.0
 On Debian systems the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0. The text of the MIT license:
$(sed -n '/^MIT License/,/^---/p' LICENSE | sed -e '/^---/d' -e 's/^$/./' -e 's/^/ /')
END
find "$share/man" -name '*.[158]' -exec gzip -9n {} +
gzip -9n "$doc/$news" "$doc/$changelog"
find "$root" -type d -exec chmod 755 {} +
find "$doc" -type f -exec chmod 644 {} +

# what the binaries need of this machine's libraries
depends='libc6, libgcc-s1'
if command -v dpkg-shlibdeps >/dev/null; then
  mkdir -p "$work/debian"
  printf 'Source: rpad\n\nPackage: rpad\nArchitecture: any\n' > "$work/debian/control"
  found=$(cd "$work" && dpkg-shlibdeps -O -e root/usr/bin/rpad -e root/usr/bin/rpa \
    -e root/usr/bin/rpa-tui 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
  depends=${found:-$depends}
fi

install -d "$root/DEBIAN"
cat > "$root/DEBIAN/control" <<END
Package: rpad
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends, systemd | systemd-standalone-sysusers | adduser
Suggests: bash-completion
Section: admin
Priority: optional
Description: durable workflow engine for operations people who live in a terminal
 One daemon, one directory, no containers. It runs workflows durably, never
 repeats what was confirmed, never drops what was accepted, and says what ran,
 what did not, and why.
 .
 This package has the daemon rpad, the command line rpa, the console rpa-tui,
 and units for systemd.
END
echo /etc/rpad/rpad.toml > "$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"
done
(cd "$root" && find usr etc -type f -print0 | sort -z | xargs -0 md5sum) > "$work/md5sums"
# settings are not a matter of the package's sums
grep -v ' etc/' "$work/md5sums" > "$root/DEBIAN/md5sums"
chmod 644 "$root"/DEBIAN/control "$root"/DEBIAN/conffiles "$root"/DEBIAN/md5sums
find "$root" -print0 | xargs -0 touch --no-dereference --date="@$epoch"

mkdir -p "$out"
package=$out/rpad_${version}_$arch.deb
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group "-Z${COMPRESS:-xz}" -z"${LEVEL:-6}" --build "$root" "$package" >/dev/null
echo "$package"

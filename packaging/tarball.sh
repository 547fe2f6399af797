#!/bin/sh
# A tarball that runs from any directory:
#
#   sh packaging/tarball.sh BINARIES OUT TARGET
#
# TARGET is the triple that the binaries were built for, and part of the name. Those for
# *-musl are static; those for *-gnu say in REQUIRES which C library they need.
set -eu
cd "$(dirname "$0")/.."
bin=$1
out=$2
target=$3
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
name=rpad-$version-$target

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/$name
umask 022
for program in rpad rpa rpa-tui; do
  install -D -m 755 "$bin/$program" "$root/bin/$program"
  strip --strip-unneeded "$root/bin/$program" 2>/dev/null || true
done
"$root/bin/rpa" man "$work/man" >/dev/null
for page in man/*.[158] "$work"/man/*.1; do
  install -D -m 644 "$page" "$root/share/man/man${page##*.}/$(basename "$page")"
done
install -d "$root/share/completions" "$root/share/examples"
for shell in bash zsh fish; do
  "$root/bin/rpa" completions $shell > "$root/share/completions/rpa.$shell"
done
install -m 644 config/examples/*.yaml "$root/share/examples/"
cp -R packaging/drop-ins "$root/share/systemd"
install -m 644 config/rpad.toml README.md CHANGELOG.md LICENSE "$root/"
case $target in
*-musl) echo 'Linux 5.10 or newer; no library.' > "$root/REQUIRES" ;;
*)
  glibc=$(objdump -T "$root"/bin/* 2>/dev/null | sed -n 's/.*GLIBC_\([0-9.]*\).*/\1/p' |
    sort -V | tail -n 1)
  echo "Linux 5.10 or newer, with the GNU C library ${glibc:-of this build} or newer." \
    > "$root/REQUIRES"
  ;;
esac
cat > "$root/INSTALL" <<'END'
sudo install -m 755 bin/rpad bin/rpa bin/rpa-tui /usr/local/bin
sudo cp -R share/man/. /usr/local/share/man
sudo /usr/local/bin/rpad install --system       then as it says; or, for yourself:
/usr/local/bin/rpad install --user
END
mkdir -p "$out"
archive=$out/$name.tar.gz
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -cf - "$name" |
  gzip -9n > "$archive"
echo "$archive"

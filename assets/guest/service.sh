#!/bin/sh
# Makes the files of an ordinary service from Debian's packages: what an image of it holds at the least.
#   service.sh SOURCES OUTPUT PRIVATE
# SOURCES holds packages.sh, `wanted` with the packages' names, and `links` with lines of NAME and TARGET for /usr/bin. The result is
# OUTPUT/root.tar. Runs on Debian or inside a Debian container, as any user: packages are unpacked, not installed, and none of their
# scripts runs. The lists are Debian's own of one release, whatever this system is and prefers. Speaks as kit.sh does.
set -eu
sources=$1 output=$2 private=$3
work=$output/work
mkdir -p "$work/packages" "$work/tree"
. "$sources/packages.sh"
for program in apt-get dpkg-deb tar sha256sum; do need "$program"; done

suite=trixie mirror=http://deb.debian.org
# What packages ask for only to be installed, configured and looked after, and PostgreSQL's compiler of queries: apt is told that it
# is there.
without='adduser base-passwd ca-certificates-java debconf debianutils dpkg init-system-helpers iproute2 libllvm19 locales openssl
openssl-provider-legacy perl postgresql-client-common postgresql-common readline-common sensible-utils ssl-cert tar util-linux'

# --- lists ----------------------------------------------------------------------------------------------------
step package-lists "Debian $suite"
mkdir -p "$private/state/lists/partial" "$private/cache/archives/partial"
keyring=$(ls /usr/share/keyrings/debian-archive-keyring.pgp /usr/share/keyrings/debian-archive-keyring.gpg 2>/dev/null | head -n 1)
[ -n "$keyring" ] || die 'the keys of the Debian archive are not here (package debian-archive-keyring)'
cat >"$private/sources.list" <<.
deb [signed-by=$keyring] $mirror/debian $suite main
deb [signed-by=$keyring] $mirror/debian-security $suite-security main
.
architecture=$(dpkg --print-architecture)
for name in $without; do
  printf 'Package: %s\nStatus: install ok installed\nVersion: 99:0\nMaintainer: none\nArchitecture: %s\nMulti-Arch: foreign\n\n' "$name" "$architecture"
done >"$private/status"
archive() {
  apt-get -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=2 -o Acquire::Languages=none \
    -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false -o APT::Install-Recommends=false -o Debug::NoLocking=true \
    -o Dir::Etc::sourcelist="$private/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State="$private/state" -o Dir::State::status="$private/status" -o Dir::Cache="$private/cache" -qq "$@"
}
archive update >&2

# --- packages -------------------------------------------------------------------------------------------------
wanted=$(cat "$sources/wanted")
step download "$(echo $wanted)"
# shellcheck disable=SC2086 # one word per package
archive install --yes --download-only $wanted >&2
# Debian's merged /usr: the links are a package's that is not among them.
mkdir -p "$work/tree/usr/bin" "$work/tree/usr/sbin" "$work/tree/usr/lib" "$work/tree/usr/lib64"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$work/tree/$name"; done
for deb in "$private"/cache/archives/*.deb; do
  mv "$deb" "$work/packages/$(dpkg-deb -f "$deb" Package)_.deb"
done
for deb in "$work"/packages/*.deb; do unpack "$(basename "$deb" _.deb)"; done

# --- tree -----------------------------------------------------------------------------------------------------
step tree "$(echo $wanted)"
cd "$work/tree"
while read -r name target; do (cd usr/bin && ln -s $target "$name"); done <"$sources/links" # the target may be a pattern
find usr/share/doc -type f ! -name copyright -delete
rm -rf usr/share/man usr/share/info usr/share/locale usr/share/lintian usr/share/bug usr/share/postgresql/*/man
rm -rf usr/lib/postgresql/*/lib/bitcode # the compiler's input
mkdir -p etc tmp var/tmp run root
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >etc/passwd
printf 'root:x:0:\nnogroup:x:65534:\n' >etc/group
chmod 1777 tmp var/tmp
tar --sort=name --format=gnu --owner=0 --group=0 --numeric-owner -cf "$output/root.tar" .
cd /
rm -rf "$work"

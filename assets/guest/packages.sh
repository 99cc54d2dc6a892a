# Sourced by kit.sh and kernel.sh: Debian packages are downloaded and unpacked, never installed, as any user.
# Expects $work, a folder of its own, and $private, where apt may keep lists of its own.
# The caller's standard output carries `@step NAME SUBJECT`, `@missing PROGRAM` and `@fact NAME VALUE`.

step() { echo "@step $1 $2"; }
fact() { echo "@fact $1 $2"; }
die() { echo "$1" >&2; exit 1; }
missing() { echo "@missing $1"; exit 3; }
need() { command -v "$1" >/dev/null 2>&1 || missing "$1"; }

own_lists=
apt() {
  program=$1
  shift
  set -- -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=2 "$@"
  [ -z "$own_lists" ] || set -- -o Dir::State::Lists="$private/lists" -o Dir::Cache="$private/cache" "$@"
  "$program" "$@"
}
# The system's lists may be absent (a fresh container) or so old that the files they name are gone.
# An index that fails to load must not stop us: whether the download works is what counts.
use_own_lists() {
  step package-lists debian
  own_lists=yes
  mkdir -p "$private/lists/partial" "$private/cache/archives/partial"
  apt apt-get update -qq -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false >&2 || true
}
# depends_on PACKAGE PATTERN: the first package that it depends on and that matches.
depends_on() { apt apt-cache depends "$1" 2>/dev/null | sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1; }
download() { (cd "$work/packages" && apt apt-get download -qq "$@" >&2); }
fetch() {
  step download "$1"
  mkdir -p "$work/packages"
  if download "$1"; then return; fi
  [ -z "$own_lists" ] || die "the package $1 cannot be downloaded"
  use_own_lists
  download "$1" || die "the package $1 cannot be downloaded"
}
unpack() {
  deb=$(ls "$work/packages/$1"_*.deb)
  step unpack "$1"
  dpkg-deb -x "$deb" "$work/tree"
  fact "package" "$(dpkg-deb -f "$deb" Package) $(dpkg-deb -f "$deb" Version) $(sha256sum "$deb" | cut -d ' ' -f 1)"
}

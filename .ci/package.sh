#!/usr/bin/env bash
# Packs Tare for this system with the Electron that is here: release/linux-unpacked and release/Tare-….tar.gz. Nothing is
# downloaded but what is missing of the tools; installers for other systems are made by `npm run package` where GitHub answers.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'tare package: %s\n' "$*" >&2; }
if [ "$(uname -s)" != Linux ]; then
  say "this is for Linux; use npm run package"
  exit 3
fi

npm run --silent build
read -r kind version electron < <(node dist/main/launch.cjs --print)
if [ "$kind" = none ]; then
  say "no Electron can be had here"
  exit 3
fi
# An Electron that was named by its folder tells no version on the command line.
if [ -z "${electron:-}" ]; then
  electron=$version
  version=$(cat "$(dirname "$electron")/version")
fi
[ "$kind" = registry ] && say "packing the old Electron $version from the npm registry: for trying out here, not for users"

# electron-builder would fetch its own 7-Zip from GitHub.
seven=$(command -v 7za || command -v 7z || command -v 7zz || true)
if [ -z "$seven" ]; then
  say "7-Zip is missing. Run this, then try again:"
  printf '    sudo apt-get install -y 7zip\n' >&2
  exit 3
fi
ELECTRON_BUILDER_7ZIP_PATH=$seven npx --no-install electron-builder --linux "${@:-tar.gz}" --publish never \
  -c.electronDist="$(dirname "$electron")" -c.electronVersion="${version#v}"

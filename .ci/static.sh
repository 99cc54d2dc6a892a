#!/usr/bin/env bash
# Format, lint, types, unused code, the lock file, the workflow for GitHub and the house in numbers: all of them, whatever fails first. What fails says which command mends it.
set -uo pipefail
cd "$(dirname "$0")/.."

status=0
check() { # WHAT REMEDY PROGRAM WORDS…
  npx --no-install "${@:3}" && return
  status=1
  printf '\ntare: %s is not as it should be. Run: %s\n\n' "$1" "$2" >&2
}

check format 'npm run format' prettier --check --cache --log-level warn .
check lint 'npm run lint -- --fix, and mend by hand what that leaves' eslint --cache --cache-location node_modules/.cache/eslint .
check types 'npm run types, until it is silent' tsc -b
check 'the types of components' 'npm run types, until it is silent' svelte-check --threshold warning --output human --tsconfig tsconfig.renderer.json
check 'unused code' 'npx knip --fix --allow-remove-files, and look at what it took' knip --no-config-hints
check 'code that only tests use' 'npx knip --production, and delete what it names' knip --no-config-hints --production
check 'the workflow for GitHub' 'mend what it names by hand' action-validator .github/workflows/package.yml
node .ci/lockfile.js || {
  status=1
  printf '\ntare: package-lock.json names what is not to be fetched. Run: git log -p package-lock.json, and install anew what it names\n\n' >&2
}
check 'the house' 'npm run house, and mend what stands under the figures' vite-node tests/house/index.ts
exit $status

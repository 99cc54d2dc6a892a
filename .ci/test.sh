#!/usr/bin/env bash
# All tests: static checks, unit tests, then the real Docker, QEMU and Electron. Ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."
bash .ci/setup.sh tests || exit

results=$(mktemp) preparing=$(mktemp)
trap 'rm -f "$results" "$preparing"' EXIT
status=0
npm run --silent build || status=1

# The small kernel and the images take minutes, once per machine: they are made beside the static checks.
npx vite-node tests/support/prepare.ts >"$preparing" 2>&1 &
prepared=$!
npm run --silent static || status=1
if ! wait $prepared; then
  cat "$preparing"
  status=1
fi

npx vitest run --reporter=default --reporter=json --outputFile.json="$results" || status=1
node -e '
  const { numPassedTests, numFailedTests } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
' "$results" || status=1
exit $status

#!/usr/bin/env bash
# All tests: static checks, unit tests, then the real Docker, QEMU and Electron. Ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."
bash .ci/setup.sh tests || exit

# A temporary folder for all that is started, also as other users, so that what is left there is known to be the tests'. Sockets lie
# in it, whose paths may have 107 characters.
results=$(mktemp -d) scratch=$(mktemp -d "${TMPDIR:-/tmp}/tt.XXX")
chmod 1777 "$scratch"
export TMPDIR=$scratch
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$results" "$scratch"' EXIT
status=0 broken=()
npx vite-node tests/support/remains.ts note "$results/before" || status=1
npm run --silent build || broken+=(build)

# The small kernel and the images take minutes, once per machine: they are made beside the static checks.
npx vite-node tests/support/prepare.ts >"$results/preparing" 2>&1 &
prepared=$!
npm run --silent static || broken+=(static)
if ! wait $prepared; then
  cat "$results/preparing"
  status=1
fi

# lane LETTER PROJECT…: one file after the other, as whoever TARE_TEST_BESIDE tells from the other lane (tests/README.md)
lane() {
  local letter=$1
  shift
  TARE_TEST_BESIDE=$letter npx vitest run "${@/#/--project=}" --reporter=default --reporter=json --outputFile.json="$results/$letter.json"
}
# Machines keep one processor busy and containers wait: two lanes take two thirds of the time of one.
lane n qemu app >"$results/n.log" 2>&1 &
machines=$!
lane m unit doors engine docker process docker29 podman torture || status=1
wait $machines || status=1
cat "$results/n.log"
npx vite-node tests/support/remains.ts check "$results/before" >"$results/left"
clean=$?

for step in "${broken[@]}"; do
  echo "FAILED npm run $step, whose messages stand above the tests"
  status=1
done

# what failed, in one place below both lanes, since a log may be kept by its end alone
LEFT=$results/left node -e '
  const { readFileSync } = require("node:fs");
  const [left, ...files] = process.argv.slice(1);
  const lanes = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
  for (const { name, status, message, assertionResults } of lanes.flatMap((lane) => lane.testResults)) {
    const failed = assertionResults.filter((test) => test.status === "failed");
    for (const { fullName, failureMessages } of failed) console.log(`FAILED ${name}: ${fullName}\n${failureMessages.join("\n")}`);
    if (status === "failed" && failed.length === 0) console.log(`FAILED ${name}\n${message}`);
  }
  const sum = (name) => lanes.reduce((total, lane) => total + lane[name], 0);
  const isClean = left === "0";
  if (!isClean) console.log("FAILED after all tests something of theirs is left:\n" + readFileSync(process.env.LEFT, "utf8"));
  console.log(`${sum("numPassedTests") + isClean} passed, ${sum("numFailedTests") + !isClean} failed`);
' "$clean" "$results/m.json" "$results/n.json" || status=1
[ "$clean" = 0 ] || status=1
exit $status

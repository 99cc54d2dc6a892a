#!/usr/bin/env bash
# The gate of a build. Measures the image of one commit against that of another, in turns on this machine (tare ab), leaves the reports in a
# folder, and ends as `tare` does: with 4 when the newer one is slower or heavier, in two runs of two.
# action.yml and .ci/gitlab.yml call it. By hand: bash .ci/gate.sh, in a repository that has a Dockerfile.
#
# Network: the `tare` that is on the PATH needs none. Where there is none, this copy of Tare is built: npm's registry, and Debian's archive for
# what setup.sh names. What the Dockerfiles and images fetch comes on top.
#
# What it is told comes in the environment and is never read as a command. What is empty or not set has a default:
#   GATE_BASE GATE_HEAD               commits: HEAD^ and HEAD
#   GATE_FOLDER                       of the repository, with a Dockerfile: .
#   GATE_BASE_IMAGE GATE_HEAD_IMAGE   where these are named, they are measured and nothing is built; the commits then only name them
#   GATE_TARGETS GATE_TRIALS GATE_MINIMUM GATE_PORT GATE_PROBE GATE_MEMORY    options of `tare ab`
#   GATE_CONFIRM                      false: a single run decides
#   GATE_FAIL_ON                      nothing: a regression is told, and passes
#   GATE_LANGUAGE                     en or zh-CN
#   GATE_OUT                          the folder for the reports: tare-report
set -euo pipefail
shopt -s inherit_errexit
own=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
folder=${GATE_FOLDER:-.} targets=${GATE_TARGETS:-container}

refuse() {
  printf 'tare gate: %s\n' "$*" >&2
  exit 2
}

mkdir -p -- "${GATE_OUT:-tare-report}"
out=$(cd -- "${GATE_OUT:-tare-report}" && pwd -P)
trees=$out/.trees
rm -f -- "$out"/{run,run-confirm}.{json,txt,html,md} "$out"/{junit.xml,summary.md}

# What a build or an application prints is no command to GitHub's runner.
token=
if [ "${GITHUB_ACTIONS:-}" = true ]; then
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
fi
leave() {
  rm -rf -- "$trees"
  [ -z "$token" ] || printf '\n::%s::\n' "$token"
}
trap leave EXIT

if command -v tare >/dev/null; then
  tare=(tare)
else
  case "$targets" in
    *vm* | *process*) needed=engines ;;
    *) needed=containers ;;
  esac
  bash "$own/.ci/setup.sh" "$needed"
  [ -e "$own/dist/main/cli.cjs" ] || (cd "$own" && npm run --silent build) >&2
  tare=(node "$own/dist/main/cli.cjs")
fi
tare+=("--lang=${GATE_LANGUAGE:-en}")

commit() { # REVISION
  git rev-parse --verify --quiet --end-of-options "$1^{commit}" ||
    refuse "$1 is no commit of this checkout. Where that is shallow: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab."
}
dated() { git log -1 --format='%H %cs' "$1"; }

# The files of a commit as git checks them out, without the repository and its submodules. Their place has the same name each time, and so has
# what is built there.
tree() { # NAME COMMIT
  local place=$trees/$1 found
  rm -rf -- "$place"
  mkdir -p "$place"
  GIT_INDEX_FILE=$place.index git read-tree "$2"
  GIT_INDEX_FILE=$place.index git checkout-index --all --prefix="$place/"
  found=$(cd -P -- "$place/$folder" 2>/dev/null && pwd -P) && [ -e "$found/Dockerfile" ] ||
    refuse "commit $2 has no $folder/Dockerfile."
  case $found/ in
    "$place"/*) printf '%s\n' "$found" ;;
    *) refuse "$folder leads out of the repository." ;;
  esac
}

# Both sides, and the commits that they are named by.
named=()
if [ -n "${GATE_BASE_IMAGE:-}${GATE_HEAD_IMAGE:-}" ]; then
  a=${GATE_BASE_IMAGE:-} b=${GATE_HEAD_IMAGE:-}
  [ -n "$a" ] && [ -n "$b" ] || refuse "a base image and a head image go together."
  # what images were made of only whoever names them knows
  if [ -n "${GATE_BASE:-}" ] && [ -n "${GATE_HEAD:-}" ]; then
    named[0]=$(commit "$GATE_BASE")
    named[1]=$(commit "$GATE_HEAD")
  fi
else
  top=$(git rev-parse --show-toplevel) || refuse "this is no checkout of a git repository, or not this user's."
  cd "$top"
  base=$(commit "${GATE_BASE:-HEAD^}")
  head=$(commit "${GATE_HEAD:-HEAD}")
  a=$(tree base "$base")
  b=$(tree head "$head")
  named=("$base" "$head")
  # What GitHub checks out of a pull request is a merge that nobody else has: it is named by the commit that it merges.
  case "${GATE_HEAD:-}:${GITHUB_REF:-}" in
    :refs/pull/*/merge) named[1]=$(commit "$head^2") ;;
  esac
fi

options=("--targets=$targets" --fail-on=regression)
[ ${#named[@]} = 0 ] || options+=("--a=commit=$(dated "${named[0]}")" "--b=commit=$(dated "${named[1]}")")
[ "${GATE_CONFIRM:-}" = false ] || options+=(--confirm)
option() { [ -z "$2" ] || options+=("--$1=$2"); }
option trials "${GATE_TRIALS:-}"
option minimum "${GATE_MINIMUM:-}"
option port "${GATE_PORT:-}"
option probe "${GATE_PROBE:-}"
option memory "${GATE_MEMORY:-}"

# The signal that cancels a job reaches this process alone. It is handed on, so that Tare removes what it started.
stopped=
"${tare[@]}" ab "${options[@]}" "--out=$out/run.json" -- "$a" "$b" >"$out/run.txt" &
measuring=$!
trap 'stopped=yes; kill -TERM $measuring || true' INT TERM
status=0
wait $measuring || status=$?
if [ -n "$stopped" ]; then
  status=0
  wait $measuring || status=$?
fi
trap - INT TERM
cat "$out/run.txt"

# The reports of each run. JUnit's cases are those of the last one: a regression that it did not find is none.
: >"$out/summary.md"
export_as() { "${tare[@]}" export "$id" --out "$@" >/dev/null; }
for record in run run-confirm; do
  [ -e "$out/$record.json" ] || continue
  id=$(sed -n 's/^  "id": "\([0-9a-z-]*\)",$/\1/p' "$out/$record.json")
  export_as "$out/$record.html"
  export_as "$out/$record.md"
  export_as "$out/junit.xml" --format junit
  export_as "$out/part.md" --format summary
  { cat "$out/part.md" && echo; } >>"$out/summary.md"
  rm "$out/part.md"
done

# What came of both is the last paragraph that was printed. It leads, since the first run alone would tell a regression that is none.
if [ -e "$out/run-confirm.json" ]; then
  outcome=$(awk 'BEGIN { RS = "" } { last = $0 } END { gsub(/\n */, " ", last); print last }' "$out/run.txt")
  printf '**%s**\n\n%s\n' "$outcome" "$(cat "$out/summary.md")" >"$out/summary.md"
fi
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"

regression=false
[ $status != 4 ] || regression=true
[ -z "${GITHUB_OUTPUT:-}" ] || printf 'regression=%s\n' "$regression" >>"$GITHUB_OUTPUT"
if [ $status = 4 ] && [ "${GATE_FAIL_ON:-}" = nothing ]; then exit 0; fi
exit $status

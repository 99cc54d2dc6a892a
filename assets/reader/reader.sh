#!/bin/sh
# Compiles reader and relay for the processor that a container engine runs on.
#   reader.sh SOURCES OUTPUT
# SOURCES holds reader.c, relay.c, packages.sh, and `machine`, the processor as `uname -m` names it. Speaks as assets/guest/kit.sh does.
set -eu
sources=$1 output=$2
. "$sources/packages.sh"

machine=$(cat "$sources/machine")
cc=cc
[ "$(uname -m)" = "$machine" ] || cc=$machine-linux-gnu-gcc
need "$cc"
# A compiler alone is not enough: they are linked with the static C library.
echo 'int main(void) { return 0; }' | "$cc" -static -x c -o "$output/try" - 2>/dev/null || missing cc
rm "$output/try"
for program in reader relay; do
  step compile "$program.c"
  "$cc" -static -Os -s -Wall -Wextra -Werror -o "$output/$program" "$sources/$program.c"
done

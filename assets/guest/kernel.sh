#!/bin/sh
# Builds the minimal guest kernel from Debian's kernel source.
#   kernel.sh SOURCES OUTPUT PRIVATE
# SOURCES holds packages.sh and kernel.config, OUTPUT is an empty folder, PRIVATE is where apt may keep lists of its own.
# Runs on Debian or inside a Debian container, as any user; nothing is installed. Speaks as kit.sh does, and prints
# `@share FRACTION` while it compiles. The same source, configuration and compiler give the same bytes.
set -eu
sources=$1 output=$2 private=$3
work=$output/work
mkdir -p "$work/packages" "$work/tree" "$work/source"

. "$sources/packages.sh"

for program in apt-get apt-cache dpkg dpkg-deb sha256sum tar xz make cc ld strip flex bison bc; do need "$program"; done
echo '#include <gelf.h>' | cc -E -x c - >/dev/null 2>&1 || missing gelf.h
[ "$(dpkg --print-architecture)" = amd64 ] || die "the minimal kernel is for amd64 only: QEMU's microvm machine is"
unset MAKEFLAGS KCFLAGS KBUILD_OUTPUT CROSS_COMPILE LLVM

source_package() { depends_on linux-source 'linux-source-[0-9].*'; }
package=$(source_package)
[ -n "$package" ] || { use_own_lists; package=$(source_package); }
[ -n "$package" ] || die 'no package linux-source is on offer'
fetch "$package"
unpack "$package"
rm -rf "$work/packages"
fact compiler "$(cc --version | head -n 1)"
fact linker "$(ld --version | head -n 1)"

# Of drivers and architectures that are never compiled, only what the configuration reads is unpacked: a third of the files.
step kernel-source "$package"
tar -C "$work/source" --strip-components=1 --wildcards-match-slash \
  --exclude='*/drivers/gpu/*.[ch]' --exclude='*/drivers/media/*.[ch]' --exclude='*/drivers/staging/*.[ch]' \
  --exclude='*/drivers/net/ethernet/*.[ch]' --exclude='*/drivers/net/wireless/*.[ch]' --exclude='*/drivers/infiniband/*.[ch]' \
  --exclude='*/sound/*.[ch]' --exclude='*/Documentation/*.rst' --exclude='*/Documentation/*.txt' \
  --exclude='*/Documentation/*.yaml' --exclude='*/tools/testing/*' --exclude='*/tools/perf/*' \
  -xf "$work/tree/usr/src/$package.tar.xz"
rm -rf "$work/tree"

# Dates, names and paths would end up in the kernel. Built in its own tree, every path in it is relative.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' KBUILD_BUILD_USER=tare KBUILD_BUILD_HOST=tare KBUILD_BUILD_VERSION=1
cd "$work/source"
build() { make --no-print-directory ARCH=x86_64 CC=cc HOSTCC=cc "$@"; }

step kernel-configure "$package"
{ build tinyconfig && ARCH=x86_64 scripts/kconfig/merge_config.sh -m .config "$sources/kernel.config" && build olddefconfig; } >"$work/log" 2>&1 ||
  { tail -n 50 "$work/log" >&2; exit 1; }

# One line of make's output is one file. How many there will be is known from earlier builds; it is only for the progress.
step kernel-compile "$package"
build -j"$(nproc)" vmlinux 2>"$work/complaints" | {
  lines=0
  while read -r line; do
    lines=$((lines + 1))
    [ $((lines % 10)) -ne 0 ] || awk -v "done=$lines" 'BEGIN { printf "@share %.3f\n", done < 1540 ? done / 1550 : 0.99 }'
  done
}
[ -s vmlinux ] || { tail -n 50 "$work/complaints" >&2; exit 1; }

step kernel-strip "$package"
strip -o "$output/vmlinux" vmlinux
fact kernel-release "$(cat include/config/kernel.release)"
cd "$output"
rm -rf "$work"

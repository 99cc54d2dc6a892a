#!/bin/sh
# Builds the guest kit: what a VM needs beside the image itself.
#   kit.sh SOURCES OUTPUT PRIVATE
# SOURCES holds packages.sh, init.c, process.c, common.h, pagecache.c and the probes, OUTPUT is an empty folder, PRIVATE is where apt may keep lists of its own.
# Runs on Debian or inside a Debian container, as any user; the host's kernel is not looked at. Prints `@step NAME SUBJECT`
# before each step, `@missing PROGRAM` when a program is not there, and `@fact NAME VALUE` for what the manifest keeps.
set -eu
sources=$1 output=$2 private=$3
work=$output/work
mkdir -p "$work/packages" "$work/tree" "$work/initrd/modules"

. "$sources/packages.sh"

for program in apt-get apt-cache dpkg dpkg-deb cc objcopy sha256sum; do need "$program"; done
# A compiler alone is not enough: PID 1 is linked with the static C library.
echo 'int main(void) { return 0; }' | cc -static -x c -o "$work/try" - 2>/dev/null || missing cc
architecture=$(dpkg --print-architecture)
case $architecture in
  amd64 | arm64) ;;
  *) die "no guest kernel is known for the architecture $architecture" ;;
esac

# --- packages -------------------------------------------------------------------------------------------------
kernel_package() { depends_on "linux-image-cloud-$architecture" 'linux-image-[0-9].*'; }
kernel=$(kernel_package)
[ -n "$kernel" ] || { use_own_lists; kernel=$(kernel_package); }
[ -n "$kernel" ] || die "no package linux-image-cloud-$architecture is on offer"
fetch "$kernel"
fetch busybox-static
unpack "$kernel"
unpack busybox-static
release=$(ls "$work/tree/usr/lib/modules" 2>/dev/null || ls "$work/tree/lib/modules")
modules=$work/tree/usr/lib/modules/$release
[ -d "$modules" ] || modules=$work/tree/lib/modules/$release
busybox=$(ls "$work/tree/usr/bin/busybox" "$work/tree/bin/busybox" 2>/dev/null | head -n 1)
fact kernel-release "$release"
cp "$busybox" "$output/busybox"

# zstd is not on every machine; its package can be unpacked like the others.
zstd() {
  if command -v zstd >/dev/null 2>&1; then command zstd "$@"; return; fi
  if [ ! -x "$work/tree/usr/bin/zstd" ]; then
    fetch zstd >&2
    dpkg-deb -x "$work/packages"/zstd_*.deb "$work/tree"
  fi
  "$work/tree/usr/bin/zstd" "$@"
}

# --- kernel ---------------------------------------------------------------------------------------------------
# QEMU loads an uncompressed vmlinux directly (PVH), which saves a second of decompression in an emulated guest.
is_elf() { [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }
vmlinux_at() {
  tail -c "+$(($1 + 1))" "$image" >"$work/compressed"
  case $2 in
    zstd) zstd -dcq "$work/compressed" ;;
    xz) "$busybox" unxz -c <"$work/compressed" ;;
    gzip) "$busybox" gunzip -c <"$work/compressed" ;;
  esac >"$output/vmlinux" 2>/dev/null || true # what follows the stream is not part of it, and decompressors say so
  is_elf "$output/vmlinux"
}
extract_vmlinux() {
  for format in 'zstd \x28\xb5\x2f\xfd' 'xz \xfd7zXZ\x00' 'gzip \x1f\x8b\x08'; do
    for offset in $(LC_ALL=C grep -aboP "${format#* }" "$image" | cut -d : -f 1); do
      if vmlinux_at "$offset" "${format%% *}"; then return; fi
    done
  done
  die "no kernel was found inside $(basename "$image")"
}
image=$(ls "$work/tree/boot/vmlinuz-$release")
step kernel "$release"
if [ "$architecture" = amd64 ]; then extract_vmlinux; else cp "$image" "$output/vmlinux"; fi
cp "$image" "$output/vmlinuz" # as boot loaders know it: to show what unpacking it at boot costs

# --- init, process and probe -------------------------------------------------------------------------------------------
step compile init.c
cc -static -Os -Wall -Wextra -Werror -o "$work/initrd/init" "$sources/init.c"
objcopy --strip-all "$work/initrd/init"
cp "$work/initrd/init" "$output/init" # alone for a kernel without modules
step compile process.c
cc -static -Os -Wall -Wextra -Werror -o "$output/process" "$sources/process.c"
objcopy --strip-all "$output/process"
step compile pagecache.c
cc -static -Os -Wall -Wextra -Werror -o "$output/pagecache" "$sources/pagecache.c"
objcopy --strip-all "$output/pagecache"
if [ "$architecture" = amd64 ]; then probe=probe.S; else probe=probe-$architecture.S; fi
step compile "$probe"
cc -c -o "$work/probe.o" "$sources/$probe"
objcopy -O binary -j .text "$work/probe.o" "$output/probe.rom"

# --- modules: those named here and what they need, in load order. The package brings no modules.dep. --------------
step modules "$release"
plain() {
  case $1 in
    *.xz) "$busybox" unxz -c <"$1" ;;
    *.zst) zstd -dcq "$1" ;;
    *.gz) "$busybox" gunzip -c <"$1" ;;
    *) cat "$1" ;;
  esac
}
# In a module's file name - and _ are the same thing.
pattern() { echo "$1" | sed 's/[-_]/[-_]/g'; }
section() { tr '\0' '\n' <"$work/initrd/modules/$1.ko" | LC_ALL=C sed -n "s/^$2//p" | tr ',' ' '; }
add_module() {
  case " $added " in *" $1 "*) return ;; esac
  added="$added $1"
  file=$(find "$modules" -name "$(pattern "$1").ko*" | head -n 1)
  if [ -z "$file" ]; then
    [ "${2-}" = optional ] || grep -q "/$(pattern "$1")\.ko" "$modules/modules.builtin" ||
      die "there is no module $1 in $release"
    return
  fi
  plain "$file" >"$work/initrd/modules/$1.ko"
  for needed in $(section "$1" depends=); do add_module "$needed"; done
  for wished in $(section "$1" 'softdep=pre: *'); do add_module "$wished" optional; done
  echo "$1.ko" >>"$work/initrd/modules/order"
}
added=
: >"$work/initrd/modules/order"
for module in virtio_pci virtio_blk virtio_net erofs overlay; do add_module "$module"; done

step initrd "$release"
(cd "$work/initrd" && find . | LC_ALL=C sort | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) >"$output/initrd"
[ -s "$output/initrd" ] || die 'the initrd is empty'

# Drivers of what not every machine has: each an archive that follows the initrd, with a list of what it adds to the modules.
cp "$work/initrd/modules/order" "$work/order"
added_to_all=$added
add_driver() {
  step initrd "$1"
  added=$added_to_all
  cp "$work/order" "$work/initrd/modules/order"
  add_module "$2" ${3-}
  mkdir -p "$work/$1/modules"
  grep -vxF -f "$work/order" "$work/initrd/modules/order" >"$work/$1/modules/order-$1" || true # a kernel may have it built in
  while read -r module; do
    cp "$work/initrd/modules/$module" "$work/$1/modules/$module"
  done <"$work/$1/modules/order-$1"
  (cd "$work/$1" && find . | LC_ALL=C sort | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) >"$output/$1"
}
add_driver balloon virtio_balloon
add_driver virtio-mem virtio_mem optional # not every architecture's kernel has it
rm -rf "$work"

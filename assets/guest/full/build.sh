#!/bin/sh
# Builds the disk of the full VM: what a computer with its own operating system boots from.
#   build.sh SOURCES OUTPUT PRIVATE
# Debian with systemd by mmdebstrap, straight from Debian's archive, without any image registry. The disk has a
# partition table, GRUB in the gap before the first partition (as grub-install leaves it), and one ext4 partition.
# Nothing is mounted and no loop device is used, so it works as root and, where user namespaces are allowed, as anybody.
# Prints `@step NAME SUBJECT`, `@missing PROGRAM` and `@fact NAME VALUE` like kit.sh.
set -eu
sources=$1 output=$2 work=$3
mkdir -p "$work"
PATH=$PATH:/usr/sbin:/sbin

step() { echo "@step $1 $2"; }
need() { command -v "$1" >/dev/null 2>&1 || { echo "@missing $1"; exit 3; }; }
for program in mmdebstrap mke2fs; do need "$program"; done

suite=trixie mirror=http://deb.debian.org/debian
# `important` is what Debian's installer puts on every machine; the rest is kernel, init, network and boot loader.
include=linux-image-cloud-amd64,initramfs-tools,zstd,systemd-sysv,dbus,grub-pc-bin,grub2-common

step distribution "Debian $suite"
# Whatever it mounts is seen by it alone: a kill in the middle must not leave the host's /dev inside a folder to be deleted.
private=
[ "$(id -u)" != 0 ] || private='unshare --mount'
$private mmdebstrap --quiet --variant=important --include="$include" \
  --customize-hook="copy-in $sources/setup.sh /" \
  --customize-hook='chroot "$1" sh /setup.sh' \
  --customize-hook='rm "$1/setup.sh"' \
  --customize-hook="copy-out /boot/grub/boot.img /boot/grub/core.img /boot/grub/packages $output" \
  "$suite" "$work/root.tar" "$mirror" >&2

# --- disk -----------------------------------------------------------------------------------------------------
step disk ext4
disk=$output/disk.img first=2048 sectors=2095104 # 1 MiB before the partition, 1 GiB in all: holes take no room
truncate -s "$(((first + sectors) * 512))" "$disk"
mke2fs -q -F -t ext4 -L tare-root -U 7a7e0000-0000-4000-8000-000000000001 \
  -E "offset=$((first * 512)),lazy_itable_init=0,lazy_journal_init=0" -d "$work/root.tar" "$disk" "$((sectors / 2))k" >&2
write() { dd of="$disk" conv=notrunc bs=1 status=none "$@"; }
head -c 440 "$output/boot.img" | write
# One entry: bootable, Linux (0x83), both ends past what CHS can say, then start and length in sectors.
little() { printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }
printf '\200\376\377\377\203\376\377\377'"$(little $first)$(little $sectors)" | write seek=446
printf '\125\252' | write seek=510
[ "$(stat -c %s "$output/core.img")" -lt $(((first - 1) * 512)) ] || { echo 'GRUB does not fit before the partition' >&2; exit 1; }
dd if="$output/core.img" of="$disk" conv=notrunc bs=512 seek=1 status=none

while read -r name version hash; do echo "@fact package $name $version $hash"; done <"$output/packages"
echo "@fact kernel-release $(sed -n 's/^linux-image-\([0-9][^ ]*\) .*/\1/p' "$output/packages" | head -n 1)"
rm -rf "$work" "$output/boot.img" "$output/core.img" "$output/packages"

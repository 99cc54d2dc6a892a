#!/isolation/busybox sh
# Says what a process sees from here. Each section has a name and holds the kernel's own words, untouched; what cannot be
# read is an empty section. Nothing is changed: the one file that is opened for writing is closed again.
b=/isolation/busybox
section() {
  printf '\n=== %s\n' "$1"
  shift
  "$@" 2>/dev/null
}
processes() {
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" && echo "$line"
  done
}
interfaces() {
  # A plain process has no /sys: then the kernel is asked for the same over a socket.
  if [ ! -e /sys/class/net ]; then
    $b ip -o link | $b sed -n 's/^[0-9]*: \([^:@]*\).*link\/[^ ]* \([0-9a-f:.]*\).*/\1 \2/p'
    return
  fi
  for folder in /sys/class/net/*; do
    [ -e "$folder/address" ] && echo "${folder##*/} $($b cat "$folder/address")"
  done
}
namespaces() {
  for name in cgroup ipc mnt net pid time user uts; do
    echo "$name $($b readlink "/proc/self/ns/$name")"
  done
}
devices() {
  for node in /dev/*; do
    [ -L "$node" ] && continue
    [ -b "$node" ] && echo "block ${node##*/}"
    [ -c "$node" ] && echo "character ${node##*/}"
  done
}
# Access rights alone do not tell: root may, unless the file system is read only. So it is tried.
settings() {
  [ -e /proc/sys/vm/swappiness ] || return
  if (: >>/proc/sys/vm/swappiness) 2>/dev/null; then echo writable; else echo read-only; fi
}

printf 'Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n\r\n'
section kernel $b uname -r
section boot $b cat /proc/sys/kernel/random/boot_id
section hostname $b uname -n
section processes processes
section mounts $b cat /proc/self/mounts
section interfaces interfaces
section user $b id
section user-map $b cat /proc/self/uid_map
section memory $b head -n 1 /proc/meminfo
section processors $b grep '^model name' /proc/cpuinfo
section usable-processors $b nproc
section uptime $b cat /proc/uptime
section clock $b date -u +%s
section devices devices
section status $b cat /proc/self/status
section namespaces namespaces
section settings settings

#!/isolation/busybox sh
# Says what a process sees from here. Each section has a name and holds the kernel's own words, untouched; what cannot be
# read is an empty section. Nothing is changed: the one setting that is written gets the value that it has.
# Whoever asks may name what it has for itself alone: `?port=` on its loopback, `?file=` (URL-encoded), and its own `?pid=`.
b=/isolation/busybox
asked() {
  for pair in $(echo "$QUERY_STRING" | $b tr '&' ' '); do
    case $pair in "$1="*) $b httpd -d "${pair#*=}" ;; esac
  done
}
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
# Access rights alone do not tell: root may, unless the file system is read only. So it is tried, with the value that it has.
settings() {
  value=$($b cat /proc/sys/vm/swappiness)
  [ -n "$value" ] || return
  if (echo "$value" >/proc/sys/vm/swappiness) 2>/dev/null; then echo writable; else echo read-only; fi
}
# Each place where a service on the host's loopback could be reached from here, and the word it says.
loopback() {
  port=$(asked port)
  [ -n "$port" ] || return
  for address in 127.0.0.1 $($b route -n | $b sed -n 's/^0\.0\.0\.0 *\([0-9.]*\).*/\1/p'); do
    echo "$address $($b nc -w 2 "$address" "$port" </dev/null)"
  done
}
# The same for a file of the host: as it is called there, and through processes that could be the host's.
host_files() {
  file=$(asked file)
  [ -n "$file" ] || return
  for place in "$file" "/proc/1/root$file" "/proc/$(asked pid)/root$file"; do
    echo "$place $($b cat "$place")"
  done
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
section loopback loopback
section host-files host_files

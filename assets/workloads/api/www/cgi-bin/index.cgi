#!/bin/busybox sh
# Answers with what the application can see of the system below it. In a container, `kernel` is the host's: containers
# share it. In a virtual machine it is the guest's own.
b=/bin/busybox
read -r uptime _ </proc/uptime
while read -r name value _; do
  [ "$name" = MemTotal: ] && memory=$((value * 1024)) && break
done </proc/meminfo

printf 'Content-Type: application/json\r\nCache-Control: no-store\r\n\r\n'
printf '{"application":"api","kernel":"%s","hostname":"%s","machine":"%s","cpus":%s,"memoryBytes":%s,' \
  "$($b uname -r)" "$($b uname -n)" "$($b uname -m)" "$($b nproc)" "$memory"
printf '"uptimeSeconds":%s,"pid":%s,"time":"%s"}\n' "$uptime" "$$" "$($b date -u +%Y-%m-%dT%H:%M:%SZ)"

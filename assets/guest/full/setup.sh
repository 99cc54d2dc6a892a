#!/bin/sh
# Runs inside the new Debian: what makes it boot by itself, run one application and tell on ttyS1 how far it is.
# The marks are those of init.c, and more: firmware · loader · kernel · init · network · exec · refused … · exit …
set -eu

echo tare >/etc/hostname
printf '127.0.0.1\tlocalhost tare\n::1\tlocalhost\n' >/etc/hosts
echo 'nameserver 10.0.2.3' >/etc/resolv.conf
echo 'LABEL=tare-root / ext4 errors=remount-ro 0 1' >/etc/fstab
systemd-machine-id-setup >/dev/null # else every boot would be a first boot

# --- network: the addresses of QEMU's user network, which never change --------------------------------------------
cat >/etc/systemd/network/10-wired.network <<'.'
[Match]
Type=ether
[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
DNS=10.0.2.3
LinkLocalAddressing=no
IPv6AcceptRA=no
.
systemctl -q enable systemd-networkd.service systemd-networkd-wait-online.service
# Updates would download in the middle of a measurement, one network service is enough, and the serial console belongs to
# the application's output.
systemctl -q mask apt-daily.timer apt-daily-upgrade.timer networking.service serial-getty@ttyS0.service

# --- marks -----------------------------------------------------------------------------------------------------
mkdir -p /etc/initramfs-tools/scripts/init-top /usr/lib/tare
cat >/etc/initramfs-tools/scripts/init-top/tare <<'.'
#!/bin/sh
[ "$1" = prereqs ] || echo kernel >/dev/ttyS1
.
chmod +x /etc/initramfs-tools/scripts/init-top/tare
unit() { cat >"/etc/systemd/system/$1"; }
unit tare-init.service <<'.'
[Unit]
Description=Tell that the system manager runs
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo init >/dev/ttyS1'
[Install]
WantedBy=sysinit.target
.
unit tare-network.service <<'.'
[Unit]
Description=Tell that the network is up
Wants=network-online.target
After=network-online.target
Before=tare-exec.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo network >/dev/ttyS1'
.
unit tare-exec.service <<'.'
[Unit]
Description=Tell that the application is executed next
After=tare-image.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo exec >/dev/ttyS1'
.

# --- the application: the image below, memory above, as in the other rungs ----------------------------------------
unit tare-image.service <<'.'
[Unit]
Description=Mount the image
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /usr/lib/tare/image
.
cat >/usr/lib/tare/image <<'.'
set -e
cd /run/tare 2>/dev/null || { mkdir /run/tare; cd /run/tare; }
mkdir lower rw root
mount -t erofs -o ro /dev/vdb lower
mount -t tmpfs -o mode=0755 rw rw
mkdir rw/upper rw/work
chmod --reference=lower rw/upper
chown --reference=lower rw/upper
mount -t overlay -o lowerdir=lower,upperdir=rw/upper,workdir=rw/work overlay root
echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
# systemd runs nothing as a user or group that the system itself does not know.
while IFS='=' read -r key id; do
  case $key in
    User) grep -q "^[^:]*:[^:]*:$id:" /etc/passwd || echo "application:x:$id:$id::/:/bin/sh" >>/etc/passwd ;;
    Group | SupplementaryGroups)
      for one in $id; do grep -q "^[^:]*:[^:]*:$one:" /etc/group || echo "group$one:x:$one:" >>/etc/group; done ;;
  esac
done </run/systemd/generator/tare-application.service
.
unit tare-ended.service <<'.'
[Unit]
Description=Tell how the application ended
[Service]
Type=oneshot
ExecStart=/bin/sh /usr/lib/tare/ended
.
cat >/usr/lib/tare/ended <<'.'
property() { systemctl show -P "$1" tare-application.service; }
status=$(property ExecMainStatus) code=$(property ExecMainCode)
if [ "$(property Result)" != success ]; then systemctl status --no-pager --lines=3 tare-application.service; fi >/dev/ttyS0
if [ "$(property Result)" = oom-kill ]; then echo 'exit memory'
elif [ "$code" = 1 ]; then echo "exit status $status"
else echo "exit signal $status"; fi >/dev/ttyS1
systemctl --no-block poweroff --force
.
# What to run comes as a unit file on the third disk: one system disk serves every image.
mkdir -p /etc/systemd/system-generators
cat >/etc/systemd/system-generators/tare <<'.'
#!/bin/sh
[ -b /dev/vdc ] || exit 0
tr -d '\000' </dev/vdc >"$1/tare-application.service"
mkdir -p "$1/multi-user.target.wants"
for unit in application exec network; do
  from=/etc/systemd/system/tare-$unit.service
  [ -e "$from" ] || from=$1/tare-$unit.service
  ln -s "$from" "$1/multi-user.target.wants/tare-$unit.service"
done
.
chmod +x /etc/systemd/system-generators/tare

# --- the agent -------------------------------------------------------------------------------------------------
unit tare-agent.service <<'.'
[Unit]
Description=Answer to the host
After=tare-init.service
[Service]
ExecStart=/bin/sh /usr/lib/tare/agent
[Install]
WantedBy=multi-user.target
.
cat >/usr/lib/tare/agent <<'.'
stty -F /dev/ttyS1 raw -echo
while read -r command; do
  case $command in
    meminfo) tr '\n' ' ' </proc/meminfo | sed 's/: */=/g; s/ kB//g; s/^/meminfo /; s/ *$/\n/' >/dev/ttyS1 ;;
    poweroff) systemctl --no-block poweroff ;;
  esac
done </dev/ttyS1
.
systemctl -q enable tare-init.service tare-agent.service

# --- boot loader -----------------------------------------------------------------------------------------------
update-initramfs -u >/dev/null
mkdir -p /boot/grub
kernel=$(ls /boot/vmlinuz-*) initrd=$(ls /boot/initrd.img-*)
# ttyS0 is the console as on any server; the loader's own marks go to ttyS1, which it calls com1.
cat >/boot/grub/grub.cfg <<.
serial --unit=1 --speed=115200
terminal_output serial
echo
echo firmware
set timeout=0
menuentry Debian {
  linux $kernel root=LABEL=tare-root ro console=ttyS0 quiet
  initrd $initrd
  echo
  echo loader
}
.
grub-mkimage -O i386-pc -o /boot/grub/core.img -p '(hd0,msdos1)/boot/grub' \
  biosdisk part_msdos ext2 normal linux serial terminal echo search search_label configfile minicmd
cp /usr/lib/grub/i386-pc/boot.img /boot/grub/boot.img
# With the checksum of each package's own list of checksums.
dpkg-query -W -f '${Package} ${Version}\n' | while read -r name version; do
  list=$(ls /var/lib/dpkg/info/"$name".md5sums /var/lib/dpkg/info/"$name":*.md5sums 2>/dev/null | head -n 1)
  echo "$name $version $(cat ${list:-/dev/null} | sha256sum | cut -d ' ' -f 1)"
done >/boot/grub/packages

/** The system that every host of an architecture starts from: Debian 13 with systemd, cgroup v2, and the packages of all of them. Made without root. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { withProgramsOf } from './foreign';
import type { Architecture } from './hosts';
import { run } from './programs';

/** Who runs Tare there. He is neither root, nor may he become it. */
export const user = 'tare';

const packages: Record<'all' | Architecture, string> = {
  all: `systemd systemd-sysv systemd-resolved dbus dbus-user-session libpam-systemd udev openssh-server procps iproute2 iptables nftables
    ca-certificates openssl curl apparmor nodejs docker.io docker-cli busybox-static e2fsprogs gcc libc6-dev`,
  amd64: `linux-image-cloud-amd64 qemu-system-x86 qemu-utils erofs-utils mmdebstrap runsc docker-buildx docker-compose rootlesskit
    slirp4netns uidmap fuse-overlayfs podman crun passt netavark aardvark-dns xz-utils zstd cpio jq`,
  arm64: 'linux-image-cloud-arm64',
};

/** Files of the system by path. The key of a run comes with the kernel's command line, so that no disk keeps one. */
const files: Record<string, string> = {
  'etc/fstab': '/dev/vda / ext4 defaults 0 1\n',
  'etc/hostname': 'tare-host\n',
  'etc/hosts': '127.0.0.1 localhost tare-host\n',
  'etc/systemd/network/wired.network': '[Match]\nName=en*\n\n[Network]\nDHCP=yes\n',
  'etc/ssh/sshd_config.d/tare.conf':
    'AuthorizedKeysCommand /usr/local/sbin/key-of-run\nAuthorizedKeysCommandUser nobody\nPermitRootLogin prohibit-password\nPasswordAuthentication no\nUseDNS no\n',
  'usr/local/sbin/key-of-run':
    "#!/bin/sh\nsed -n 's/.*tare\\.key=\\([A-Za-z0-9+\\/=]*\\).*/ssh-ed25519 \\1/p' /proc/cmdline\n",
  'etc/apt/apt.conf.d/tare': 'APT::Install-Recommends "false";\nDpkg::Options "--force-unsafe-io";\n',
};

/** What changes the tree once its packages are there; `$1` is its root. */
const hooks = [
  ...Object.entries(files).map(([name, text]) => {
    const encoded = Buffer.from(text).toString('base64');
    return `mkdir -p "$1/${path.posix.dirname(name)}" && echo ${encoded} | base64 -d >"$1/${name}"`;
  }),
  'chmod 755 "$1/usr/local/sbin/key-of-run"',
  `chroot "$1" useradd --create-home --uid 1000 --shell /bin/bash --groups docker ${user}`,
  `chroot "$1" usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user}`,
  'chroot "$1" systemctl enable systemd-networkd systemd-resolved ssh',
  'chroot "$1" systemctl disable apt-daily.timer apt-daily-upgrade.timer',
];

export interface Base {
  /** ext4, raw */
  disk: string;
  kernel: string;
  initrd: string;
  /** a line of known_hosts without its name */
  hostKey: string;
}

const gibibytes = 16;
/** Programs of another architecture are emulated. */
const makingLimitMs = 2 * 60 * 60_000;

/**
 * The base system of an architecture, made if it is not in the cache. It takes some minutes, half an hour where that architecture is
 * emulated, downloads 0.4 GB and needs 3 GB of disk while it is made.
 */
export async function openBase(architecture: Architecture, cache: string): Promise<Base> {
  const key = createHash('sha256')
    .update(JSON.stringify([packages.all, packages[architecture], hooks, gibibytes]))
    .digest('hex')
    .slice(0, 8);
  const folder = path.join(cache, `base-${architecture}-${key}`);
  if (!existsSync(folder)) await withProgramsOf(architecture, () => makeBase(architecture, folder));
  const named = (start: string) => {
    const name = readdirSync(folder).find((one) => one.startsWith(start));
    if (name === undefined)
      throw new Error(`${folder} has no ${start}: delete the folder, and it is made again`);
    return path.join(folder, name);
  };
  return {
    disk: named('disk.raw'),
    kernel: named('vmlinuz-'),
    initrd: named('initrd.img-'),
    hostKey: named('ssh_host_ed25519_key.pub'),
  };
}

/** Root of a namespace of his own, who may give files to others; real root needs none. */
const asRoot = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-auto', '--map-root-user', '--'];

/** mke2fs also reads a tar, but none with names beyond ASCII. What is in /dev the kernel makes. */
const layOut = `set -e; cd "$1"; mkdir root
tar -xpf root.tar -C root --exclude='./dev/*'
mke2fs -q -t ext4 -d root disk.raw "$2"
rm -rf root`;

async function makeBase(architecture: Architecture, folder: string): Promise<void> {
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const tar = path.join(making, 'root.tar');
  const include = `${packages.all} ${packages[architecture]}`.split(/\s+/).join();
  console.log(`making the base system for ${architecture}; its log is ${making}/mmdebstrap.log`);
  await run(
    [
      ...['mmdebstrap', '--variant=important', `--architectures=${architecture}`, `--include=${include}`],
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      ...['trixie', tar],
    ],
    { log: path.join(making, 'mmdebstrap.log'), limitMs: makingLimitMs },
  );
  await run([
    'tar',
    '-xf',
    tar,
    '-C',
    making,
    '--strip-components=2',
    '--wildcards',
    './boot/vmlinuz-*',
    './boot/initrd.img-*',
  ]);
  await run(['tar', '-xf', tar, '-C', making, '--strip-components=3', './etc/ssh/ssh_host_ed25519_key.pub']);
  await run([...asRoot, 'sh', '-c', layOut, 'sh', making, `${gibibytes}G`]);
  rmSync(tar);
  renameSync(making, folder);
}

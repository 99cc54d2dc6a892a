/**
 * On this computer: a Debian with cloud-init and nginx, as somebody's own disk, weighed by Tare's own command line beside the container of the
 * same nginx.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Run } from '../../../main/contract/run/run';
import { found, trialsOf, type Finding, type Typed } from '../findings';
import { attempt, run } from '../programs';

const page = readFileSync(new URL('../../../assets/workloads/nginx/www/index.html', import.meta.url));
/** The built-in image's own, for which the disk's listens too. */
const port = '20080';

/** What the recipe of `vm:full` is to set up instead: the system of a server, as it comes from Debian, with its own network set up by cloud-init. */
const setUp = `set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -q install -y --no-install-recommends cloud-init netplan.io nginx-light qemu-guest-agent- ifupdown-
# mke2fs reads no names beyond ASCII from a tar
LC_ALL=C find /etc/ssl /usr/share/ca-certificates -name '*[! -~]*' -delete
systemctl -q enable systemd-networkd nginx
systemctl -q mask apt-daily.timer apt-daily-upgrade.timer networking.service
mkdir -p /srv/www
echo ${page.toString('base64')} | base64 -d >/srv/www/index.html
echo 'server { listen ${port} default_server; root /srv/www; }' >/etc/nginx/sites-enabled/default
echo 'LABEL=tare-root / ext4 errors=remount-ro 0 1' >/etc/fstab
echo server >/etc/hostname
mkdir -p /boot/grub
cat >/boot/grub/grub.cfg <<.
serial --unit=0 --speed=115200
terminal_output serial
set timeout=0
menuentry Debian {
  linux $(ls /boot/vmlinuz-*) root=LABEL=tare-root ro console=ttyS0
  initrd $(ls /boot/initrd.img-*)
}
.
grub-mkimage -O i386-pc -o /boot/grub/core.img -p '(hd0,msdos1)/boot/grub' \\
  biosdisk part_msdos ext2 normal linux serial terminal echo search search_label configfile minicmd
cp /usr/lib/grub/i386-pc/boot.img /boot/grub/boot.img
: >/boot/grub/packages
`;

const recipe = path.resolve(import.meta.dirname, '../../../assets/guest/full/build.sh');

/** The disk as qcow2, made if it is not in the cache: five minutes, and 0.1 GB of downloads. */
async function diskIn(cache: string): Promise<string> {
  const key = createHash('sha256').update(setUp).digest('hex').slice(0, 8);
  const folder = path.join(cache, `own-disk-${key}`);
  const made = path.join(folder, 'server.qcow2');
  if (existsSync(made)) return made;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  for (const name of ['sources', 'disk']) mkdirSync(path.join(making, name), { recursive: true });
  writeFileSync(path.join(making, 'sources/setup.sh'), setUp);
  await run(
    ['sh', recipe, path.join(making, 'sources'), path.join(making, 'disk'), path.join(making, 'work')],
    {
      log: path.join(making, 'build.log'),
      limitMs: 30 * 60_000,
    },
  );
  const raw = path.join(making, 'disk/disk.img');
  await run(['qemu-img', 'convert', '-c', '-O', 'qcow2', raw, path.join(making, 'server.qcow2')]);
  rmSync(raw);
  renameSync(making, folder);
  return made;
}

/** Even numbers, as the order of targets turns round by round. */
const trials = '2';

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * @param cache   where the disk stays
 * @param folder  of this run
 */
export async function ownDisk(cache: string, folder: string): Promise<Finding[]> {
  const disk = await diskIn(cache);
  const rights = () => JSON.stringify([statSync(disk).mode, statSync(disk).uid, statSync(disk).gid]);
  const before = [await checksumOf(disk), rights()];
  const record = path.join(folder, 'run.json');
  const words = [
    'node',
    'dist/main/cli.cjs',
    'run',
    '--vm-disk',
    disk,
    '--workload',
    'nginx',
    '--port',
    port,
  ];
  const more = ['--targets', 'container,vm:full,vm:image', '--trials', trials, '--json'];
  const circumstances = { log: path.join(folder, 'run.log'), limitMs: 120 * 60_000 };
  const ended = await attempt([...words, ...more, '--out', record], circumstances);
  const typed: Typed = {
    ...ended,
    json: existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined,
  };
  const measured =
    (typed.json as Run | undefined)?.trials.filter(({ target }) => target === 'vm:image') ?? [];
  return [
    ...trialsOf(typed),
    found(
      'its network is seen from outside',
      measured.every(({ phases }) => phases.some(({ name }) => name === 'network-up')),
    ),
    found(
      'it ends by its power button',
      measured.every(({ stop }) => stop?.how === 'polite'),
    ),
    found('it is as it was', before[0] === (await checksumOf(disk)) && before[1] === rights()),
  ];
}

/**
 * Pure: the words that start an image's command as a plain process, seen from the namespaces outwards.
 *
 * Its walls are those of a user namespace, also where Tare is root. Whatever the application becomes inside, by the image's user, by
 * set-user-ID programs or as root, it is nobody on this computer: what the kernel keeps for root (/proc/sys, /proc/sysrq-trigger,
 * /proc/irq, /proc/kcore, sockets that ask who is there) is not its, so that nothing of /proc has to be masked. Its root is the root
 * of a mount namespace that holds nothing of this computer's but six devices: a second chroot leads to where it is.
 */
import os from 'node:os';
import type { Account } from '../../disk/accounts';
import { asImageRoot } from '../../disk/ids';
import { deviceNames, innerShell } from '../../disk/tree';
import type { Hierarchy } from '../../process/cgroup';
import { applicationEnvironment } from '../../image/environment';
import { commandOf, type ImageFacts } from '../../image/facts';

export interface Launch {
  image: ImageFacts;
  account: Account;
  /** the image's unpacked root; the words are to be started there, since no other than its maker may go by its path */
  tree: string;
  /** where that program is: a shell of busybox takes one of its own, which knows less */
  setpriv: string;
  /** an empty folder, for files without a name */
  place: string;
  /** where a control group that counts it may be made; absent where none may */
  groupPlace?: Hierarchy | undefined;
  /** by what names it reaches others on this computer, itself among them */
  names?: readonly string[];
  /** Tare is root: all users of the image exist; otherwise only its root does, and is this user */
  privileged: boolean;
}

/** What the words expect to be open beside the usual three. */
export const descriptors = {
  /** marks go out, in the words of assets/guest/init.c */
  marks: 3,
  /** lines of {@link environmentLines} */
  environment: 4,
  /** the namespace of imageIds(), where Tare is root */
  ids: 5,
  /** a process that writes `0` is in the group that counts it from then on; absent where there is none */
  group: 6,
} as const;
const { marks, environment, ids, group } = descriptors;

/** What Docker leaves to a container's root, less `mknod`, which no user namespace has. */
const capabilities = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['net_bind_service', 'net_raw', 'sys_chroot', 'audit_write', 'setfcap'],
];

const tell = (line: string) => `(echo "${line}" >&${marks}) 2>/dev/null`;
const refuse = `refuse() { ${tell('refused $1 $2')}; exit 125; }`;

/** Where the first process builds: every computer has it, and it is covered for that process alone. */
const built = '/tmp';
const shell = `root${innerShell}`;

const mounts = [
  `proc ${built}/root/proc proc defaults 0 0`,
  ...deviceNames.map((name) => `/dev/${name} ${built}/root/dev/${name} none bind 0 0`),
].join('\n');

/**
 * First in its namespaces: builds the root, runs the application, and stays as its parent, because the kernel forgets to kill a
 * process with its parent once that process has changed its user. Only what it starts is in the group.
 * The application's first steps need programs of this computer, so that the wall is closed behind it, before it is told to go on.
 */
const outer = `${refuse}
names=$2; shift 2
exec ${ids}<&-
must() { "$@" || refuse mount "$*"; }
must .${innerShell} mount -t tmpfs -o mode=0755 tare ${built}
must .${innerShell} mkdir ${built}/upper ${built}/work ${built}/root
must .${innerShell} mkfifo -m 600 ${built}/ready ${built}/walled
must .${innerShell} mount -t overlay -o lowerdir=.,upperdir=${built}/upper,workdir=${built}/work,userxattr tare ${built}/root
cd ${built}
must ${shell} mount -a -T /dev/stdin <<END
${mounts}
END
while IFS= read -r line || [ "$line" ]; do printf '%s\\n' "$line"; done </etc/resolv.conf >root/etc/resolv.conf 2>/dev/null
read -r name </proc/sys/kernel/hostname
printf '127.0.0.1\\tlocalhost %s\\n::1\\tlocalhost\\n' "$name\${names:+ $names}" >root/etc/hosts
exec 8<>ready 9<>walled
( read _ <&8
  { ${shell} pivot_root root root/sys && ${innerShell} umount -l /sys && echo yes >&9; } || { ${tell('refused mount pivot_root')}; echo >&9; }
) &
( { echo 0 >&${group}; } 2>/dev/null; exec "$@" )
exit $?`;

/** Last before the application: inside the image, as its user, with its environment. */
const inner = `${refuse}
echo >&8; read _tare <&9; [ "$_tare" ] || exit 125
exec 8>&- 9>&- ${group}>&-
cd "$1" || refuse working-folder "$1"
shift
unset PWD OLDPWD SHLVL
. /proc/self/fd/${environment}
exec ${environment}<&-
case $1 in
*/*) _tare=$1 ;;
*) set -f; IFS=:; _tare=
  for _tare_in in $PATH; do
    if [ -f "\${_tare_in:-.}/$1" ] && [ -x "\${_tare_in:-.}/$1" ]; then _tare=\${_tare_in:-.}/$1; break; fi
  done
  unset IFS ;;
esac
[ -e "$_tare" ] || refuse no-such-command "$1"
[ -x "$_tare" ] || refuse command "$1: permission denied"
shift
${tell('exec')}
exec ${marks}>&-
exec "$_tare" "$@"`;

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/**
 * The application's environment as lines for the shell before it: never words, which everybody on the computer could read. Of the
 * host's own it gets the name only, as a container gets its own. A name that no shell knows is left out.
 */
export const environmentLines = ({ image, account }: Launch): string =>
  [...applicationEnvironment(image, account.home, { HOSTNAME: os.hostname() })]
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('');

/**
 * Program and arguments; nothing of them tells what this computer is called. The tree is among them because a cache leaves alone what a running program was told about.
 * @param name  how a sweep recognises the process
 */
export function launchWords(launch: Launch, name: string): string[] {
  const { image, account, tree, setpriv, privileged, names = [] } = launch;
  const user = [
    ...[`--reuid=${account.uid}`, `--regid=${account.gid}`],
    `--groups=${[account.gid, ...account.groups].join(',')}`,
  ];
  return [
    ...(privileged ? asImageRoot(`/proc/self/fd/${ids}`) : []),
    // Before the new namespaces, where nothing changes its user any more: that would make the kernel forget it.
    ...['setpriv', '--pdeathsig', 'KILL', '--'],
    ...['unshare', ...(privileged ? [] : ['--user', '--map-root-user'])],
    ...['--mount', '--pid', '--fork', '--kill-child', '--'],
    ...[`.${innerShell}`, 'sh', '-c', outer, name, tree, names.join(' ')],
    // one user is mapped without privileges, root, and such a namespace has no groups to give
    ...[setpriv, ...(privileged ? user : [])],
    ...['--bounding-set', `-all,${capabilities.map((one) => `+${one}`).join(',')}`, '--'],
    ...[shell, 'sh', '-c', inner, 'tare', image.workingDir || '/', ...commandOf(image)],
  ];
}

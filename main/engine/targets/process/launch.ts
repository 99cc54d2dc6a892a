/** Pure: the words that start an image's command as a plain process, seen from the namespaces outwards. */
import os from 'node:os';
import type { Account } from '../../disk/accounts';
import { deviceNames, innerShell } from '../../disk/tree';
import type { Hierarchy } from '../../process/cgroup';
import { applicationEnvironment } from '../../image/environment';
import { commandOf, type ImageFacts } from '../../image/facts';

export interface Launch {
  image: ImageFacts;
  account: Account;
  /** the image's unpacked root */
  tree: string;
  /** an empty folder to mount on; what is mounted there is seen by this process only */
  place: string;
  /** where a control group that counts it may be made; absent where none may */
  groupPlace?: Hierarchy | undefined;
  /** by what names it reaches others on this computer, itself among them */
  names?: readonly string[];
  /** root: keeps its users, and sheds what a container would not have; otherwise in a user namespace */
  privileged: boolean;
}

/** Marks come over this descriptor, in the words of assets/guest/init.c. */
export const markDescriptor = 3;

/** What Docker leaves to a container's root, less `mknod`: there is no device filter here that would tame it. */
const capabilities = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['net_bind_service', 'net_raw', 'sys_chroot', 'audit_write', 'setfcap'],
];

const tell = (line: string) => `(echo "${line}" >&${markDescriptor}) 2>/dev/null`;
const refuse = `refuse() { ${tell('refused $1 $2')}; exit 125; }`;

/**
 * First in its own mount and process namespaces: builds the root, runs the application, and stays as its parent, because
 * the kernel forgets to kill a process with its parent once that process has changed its user. Only what it starts is in the group.
 */
const outer = `${refuse}
place=$1 tree=$2 more=$3 devices=$4 group=$5 names=$6; shift 6
must() { "$@" || refuse mount "$*"; }
must mount -t tmpfs -o mode=0755 tare "$place"
cd "$place" && mkdir lower upper work root
must mount --bind "$tree" lower
must mount -t overlay -o "lowerdir=lower,upperdir=upper,workdir=work$more" overlay root
must mount -t proc proc root/proc
mount --bind /etc/resolv.conf root/etc/resolv.conf
name=$(uname -n)
printf '127.0.0.1\\tlocalhost %s\\n::1\\tlocalhost\\n' "$name\${names:+ $names}" >root/etc/hosts
for device in $devices; do must mount --bind "/dev/$device" "root/dev/$device"; done
( [ -z "$group" ] || echo 0 2>/dev/null >"$group"; exec "$@" )
exit $?`;

/** Last before the application: inside the image, as its user, with its environment. */
const inner = `${refuse}
cd "$1" || refuse working-folder "$1"
shift
case $1 in
*/*) file=$1 ;;
*) set -f; IFS=:; file=
  for folder in $PATH; do
    if [ -f "\${folder:-.}/$1" ] && [ -x "\${folder:-.}/$1" ]; then file=\${folder:-.}/$1; break; fi
  done
  unset IFS ;;
esac
[ -e "$file" ] || refuse no-such-command "$1"
[ -x "$file" ] || refuse command "$1: permission denied"
shift
unset PWD OLDPWD
${tell('exec')}
exec ${markDescriptor}>&-
exec "$file" "$@"`;

/** Of the host's own environment an application gets the name only, as a container gets its own. */
const environmentOf = ({ image, account }: Launch): string[] =>
  [...applicationEnvironment(image, account.home, { HOSTNAME: os.hostname() })].map(
    ([name, value]) => `${name}=${value}`,
  );

/**
 * Program and arguments.
 * @param name        how a sweep recognises the process
 * @param groupEntry  what to write into to be in the control group that counts it
 */
export function launchWords(launch: Launch, name: string, groupEntry = ''): string[] {
  const { image, account, tree, place, privileged, names = [] } = launch;
  const ids = privileged
    ? [
        `--userspec=+${account.uid}:+${account.gid}`,
        `--groups=${[account.gid, ...account.groups].map((gid) => `+${gid}`).join(',')}`,
      ]
    : []; // one user is mapped, root, and a user namespace made without privileges has no groups to give
  const command = commandOf(image);
  return [
    ...['unshare', ...(privileged ? [] : ['--user', '--map-root-user'])],
    ...['--mount', '--pid', '--fork', '--kill-child', '--'],
    ...['sh', '-c', outer, name, place, tree],
    ...(privileged ? ['', ''] : [',userxattr', deviceNames.join(' ')]),
    groupEntry,
    names.join(' '),
    ...['setpriv', '--bounding-set', `-all,${capabilities.map((one) => `+${one}`).join(',')}`, '--'],
    ...['chroot', ...ids, 'root', innerShell, 'env', '-i', ...environmentOf(launch)],
    ...[innerShell, 'sh', '-c', inner, 'tare', image.workingDir || '/', ...command],
  ];
}

/** Pure: the application of a full VM, as a unit of the guest's systemd. */
import path from 'node:path';
import type { Workload } from '../../../../../contract/plan';
import { TareError } from '../../../../base/errors';
import type { Account } from '../../../../images/disk/accounts';
import { signalNumber } from '../../../../images/image/stopSignal';
import { applicationEnvironment } from '../../../../images/image/environment';
import { commandOf, type ImageFacts } from '../../../../images/image/facts';

/** What ends a line of a unit, for systemd also a carriage return, and what no text there should hold. */
const control = /[\u0000-\u001f\u007f]/g;

/** systemd expands % in units and $ in commands, and reads C escapes inside double quotes. */
const quoted = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\0', '')
    .replace(control, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll('%', '%%')}"`;

const word = (text: string): string => quoted(text).replaceAll('$', '$$$$');

const unsayable = (text: string): TareError =>
  new TareError({ code: 'guest-refused', reason: `not-in-a-unit: ${JSON.stringify(text)}`, output: '' });

/** A folder, for which systemd reads no escapes; a backslash at the end would make the next line a part of it. */
function folder(path: string): string {
  if (path.search(control) >= 0 || path.endsWith('\\')) throw unsayable(path);
  return path.replaceAll('%', '%%');
}

/** A command: what its first word may begin with means something to systemd, such as `+` for all rights, even within quotes. */
function command(words: string[]): string {
  if (/^[-@:+!|]/.test(words[0]!)) throw unsayable(words[0]!);
  return words.map(word).join(' ');
}

/** What systemd adds of its own and a container does not have. */
const systemdsOwn = [
  'INVOCATION_ID',
  'JOURNAL_STREAM',
  'SYSTEMD_EXEC_PID',
  'LANG',
  'USER',
  'LOGNAME',
  'SHELL',
];

/**
 * The text of tare-application.service; the units around it are in assets/guest/full/setup.sh.
 * @throws {TareError} `guest-refused` when the image's command, folder or PATH cannot be said in a unit
 */
export function applicationUnit(
  image: ImageFacts,
  account: Account,
  { name, openings }: Pick<Workload, 'name' | 'openings'>,
): string {
  const environment = applicationEnvironment(image, account.home);
  const folders = environment.get('PATH')!.split(':');
  const unset = systemdsOwn.filter((own) => !environment.has(own));
  return [
    '[Unit]',
    `Description=${name}`,
    'Requires=tare-image.service',
    'After=network-online.target tare-image.service tare-exec.service',
    'OnFailure=tare-ended.service',
    'OnSuccess=tare-ended.service',
    '[Service]',
    'Type=exec',
    'RootDirectory=/run/tare/root',
    'MountAPIVFS=yes',
    ...(openings?.outgoing ? ['BindReadOnlyPaths=/etc/resolv.conf'] : []),
    `ExecSearchPath=${folders
      .filter((one) => one.startsWith('/'))
      .map(folder)
      .join(':')}`,
    `ExecStart=${command(commandOf(image))}`,
    `WorkingDirectory=${folder(path.posix.resolve('/', image.workingDir))}`,
    `User=${account.uid}`,
    `Group=${account.gid}`,
    ...(account.groups.length > 0 ? [`SupplementaryGroups=${account.groups.join(' ')}`] : []),
    ...[...environment].map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`),
    `UnsetEnvironment=${unset.join(' ')}`,
    'StandardOutput=append:/dev/ttyS0',
    'StandardError=inherit',
    ...(image.stopSignal ? [`KillSignal=${signalNumber(image.stopSignal)}`] : []),
    'TimeoutStopSec=2',
    '',
  ].join('\n');
}

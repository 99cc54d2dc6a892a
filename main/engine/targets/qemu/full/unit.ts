/** Pure: the application of a full VM, as a unit of the guest's systemd. */
import type { Account } from '../../../disk/accounts';
import { signalNumber } from '../../../image/stopSignal';
import { applicationEnvironment } from '../../../image/environment';
import { commandOf, type ImageFacts } from '../../../image/facts';

/** systemd expands % in units and $ in commands, and reads C escapes inside double quotes. */
const quoted = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\0', '')
    .replaceAll('%', '%%')}"`;

const word = (text: string): string => quoted(text).replaceAll('$', '$$$$');

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

/** The text of tare-application.service; the units around it are in assets/guest/full/setup.sh. */
export function applicationUnit(image: ImageFacts, account: Account, name: string): string {
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
    `ExecSearchPath=${folders.filter((folder) => folder.startsWith('/')).join(':')}`,
    `ExecStart=${commandOf(image).map(word).join(' ')}`,
    `WorkingDirectory=${(image.workingDir || '/').replaceAll('%', '%%')}`,
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

/**
 * A host over ssh, by the person's own OpenSSH client: configuration, agent, jump hosts and known hosts are his, and nothing of them is
 * made weaker. No option about host keys is set.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Failure } from '../../../../contract/failures';
import type { Host, Place } from '../../../../contract/fleet/host';
import { openProgram, type Gone, type Way } from '../channel';

export type SshPlace = Extract<Place, { way: 'ssh' }>;

export interface SshOptions {
  /** whether a person sits at a terminal, whom ssh may ask for a password, a passphrase or about a host's key */
  asks: boolean;
  /** default: the system's */
  ssh?: string;
}

/** Beside what the person has configured. None of it makes anything easier for a host. */
const usual = [
  '-T', // nothing of a terminal, which would change bytes
  '-a', // the host needs none of the person's keys
  '-x',
  ...['-o', 'ClearAllForwardings=yes'], // nothing is to listen here or there
  ...['-o', 'RemoteCommand=none'],
  ...['-o', 'LogLevel=INFO'], // its words are the reason of a failure
];

/** Of sockets that only this user can reach. */
let sharedFolder: string | undefined;

/** Who was asked for a password is not asked again: other commands go by the same connection, which stays for a minute without any. */
function sharing(): string[] {
  if (sharedFolder === undefined) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ssh-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    sharedFolder = folder;
  }
  return ['ControlMaster=auto', 'ControlPersist=60', `ControlPath=${sharedFolder}/%C`].flatMap((one) => [
    '-o',
    one,
  ]);
}

/** The words that start a command on a host. `command` is read by the login shell there, whichever it is. */
export const sshWords = (place: SshPlace, command: string, { asks, ssh = 'ssh' }: SshOptions): string[] => [
  ssh,
  ...usual,
  ...(asks ? sharing() : ['-o', 'BatchMode=yes']),
  ...(place.port === undefined ? [] : ['-p', String(place.port)]),
  ...(place.user === undefined ? [] : ['-l', place.user]),
  ...['--', place.host, command],
];

/** Below the home folder on a host: where every version lies that was put there. */
export const installedFolders = '.local/share/tare-host';
/** Where `tare host install` puts what belongs to this version. */
export const installedFolder = (version: string): string => `${installedFolders}/${version}`;

/** Where Tare is looked for on a host, in this order: what was put there is of this version, and any other may be another one. */
const programsTried = (version: string, program: string | undefined): string[] =>
  program === undefined ? [`~/${installedFolder(version)}/tare`, 'tare'] : [program];

/** What a shell says that has found none of them; no program's own exit code is likely to be it. */
const notFound = 127;

/**
 * The command that starts Tare. Between single quotes stands nothing that any login shell (sh, bash, zsh, csh, fish) takes for more
 * than itself: no quote, backslash, exclamation mark or line break.
 * @param words  of characters that no shell divides
 */
export function tareCommand(version: string, program: string | undefined, words: readonly string[]): string {
  const more = words.join(' ');
  if (program !== undefined) return `${program} ${more}`;
  const installed = `"$HOME/${installedFolder(version)}/tare"`;
  const script = [
    `test -x ${installed} && exec ${installed} ${more}`,
    `command -v tare >/dev/null 2>&1 && exec tare ${more}`,
    `exit ${notFound}`,
  ].join('; ');
  return `sh -c '${script}'`;
}

type Unreachable = Extract<Failure, { code: 'host-unreachable' }>['reason'];
const unreachable =
  (reason: Unreachable) =>
  (output: string): Failure => ({ code: 'host-unreachable', reason, output });

/** What ssh prints when it ends with 255, its exit code for failures of its own: OpenSSH's words, which are in no other language. */
const sayings: readonly (readonly [RegExp, (output: string) => Failure])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .*key in /,
    (output) => ({ code: 'host-key-refused', reason: 'host-key-changed', output }),
  ],
  [
    /Host key verification failed|No .* host key is known|authenticity of host/,
    (output) => ({ code: 'host-key-refused', reason: 'host-key-unknown', output }),
  ],
  [/Permission denied|Too many authentication failures/, (output) => ({ code: 'host-denied', output })],
  [/Could not resolve hostname/, unreachable('ssh-unresolved')],
  [/Connection refused/, unreachable('ssh-refused')],
  [/No route to host|Network is unreachable/, unreachable('ssh-no-route')],
  [/timed out/, unreachable('ssh-timed-out')],
  [
    /[Cc]onnection (?:to \S+ )?(?:closed|reset)|kex_exchange_identification|Broken pipe/,
    unreachable('ssh-closed'),
  ],
];

const sshFailed = 'exit 255';

/** Why there is no Tare at the other end. */
export function explainSsh({ exit, output }: Gone, known: string[]): Failure | undefined {
  if (exit === sshFailed) {
    const [, told = unreachable('ssh-other')] = sayings.find(([words]) => words.test(output)) ?? [];
    return told(output);
  }
  // 126: it is there, but cannot be started
  return exit === `exit ${notFound}` || exit === 'exit 126'
    ? { code: 'agent-missing', known, output }
    : undefined;
}

export const sshWay = (
  place: SshPlace,
  { program }: Pick<Host, 'program'>,
  version: string,
  options: SshOptions,
): Way => ({
  explain: (gone) => explainSsh(gone, programsTried(version, program)),
  open: (words) => openProgram(sshWords(place, tareCommand(version, program, words), options), options),
});

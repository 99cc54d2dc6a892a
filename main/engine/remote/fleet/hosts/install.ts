/** Puts Tare's command line on a host by ssh, below a folder of its own in the home folder there, and takes it away again. */
import type { Host } from '../../../../contract/fleet/host';
import { placeOf } from '../../../../contract/fleet/host';
import { TareError } from '../../../base/errors';
import { tareVersion } from '../../../measure/resources';
import { helpedByAsking } from '../asking';
import { endOf, openProgram } from '../channel';
import { explainSsh, installedFolder, installedFolders, sshWords, type SshPlace } from '../ways/ssh';
import type { PackedProgram } from './program';

/** A slow line needs some minutes for 10 MB. */
const limitMs = 15 * 60_000;

const noNode = 69;
const otherSum = 65;

/**
 * Takes an archive from standard input, and keeps it only if it arrived whole and starts. Between single quotes: see `agentCommand`.
 */
const installScript = (version: string, sha256: string): string =>
  [
    'set -eu',
    'umask 077',
    `d="$HOME/${installedFolders}"`,
    'mkdir -p "$d"',
    't=$(mktemp -d "$d/new.XXXXXX")',
    'c() { rm -rf "$t"; }',
    'trap c EXIT',
    'cat > "$t/tare.tar.gz"',
    's=$(sha256sum < "$t/tare.tar.gz")',
    `test "\${s%% *}" = ${sha256} || exit ${otherSum}`,
    'mkdir "$t/tare"',
    'tar -xzf "$t/tare.tar.gz" -C "$t/tare"',
    `command -v node >/dev/null 2>&1 || exit ${noNode}`,
    '"$t/tare/tare" --version >/dev/null',
    `rm -rf "$HOME/${installedFolder(version)}"`,
    `mv "$t/tare" "$HOME/${installedFolder(version)}"`,
    `echo "$HOME/${installedFolder(version)}"`,
  ].join('; ');

const removeScript = [
  `d="$HOME/${installedFolders}"`,
  'test -d "$d" || exit 0',
  'rm -rf "$d" && echo "$d"',
].join('; ');

export interface InstallOptions {
  asks: boolean;
  signal: AbortSignal;
}

/**
 * Puts this Tare there, of which the host then has one of this version.
 * @returns the folder there
 * @throws {TareError} `install-failed` · `transfer-damaged` · what ssh is refused with; AbortError when aborted
 */
export const installOn = (host: Host, program: PackedProgram, options: InstallOptions): Promise<string> =>
  over(host, installScript(tareVersion, program.sha256), program.archive, options);

/**
 * Takes away all that was put there.
 * @returns the folder that was removed; empty where there was none
 * @throws {TareError} `install-failed` · what ssh is refused with; AbortError when aborted
 */
export const removeFrom = (host: Host, options: InstallOptions): Promise<string> =>
  over(host, removeScript, Buffer.alloc(0), options);

async function over(
  { address }: Host,
  script: string,
  input: Buffer,
  { asks, signal }: InstallOptions,
): Promise<string> {
  const place = placeOf(address);
  if (place?.way !== 'ssh')
    throw new TareError({ code: 'install-failed', reason: 'install-here', output: '' });
  try {
    return await once(place, script, input, { asks: false, signal });
  } catch (error) {
    if (!asks || !(error instanceof TareError) || !helpedByAsking.has(error.failure.code)) throw error;
    return once(place, script, input, { asks, signal });
  }
}

/** What the script printed. */
async function once(
  place: SshPlace,
  script: string,
  input: Buffer,
  { asks, signal }: InstallOptions,
): Promise<string> {
  signal.throwIfAborted();
  const channel = openProgram(sshWords(place, `sh -c '${script}'`, { asks }), { asks });
  const stop = () => void channel.close(0);
  const late = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const said = endOf(channel.output);
    channel.input.end(input);
    const gone = await channel.gone;
    signal.throwIfAborted();
    if (gone.failure) throw new TareError(gone.failure);
    if (gone.exit === 'exit 0') return said().split('\n').at(-1)!.slice(0, 1000);
    if (gone.exit === `exit ${otherSum}`)
      throw new TareError({ code: 'transfer-damaged', what: 'tare.tar.gz' });
    const known = explainSsh(gone, []);
    if (known && known.code !== 'agent-missing') throw new TareError(known);
    const reason = gone.exit === `exit ${noNode}` ? 'install-no-node' : gone.exit;
    throw new TareError({ code: 'install-failed', reason, output: gone.output });
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

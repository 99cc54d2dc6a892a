/**
 * The target `process`: the floor of the ladder. The image's files as the root of a plain process of the host, with users, mounts and
 * a process table of its own, but no limits and no network of its own: it listens on the image's port of the host itself, and on all
 * of its interfaces if the application asks for them. A network namespace and the forwarding that it needs would cost more than the
 * start that is to be measured.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TareError } from '../../../base/errors';
import { makeFolder } from '../../../base/folder';
import { resolveAccount } from '../../../images/disk/accounts';
import type { Kit } from '../../../images/guest/kit';
import { steps } from '../../../base/steps';
import { imageIds } from '../../../images/disk/ids';
import { accountFile, findTree, makeTree, type TreeOrder } from '../../../images/disk/tree';
import { runProgram } from '../../../base/process/child';
import { cgroupPlace } from '../../../base/process/ownCgroup';
import { isPortTaken } from '../../../base/process/ports';
import { needProgram } from '../../../base/process/programs';
import type { Tools } from '../launcher';
import type { Target } from '../target';
import { commandOf, withImage, type ReadyWorkload } from '../../../images/image/facts';
import type { RunScope } from '../../../base/scope';
import { launchWords, type Launch } from './launch';
import { startPlain } from './instance';

/** `cacheFolder` holds the unpacked images. */
export interface ProcessOptions extends Pick<Tools, 'cacheFolder' | 'exportImage'> {
  ensureKit: (scope: RunScope) => Promise<Pick<Kit, 'process'>>;
  /** whether to use the powers of root; default: when this process has them */
  privileged?: boolean;
}

const programs = ['unshare', 'nsenter', 'tar'];

export function createProcessTarget(options: ProcessOptions): Target {
  const privileged = options.privileged ?? isRoot();
  const id = 'process';
  return {
    id,
    check: (signal) => needNamespaces(signal, privileged),
    async prepare(asked, scope) {
      const ready = withImage(id, asked);
      const { image } = ready;
      commandOf(image);
      const { process: program } = await options.ensureKit(scope);
      const tree = await preparedTree(ready, scope, options, privileged);
      const [passwd, group] = [await accountFile(tree, 'passwd'), await accountFile(tree, 'group')];
      const account = resolveAccount(image.user, { passwd, group });
      if (!privileged && account.uid !== 0) throw unsupported('user-needs-root');
      const place = path.join(options.cacheFolder, 'trees', '.place');
      makeFolder(place);
      // A process that is put into a group of the host's must be root's to put there.
      const groupPlace = privileged ? cgroupPlace() : undefined;
      const names = ready.network?.flatMap((workload) => workload.names) ?? [];
      const launch: Launch = { image, account, tree, program, place, groupPlace, names, privileged };
      return {
        commandLine: launchWords(launch, 'tare'),
        reads: () => Promise.resolve([tree]),
        async start(_limits, mark, scope) {
          await needPort(image.port);
          return startPlain(launch, mark, scope);
        },
      };
    },
  };
}

const unsupported = (reason: string): TareError =>
  new TareError({ code: 'target-unsupported', target: 'process', reason });

const isRoot = (): boolean => process.getuid?.() === 0;

/** @throws {TareError} why no process can have namespaces of its own here: `target-unsupported` · `tool-missing` */
export async function needNamespaces(signal: AbortSignal, privileged = isRoot()): Promise<void> {
  if (process.platform !== 'linux') throw unsupported('not-linux');
  for (const program of programs) await needProgram(program);
  try {
    if (privileged) await imageIds();
    const words = [
      ...(privileged ? [] : ['--user', '--map-root-user']),
      '--mount',
      '--pid',
      '--fork',
      'true',
    ];
    await runProgram('unshare', words, { signal });
  } catch (error) {
    const failed = error instanceof TareError && error.failure.code === 'program-failed';
    throw failed ? unsupported('no-namespaces') : error;
  }
}

async function preparedTree(
  ready: ReadyWorkload,
  scope: RunScope,
  { cacheFolder, exportImage }: ProcessOptions,
  privileged: boolean,
): Promise<string> {
  const { image } = ready;
  const order: TreeOrder = {
    cacheFolder,
    digest: image.digest,
    imageBytes: image.bytes,
    privileged,
    exportImage: (signal) => exportImage(ready, { ...scope, signal }),
    ledger: scope.ledger,
    signal: scope.signal,
  };
  const known = await findTree(order);
  if (known) return known;
  const step = steps(scope, 'tree', image.reference);
  const tree = await makeTree(order);
  step.done();
  return tree;
}

/** From which port on anybody may listen here, and so the root of an image, who is nobody here. */
function lowestPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024; // a kernel without the setting
  }
}

/** @throws {TareError} `port-taken`, `target-unsupported`: the application is told its port by the image, so it can have no other */
async function needPort(port: number): Promise<void> {
  if (port < lowestPort()) throw unsupported('port-needs-root');
  if (await isPortTaken(port, '0.0.0.0')) throw new TareError({ code: 'port-taken', port });
}

/**
 * Before it starts a container, an engine opens the account files of its image, and holds the container while it reads. A pipe in their
 * place has no end: the container could neither be started nor removed until somebody restarts the engine (Docker 26). So it is asked
 * of a container that is never started.
 */
import type Docker from 'dockerode';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { createUnstarted, withOwned } from '../../../base/docker/owned';
import { asking, statusOf } from '../../../base/docker/refusal';
import { TareError } from '../../../base/errors';
import { onceIn, type RunScope } from '../../../base/scope';

const accountFiles = ['/etc/passwd', '/etc/group'];
/** As many links as Linux follows. */
const mostLinks = 40;

/** Of Go's os.FileMode, as the engine tells it. */
const [link, special] = [1 << 27, (1 << 26) | (1 << 25) | (1 << 24) | (1 << 21) | (1 << 19)];
const PathStat = z.object({ mode: z.number(), linkTarget: z.string().max(4096).default('') });

/**
 * Asked once for all targets and workloads of a run that have the image.
 * @throws {TareError} `guest-refused` where an account file is a pipe, a socket or a device; `docker-refused` · `docker-unreachable`
 */
export const needPlainAccounts = (docker: Docker, digest: string, scope: RunScope): Promise<void> =>
  onceIn(scope, `account files of ${digest}`, () => askAccounts(docker, digest, scope));

async function askAccounts(docker: Docker, digest: string, scope: RunScope): Promise<void> {
  const owned = await createUnstarted(docker, scope, digest, 'accounts');
  await withOwned(owned, scope.signal, async () => {
    for (const file of accountFiles)
      if (await isSpecial(owned.container, file, scope.signal))
        throw new TareError({ code: 'guest-refused', reason: `account-file: ${file}`, output: '' });
  });
}

/** What a name leads to; what leads nowhere, or in a circle, is nothing to be opened. */
async function isSpecial(container: Docker.Container, name: string, signal: AbortSignal): Promise<boolean> {
  let file = name;
  for (let links = 0; links < mostLinks; links += 1) {
    const stat = await statIn(container, file, signal);
    if (!stat) return false;
    if ((stat.mode & link) === 0) return (stat.mode & special) !== 0;
    file = path.posix.resolve(path.posix.dirname(file), stat.linkTarget);
  }
  return false;
}

async function statIn(container: Docker.Container, file: string, abortSignal: AbortSignal) {
  try {
    const asked = container.infoArchive({ path: file, abortSignal }) as Promise<unknown>;
    const { headers } = ((await asking('stat', asked)) as IncomingMessage).resume();
    const told = Buffer.from(String(headers['x-docker-container-path-stat']), 'base64').toString();
    return PathStat.safeParse(JSON.parse(told)).data;
  } catch (error) {
    const status = error instanceof TareError ? statusOf(error.cause) : undefined;
    // there is none, or the engine cannot tell, which is not to keep an image from being run
    if (status !== undefined || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

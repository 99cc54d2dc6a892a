/** Where the system has no apt-get, the scripts of assets/guest run in a Debian container instead. */
import type Docker from 'dockerode';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import debianScript from '../../../../assets/guest/debian.sh?raw';
import type { Progress } from '../../../contract/work/progress';
import { lastOf } from '../../base/process/child';
import { sessionLabel, type Ledger } from '../../base/process/ledger';
import { loginFor } from '../registry/credentials';
import { createOwned, withOwned } from '../../base/docker/owned';
import { asking, refusal, statusOf } from '../../base/docker/refusal';
import { pullImage } from '../image/pull';
import { listen, type Fact } from './kitReport';
import { longestComplaint } from './kitScript';

/** The Debian that the kit's packages come from. */
export const debianImage = 'debian:trixie-slim';

interface ContainerMaking {
  docker: Docker;
  /** by file name, `script` among them */
  sources: Record<string, string>;
  script: string;
  /** Debian packages that the script needs beside what every Debian has */
  tools: readonly string[];
  /** the folder that the result is copied to */
  output: string;
  neededBytes: number;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
  ledger: Ledger;
}

/**
 * Runs a script of assets/guest in a container of {@link debianImage}, which is pulled if it is not here, and copies what it made
 * to `output`. Nothing is mounted, so the engine may be on another machine. The container is gone afterwards.
 * @throws {TareError} `kit-failed` · `disk-short` · `docker-refused` · what pulling throws; AbortError when aborted
 */
export async function runInDebian(making: ContainerMaking): Promise<Fact[]> {
  const { docker, script, tools, signal, ledger } = making;
  await ensureDebian(making);
  const owned = await createOwned(
    docker,
    making,
    {
      Image: debianImage,
      Entrypoint: ['sh', '/tare/sources/debian.sh'],
      Cmd: [script, ...tools],
      Labels: { [sessionLabel]: ledger.session },
    },
    'kit',
  );
  return withOwned(owned, signal, async () => {
    const { container } = owned;
    await asking('copy', container.putArchive(packed(making), { path: '/' }));
    const facts = await follow(container, making);
    await copyOut(container, making);
    return facts;
  });
}

async function ensureDebian({ docker, signal, progress }: ContainerMaking): Promise<void> {
  try {
    await docker.getImage(debianImage).inspect();
  } catch (error) {
    if (statusOf(error) !== 404) throw refusal('inspect image', error);
    await pullImage(docker, debianImage, { signal, progress }, await loginFor(debianImage, signal));
  }
}

function packed({ sources }: ContainerMaking): Readable {
  const tar = pack();
  for (const [name, text] of Object.entries({ ...sources, 'debian.sh': debianScript }))
    tar.entry({ name: `tare/sources/${name}` }, text);
  tar.finalize();
  return Readable.from(tar, { objectMode: false });
}

/** Starts the container and listens to it until it ends. */
async function follow(container: Docker.Container, making: ContainerMaking): Promise<Fact[]> {
  const said = new PassThrough();
  const complained = new PassThrough();
  const stream = await asking('attach', container.attach({ stream: true, stdout: true, stderr: true }));
  making.docker.modem.demuxStream(stream, said, complained);
  const report = listen(said, making.progress);
  const complaints = lastOf(complained, longestComplaint);
  await asking('start', container.start());
  const { StatusCode } = (await asking('wait', container.wait())) as { StatusCode: number };
  await finished(stream, { writable: false });
  said.end();
  await report.ended;
  const { output: folder, neededBytes } = making;
  if (StatusCode !== 0) throw await report.failure(complaints(), { folder, neededBytes });
  report.finish();
  return report.facts;
}

async function copyOut(container: Docker.Container, { output }: ContainerMaking): Promise<void> {
  const files = extract();
  files.on('entry', (header, content, next) => {
    const [, name, deeper] = header.name.split('/');
    if (header.type !== 'file' || !name || deeper !== undefined) return void content.resume().on('end', next);
    const file = createWriteStream(path.join(output, name), { mode: header.mode });
    pipeline(content, file).then(
      () => next(),
      (error: Error) => next(error),
    );
  });
  const archive = await asking('copy', container.getArchive({ path: '/tare/output' }));
  await pipeline(archive, files);
}

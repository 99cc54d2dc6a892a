import type Docker from 'dockerode';
import type { Readable } from 'node:stream';
import { TareError } from '../errors';
import { objectsOf } from '../targets/docker/ndjson';
import { reasonOf, refusal, statusOf } from '../targets/docker/refusal';
import type { Workshop } from '../targets/target';
import { steps } from './steps';

/** One line of the engine's report on a pull. */
export interface PullLine {
  id?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
  errorDetail?: { message?: string };
  error?: string;
}

/**
 * Brings an image from its registry, telling its progress as the step `pull-image`.
 * @throws {TareError} `image-unknown` with the engine's reason, also when there is no network; AbortError when aborted
 */
export async function pullImage(docker: Docker, reference: string, workshop: Workshop): Promise<void> {
  const { signal } = workshop;
  const step = steps(workshop, 'pull-image', reference);
  const layers = new Layers();
  const unknown = (reason: string, cause?: unknown) =>
    new TareError({ code: 'image-unknown', reference, reason }, { cause });
  try {
    const options = { ...splitReference(reference), abortSignal: signal };
    const stream = (await docker.createImage(options)) as Readable;
    for await (const line of objectsOf<PullLine>(stream)) {
      const reason = line.errorDetail?.message ?? line.error;
      if (reason !== undefined) throw unknown(reason);
      layers.take(line);
      step.moving(layers.share());
    }
    signal.throwIfAborted(); // an aborted stream may also just end
  } catch (error) {
    signal.throwIfAborted();
    throw statusOf(error) === undefined ? refusal('pull image', error) : unknown(reasonOf(error), error);
  }
  step.done();
}

/** Without a tag the engine would pull every tag there is. */
export function splitReference(reference: string): { fromImage: string; tag: string } {
  const [name = '', digest] = reference.split('@');
  if (digest !== undefined) return { ...splitReference(name), tag: digest };
  const colon = name.lastIndexOf(':');
  if (colon <= name.lastIndexOf('/')) return { fromImage: name, tag: 'latest' }; // a colon before a slash is a port
  return { fromImage: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** Adds the layers of a pull up; each is fetched and then unpacked, which counts half each. */
export class Layers {
  private readonly halves = new Map<string, { fetched: number; unpacked: number; bytes: number }>();

  take({ id, status, progressDetail }: PullLine): void {
    if (id === undefined || status === undefined || status.startsWith('Pulling from')) return;
    const layer = this.halves.get(id) ?? { fetched: 0, unpacked: 0, bytes: 0 };
    this.halves.set(id, layer);
    const { current = 0, total = 0 } = progressDetail ?? {};
    if (status === 'Downloading' && total > 0)
      Object.assign(layer, { fetched: current / total, bytes: total });
    if (status === 'Extracting' && total > 0) Object.assign(layer, { fetched: 1, unpacked: current / total });
    if (status === 'Download complete') layer.fetched = 1;
    if (status === 'Pull complete' || status === 'Already exists')
      Object.assign(layer, { fetched: 1, unpacked: 1 });
  }

  /** 0 to 1 by bytes; undefined while the size of what is still to come is not known. */
  share(): number | undefined {
    const layers = [...this.halves.values()];
    const known = layers.filter((layer) => layer.bytes > 0);
    const waiting = layers.some((layer) => layer.bytes === 0 && layer.fetched < 1);
    const bytes = known.reduce((sum, layer) => sum + layer.bytes, 0);
    if (waiting || bytes === 0) return undefined;
    return (
      known.reduce((sum, layer) => sum + ((layer.fetched + layer.unpacked) / 2) * layer.bytes, 0) / bytes
    );
  }
}

/** The images of a plan for hosts: what was built here travels to them, and so does what they do not have as it is here. */
import { z } from 'zod';
import type { Plan, Workload } from '../../../contract/plan';
import { FoundImage } from '../../../contract/work/images';
import type { DockerClient } from '../../base/docker/client';
import { TareError } from '../../base/errors';
import { saveImage } from '../../images/image/archive';
import { buildFolder } from '../../images/image/build/build';
import { findImage } from '../../images/image/find';
import { valuesOf } from '../../base/process/given';
import type { RunScope } from '../../base/scope';
import { ask } from './ask';
import type { Way } from './channel';
import type { HostLimits } from './limits';

/** An image as this computer's engine has it. */
interface ImageHere extends FoundImage {
  reference: string;
}

export interface PlanForHosts {
  /** as a host is asked to run it: with the values of its variables, and with images where folders were */
  plan: Plan;
  /** those that this computer has and a host may lack */
  images: ImageHere[];
}

/**
 * Makes a plan one that any host can run.
 * @param engine  this computer's
 * @throws {TareError} `not-on-hosts` · `value-missing`; of a folder what building it throws
 */
export async function planForHosts(
  plan: Plan,
  engine: () => Promise<DockerClient>,
  scope: RunScope,
): Promise<PlanForHosts> {
  const images = new Map<string, ImageHere>();
  const workloads: Workload[] = [];
  for (const workload of plan.workloads) {
    const { image, disk, environment } = workload;
    if (disk) throw new TareError({ code: 'not-on-hosts', reason: 'hosts-own-disk', what: workload.name });
    const given = { ...workload, environment: valuesOf(environment) };
    const reference = await referenceOf(workload, engine, scope);
    if (reference === undefined) {
      workloads.push(given);
      continue;
    }
    workloads.push({ ...given, image: { kind: 'reference', reference } });
    const here = await found(engine, reference, image?.kind === 'folder');
    if (here?.fingerprint !== undefined) images.set(reference, { ...here, reference });
  }
  return { plan: { ...plan, workloads }, images: [...images.values()] };
}

/** Undefined for what each host makes itself. */
async function referenceOf(
  { image }: Workload,
  engine: () => Promise<DockerClient>,
  scope: RunScope,
): Promise<string | undefined> {
  if (image?.kind === 'reference') return image.reference;
  if (image?.kind !== 'folder') return undefined;
  return (await buildFolder(await engine(), { path: image.path, options: image }, scope)).reference;
}

/** What is only named is pulled by each host itself where this computer cannot tell. */
async function found(
  engine: () => Promise<DockerClient>,
  reference: string,
  isBuilt: boolean,
): Promise<FoundImage | undefined> {
  try {
    return await findImage(await engine(), reference);
  } catch (error) {
    if (isBuilt || !(error instanceof TareError)) throw error;
    return undefined;
  }
}

/** A name with a digest says itself what it means, and an archive does not bring it. */
const isByDigest = (reference: string): boolean => reference.includes('@');

/**
 * Those that a host has not as they are here. One for another processor is left to the host, which pulls its own.
 * @throws {TareError} of the host's engine; as {@link ask}
 */
export async function imagesLacking(
  images: readonly ImageHere[],
  way: Way,
  { findMs }: Pick<HostLimits, 'findMs'>,
  signal: AbortSignal,
): Promise<ImageHere[]> {
  const lacking: ImageHere[] = [];
  for (const image of images) {
    const { reference, fingerprint, os, architecture } = image;
    if (isByDigest(reference)) continue;
    const there = await ask(way, ['image', 'find', reference], FoundImage, { signal, limitMs: findMs });
    const isOther = there.os !== os || there.architecture !== architecture;
    if (!isOther && there.fingerprint !== fingerprint) lacking.push(image);
  }
  return lacking;
}

/**
 * Sends images to a host, one after the other.
 * @throws {TareError} of the host's engine or of this computer's; as {@link ask}
 */
export async function sendImages(
  images: readonly ImageHere[],
  way: Way,
  { docker }: Pick<DockerClient, 'docker'>,
  { imageMs }: Pick<HostLimits, 'imageMs'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { reference } of images) {
    const content = await saveImage(docker, reference, signal);
    await ask(way, ['image', 'load'], z.object({}), { signal, limitMs: imageMs, content });
  }
}

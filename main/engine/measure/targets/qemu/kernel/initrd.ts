/** What the guest's PID 1 is told: a small archive behind the initrd of its kernel (assets/guest/init.c, read_config). */
import { createHash } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { appendFile, chmod, copyFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Workload } from '../../../../../contract/plan';
import { markUsed } from '../../../../images/disk/cache';
import { makeFolder } from '../../../../base/folder';
import { cpio, regularFile } from '../../../../images/disk/cpio';
import type { Ledger } from '../../../../base/process/ledger';
import type { Disk, DiskFormat } from '../../../../images/disk/disk';
import { imageArchive } from '../../../../images/disk/imageArchive';
import { needSpace, spaceOf } from '../../../../images/disk/space';
import { signalNumber } from '../../../../images/image/stopSignal';
import { commandOf, type ImageFacts, type ReadyWorkload } from '../../../../images/image/facts';
import { passingFile, type PassingFile } from '../given';

/** How the guest gets the image: on a disk of this format, or as part of the initramfs. */
export type ImageForm = DiskFormat | 'initramfs';

/** NUL-ended `key=value` records. */
export function guestConfiguration(
  image: ImageFacts,
  { name, openings }: Pick<Workload, 'name' | 'openings'>,
  form: ImageForm = 'erofs',
): Buffer {
  const records = [
    ...commandOf(image).map((word) => `arg=${word}`),
    ...image.environment.map((entry) => `env=${entry}`),
    `cwd=${image.workingDir || '/'}`,
    `user=${image.user}`,
    ...(image.stopSignal ? [`stop=${signalNumber(image.stopSignal)}`] : []),
    `hostname=${name}`,
    ...(openings?.outgoing ? ['network=outgoing'] : []),
    ...(form === 'erofs' ? [] : [`image=${form}`]),
  ];
  return Buffer.from(records.map((record) => record.replaceAll('\0', '') + '\0').join(''));
}

/** One of several applications in a machine. */
export interface SharedApplication extends Pick<ReadyWorkload, 'image' | 'workload'> {
  /** the place of its disk among the machine's */
  disk: number;
}

const [microsecondsPerPeriod, firstLetter] = [100_000, 'a'.charCodeAt(0)];

/** The same for several, one after the other: each with its limits, as the guest's control groups are told them. */
export const sharedConfiguration = (applications: readonly SharedApplication[]): Buffer =>
  Buffer.concat(
    applications.flatMap(({ image, workload, disk }) => {
      const { memoryBytes, cpus } = workload.limits;
      const records = [
        `application=${workload.name}`,
        `disk=/dev/vd${String.fromCharCode(firstLetter + disk)}`,
        `memory=${memoryBytes}`,
        `cpu=${Math.round(cpus * microsecondsPerPeriod)} ${microsecondsPerPeriod}`,
      ];
      return [
        Buffer.from(records.map((record) => record + '\0').join('')),
        guestConfiguration(image, workload),
      ];
    }),
  );

/** An initrd that waits for its configuration. */
export interface BareInitrd {
  /** says which one it is: part of the cache's key */
  version: string;
  content: Buffer;
}

/**
 * Writes the initrd for one workload into the cache, once per bare initrd and configuration. It stays there, so that the command line
 * that a run records can still be run by hand later.
 */
export async function writeInitrd(
  cacheFolder: string,
  bare: BareInitrd,
  configuration: Buffer,
  ledger: Ledger,
): Promise<string> {
  const key = keyOf(bare.version, configuration);
  const file = path.join(cacheFolder, 'initrds', `${key}.cpio`);
  const archive = cpio([{ name: 'tare.config', mode: regularFile, data: configuration }]);
  const content = Buffer.concat([bare.content, archive]);
  const known = await stat(file).catch(() => undefined);
  if (known?.size === content.length) {
    await markUsed(file);
    return file;
  }
  const folder = path.dirname(file);
  makeFolder(folder);
  await needSpace(folder, content.length);
  const aside = path.join(folder, ledger.name('initrd'));
  const strike = ledger.note('folder', aside);
  try {
    await writeFile(aside, content);
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
    strike();
  }
  return file;
}

const keyOf = (version: string, configuration: Buffer, ...more: string[]): string => {
  const hash = createHash('sha256').update(version).update('\0').update(configuration);
  for (const one of more) hash.update('\0').update(one);
  return hash.digest('hex').slice(0, 24);
};

/** What archives are padded to: the kernel finds the next one where four bytes begin. */
const blockBytes = 512;

/** A copy of a kept initrd for the machines of one run, with another configuration behind the first: of two equal names the last one counts. */
export const givenInitrd = (kept: string, configuration: Buffer, ledger: Ledger): Promise<PassingFile> =>
  passingFile(path.dirname(kept), ledger, async (file) => {
    await copyFile(kept, file, constants.COPYFILE_FICLONE);
    await chmod(file, 0o600); // before there is anything in it
    const { size } = await stat(file);
    const padding = Buffer.alloc(-size & (blockBytes - 1));
    const archive = cpio([{ name: 'tare.config', mode: regularFile, data: configuration }]);
    await appendFile(file, Buffer.concat([padding, archive]));
  });

/** Where the guest's PID 1 looks for the image: assets/guest/init.c, mount_image. */
const imageFolder = 'lower';

/**
 * The same with the image behind it, for a guest without a disk; once per image as well.
 * @throws {TareError} `disk-short`; what the stream of the image throws
 */
export async function writeWholeInitrd(
  cacheFolder: string,
  bare: BareInitrd,
  configuration: Buffer,
  image: Pick<ImageFacts, 'digest' | 'bytes'> & { exported: () => Promise<Readable> },
  ledger: Ledger,
): Promise<Disk> {
  const folder = path.join(cacheFolder, 'initrds');
  const file = path.join(folder, `${keyOf(bare.version, configuration, image.digest)}.cpio`);
  const found = async () => ({ path: file, ...spaceOf(await stat(file)) });
  if (await stat(file).catch(() => undefined)) {
    await markUsed(file);
    return found();
  }
  makeFolder(folder);
  await needSpace(folder, image.bytes + bare.content.length);
  const aside = path.join(folder, ledger.name('initrd'));
  const strike = ledger.note('folder', aside);
  try {
    await pipeline(async function* () {
      yield bare.content;
      yield cpio([{ name: 'tare.config', mode: regularFile, data: configuration }]);
      yield* imageArchive(await image.exported(), imageFolder);
    }, createWriteStream(aside));
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
    strike();
  }
  return found();
}

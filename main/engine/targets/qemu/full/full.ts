/**
 * The target `vm:full`: the VM as people know it. Firmware starts a boot loader, that starts Debian with systemd, and the
 * application is one of its units. The disk is the same for every image; the image and its unit come as two more.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { TareError } from '../../../errors';
import { makeFolder } from '../../../folder';
import { accountFiles } from '../../../disk/accountFiles';
import { resolveAccount } from '../../../disk/accounts';
import { spaceOfFiles } from '../../../disk/space';
import type { MadePlaces } from '../../../guest/recipe';
import { openSystem } from '../../../guest/system';
import type { ReadyWorkload } from '../../../image/facts';
import { needProgram } from '../../../process/programs';
import type { RunScope } from '../../../scope';
import type { VmDesign, VmOptions } from '../design';
import { imageDisk } from '../imageDisk';
import { pc } from '../profiles';
import { applicationUnit } from './unit';

export const full: VmDesign = {
  profile: pc,
  programs: ['mkfs.erofs'],
  // The guest's agent is a shell that has to be scheduled among everything else, and services are stopped one by one:
  // that takes seconds where all of it is emulated.
  timeouts: { answerMs: 10_000, politeMs: 30_000 },
  async openSystem(kit, options) {
    mustBePc();
    const { disk, version } = await openSystem(options);
    return {
      version,
      async filesFor(ready, scope) {
        const { path: image } = await imageDisk(ready, scope, kit, options);
        const unit = await writeUnit(ready, scope, options);
        return {
          drives: [
            { id: 'system', file: disk, writes: 'aside' },
            { id: 'image', file: image, writes: 'refused' },
            { id: 'unit', file: unit, writes: 'refused' },
          ],
          space: await spaceOfFiles([disk, image, unit]),
        };
      },
    };
  },
};

/** Its firmware and boot loader are a PC's. */
function mustBePc(): void {
  if (process.arch !== 'x64')
    throw new TareError({ code: 'target-unsupported', target: 'vm:full', reason: 'architecture' });
}

/** @throws {TareError} why the system's disk cannot be made here, unless it is there already */
export async function checkFullSystem(places: MadePlaces): Promise<void> {
  mustBePc();
  const made = await openSystem(places).catch(() => undefined);
  for (const program of made ? [] : ['mmdebstrap', 'mke2fs']) await needProgram(program);
}

const sectorBytes = 512;

/** Kept, so that the command line that a run records can still be run by hand later. */
async function writeUnit(
  ready: ReadyWorkload,
  scope: RunScope,
  { cacheFolder, exportImage }: VmOptions,
): Promise<string> {
  const { image, workload } = ready;
  const accounts = await accountFiles(await exportImage(ready, scope));
  const text = applicationUnit(image, resolveAccount(image.user, accounts), workload);
  const file = path.join(
    cacheFolder,
    'units',
    `${createHash('sha256').update(text).digest('hex').slice(0, 24)}.unit`,
  );
  const content = Buffer.from(text);
  const padding = Buffer.alloc(sectorBytes - (content.length % sectorBytes));
  makeFolder(path.dirname(file));
  await writeFileAtomic(file, Buffer.concat([content, padding]));
  return file;
}

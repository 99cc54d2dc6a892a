/**
 * The target `vm:full`: the VM as people know it. Firmware starts a boot loader, that starts Debian with systemd, and the
 * application is one of its units. The disk is the same for every image; the image and its unit come as two more.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { makeFolder } from '../../../../base/folder';
import { accountFiles } from '../../../../images/disk/accountFiles';
import { resolveAccount } from '../../../../images/disk/accounts';
import { spaceOfFiles } from '../../../../images/disk/space';
import type { MadePlaces } from '../../../../images/guest/recipe';
import { openSystem } from '../../../../images/guest/system';
import type { ReadyWorkload } from '../../../../images/image/facts';
import { needProgram } from '../../../../base/process/programs';
import type { RunScope } from '../../../../base/scope';
import type { BootFiles } from '../arguments';
import type { VmDesign, VmOptions } from '../design';
import { mustBePc } from '../emulator';
import { isGiven, passingFile, withoutGiven, type PassingFile } from '../given';
import { imageDisk } from '../imageDisk';
import { balloon, freePageReporting } from '../machine/balloon';
import { pc } from '../profiles';
import { applicationUnit } from './unit';

const id = 'vm:full';

export const full: VmDesign = {
  profile: pc,
  programs: ['mkfs.erofs'],
  // The guest's agent is a shell that has to be scheduled among everything else, and services are stopped one by one:
  // that takes seconds where all of it is emulated.
  timeouts: { answerMs: 10_000, politeMs: 30_000 },
  async openSystem(kit, options) {
    mustBePc(id);
    const { disk, version } = await openSystem(options);
    return {
      version,
      async filesFor(ready, scope) {
        const { path: image } = await imageDisk(ready, scope, kit, options);
        const { kept, given } = await unitsFor(ready, scope, options);
        const drivesWith = (unit: string): BootFiles => ({
          drives: [
            { id: 'system', file: disk, writes: 'aside' },
            { id: 'image', file: image, writes: 'refused' },
            { id: 'unit', file: unit, writes: 'refused' },
          ],
        });
        const space = await spaceOfFiles([disk, image, kept]);
        if (!given) return { ...drivesWith(kept), space };
        return { ...drivesWith(given.path), space, shown: drivesWith(kept), release: given.release };
      },
    };
  },
};

/** The same, tuned: its balloon, whose driver Debian brings, gives free pages back. */
export const reportingFull: VmDesign = {
  ...full,
  profile: { ...pc, devices: balloon('pci', freePageReporting) },
};

/** @throws {TareError} why the system's disk cannot be made here, unless it is there already */
export async function checkFullSystem(places: MadePlaces): Promise<void> {
  mustBePc(id);
  const made = await openSystem(places).catch(() => undefined);
  for (const program of made ? [] : ['mmdebstrap', 'mke2fs']) await needProgram(program);
}

const sectorBytes = 512;

/**
 * The unit as a disk. What is kept has no values, so that the command line that a run records can still be run by hand later; where there are
 * any, the machines have another one.
 */
async function unitsFor(
  ready: ReadyWorkload,
  scope: RunScope,
  { cacheFolder, exportImage }: VmOptions,
): Promise<{ kept: string; given?: PassingFile }> {
  const accounts = await accountFiles(await exportImage(ready, scope));
  const unitOf = ({ image, workload }: ReadyWorkload): Buffer =>
    asDisk(applicationUnit(image, resolveAccount(image.user, accounts), workload));
  const content = unitOf(withoutGiven(ready));
  const folder = path.join(cacheFolder, 'units');
  const kept = path.join(folder, `${createHash('sha256').update(content).digest('hex').slice(0, 24)}.unit`);
  makeFolder(folder);
  await writeFileAtomic(kept, content);
  if (!isGiven(ready)) return { kept };
  const write = (file: string) => writeFile(file, unitOf(ready), { mode: 0o600 });
  return { kept, given: await passingFile(folder, scope.ledger, write) };
}

function asDisk(text: string): Buffer {
  const content = Buffer.from(text);
  return Buffer.concat([content, Buffer.alloc(sectorBytes - (content.length % sectorBytes))]);
}

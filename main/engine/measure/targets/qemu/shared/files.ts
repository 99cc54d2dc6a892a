/** What a machine boots and reads that several applications share. */
import type { Disk } from '../../../../images/disk/disk';
import { spaceOfFiles } from '../../../../images/disk/space';
import type { Kit } from '../../../../images/guest/kit';
import type { ReadyWorkload } from '../../../../images/image/facts';
import type { Ledger } from '../../../../base/process/ledger';
import type { RunScope } from '../../../../base/scope';
import type { GuestFiles, VmOptions } from '../design';
import { isGiven, withoutGiven } from '../given';
import { imageDisk } from '../imageDisk';
import { givenInitrd, sharedConfiguration, writeInitrd, type SharedApplication } from '../kernel/initrd';
import type { BootableKernel } from '../kernel/kernels';

export interface SharedFiles {
  /** of the machine; its `space` is that of all its disks */
  files: GuestFiles;
  /** of each application's disk, in their order; two that run one image have one disk */
  disks: GuestFiles['space'][];
}

interface Order {
  all: readonly ReadyWorkload[];
  kit: Kit;
  kernel: BootableKernel;
  options: VmOptions;
  scope: RunScope;
}

/** Makes them, unless they are in the cache. Throws as `makeDisk` and `writeInitrd`. */
export async function sharedFiles({ all, kit, kernel, options, scope }: Order): Promise<SharedFiles> {
  const disks: Disk[] = [];
  for (const ready of all) disks.push(await imageDisk(ready, scope, kit, options));
  const files = [...new Set(disks.map(({ path }) => path))];
  const applications = (given: (ready: ReadyWorkload) => ReadyWorkload): SharedApplication[] =>
    all.map((ready, place) => ({ ...given(ready), disk: files.indexOf(disks[place]!.path) }));
  const bare = await kernel.initrd();
  // What is kept knows no values: where there are any, its machines boot another initrd.
  const kept = await writeInitrd(
    options.cacheFolder,
    bare,
    sharedConfiguration(applications(withoutGiven)),
    scope.ledger,
  );
  const { bytes: kernelBytes } = await spaceOfFiles([kernel.file, kept]);
  const boots = {
    boot: { kernel: kernel.file, initrd: kept },
    drives: files.map((file, place) => ({ id: `root${place}`, file, writes: 'refused' as const })),
  };
  const once = disks.filter(({ path }, place) => disks.findIndex((one) => one.path === path) === place);
  const space = {
    bytes: once.reduce((sum, { bytes }) => sum + bytes, 0),
    logicalBytes: once.reduce((sum, { logicalBytes }) => sum + logicalBytes, 0),
  };
  const passing = await initrdWithValues(all, kept, applications, scope.ledger);
  return {
    disks,
    files: {
      ...boots,
      space,
      kernelBytes,
      ...(passing && {
        boot: { ...boots.boot, initrd: passing.path },
        shown: boots,
        release: passing.release,
      }),
    },
  };
}

const initrdWithValues = async (
  all: readonly ReadyWorkload[],
  kept: string,
  applications: (given: (ready: ReadyWorkload) => ReadyWorkload) => SharedApplication[],
  ledger: Ledger,
) =>
  all.some(isGiven)
    ? givenInitrd(kept, sharedConfiguration(applications((ready) => ready)), ledger)
    : undefined;

import { findDisk, makeDisk, type Disk, type DiskFormat, type DiskOrder } from '../../../images/disk/disk';
import type { Kit } from '../../../images/guest/kit';
import type { ReadyWorkload } from '../../../images/image/facts';
import type { RunScope } from '../../../base/scope';
import { steps } from '../../../base/steps';
import type { VmOptions } from './design';

/** The image as a disk: found, or made as a step of its own. Throws as `makeDisk`. */
export async function imageDisk(
  ready: ReadyWorkload,
  scope: RunScope,
  kit: Kit,
  { cacheFolder, exportImage }: VmOptions,
  format: DiskFormat = 'erofs',
): Promise<Disk> {
  const { image } = ready;
  const order: DiskOrder = {
    format,
    cacheFolder,
    digest: image.digest,
    imageBytes: image.bytes,
    kitVersion: kit.version,
    exportImage: (signal) => exportImage(ready, { ...scope, signal }),
    ledger: scope.ledger,
    signal: scope.signal,
  };
  const known = await findDisk(order);
  if (known) return known;
  const step = steps(scope, 'disk', image.reference);
  const disk = await makeDisk(order);
  step.done();
  return disk;
}

/**
 * What cloud-init finds in a machine, where the disk has it: a volume by the name of its data source NoCloud. Without one it looks for a cloud,
 * for up to some minutes, and systems that are set up by it have no network. It is told nothing but that this is a machine of its own, so that
 * the system is set up as its maker meant it: on its first boot, which each is, as nothing of it is kept.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { fatVolume } from '../../../../images/disk/fat';
import { makeFolder } from '../../../../base/folder';

const files = {
  'meta-data': 'instance-id: tare\n',
  'user-data': '#cloud-config\n{}\n',
};

/** @returns the file that holds the volume */
export async function seedVolume(cacheFolder: string): Promise<string> {
  const volume = fatVolume(
    'cidata',
    Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) })),
  );
  const folder = path.join(cacheFolder, 'seeds');
  const file = path.join(folder, `${createHash('sha256').update(volume).digest('hex').slice(0, 24)}.img`);
  makeFolder(folder);
  await writeFileAtomic(file, volume);
  return file;
}

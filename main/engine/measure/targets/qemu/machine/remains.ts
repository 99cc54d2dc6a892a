import { realpathSync } from 'node:fs';
import { bytesStillThere, writableFiles } from '../../../../base/process/files';
import { attempted, memoryLeft } from '../../remains';
import type { Remains } from '../../target';

/**
 * A machine has no folder of its own: what it could leave are the files that QEMU can write.
 * @param shared  one of these that is every such machine's
 */
export function machineRemains(pid: number, shared?: string): Remains {
  let files: ReturnType<typeof writableFiles> = [];
  const looked = attempted(() => {
    const common = shared && realpathSync(shared);
    files = writableFiles(pid).filter(({ path }) => path !== common);
    return files.length;
  });
  return {
    memory: memoryLeft([pid]),
    disk: () => Promise.resolve('reason' in looked ? looked : attempted(() => bytesStillThere(files))),
  };
}

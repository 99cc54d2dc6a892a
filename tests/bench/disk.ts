/** From a 300 MB image to a disk that a VM boots from. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openLedger } from '../../main/engine/base/process/ledger';
import { makeDisk } from '../../main/engine/images/disk/disk';
import { exportImage } from '../../main/engine/images/disk/rootfs';
import { openDocker } from '../../main/engine/base/docker/client';
import { freePort } from '../../main/engine/base/process/ports';
import { exportToNowhere } from './byHand';
import { figure } from './figures';

const tag = 'tare-bench/large:1';
const folders = 100;
const filesPerFolder = 30;
const fileBytes = 100_000;

/** 3,000 files of 100 kB that do not compress: 300 MB. */
function makeImage(folder: string): void {
  for (let f = 0; f < folders; f += 1) {
    const inside = path.join(folder, 'root', `folder-${f}`);
    mkdirSync(inside, { recursive: true });
    for (let n = 0; n < filesPerFolder; n += 1)
      writeFileSync(path.join(inside, `file-${n}`), randomBytes(fileBytes));
  }
  spawnSync('bash', [
    '-c',
    'tar -C "$1/root" -c . | docker import -c "CMD [\\"/x\\"]" - "$2"',
    'bash',
    folder,
    tag,
  ]);
}

export async function timeDisk(rounds = 5): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-bench-'));
  try {
    makeImage(folder);
    const { docker } = await openDocker();
    const { Id: digest, Size: imageBytes } = await docker.getImage(tag).inspect();
    const ledger = openLedger(path.join(folder, 'ledger'));
    const { signal } = new AbortController();
    const scope = { ledger, signal, progress: () => {}, freePort, known: new Map() };
    const [disks, exports]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const cacheFolder = path.join(folder, `cache-${round}`);
      const fromMs = performance.now();
      await makeDisk({
        ...{ cacheFolder, digest, imageBytes, kitVersion: 'bench', ledger, signal },
        exportImage: (aborting) => exportImage(docker, digest, { ...scope, signal: aborting }),
      });
      disks.push(performance.now() - fromMs);
      rmSync(cacheFolder, { recursive: true });
      const container = execFileSync('docker', ['create', tag], { encoding: 'utf8' }).trim();
      exports.push(await exportToNowhere(container));
      execFileSync('docker', ['rm', container]);
    }
    ledger.close();
    figure(`image of ${(imageBytes / 1e6).toFixed(0)} MB → disk`, disks);
    figure('the same image, docker export to nowhere', exports);
  } finally {
    spawnSync('docker', ['rmi', '-f', tag]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** On this computer: a guest of arm64, its kit made by Tare for that architecture, booted as `vm:direct` boots it there. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Workload } from '../../../main/contract/plan';
import { buildKit, openKit } from '../../../main/engine/images/guest/kit';
import { openLedger } from '../../../main/engine/base/process/ledger';
import { freePort } from '../../../main/engine/base/process/ports';
import type { RunScope } from '../../../main/engine/base/scope';
import { direct, kernelVm } from '../../../main/engine/measure/targets/qemu/kernel/design';
import { virt } from '../../../main/engine/measure/targets/qemu/profiles';
import { createVmTarget } from '../../../main/engine/measure/targets/qemu/target';
import { waitReady } from '../../../main/engine/measure/workloads/readiness';
import type { Finding } from '../findings';
import { withProgramsOf } from '../foreign';
import { run } from '../programs';

/** What the kit's script calls, for arm64. */
const crossTools: Record<string, string> = {
  dpkg: '[ "$1" = --print-architecture ] && { echo arm64; exit; }\nexec /usr/bin/dpkg "$@"',
  cc: 'exec aarch64-linux-gnu-gcc "$@"',
  objcopy: 'exec aarch64-linux-gnu-objcopy "$@"',
  'apt-get': 'exec /usr/bin/apt-get -o APT::Architecture=arm64 -o APT::Architectures=arm64 "$@"',
  'apt-cache': 'exec /usr/bin/apt-cache -o APT::Architecture=arm64 -o APT::Architectures=arm64 "$@"',
};

/**
 * @param cache   where the kit stays
 * @param folder  of this run
 */
export async function arm64Guest(cache: string, folder: string): Promise<Finding[]> {
  const cacheFolder = path.join(cache, 'arm64-guest');
  const ledger = openLedger(path.join(folder, 'ledger'));
  const scope: RunScope = {
    ledger,
    signal: AbortSignal.timeout(20 * 60_000),
    progress: () => undefined,
    freePort,
    known: new Map(),
  };
  try {
    const { busybox } = await openKit({ cacheFolder }).catch(() => makeKit(cacheFolder, folder, scope));
    const image = path.join(folder, 'image');
    for (const name of ['bin', 'www']) mkdirSync(path.join(image, name), { recursive: true });
    copyFileSync(busybox, path.join(image, 'bin/busybox'));
    writeFileSync(path.join(image, 'www/index.html'), 'hello from arm64\n');
    return await bootAndAsk(cacheFolder, image, scope);
  } finally {
    ledger.close();
  }
}

async function makeKit(cacheFolder: string, folder: string, scope: RunScope) {
  const tools = path.join(folder, 'cross-tools');
  mkdirSync(tools);
  for (const [name, text] of Object.entries(crossTools))
    writeFileSync(path.join(tools, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const before = process.env.PATH;
  process.env.PATH = `${tools}:${before}`;
  try {
    await withProgramsOf('arm64', async () => void (await buildKit({ ...scope, cacheFolder })));
  } finally {
    process.env.PATH = before;
  }
  return openKit({ cacheFolder });
}

async function bootAndAsk(cacheFolder: string, image: string, scope: RunScope): Promise<Finding[]> {
  const target = createVmTarget('vm:direct', kernelVm({ ...direct, profile: virt }), {
    cacheFolder,
    qemuPath: (await run(['which', 'qemu-system-aarch64'])).trim(),
    exportImage: () =>
      Promise.resolve(
        spawn('tar', ['--owner=0', '--group=0', '-C', image, '-cf', '-', '.'], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }).stdout,
      ),
  });
  const workload = Workload.parse({
    name: 'web',
    image: { kind: 'reference', reference: 'arm64' },
    limits: { memoryBytes: 512 * 1024 ** 2 },
  });
  const facts = {
    ...{
      reference: 'arm64',
      digest: `sha256:${'0'.repeat(64)}`,
      fingerprint: 'arm64',
      bytes: 0,
      environment: [],
      workingDir: '/',
      user: '',
    },
    ...{ entrypoint: [], command: ['/bin/busybox', 'httpd', '-f', '-p', '8080', '-h', '/www'], port: 8080 },
  };
  const prepared = await target.prepare({ workload: { ...workload, environment: {} }, image: facts }, scope);
  const phases: string[] = [];
  const startMs = performance.now();
  const instance = await prepared.start(workload.limits, (phase) => phases.push(phase), scope);
  try {
    await waitReady(instance, workload.probe, scope.signal, { lastAnswer: '' });
    const readyMs = Math.round(performance.now() - startMs);
    console.log(`  answers after ${readyMs} ms (${phases.join(', ')})`);
    const answer = await (await fetch(`http://${instance.host}:${instance.port}/`)).text();
    const { hostBytes, guestUsedBytes, missing } = await instance.measure();
    return [
      { what: 'it answers', isGood: answer.includes('arm64'), instead: answer },
      {
        what: 'its phases are told',
        isGood: phases.includes('init') && phases.includes('exec'),
        instead: phases.join(),
      },
      { what: 'its own memory is told', isGood: hostBytes! > 0, instead: JSON.stringify(missing) },
      { what: 'what it uses inside is told', isGood: guestUsedBytes! > 0, instead: JSON.stringify(missing) },
    ];
  } finally {
    await instance[Symbol.asyncDispose]();
  }
}

import fc from 'fast-check';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../../../../../../main/engine/base/process/ledger';
import { Workload } from '../../../../../../../main/contract/plan';
import {
  guestConfiguration,
  sharedConfiguration,
  writeInitrd,
} from '../../../../../../../main/engine/measure/targets/qemu/kernel/initrd';
import type { ImageFacts } from '../../../../../../../main/engine/images/image/facts';

const image: ImageFacts = {
  reference: 'app:1',
  digest: 'sha256:0',
  fingerprint: '0',
  bytes: 1,
  entrypoint: ['/run'],
  command: ['--name=a b', ''],
  environment: ['A=1=2', 'LINES=one\ntwo'],
  workingDir: '',
  user: 'alice:games',
  port: 80,
};
const records = (configuration: Buffer): string[] => configuration.toString().split('\0').slice(0, -1);

describe('what the guest is told', () => {
  it('is the command, the environment, the folder, the user and the name, each ended by NUL', () => {
    expect(records(guestConfiguration(image, { name: 'app' }))).toEqual([
      'arg=/run',
      'arg=--name=a b',
      'arg=',
      'env=A=1=2',
      'env=LINES=one\ntwo',
      'cwd=/',
      'user=alice:games',
      'hostname=app',
    ]);
  });

  it('is the signal to stop with where the image names one', () => {
    expect(records(guestConfiguration({ ...image, stopSignal: 'SIGQUIT' }, { name: 'app' }))).toContain(
      'stop=3',
    );
  });

  it('says that the guest may open connections, where it may', () => {
    const told = (outgoing: boolean) =>
      records(guestConfiguration(image, { name: 'app', openings: { outgoing } }));
    expect(told(true)).toContain('network=outgoing');
    expect(told(false)).not.toContain('network=outgoing');
  });

  it('cannot be given further records through odd values', () => {
    const odd = fc.array(fc.string({ unit: 'binary', maxLength: 10 }), { maxLength: 5 });
    fc.assert(
      fc.property(odd, odd, (command, environment) => {
        const told = records(guestConfiguration({ ...image, command, environment }, { name: 'app' }));
        expect(told).toHaveLength(1 + command.length + environment.length + 3);
      }),
    );
  });
});

describe('what the guest of several applications is told', () => {
  it('is the same of each, behind its disk and its limits', () => {
    const application = (name: string, disk: number, cpus: number) => {
      const limits = { memoryBytes: 64 * 1024 ** 2, cpus };
      const workload = Workload.parse({ name, image: { kind: 'reference', reference: 'app:1' }, limits });
      return { image, workload: { ...workload, environment: {} }, disk };
    };
    const [one, two] = [application('one', 0, 1), application('two', 1, 0.25)];
    expect(records(sharedConfiguration([one, two]))).toEqual([
      ...['application=one', 'disk=/dev/vda', 'memory=67108864', 'cpu=100000 100000'],
      ...records(guestConfiguration(image, { name: 'one' })),
      ...['application=two', 'disk=/dev/vdb', 'memory=67108864', 'cpu=25000 100000'],
      ...records(guestConfiguration(image, { name: 'two' })),
    ]);
  });
});

describe('the initrd of a workload', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'tare-initrd-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is the kernel’s with the configuration behind it, written once, and again when it was cut short', async () => {
    const ledger = openLedger(path.join(folder, 'ledger'));
    const bare = { version: 'v', content: Buffer.from('modules!') };
    const write = (hostname: string) =>
      writeInitrd(folder, bare, guestConfiguration(image, { name: hostname }), ledger);
    const file = await write('app');
    const content = await readFile(file);
    expect(content.toString('latin1')).toMatch(/^modules!070701.*tare\.config.*hostname=app/s);
    expect(await write('app')).toBe(file);
    expect(await write('other')).not.toBe(file);
    await writeFile(file, content.subarray(0, 20));
    await write('app');
    expect(await readFile(file)).toEqual(content);
    ledger.close();
    expect(await readdir(path.join(folder, 'ledger'))).toEqual([]);
    expect(await readdir(path.dirname(file))).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { Workload } from '../../../../../../main/contract/plan';
import type { RunScope } from '../../../../../../main/engine/base/scope';
import type { PreparedVm } from '../../../../../../main/engine/measure/targets/qemu/design';
import { full } from '../../../../../../main/engine/measure/targets/qemu/full/full';
import { direct, kernelVm } from '../../../../../../main/engine/measure/targets/qemu/kernel/design';
import type {
  Machine,
  MachineOrder,
} from '../../../../../../main/engine/measure/targets/qemu/machine/machine';
import { PortTaken } from '../../../../../../main/engine/measure/targets/qemu/machine/process';
import { snapshotVm } from '../../../../../../main/engine/measure/targets/qemu/snapshot/snapshot';
import { startMachine } from '../../../../../../main/engine/measure/targets/qemu/start';

const limits = { memoryBytes: 64 * 1024 ** 2, cpus: 1 };

/** A VM of this design as far as QEMU's words tell of it. */
const prepared = (design: PreparedVm['design']): PreparedVm => ({
  ready: {
    workload: {
      ...Workload.parse({
        name: 'app',
        image: { kind: 'reference', reference: 'app:1' },
        limits,
        probe: { kind: 'http', path: '/' },
      }),
      environment: {},
    },
    image: {
      reference: 'app:1',
      digest: 'sha256:0',
      fingerprint: '0',
      bytes: 1,
      entrypoint: ['/run'],
      command: [],
      environment: [],
      workingDir: '/',
      user: '',
      port: 80,
    },
  },
  guestPort: 80,
  design,
  qemu: 'qemu',
  choice: {
    accelerator: 'tcg',
    reason: 'works',
    qemuVersion: '10.0',
    boots: [],
    confinement: { sandbox: true, user: false },
  },
  system: { version: 'v', filesFor: () => Promise.reject(new Error('not needed')) },
  files: { drives: [{ id: 'root', file: '/disk', writes: 'refused' }], space: { bytes: 1, logicalBytes: 1 } },
});

/** Ports 1, 2, 3 … of which those up to `taken` are somebody else's by the time QEMU listens. */
function rivals(taken: number) {
  let port = 0;
  let named = 0;
  const orders: MachineOrder[] = [];
  const ledger = { name: (kind: string) => `tare-ab-${kind}-${++named}` };
  const scope = { ledger, freePort: () => Promise.resolve(++port) } as unknown as RunScope;
  const begin = (order: MachineOrder): Promise<Machine> => {
    orders.push(order);
    return orders.length > taken
      ? Promise.resolve({ pid: 1 } as Machine)
      : Promise.reject(new PortTaken('Could not set up host forwarding rule'));
  };
  return { scope, orders, begin };
}

describe.each([
  ['vm:direct', kernelVm(direct)],
  ['vm:snapshot', snapshotVm()],
  ['vm:full', full],
])('a machine of %s', (_, design) => {
  const start = { limits, mark: () => undefined };

  it('that finds its port taken tries another one, under a name of its own', async () => {
    const { scope, orders, begin } = rivals(4);
    const started = await startMachine(
      prepared(design),
      { ...start, scope, more: { words: () => ['-S'], files: new Map() } },
      begin,
    );
    expect(started).toEqual({ machine: { pid: 1 }, ports: [5] });
    expect(orders.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((number) => `tare-ab-vm-${number}`));
    orders.forEach(({ words, name, timeouts }, index) => {
      expect(words.slice(words.indexOf('qemu'))).toEqual(
        expect.arrayContaining([name, `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${index + 1}-:80`]),
      );
      expect(words.at(-1)).toBe('-S');
      expect(words).toContain('-sandbox');
      expect(timeouts).toEqual(design.timeouts);
    });
  });

  it('has a port for each of its applications', async () => {
    const { scope, orders, begin } = rivals(1);
    const vm = prepared(design);
    const other = { ...vm.ready, image: { ...vm.ready.image, port: 81 } };
    const started = await startMachine({ ...vm, beside: [other] }, { ...start, scope }, begin);
    expect(started.ports).toEqual([3, 4]);
    expect(orders.at(-1)!.words).toEqual(
      expect.arrayContaining([
        'user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:3-:80',
        'user,id=net1,restrict=on,hostfwd=tcp:127.0.0.1:4-:81',
      ]),
    );
  });

  it('fails with what QEMU said when the fifth port is taken too', async () => {
    const { scope, orders, begin } = rivals(5);
    await expect(startMachine(prepared(design), { ...start, scope }, begin)).rejects.toMatchObject({
      failure: {
        code: 'program-failed',
        program: 'QEMU',
        exit: 'port taken',
        output: 'Could not set up host forwarding rule',
      },
    });
    expect(orders).toHaveLength(5);
  });
});

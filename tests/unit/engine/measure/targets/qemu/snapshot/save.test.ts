import { expect, test } from 'vitest';
import type { Ending } from '../../../../../../../main/engine/measure/targets/target';
import type { StartedMachine } from '../../../../../../../main/engine/measure/targets/qemu/start';
import type { Machine } from '../../../../../../../main/engine/measure/targets/qemu/machine/machine';
import { bootReady } from '../../../../../../../main/engine/measure/targets/qemu/snapshot/save';
import { freePort } from '../../../../../../../main/engine/base/process/ports';

const probe = { kind: 'http', path: '/' } as const;
const forever = new AbortController().signal;

/** A machine on which nothing ever listens. */
async function silent(log: string[], ended = new Promise<Ending>(() => undefined)): Promise<StartedMachine> {
  const kill = () => Promise.resolve(void log.push('kill'));
  return { machine: { ended, kill } as Partial<Machine> as Machine, ports: [await freePort()] };
}

test('a guest that hangs before its application is executed is given up, with the phase it reached', async () => {
  const booting = bootReady(
    (mark, signal) => {
      mark('kernel');
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('killed'))));
    },
    probe,
    forever,
    50,
  );
  await expect(booting).rejects.toMatchObject({
    failure: { code: 'not-ready', waitedMs: 50, lastPhase: 'kernel' },
  });
});

test('a machine whose application never answers, or that ends, is killed', async () => {
  const log: string[] = [];
  // Long enough for a first try on a busy computer.
  await expect(bootReady(() => silent(log), probe, forever, 1000)).rejects.toMatchObject({
    failure: { code: 'not-ready', lastAnswer: 'ECONNREFUSED' },
  });
  const ended = Promise.resolve({ exit: 'exit 3', output: '' });
  await expect(bootReady(() => silent(log, ended), probe, forever, 5000)).rejects.toMatchObject({
    failure: { code: 'ended-early', exit: 'exit 3' },
  });
  expect(log).toEqual(['kill', 'kill']);
});

test('a stop is told as the stop it is', async () => {
  const log: string[] = [];
  const stopping = new AbortController();
  const booting = bootReady(() => silent(log), probe, stopping.signal);
  setTimeout(() => stopping.abort(), 20);
  await expect(booting).rejects.toThrow(/abort/i);
  expect(log).toEqual(['kill']);
});

import { expect, it, vi } from 'vitest';
import { calls } from '../../../../main/contract/calls';
import type { TareEvent } from '../../../../main/contract/events';
import { lateEngine } from '../../../../main/doors/desktop/lateEngine';
import type { Engine } from '../../../../main/engine/engine';
import { TareError } from '../../../../main/engine/base/errors';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

function stage(inner = fakeEngine()) {
  const load = vi.fn((): Promise<Engine> => Promise.resolve(inner));
  return { inner, load, engine: lateEngine(load) };
}

it('loads nothing before it is asked something, and then once', async () => {
  const { engine, load } = stage();
  engine.onEvent(() => undefined);
  expect(load).not.toHaveBeenCalled();
  await Promise.all([engine.runs({}), engine.presets({}), engine.runs({})]);
  await engine.images({});
  expect(load).toHaveBeenCalledTimes(1);
});

it('answers every call of the contract', () => {
  expect(Object.keys(stage().engine)).toEqual(expect.arrayContaining(Object.keys(calls)));
});

it('passes on what is asked, what is answered and why it is refused', async () => {
  const failure = { code: 'run-unknown', id: 'r' } as const;
  const inner = fakeEngine({ fails: { run: failure } });
  const { engine } = stage(inner);
  expect(await engine.presets({})).toEqual(await inner.presets({}));
  await expect(engine.run({ id: 'r' })).rejects.toMatchObject({ failure });
});

it('tells events to whoever listened before it was loaded, until they no longer want them', async () => {
  const { engine, inner } = stage();
  const told: string[] = [];
  const listen = (name: string) => engine.onEvent(({ kind }: TareEvent) => told.push(`${name} ${kind}`));
  listen('early');
  const unsubscribe = listen('fickle');
  const plan = (await engine.presets({}))[0]!;
  unsubscribe();
  listen('late');
  await engine.startRun({ plan: calls.startRun.input.parse({ plan }).plan });
  await expect.poll(() => told).toContain('early run-ended');
  expect(told).toContain('late run-ended');
  expect(told.filter((one) => one.startsWith('fickle'))).toEqual([]);
  await inner.close();
});

it('closes what was loaded, also while it is being loaded', async () => {
  const { engine, inner } = stage();
  const asked = engine.runs({});
  await engine.close();
  await asked;
  expect(inner.log).toContain('close');
});

it('loads nothing in order to close it, and nothing afterwards', async () => {
  const { engine, load } = stage();
  await engine.close();
  await expect(engine.runs({})).rejects.toMatchObject({ failure: { code: 'stopped' } });
  expect(load).not.toHaveBeenCalled();
});

it('tells why it cannot be loaded, and is loaded when that was put right', async () => {
  const { engine, load } = stage();
  const failure = new TareError({ code: 'settings-invalid', path: '/settings.json', reason: 'EOF' });
  load.mockRejectedValueOnce(failure);
  await expect(engine.runs({})).rejects.toBe(failure);
  expect(await engine.runs({})).toEqual([]);
});

it('can be closed when it could not be loaded', async () => {
  const { engine, load, inner } = stage();
  load.mockRejectedValue(new TareError({ code: 'settings-invalid', path: '/settings.json', reason: 'EOF' }));
  await expect(engine.runs({})).rejects.toThrow();
  await engine.close();
  expect(inner.log).toEqual([]);
});

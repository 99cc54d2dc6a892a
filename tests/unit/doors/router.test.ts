import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calls } from '../../../main/contract/calls';
import { explain } from '../../../main/contract/messages';
import { answer } from '../../../main/doors/router';
import { presets } from '../../../main/engine/measure/workloads/presets';
import { fakeRecord } from '../../support/fakes/fakeAnswers';
import { fakeEngine } from '../../support/fakes/fakeEngine';

describe('the router', () => {
  test('parses the input, fills in defaults and answers with the value', async () => {
    const engine = fakeEngine();
    const reply = await answer(engine, 'startRun', { plan: presets[1] });
    expect(reply).toEqual({ ok: true, value: expect.stringMatching(/^\d{8}-\d{6}-/) as string });
    expect(engine.inputs.startRun).toMatchObject({ plan: { warmups: 1, seed: 1, samplePeriodMs: 250 } });
  });

  test('lets calls without input be asked with nothing', async () => {
    const engine = fakeEngine({ runs: [fakeRecord()] });
    for (const name of ['runs', 'presets', 'doctor', 'clean']) {
      expect(await answer(engine, name, undefined)).toMatchObject({ ok: true });
    }
  });

  test.each(['nothing', 'close', 'onEvent', 'constructor', '__proto__', 'toString', ''])(
    'refuses "%s", which is no call',
    async (name) => {
      const engine = fakeEngine();
      expect(await answer(engine, name, {})).toMatchObject({ ok: false, failure: { code: 'bad-input' } });
      expect(engine.log).toEqual([]);
    },
  );

  test('refuses bad input with one readable line per problem, in the language of the reader', async () => {
    const plan = {
      ...presets[1],
      trials: 0,
      targets: ['vm:tiny'],
      workloads: [{ name: 'web', image: 'nginx' }],
    };
    const problems = async (locale: 'en' | 'zh-CN') => {
      const reply = await answer(fakeEngine(), 'startRun', { plan });
      return reply.ok ? [] : explain(locale, reply.failure).details;
    };
    expect(await problems('en')).toEqual(
      [
        'plan.workloads[0].image: must be an object with fields',
        'plan.workloads[0].limits: is missing',
        'plan.targets[0]: is not a target, such as container or vm:direct',
        'plan.trials: must be at least 1',
      ].map((line) => expect.stringContaining(line.split(':')[0]!) as string),
    );
    for (const line of await problems('zh-CN')) expect(line).toMatch(/[\u4e00-\u9fff]/);
  });

  test('turns a failure of the engine into a value, and an exception into a bug', async () => {
    const id = '20260801-120000-0001';
    expect(await answer(fakeEngine(), 'run', { id })).toEqual({
      ok: false,
      failure: { code: 'run-unknown', id },
    });
    const broken = fakeEngine({ fails: { run: new TypeError('x is not a function') } });
    expect(await answer(broken, 'run', { id })).toMatchObject({
      ok: false,
      failure: { code: 'bug', message: 'x is not a function' },
    });
  });

  test('never throws, whatever is asked', async () => {
    const names = fc.oneof(fc.constantFrom(...Object.keys(calls)), fc.string());
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.anything({ withNullPrototype: true, withBigInt: true }),
        async (name, input) => {
          const reply = await answer(fakeEngine(), name, input);
          expect(typeof reply.ok).toBe('boolean');
        },
      ),
    );
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { TareEvent } from '../../../../../main/contract/events';
import type { OtherWork } from '../../../../../main/contract/run/run';
import type { WorkNote } from '../../../../../main/contract/work/work';
import { Work, type Begun } from '../../../../../main/engine/base/work/work';
import { Plan } from '../../../../../main/contract/plan';
import { presets } from '../../../../../main/engine/measure/workloads/presets';
import { fakeKit, transferOf } from '../../../../support/fakes/fakeAnswers';

const plan = Plan.parse(presets[0]);
const settled = () => new Promise((resolve) => setImmediate(resolve));

let events: TareEvent[];
let noted: WorkNote[];
let others: OtherWork[];
let closing: AbortController;
let work: Work;
beforeEach(() => {
  events = [];
  noted = [];
  others = [];
  closing = new AbortController();
  work = new Work({
    emit: (event) => events.push(event),
    note: (note) => {
      noted.push(note);
      return () => void noted.splice(noted.indexOf(note), 1);
    },
    others: () => others,
    closing: closing.signal,
  });
});

/** A run whose beginning and end the test decides. */
function staged(run: string) {
  const log: string[] = [];
  let end: () => void = () => undefined;
  const finished = new Promise<'done'>((resolve) => (end = () => resolve('done')));
  let begun: () => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  const waiting = new Promise<void>((resolve, reject) => ([begun, refuse] = [resolve, reject]));
  const asked = (anyway = false) =>
    work.begin({ kind: 'run', input: { plan }, run, anyway }, async (signal): Promise<Begun<'done'>> => {
      log.push('begin');
      await waiting;
      const stop = () => {
        log.push('stop');
        end();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
      return { finished };
    });
  return { asked, log, begun: () => begun(), refuse: (error: Error) => refuse(error), end: () => end() };
}

/** A kit that is made when the test says so, or given up when it is stopped. */
function building() {
  let made = () => {};
  const asked = () =>
    work.begin({ kind: 'buildKit', input: { kernel: 'minimal' } }, (signal) =>
      Promise.resolve({
        finished: new Promise<typeof fakeKit>((resolve, reject) => {
          made = () => resolve(fakeKit);
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      }),
    );
  return { asked, made: () => made() };
}
const pulling = () =>
  work.begin({ kind: 'pullImage', input: { reference: 'web:1' } }, () =>
    Promise.resolve({ finished: Promise.resolve(transferOf('web:1')) }),
  );

describe('a run', () => {
  test('of two that are asked for at once, one is made', async () => {
    const [first, second] = [staged('a'), staged('b')];
    const asked = first.asked();
    await expect(second.asked()).rejects.toThrow(/run-under-way {.*"id":"a"/);
    expect(second.log).toEqual([]);
    first.begun();
    expect(await asked).toMatchObject({ kind: 'run', run: 'a', input: { plan } });
    first.end();
    await settled();
    second.begun();
    expect(await second.asked()).toMatchObject({ run: 'b' });
  });

  test('that does not begin leaves the place to the next', async () => {
    const failing = staged('a');
    const asked = failing.asked();
    failing.refuse(new Error('full'));
    await expect(asked).rejects.toThrow('full');
    expect(noted).toEqual([]);
    const next = staged('b');
    next.begun();
    expect(await next.asked()).toMatchObject({ run: 'b' });
  });

  test('that is stopped while it begins is stopped as soon as it has begun', async () => {
    const run = staged('a');
    const asked = run.asked();
    await work.stop('run', 'another');
    let over = false;
    const stopping = work.stop('run').then(() => (over = true));
    await settled();
    expect(over).toBe(false); // closing has to wait for it: it would begin afterwards
    run.begun();
    await Promise.all([asked, stopping]);
    expect(run.log).toEqual(['begin', 'stop']);
  });

  test('does not begin once the engine closes', async () => {
    closing.abort();
    const late = staged('a');
    await expect(late.asked()).rejects.toThrow(/abort/i);
    expect(late.log).toEqual([]);
    expect([...noted, ...events]).toEqual([]);
  });

  test('begins beside nothing else, not even beside a call that lasts a moment', async () => {
    const kit = building();
    await kit.asked();
    await expect(staged('a').asked()).rejects.toThrow(/job-under-way {.*"call":"buildKit"/);
    kit.made();
    await settled();
    let end = () => {};
    const removing = work.during('removeImage', () => new Promise<void>((resolve) => (end = resolve)));
    await expect(staged('a').asked()).rejects.toThrow(/job-under-way {.*"call":"removeImage"/);
    end();
    await removing;
    const run = staged('a');
    run.begun();
    await run.asked();
    expect(() => work.refuseBesideRun()).toThrow(/run-under-way/);
  });

  test('begins beside another Tare’s work only when it is asked for anyway; a job begins', async () => {
    others = [{ kind: 'buildImage', pid: 4711, startedAt: '2026-01-02T12:00:00.000Z' }];
    const run = staged('a');
    run.begun();
    await expect(run.asked()).rejects.toMatchObject({
      failure: { code: 'machine-busy', call: 'buildImage', pid: 4711, startedAt: '2026-01-02T12:00:00.000Z' },
    });
    expect(run.log).toEqual([]);
    expect(noted).toEqual([]);
    await pulling();
    await settled();
    expect(await run.asked(true)).toMatchObject({ run: 'a' });
  });
});

describe('a job', () => {
  test('is not begun a second time, nor beside a run; one of another kind is', async () => {
    const run = staged('a');
    run.begun();
    await run.asked();
    await expect(building().asked()).rejects.toThrow(/run-under-way/);
    run.end();
    await settled();
    const kit = building();
    await kit.asked();
    await expect(building().asked()).rejects.toThrow(/job-under-way {.*"call":"buildKit"/);
    expect(await pulling()).toMatchObject({ kind: 'pullImage' });
  });

  test('is over once a stop has answered, so that it can begin anew', async () => {
    const kit = building();
    await kit.asked();
    await work.stop('buildKit');
    expect(work.records()).toMatchObject([{ stopping: true, answer: { failure: { code: 'stopped' } } }]);
    await kit.asked();
    kit.made();
    await settled();
    expect(work.records()).toMatchObject([{ answer: { ok: true, value: fakeKit } }]);
  });

  test('has ended before that is told, so that who hears of it can ask for the next', async () => {
    const kit = building();
    const free: boolean[] = [];
    work = new Work({
      emit: (event) => {
        if (event.kind !== 'work' || event.work.kind !== 'buildKit' || !event.work.answer) return;
        free.push(noted.length === 0);
        void pulling();
      },
      note: (note) => {
        noted.push(note);
        return () => void noted.splice(noted.indexOf(note), 1);
      },
      others: () => others,
      closing: closing.signal,
    });
    await kit.asked();
    kit.made();
    await settled();
    expect(free[0]).toBe(true);
  });
});

test('what is under way is written down before it begins, and struck out when it is over', async () => {
  const run = staged('a');
  const asked = run.asked();
  expect(noted).toMatchObject([{ kind: 'run', run: 'a' }]);
  run.begun();
  await asked;
  run.end();
  await settled();
  expect(noted).toEqual([]);
  const full = new Work({
    emit: (event) => events.push(event),
    note: () => {
      throw new Error('full');
    },
    others: () => others,
    closing: closing.signal,
  });
  let begun = false;
  const refused = full.begin({ kind: 'buildKit', input: { kernel: 'minimal' } }, () => {
    begun = true;
    return Promise.resolve({ finished: Promise.resolve(fakeKit) });
  });
  await expect(refused).rejects.toThrow('full');
  expect(begun).toBe(false);
});

test('closing stops everything and waits for its end', async () => {
  await building().asked();
  const removing = work.during(
    'removeImage',
    (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  );
  const refused = expect(removing).rejects.toThrow(/abort/i);
  closing.abort();
  await work.close();
  await refused;
  expect(noted).toEqual([]);
});

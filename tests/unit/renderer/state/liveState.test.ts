import { describe, expect, it, vi } from 'vitest';
import { fakeLink, ok } from '../../../support/fakes/fakePage';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import type { Answer } from '../../../../main/contract/failures';
import type { Run, RunState } from '../../../../main/contract/run/run';
import type { WorkUnderWay } from '../../../../main/contract/work/work';
import { LiveState } from '../../../../renderer/state/live.svelte';

const record = (id: string, state: RunState): Run => ({ ...fakeRecord(undefined, id), state });
const noteOf = ({ id, session, startedAt }: Run): WorkUnderWay => ({
  kind: 'run',
  run: id,
  startedAt,
  session,
  pid: 1,
  own: true,
});
const [first, second] = ['20261123-160000-cccc', '20261123-170000-dddd'];

/** A page that follows `first` and then loses its connection, while the runs become these. */
async function afterLoss(...runs: Run[]) {
  const { plan } = fakeRecord();
  const link = fakeLink();
  const ended = vi.fn();
  const live = new LiveState(link, ended);
  link.tell({ kind: 'run-started', run: first, plan, trials: 6 });
  link.connect('lost');
  link.answers = {
    underWay: () => ok(runs.filter(({ state }) => state === 'running').map(noteOf)),
    run: ({ id }: { id: string }) => {
      const run = runs.find((one) => one.id === id);
      return run ? ok(run) : { ok: false, failure: { code: 'run-unknown', id } };
    },
    samples: () => ok([]),
    work: () => ok([]),
  };
  link.connect('open');
  await expect.poll(() => link.asked.map(({ name }) => name)).toContain('underWay');
  await new Promise((resolve) => setTimeout(resolve, 0));
  return { live, ended, link };
}

describe('a run whose end was missed while the connection was lost', () => {
  it.each(['done', 'stopped', 'failed', 'interrupted'] as const)('ends as it did: %s', async (state) => {
    const { live, ended } = await afterLoss(record(first, state));
    expect(live.run).toMatchObject({ id: first, state });
    expect(live.run!.done).toBe(6);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(ended.mock.calls[0]![0]).toMatchObject({ id: first, state });
  });

  it('goes on when it has not ended', async () => {
    const { live, ended } = await afterLoss(record(first, 'running'));
    expect(live.running).toBe(true);
    expect(ended).not.toHaveBeenCalled();
  });

  it('has ended even when the next one is under way already', async () => {
    const { live, ended } = await afterLoss(record(second, 'running'), record(first, 'done'));
    expect(ended.mock.calls.map(([run]) => (run as Run).id)).toEqual([first]);
    expect(live.run).toMatchObject({ id: second, state: 'running' });
  });

  it('is interrupted only when there is no record of it any more', async () => {
    const { live, ended } = await afterLoss();
    expect(live.run?.state).toBe('interrupted');
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('is not taken for anything when the connection is lost again', async () => {
    const { live, link, ended } = await afterLoss(record(first, 'running'));
    const lostAgain = (): Answer<never> => ({
      ok: false,
      failure: { code: 'bad-input', problems: ['fetch failed'] },
    });
    link.answers = { underWay: lostAgain, run: lostAgain, samples: lostAgain };
    await live.resume();
    expect(live.running).toBe(true);
    expect(ended).not.toHaveBeenCalled();
  });
});

it('takes up a run on several hosts from what the engine knows of it: it has no record of one run', async () => {
  const { plan } = fakeRecord();
  const link = fakeLink({
    underWay: () => ok([noteOf(record(first, 'running'))]),
    run: () => ({ ok: false, failure: { code: 'run-unknown', id: first } }),
    samples: () => ok([]),
    work: () =>
      ok([
        {
          ...{ id: 1, kind: 'run', run: first, input: { plan }, steps: [] },
          hosts: [{ name: 'bench1', way: 'ssh', stage: 'checking' }],
        },
      ]),
  });
  const live = new LiveState(link, () => undefined);
  await live.resume();
  await expect.poll(() => live.run?.hosts).toMatchObject([{ name: 'bench1', stage: 'checking' }]);
  expect(live.running).toBe(true);
});

it('keeps an end that is told while the run is looked up', async () => {
  const link = fakeLink({ underWay: () => ok([noteOf(record(first, 'running'))]), samples: () => ok([]) });
  const live = new LiveState(link, () => undefined);
  link.tell({ kind: 'run-started', run: first, plan: fakeRecord().plan, trials: 6 });
  link.answers.run = () => {
    link.tell({ kind: 'run-ended', run: first, state: 'done' });
    return ok(record(first, 'running'));
  };
  await live.resume();
  expect(live.run?.state).toBe('done');
});

describe('a run that another Tare makes', () => {
  const other = (state: RunState): WorkUnderWay => ({
    ...noteOf(record(first, state)),
    own: false,
    pid: 8158,
    door: 'terminal',
  });
  const until = { record: '1', samples: 10 };

  /** A page that follows it from its record, which is there already. */
  async function followed() {
    const link = fakeLink({
      underWay: () => ok([other('running')]),
      followRun: () => ok({ run: record(first, 'running'), samples: [], until }),
    });
    const ended = vi.fn();
    const live = new LiveState(link, ended);
    await live.resume();
    return { link, ended, live };
  }

  it('is followed from its record, and only what is new is asked for', async () => {
    const { link, live } = await followed();
    expect(live.running).toBe(true);
    expect(live.run).toMatchObject({ id: first, by: { pid: 8158, door: 'terminal' }, done: 6 });
    await live.look();
    const asked = link.asked.filter(({ name }) => name === 'followRun').map(({ input }) => input);
    expect(asked).toEqual([{ id: first }, { id: first, since: until }]);
  });

  it('cannot be stopped from here', async () => {
    const { link, live } = await followed();
    await live.stop();
    expect(link.asked.map(({ name }) => name)).not.toContain('stopRun');
  });

  it.each(['done', 'failed', 'interrupted'] as const)('ends as its record says: %s', async (state) => {
    const { link, live, ended } = await followed();
    link.answers.underWay = () => ok([]);
    link.answers.followRun = () => ok({ run: record(first, state), samples: [], until });
    await live.look();
    expect(live.run?.state).toBe(state);
    expect(live.running).toBe(false);
    expect(ended).toHaveBeenCalledTimes(1);
    await live.look();
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['failed', '2026-11-23T16:10:00.000Z'],
    ['interrupted', undefined],
  ] as const)('on several hosts ends as its own record says: %s', async (state, endedAt) => {
    const { plan, startedAt } = record(first, 'running');
    const failure = { code: 'stopped' } as const;
    const fleet = { schemaVersion: 2 as const, id: first, startedAt, plan, hosts: [] };
    const link = fakeLink({
      underWay: () => ok([other('running')]),
      followRun: () => ok({ samples: [], until: { record: '', samples: 0 } }),
      record: () => ok(fleet),
    });
    const ended = vi.fn();
    const live = new LiveState(link, ended);
    await live.resume();
    expect(live.run).toMatchObject({ state: 'running', plan: { name: plan.name }, hosts: [] });
    link.answers.underWay = () => ok([]);
    link.answers.record = () =>
      ok({
        ...fleet,
        hosts: [{ name: 'bench1', way: 'ssh', outcome: 'failed', failure }],
        ...(endedAt && { endedAt }),
      });
    await live.look();
    expect(live.run).toMatchObject({ state, hosts: [{ name: 'bench1', stage: 'failed', failure }] });
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('is interrupted where it was killed before it had a record', async () => {
    const { link, live, ended } = await followed();
    link.answers.underWay = () => ok([]);
    link.answers.followRun = () => ok({ samples: [], until });
    await live.look();
    expect(live.run?.state).toBe('interrupted');
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('is not given up while nothing is answered', async () => {
    const { link, live, ended } = await followed();
    link.answers.underWay = () => ({ ok: false, failure: { code: 'server-lost', output: '' } });
    await live.look();
    expect([live.running, ended.mock.calls.length]).toEqual([true, 0]);
  });

  it('gives way to one that is begun here all the same', async () => {
    const { link, live } = await followed();
    link.tell({ kind: 'run-started', run: second, plan: fakeRecord().plan, trials: 6 });
    expect(live.run).toMatchObject({ id: second, state: 'running' });
    expect(live.run?.by).toBeUndefined();
  });

  it('is found while the page is open, and the next one after it', async () => {
    const link = fakeLink({ underWay: () => ok([]), followRun: () => ok({ samples: [], until }) });
    const live = new LiveState(link, () => undefined);
    await live.look();
    expect(live.running).toBe(false);
    link.answers.underWay = () => ok([other('running')]);
    await live.look();
    expect(live.run).toMatchObject({ id: first, state: 'running' });
  });
});

it('finds a run that was under way before the page was opened', async () => {
  const run = record(first, 'running');
  const link = fakeLink({ underWay: () => ok([noteOf(run)]), run: () => ok(run), samples: () => ok([]) });
  const live = new LiveState(link, () => undefined);
  await live.resume();
  expect(live.run).toMatchObject({ id: first, state: 'running', plan: { name: run.plan.name } });
});

describe('a page that was opened during a run, and whose call for the record was lost', () => {
  const run = record(first, 'running');
  async function opened() {
    const link = fakeLink({
      underWay: () => ok([noteOf(run)]),
      run: () => ({ ok: false, failure: { code: 'server-lost', output: '' } }),
      samples: () => ok([]),
    });
    const live = new LiveState(link, () => undefined);
    await live.resume();
    return { link, live };
  }

  it('asks again as long as it is told of trials whose plan it does not know', async () => {
    const { link, live } = await opened();
    link.tell({ kind: 'samples', run: first, samples: [] });
    await expect.poll(() => link.asked.filter(({ name }) => name === 'run')).toHaveLength(2);
    expect(live.run?.plan).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 0));
    link.answers.run = () => ok(run);
    link.tell({ kind: 'samples', run: first, samples: [] });
    await expect.poll(() => live.run).toMatchObject({ id: first, plan: { name: run.plan.name } });
  });

  it('does not ask while the run is being prepared: its plan is told when it begins', async () => {
    const { link, live } = await opened();
    const progress = { step: 'disk', subject: 'web', state: 'started', elapsedMs: 0 } as const;
    link.tell({ kind: 'progress', run: first, progress });
    link.tell({ kind: 'run-started', run: first, plan: run.plan, trials: 6 });
    link.tell({ kind: 'samples', run: first, samples: [] });
    expect(live.run).toMatchObject({ id: first, plan: { name: run.plan.name } });
    expect(link.asked.filter(({ name }) => name === 'run')).toHaveLength(1);
  });
});

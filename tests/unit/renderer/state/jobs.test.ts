import { describe, expect, it } from 'vitest';
import { fakeLink, ok } from '../../../support/fakes/fakePage';
import { fakeKit } from '../../../support/fakes/fakeAnswers';
import type { TareEvent } from '../../../../main/contract/events';
import type { Progress } from '../../../../main/contract/work/progress';
import type { JobKind, JobRecord } from '../../../../main/contract/work/work';
import type { WorkflowReport } from '../../../../main/contract/work/workflow';
import { Jobs } from '../../../../renderer/state/jobs.svelte';

const step = (name: Progress['step'], state: Progress['state'] = 'started'): Progress => ({
  step: name,
  subject: 'x',
  state,
  elapsedMs: 0,
});

const record = (kind: JobKind, id: number, more: Partial<JobRecord> = {}): JobRecord => ({
  id,
  kind,
  input: { kernel: 'minimal' },
  steps: [],
  ...more,
});
const built = { answer: ok(fakeKit) };
const told = (job: JobRecord): TareEvent => ({ kind: 'work', work: job });

const followed = (state: WorkflowReport['state']): WorkflowReport => ({
  takenAt: '2026-08-01T12:00:00.000Z',
  source: { kind: 'starter' },
  state,
  ways: [],
});

describe('jobs that are under way at the same time', () => {
  it('show each their own steps, and none of a run', () => {
    const link = fakeLink();
    const jobs = new Jobs(link);
    link.tell(
      told(record('workflow', 1)),
      told(record('buildKit', 2)),
      { kind: 'progress', job: 'workflow', progress: step('build-image') },
      { kind: 'progress', job: 'buildKit', progress: step('kit-kernel') },
      { kind: 'progress', run: '20261123-160000-cccc', progress: step('disk') },
      { kind: 'progress', progress: step('kit-unpack') },
      { kind: 'progress', job: 'isolation', progress: step('kit-unpack') },
      { kind: 'progress', job: 'buildKit', progress: step('kit-kernel', 'done') },
    );
    expect(jobs.workflow.steps).toEqual([step('build-image')]);
    expect(jobs.kit.steps).toEqual([step('kit-kernel', 'done')]);
    expect(jobs.isolation.steps).toEqual([]);
  });

  it('are stopped each by itself', async () => {
    const link = fakeLink({ stopJob: () => ok(undefined) });
    const jobs = new Jobs(link);
    await jobs.kit.stop();
    expect(link.asked.at(-1)).toEqual({ name: 'stopJob', input: { kind: 'buildKit' } });
  });
});

describe('a job that this page asks for', () => {
  it('is under way from the question on, and knows what it was asked for also after', async () => {
    const link = fakeLink({ startJob: () => ok(record('buildKit', 1)) });
    const { kit } = new Jobs(link);
    const begun = kit.start({ kernel: 'minimal' });
    expect(kit).toMatchObject({ running: true, asked: { kernel: 'minimal' } });
    await kit.start({});
    await begun;
    expect(link.asked).toEqual([
      { name: 'startJob', input: { kind: 'buildKit', input: { kernel: 'minimal' } } },
    ]);
    expect(kit.running).toBe(true);
    link.tell(told(record('buildKit', 1, { stopping: true })));
    expect(kit.stopping).toBe(true);
    link.tell(told(record('buildKit', 1, built)));
    expect(kit).toMatchObject({ running: false, stopping: false, value: fakeKit, failure: undefined });
    expect(kit.asked).toEqual({ kernel: 'minimal' });
  });

  it('may have ended before the answer that it has begun arrives', async () => {
    let answer = () => {};
    const link = fakeLink({
      startJob: () => new Promise((resolve) => (answer = () => resolve(ok(record('buildKit', 1))))),
    });
    const { kit } = new Jobs(link);
    const begun = kit.start({});
    link.tell(told(record('buildKit', 1)), told(record('buildKit', 1, built)));
    answer();
    await begun;
    expect(kit).toMatchObject({ running: false, value: fakeKit });
  });

  it('tells why it was refused, and what it found before stays', async () => {
    const failure = { code: 'run-under-way', id: '20261123-160000-cccc' } as const;
    const link = fakeLink({ startJob: () => ({ ok: false, failure }) });
    const { kit } = new Jobs(link);
    link.tell(told(record('buildKit', 1, built)));
    await kit.start({});
    expect(kit).toMatchObject({ running: false, value: fakeKit, failure });
    kit.forget();
    expect(kit.failure).toBeUndefined();
  });
});

describe('a page that is loaded while work is under way', () => {
  it('takes up what is under way and shows its steps and its end', async () => {
    const steps = [step('kit-download', 'done'), step('kit-kernel')];
    const link = fakeLink({ work: () => ok([record('buildKit', 1, { steps })]) });
    const jobs = new Jobs(link);
    await jobs.resume();
    expect(jobs.kit).toMatchObject({ running: true, asked: { kernel: 'minimal' }, steps });
    link.tell({ kind: 'progress', job: 'buildKit', progress: step('kit-kernel', 'done') });
    expect(jobs.kit.steps).toEqual([step('kit-download', 'done'), step('kit-kernel', 'done')]);
    link.tell(told(record('buildKit', 1, built)));
    expect(jobs.kit).toMatchObject({ running: false, value: fakeKit });
  });

  it('shows what ended meanwhile, and a workflow as far as it has come', async () => {
    const before = record('workflow', 1, { followed: followed('done'), answer: ok(followed('done')) });
    const now = record('workflow', 3, { followed: followed('running') });
    const failed = record('buildKit', 2, {
      answer: { ok: false, failure: { code: 'kit-missing', folder: '/' } },
    });
    const link = fakeLink({ work: () => ok([before, failed, now]) });
    const jobs = new Jobs(link);
    await jobs.resume();
    expect(jobs.workflow).toMatchObject({ running: true, value: followed('done') });
    expect(jobs.followed).toEqual(followed('running'));
    expect(jobs.kit.failure).toEqual({ code: 'kit-missing', folder: '/' });
    link.tell({ kind: 'workflow', report: followed('stopped') });
    expect(jobs.followed).toEqual(followed('stopped'));
  });

  it('is not led back by an answer that is older than what it was told', async () => {
    const link = fakeLink({ work: () => ok([record('buildKit', 1), record('isolation', 2)]) });
    const jobs = new Jobs(link);
    const asked = jobs.resume();
    link.tell(told(record('buildKit', 1, built)), told(record('isolation', 4)));
    await asked;
    expect(jobs.kit.running).toBe(false);
    expect(jobs.isolation.underWay).toBe(4);
  });
});

describe('a page that lost the connection', () => {
  it('finds out how the work has ended, also with an engine that is no more', async () => {
    const link = fakeLink();
    const jobs = new Jobs(link);
    link.tell(told(record('buildKit', 1)), told(record('isolation', 2)));
    link.answers = { work: () => ok([record('buildKit', 1, built)]) };
    link.connect('lost');
    link.connect('open');
    await new Promise((resolve) => setTimeout(resolve));
    expect(jobs.kit).toMatchObject({ running: false, value: fakeKit });
    expect(jobs.isolation).toMatchObject({ running: false, failure: { code: 'stopped' } });
  });
});

it('keeps what was found the time before, to be compared with', () => {
  const link = fakeLink();
  const { kit } = new Jobs(link);
  const newer = { ...fakeKit, version: '2' };
  link.tell(told(record('buildKit', 1, built)), told(record('buildKit', 2, { answer: ok(newer) })));
  expect(kit).toMatchObject({ value: newer, earlier: fakeKit });
});

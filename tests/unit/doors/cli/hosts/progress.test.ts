/** How the hosts of a run are told while it lives: redrawn on a terminal, line by line elsewhere. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Locale } from '../../../../../main/contract/appearance';
import type { TareEvent } from '../../../../../main/contract/events';
import type { HostStage } from '../../../../../main/contract/fleet/host';
import { HostsProgress } from '../../../../../main/doors/cli/hosts/progress';
import { widthOf } from '../../../../../main/doors/cli/terminal/layout';
import { Screen } from '../../../../../main/doors/cli/terminal/screen';
import { fakeRecord, okTrial } from '../../../../support/fakes/fakeAnswers';
import { played } from '../../../../support/readers/terminal';

const run = '20260801-120000-0001';
const { plan } = fakeRecord();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Looks {
  live?: boolean;
  columns?: number;
  locale?: Locale;
  coloured?: boolean;
}

function start(
  names: readonly string[],
  { live = false, columns = 80, locale = 'en', coloured }: Looks = {},
) {
  let written = '';
  let nowMs = 0;
  const sink = { write: (text: string) => (written += text), ...(live && { isTTY: true, columns }) };
  const screen = new Screen(sink, locale, coloured ? {} : { NO_COLOR: '1' });
  const progress = new HostsProgress(screen, live, () => nowMs);
  progress.take({
    ...{ kind: 'hosts-started', run, plan },
    hosts: names.map((name) => ({ name, way: 'ssh' as const })),
  });
  return {
    progress,
    written: () => written,
    /** what a person sees */
    shown: () => played(written).map((line) => line.replace(/\u001b\[\d*[mK]/g, '').trimEnd()),
    reach: (stage: HostStage, ...hosts: string[]) => {
      for (const host of hosts) progress.take({ kind: 'host', run, host, stage });
    },
    /** a trial of one round on a host takes so long */
    trial: (host: string, done: number, tookMs = 0) => {
      const trial = okTrial('web', 'container', done - 1, 200);
      const { workload, target, index, startMs } = trial;
      const about = { run, host, warmup: false };
      progress.take({ kind: 'trial-started', ...about, trial: trial.id, workload, target, index, startMs });
      nowMs += tookMs;
      progress.take({ kind: 'trial-ended', ...about, trial, done, of: 6 });
    },
    pass: (ms: number) => {
      nowMs += ms;
      vi.advanceTimersByTime(ms);
    },
  };
}

const lost = (host: string): TareEvent => ({
  ...{ kind: 'host', run, host, stage: 'failed' },
  failure: { code: 'docker-unreachable' as const, tried: [] },
});

describe('without a terminal', () => {
  test('each step of each host is a line with its name, and trials are none', () => {
    const { progress, reach, trial, written } = start(['a', 'bench-2']);
    reach('connecting', 'a', 'bench-2');
    progress.take({ kind: 'host', run, host: 'a', stage: 'checking', version: '1.2.3' });
    reach('measuring', 'a');
    trial('a', 1);
    reach('ok', 'a');
    progress.take(lost('bench-2'));
    progress.take({ kind: 'run-ended', run, state: 'done' });
    expect(written().trimEnd().split('\n')).toEqual([
      '… a        connecting',
      '… bench-2  connecting',
      '… a        checking what it has  Tare 1.2.3',
      '… a        measuring',
      '✓ a        done  1 of 6 trials',
      '✗ bench-2  No container engine answers.',
    ]);
  });

  test('a warning of a host is a line with its name; of none that is not asked anything', () => {
    const { progress, written } = start(['a']);
    const text = { key: 'The machine is busy', facts: {} };
    progress.take({ kind: 'warning', run, host: 'a', text });
    progress.take({ kind: 'warning', run, host: 'someone-else', text });
    expect(written()).toBe('! a  The machine is busy\n');
  });

  test('what is done here first is told, and its steps between are not', () => {
    const { progress, written } = start(['a']);
    const step = (state: 'started' | 'moving' | 'done'): TareEvent => ({
      ...{ kind: 'progress', run },
      progress: { step: 'pull-image', subject: 'nginx:1', state, elapsedMs: 1 },
    });
    for (const state of ['started', 'moving', 'done'] as const) progress.take(step(state));
    expect(written().trimEnd().split('\n')).toHaveLength(2);
    expect(written()).toMatch(/^… .*nginx:1\n✓ .*nginx:1\n$/);
  });
});

describe('on a terminal', () => {
  test('nothing is drawn while a host is being connected to: ssh may ask a person there', () => {
    const { reach, pass, written, shown } = start(['a', 'b'], { live: true });
    reach('connecting', 'a', 'b');
    reach('measuring', 'a');
    pass(500);
    expect(written()).toBe('');
    reach('checking', 'b');
    expect(shown()[0]).toMatch(/a {2}measuring$/);
    expect(shown()[1]).toMatch(/b {2}checking what it has$/);
  });

  test('a host that is over stays as a line, and the others go on below it', () => {
    const { progress, reach, shown } = start(['a', 'b', 'c'], { live: true });
    reach('connecting', 'a', 'b', 'c');
    reach('measuring', 'a', 'b', 'c');
    reach('ok', 'b');
    progress.take(lost('c'));
    const lines = shown();
    expect(lines.slice(0, 2)).toEqual(['✓ b  done', '✗ c  No container engine answers.']);
    expect(lines[2]).toMatch(/a {2}measuring/);
    expect(lines[3]).toMatch(/2 of 3 hosts done/);
    reach('ok', 'a');
    progress.take({ kind: 'run-ended', run, state: 'done' });
    expect(shown().filter(Boolean)).toEqual(['✓ b  done', '✗ c  No container engine answers.', '✓ a  done']);
  });

  test('a host that measures says how many trials are over, and once that is known how long it takes', () => {
    const { reach, trial, pass, shown } = start(['a'], { live: true });
    reach('measuring', 'a');
    for (const done of [1, 2]) trial('a', done, 3000);
    trial('a', 3, 3000);
    pass(100);
    expect(shown()[0]).toMatch(/a {2}measuring {2}3 of 6 trials/);
  });

  test.each([1, 7, 8, 200])('of %i hosts no more lines are drawn than a small terminal has', (count) => {
    const names = Array.from({ length: count }, (_, at) => `n-${at}`);
    const { reach, shown } = start(names, { live: true });
    reach('measuring', ...names);
    const lines = shown().filter(Boolean);
    expect(lines).toHaveLength(Math.min(count, 8));
    if (count > 7) expect(lines.at(-1)).toMatch(`0 of ${count} hosts done`);
  });

  test.each(['en', 'zh-CN'] as const)('no live line is wider than a narrow terminal (%s)', (locale) => {
    const names = ['a', 'a-host-with-a-rather-long-name.in.some.domain.example'];
    const { reach, trial, shown } = start(names, { live: true, columns: 40, locale });
    reach('measuring', ...names);
    trial(names[1]!, 1);
    for (const line of shown()) expect(widthOf(line)).toBeLessThan(40);
  });

  test('a stop is told above what goes on', () => {
    const { progress, reach, shown } = start(['a'], { live: true });
    reach('measuring', 'a');
    progress.stop();
    expect(shown()[0]).toMatch(/^! Stopping/);
    expect(shown()[1]).toMatch(/a {2}measuring/);
  });

  test('nothing is drawn any more once it has ended', () => {
    const { progress, reach, pass, shown, written } = start(['a'], { live: true });
    reach('measuring', 'a');
    progress.end();
    const before = written();
    pass(1000);
    expect(written()).toBe(before);
    expect(shown().filter(Boolean)).toEqual([]);
  });

  test('marks have colours where these are wanted', () => {
    const looks = { live: true, coloured: true };
    const [coloured, plain] = [start(['a'], looks), start(['a'], { live: true })];
    for (const one of [coloured, plain]) one.reach('ok', 'a');
    expect(coloured.written()).toContain('\u001b[32m✓\u001b[39m a');
    expect(plain.written()).not.toContain('\u001b[32m');
  });
});

import { describe, expect, test } from 'vitest';
import { locales } from '../../../../../main/contract/appearance';
import { say } from '../../../../../main/contract/messages';
import type { Verdict, VerdictSubject } from '../../../../../main/contract/report/report';
import type { Run } from '../../../../../main/contract/run/run';
import { weakenedWords, weaknessesTold, weaknessName } from '../../../../../main/contract/report/weaknesses';
import { html } from '../../../../../main/engine/results/export/html';
import { markdown } from '../../../../../main/engine/results/export/markdown';
import { Estimates } from '../../../../../main/engine/results/report/estimates/estimates';
import { makeReport } from '../../../../../main/engine/results/report/report';
import { weakened } from '../../../../../main/engine/results/report/weaknesses';
import { paintRun } from '../../../../../main/doors/cli/result';
import { Screen } from '../../../../../main/doors/cli/terminal/screen';
import { fakeRun } from '../../../../support/fakes/fakeRun';

/** An emulated run on a laptop’s battery. */
function weakRun(): Run {
  const run = fakeRun({ accelerator: 'tcg' });
  Object.assign(run.environment.host, { onBattery: true, virtualisation: 'none' });
  run.report = makeReport(run, []);
  return run;
}

describe('what weakens a verdict', () => {
  test('stands beside those about load and changed machines too', () => {
    const run = weakRun();
    const verdict = (subject: VerdictSubject, standing: Verdict['standing'] = 'holds') => ({
      id: 'x',
      about: { subject, targets: ['vm:direct'] },
      standing,
      text: { key: 'x', facts: {} },
    });
    const [load, ready, host, note] = weakened(new Estimates(run), [
      verdict('load'),
      verdict('start-up'),
      verdict('memory'),
      verdict('load', 'note'),
    ]).map(({ weakenedBy }) => weakenedBy?.map(({ key }) => key));
    expect(load).toEqual(['weakened.emulated-time', 'weakened.battery']);
    expect(ready).toEqual(load);
    expect(host).toEqual(['weakened.emulated-memory']);
    expect(note).toBeUndefined();
  });

  test('is another Tare at work, for time and memory', () => {
    const run = fakeRun();
    run.environment.otherWork = [{ kind: 'run', pid: 4711, startedAt: '2026-01-02T12:00:00.000Z' }];
    const verdicts = makeReport(run, []).verdicts.filter(({ weakenedBy }) => weakenedBy);
    expect(verdicts.map(({ about }) => about!.subject)).toEqual(
      expect.arrayContaining(['start-up', 'memory']),
    );
    for (const { weakenedBy } of verdicts)
      expect(weakenedBy!.map(({ key }) => key)).toContain('weakened.other-tare');
  });

  test('is what of the host changed meanwhile, for what it moves', () => {
    const run = fakeRun();
    run.environment.changes = [
      { atMs: 4000, what: 'hugePages', from: 'never', to: 'always' },
      { atMs: 6000, what: 'hugePages', from: 'always', to: 'never' },
      { atMs: 6000, what: 'governor', from: 'performance', to: 'powersave' },
    ];
    const { verdicts } = makeReport(run, []);
    const changes = (start: string) =>
      verdicts
        .find(({ id }) => id.startsWith(start))!
        .weakenedBy!.filter(({ key }) => key === 'weakened.changed')
        .map((one) => weaknessName('en', one));
    expect(changes('memory ')).toEqual(['transparent huge pages changed']);
    expect(changes('start-up ')).toEqual(['CPU governor changed']);
  });

  test('is other work while it was measured, and the load before it only where that is not known', () => {
    const keys = (environment: Partial<Run['environment']>) => {
      const run = fakeRun();
      Object.assign(run.environment, environment);
      Object.assign(run.environment.host, { loadAverage: 9, cores: 2 });
      const start = makeReport(run, []).verdicts.find(({ id }) => id.startsWith('start-up '))!;
      return (start.weakenedBy ?? []).map(({ key }) => key).filter((key) => key.includes('load'));
    };
    expect(keys({})).toEqual(['weakened.load']);
    expect(keys({ otherLoad: 0.05 })).toEqual([]);
    expect(keys({ otherLoad: 0.6 })).toEqual(['weakened.other-load']);
  });

  test.each(locales)('is told in %s by a short name beside the verdict, and in full once', (locale) => {
    const run = weakRun();
    const { verdicts } = run.report!;
    const start = verdicts.find(({ id }) => id.startsWith('start-up '))!;
    const beside = weakenedWords(locale, start)!;
    for (const weakness of start.weakenedBy!) {
      expect(weaknessName(locale, weakness)).not.toContain('weakened.');
      expect(beside).toContain(weaknessName(locale, weakness));
    }
    let printed = '';
    paintRun(new Screen({ write: (text) => (printed += String(text)) }, locale, {}), run);
    const unwrapped = printed.replace(/\n +/g, locale === 'en' ? ' ' : '');
    expect(unwrapped).toContain(beside);
    for (const weakness of weaknessesTold(verdicts))
      expect(unwrapped.split(say(locale, weakness)).length - 1).toBe(1);
  });

  test.each(locales)('is told in %s in files by the doubts of the answer, each once', (locale) => {
    const run = weakRun();
    const { doubts } = run.report!.answer!;
    expect(doubts.length).toBeGreaterThan(1);
    for (const exporter of [markdown, html]) {
      const text = String(exporter.files(run, locale)[0]!.content);
      for (const doubt of doubts) expect(text.split(say(locale, doubt)).length - 1).toBe(1);
    }
  });

  test('is a coarse resolution only for start-ups that were measured no finer than to a twentieth', () => {
    const run = fakeRun({ accelerator: 'kvm' });
    run.environment.host.virtualisation = 'none';
    const told = (share: number) => {
      for (const trial of run.trials) trial.resolutionMs = trial.readyMs! * share;
      const { verdicts } = makeReport(run, []);
      return verdicts
        .filter(({ weakenedBy = [] }) => weakenedBy.some(({ key }) => key === 'weakened.resolution'))
        .map(({ about }) => about?.subject);
    };
    expect(told(0.049)).toEqual([]);
    expect(new Set(told(0.051))).toEqual(new Set(['start-up']));
  });

  test('is left out where nothing does', () => {
    const run = fakeRun({ accelerator: 'kvm' });
    run.environment.host.virtualisation = 'none';
    const { verdicts } = makeReport(run, []);
    expect(weaknessesTold(verdicts)).toEqual([]);
    expect(weakenedWords('en', verdicts[0]!)).toBeUndefined();
  });

  test('has a sentence for itself where a newer Tare names what this one has no short name for', () => {
    expect(weaknessName('en', { key: 'weakened.unheard-of', facts: {} })).toBe('weakened.unheard-of');
  });
});

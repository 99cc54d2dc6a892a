/** Names and words of a record that somebody else made, in formats for programs: they come back as they were, and begin nothing of their own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../../../../../main/contract/run/run';
import { bencher } from '../../../../../../main/engine/results/export/programs/bencher';
import { githubBenchmark } from '../../../../../../main/engine/results/export/programs/githubBenchmark';
import { go } from '../../../../../../main/engine/results/export/programs/go';
import { hyperfine } from '../../../../../../main/engine/results/export/programs/hyperfine';
import { junit } from '../../../../../../main/engine/results/export/programs/junit';
import { openmetrics } from '../../../../../../main/engine/results/export/programs/openmetrics';
import { fakeRun } from '../../../../../support/fakes/fakeRun';
import { partsOfName, readGoBenchmarks } from '../../../../../support/readers/goBenchmarks';
import { readJunit } from '../../../../../support/readers/junit';
import { readOpenMetrics } from '../../../../../support/readers/openMetrics';
import { BencherMetrics, GithubBenchmarks, HyperfineResults } from '../../../../../support/readers/schemas';

/** Every place of a record that holds a name or words, with `words` in it. */
function saying(words: string): Run {
  const run = fakeRun({ plan: { trials: 2 } });
  run.plan.name = words;
  run.plan.workloads[0]!.name = words;
  run.environment.images[0]!.workload = words;
  run.environment.host = { ...run.environment.host, cpu: words, os: words, kernel: words };
  run.environment.engine!.name = words;
  run.failure = { code: 'docker-refused', operation: words, status: 500, reason: words };
  for (const trial of run.trials) {
    trial.workload = words;
    trial.id = `${words}/${trial.target}/${trial.index}`;
  }
  Object.assign(run.trials[0]!, { outcome: 'failed', failure: { ...run.failure } });
  run.report = {
    verdicts: [
      { id: words, standing: 'unclear', text: { key: words, facts: {} }, judgement: 'cannot-tell' },
      { id: `${words} 2`, standing: 'holds', text: { key: words, facts: {} } },
    ],
    tables: [],
    charts: [],
  };
  return run;
}

const signs = [
  ...['"', "'", '\\', '\\n', '\n', '\r', '\t', '\u2028', '\u0085', '\0', '\u001b[31m', ' ', '\u00a0'],
  ...[
    '/',
    '=',
    '-8',
    '%',
    '%2F',
    '{',
    '}',
    ',',
    ':',
    '#',
    '# EOF\n',
    'Unit x y=z',
    'Benchmark',
    '--- FAIL: ',
  ],
  ...['<', '>', '&', '&amp;', ']]>', '<!--', '\ufffe', '\uffff', '\ud800', '名', 'é', '😀', '__proto__', 'a'],
];
const Words = fc.oneof(
  fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 8 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
);
/** A file in UTF-8 has no way to write the half of a pair. */
const inFile = (text: string): string => Buffer.from(text).toString('utf8');

const each = (property: (words: string, run: Run) => void) =>
  fc.assert(
    fc.property(Words, (words) => property(inFile(words), saying(words))),
    { seed: 14, numRuns: 250 },
  );
const targets = ['container', 'vm:direct'];

describe('whatever a workload is called, it comes back from', () => {
  test('go', () =>
    each((words, run) => {
      const { results, skipped } = readGoBenchmarks(inFile(go.files(run, 'en')[0]!.content));
      expect(results).toHaveLength(3);
      for (const { name } of results) {
        expect(partsOfName(name).workload).toBe(words);
        expect(targets).toContain(partsOfName(name).target);
      }
      const keys = new Set(results.flatMap(({ config }) => Object.keys(config)));
      const known = ['cpu', 'cpu-count', 'os', 'kernel', 'engine', 'qemu', 'accelerator'];
      expect([...keys].filter((key) => !known.includes(key))).toEqual([]);
      // two comments, and what failed with its reason
      expect(skipped).toHaveLength(4);
    }));

  test('bencher', () =>
    each((words, run) => {
      const metrics = BencherMetrics.parse(JSON.parse(inFile(bencher.files(run, 'en')[0]!.content)));
      expect(Object.keys(metrics).map(inFile).sort()).toEqual(
        targets.map((target) => `${words}/${target}`).sort(),
      );
    }));

  test('github-benchmark', () =>
    each((words, run) => {
      const entries = GithubBenchmarks.parse(JSON.parse(githubBenchmark.files(run, 'en')[0]!.content));
      for (const { name } of entries) expect(inFile(name).startsWith(`${words}/`)).toBe(true);
    }));

  test('hyperfine', () =>
    each((words, run) => {
      const { results } = HyperfineResults.parse(JSON.parse(hyperfine.files(run, 'en')[0]!.content));
      expect(results.map(({ parameters }) => inFile(parameters.workload!))).toEqual([words, words]);
    }));

  test('openmetrics', () =>
    each((words, run) => {
      const families = readOpenMetrics(inFile(openmetrics.files(run, 'en')[0]!.content));
      const [info, ...others] = families;
      expect(info!.samples[0]!.labels).toMatchObject({ plan: words, cpu: words });
      const named = others.flatMap(({ samples }) => samples.flatMap(({ labels }) => labels.workload ?? []));
      expect(new Set(named)).toEqual(new Set([words]));
    }));

  test('junit, but for characters that XML cannot write', () =>
    each((words, run) => {
      const written = words
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
        .replace(/[\ufffe\uffff]/g, '\ufffd')
        .replace(/\r\n?/g, '\n');
      const { cases } = readJunit(inFile(junit.files(run, 'en')[0]!.content));
      expect(cases.map(({ name }) => name).sort()).toEqual(
        [
          written,
          `${written} 2`,
          run.id,
          ...targets.flatMap((target) => [0, 1].map((index) => `${written}/${target}/${index}`)),
        ].sort(),
      );
      expect(cases[0]!.says).toMatchObject({ as: 'skipped', message: written });
    }));
});

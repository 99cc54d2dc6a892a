import { expect, test } from 'vitest';
import { LinesReport } from '../../../../../../main/engine/images/image/build/linesReport';

test('a build knows its step, its share and the last 16 KiB of its output', () => {
  const report = new LinesReport();
  expect(report).toMatchObject({ step: 'Dockerfile', share: undefined });
  report.take({ stream: 'Step 3/4 : RUN make "all"\n' });
  report.take({ stream: 'x'.repeat(20_000) });
  report.take({ errorDetail: { message: 'returned a non-zero code: 2' } });
  expect(report).toMatchObject({
    step: '3/4 : RUN make "all"',
    share: 0.5,
    error: 'returned a non-zero code: 2',
  });
  expect(report.output).toHaveLength(16 * 1024);
  expect(report.output.endsWith('xreturned a non-zero code: 2\n')).toBe(true);
});

/** A report whose clock the test moves. */
function clocked() {
  let nowMs = 1000;
  const report = new LinesReport(() => nowMs);
  return {
    report,
    at: (ms: number, stream: string) => {
      nowMs = 1000 + ms;
      return report.take({ stream });
    },
  };
}

test('each instruction has its time, whether it was used again, its output, and the size of its layer', () => {
  const { report, at } = clocked();
  expect(at(10, 'Step 1/3 : FROM scratch\n')).toBe(true);
  expect(at(12, ' ---> \n')).toBe(false);
  at(15, 'Step 2/3 : COPY busybox /bin/busybox\n');
  at(20, ' ---> Using cache\n');
  at(21, ' ---> 0123456789ab\n');
  at(30, 'Step 3/3 : RUN make\n');
  at(40, ' ---> Running in fedcba987654\n');
  at(50, 'compiling\n');
  expect(report.steps().at(-1)).toMatchObject({ state: 'running', tookMs: 20, output: 'compiling\n' });
  at(90, 'Removing intermediate container fedcba987654\n ---> ba9876543210\n');
  at(95, 'Successfully built ba9876543210\n');
  report.close();
  const sizes = new Map([
    ['0123456789ab' + '0'.repeat(52), 2_000_000],
    ['ba9876543210' + '0'.repeat(52), 7],
  ]);
  expect(report.steps(sizes)).toEqual([
    { number: 1, of: 3, instruction: 'FROM scratch', state: 'done', fromMs: 10, tookMs: 5 },
    {
      ...{ number: 2, of: 3, instruction: 'COPY busybox /bin/busybox', state: 'cached' },
      ...{ fromMs: 15, tookMs: 5, layerBytes: 2_000_000 },
    },
    {
      ...{ number: 3, of: 3, instruction: 'RUN make', state: 'done', fromMs: 30, tookMs: 65 },
      ...{ layerBytes: 7, output: 'compiling\n' },
    },
  ]);
});

test('the step that failed is the last one, with what it said', () => {
  const { report, at } = clocked();
  at(0, 'Step 1/2 : FROM scratch\n');
  at(5, 'Step 2/2 : RUN false\n');
  expect(report.take({ errorDetail: { message: 'returned a non-zero code: 1' } })).toBe(true);
  expect(report.steps().map(({ state }) => state)).toEqual(['done', 'failed']);
  expect(report.steps()[1]!.output).toContain('non-zero code: 1');
});

test('Podman numbers its steps in capitals, and is understood too', () => {
  const { report, at } = clocked();
  at(0, 'STEP 1/2: FROM scratch\n');
  at(3, 'STEP 2/2: COPY a /\n');
  at(4, '--> Using cache 0123456789abcdef\n');
  expect(report.steps().map(({ instruction, state }) => [instruction, state])).toEqual([
    ['FROM scratch', 'done'],
    ['COPY a /', 'cached'],
  ]);
});

test('Podman names the stage of each step where there is more than one', () => {
  const { report, at } = clocked();
  at(0, '[1/2] STEP 1/2: FROM scratch AS a\n');
  at(3, '[1/2] STEP 2/2: COPY a /\n');
  at(4, '--> 0123456789ab\n');
  at(5, '[2/2] STEP 1/1: FROM scratch\n');
  at(6, '[2/2] COMMIT app\n');
  expect(report.steps().map(({ stage, number, state }) => [stage, number, state])).toEqual([
    ['1', 1, 'done'],
    ['1', 2, 'done'],
    ['2', 1, 'done'],
  ]);
  expect(report.steps().every(({ output }) => output === undefined)).toBe(true);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locales } from '../../../../main/contract/appearance';
import { exportFormats } from '../../../../main/contract/exports';
import { shells } from '../../../../main/doors/cli/completion/scripts';
import { tare, type Circumstances } from '../../../support/commandLine';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';

const runs = [fakeRecord(undefined, '20260801-120000-0001'), fakeRecord(undefined, '20260802-120000-0002')];

/** What a shell is told when the key is pressed after `line`. */
async function told(line: string, circumstances: Circumstances = { runs }) {
  const { code, stdout, stderr, engine, used } = await tare(['complete', '--', line], circumstances);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n').filter(Boolean);
  return { words: lines.map((one) => one.split('\t')[0]!), lines, engine, used };
}
const wordsAfter = async (line: string) => (await told(line)).words;

describe('a command line is completed', () => {
  test.each([
    ['tare ru', ['run']],
    ['tare image pu', ['pull', 'push']],
    ['tare help ex', ['export', 'explain']],
    ['tare run q', ['quick']],
    ['tare run quick --trials 3 --im', ['--image']],
    ['tare --lang ', [...locales]],
    ['tare --lang zh-CN li', ['list']],
    ['tare export last --format ', [...exportFormats]],
    ['tare export last --format=p', ['--format=pdf', '--format=png']],
    ['tare run --targets vm:m', ['vm:micro']],
    ['tare run --targets container,vm:di', ['container,vm:direct']],
    ['tare run --workload we', ['web']],
    ['tare explain ps', ['pss']],
    ['tare completion ', shells],
    ['tare show ', ['last', runs[1]!.id, runs[0]!.id]],
    ['tare delete last 20260801', [runs[0]!.id]],
    [`tare compare ${runs[0]!.id},2026`, [`${runs[0]!.id},${runs[1]!.id}`]],
    ['tare compare last 20260801', [runs[0]!.id]],
    ['tare image build ', [':folders']],
    ['tare run ./plan', [':files']],
    ['tare run --build ', [':folders']],
    ['tare export last --out ', [':files']],
    ['tare run "quick" --note \'a', []],
    ['tare rename last "my --', []],
    ['tare show last ', undefined],
    ['tare frobnicate ', []],
    ['tare run quick -- --', []],
    ['', undefined],
  ])('%s', async (line, words) => {
    if (words) expect(await wordsAfter(line)).toEqual(words);
    else expect((await wordsAfter(line)).length).toBeGreaterThan(3);
  });

  test('with options that can still be given, and no others', async () => {
    const after = async (line: string) => (await wordsAfter(line)).join(' ');
    expect(await after('tare run --image app --')).not.toMatch(/--(image|build|workload)\b(?!-)/);
    expect(await after('tare run --env A=1 --')).toContain('--env ');
    expect(await after('tare run --')).toContain('--accelerator');
  });

  test('with what each word is, in the reader’s language', async () => {
    const { lines } = await told('tare show', { env: { LANG: 'zh_CN.UTF-8' } });
    expect(lines).toEqual([expect.stringMatching(/^show\t.*[\u4e00-\u9fff]/)]);
  });

  test('with the name of a run in one line, whatever is in it', async () => {
    const run = { ...runs[0]!, label: { name: 'a\tb\u001b[1m\nc' } };
    expect((await told('tare show 2026', { runs: [run] })).lines).toEqual([`${run.id}\ta b [1m c`]);
  });

  test('without an engine where no name of a record is asked for', async () => {
    expect((await told('tare run --')).used).toBe(false);
    expect((await told('tare show ')).engine.log).toEqual(['runs', 'close']);
  });

  test('and whatever is typed, nothing fails', async () => {
    const part = fc.constantFrom(
      ...[
        'tare',
        'run',
        'image',
        '--targets',
        '--format=',
        '--',
        '-',
        'container,',
        '"',
        "'",
        '\\',
        ' ',
        'quick',
        '$(',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        for (const one of await wordsAfter(parts.join(''))) expect(one).not.toBe('');
      }),
      { numRuns: 50 },
    );
  });
});

test.each(shells)('completion %s prints a script that asks this program', async (shell) => {
  const { code, stdout, used } = await tare(`completion ${shell}`);
  expect({ code, used }).toEqual({ code: 0, used: false });
  expect(stdout).toContain(' complete -- ');
});

test('a shell that is not known is answered with those that are', async () => {
  const { code, stderr } = await tare('completion tcsh');
  expect(code).toBe(2);
  expect(stderr).toContain('Possible values: bash, zsh, fish');
});

test('what is for shells alone stands in no help', async () => {
  const { stdout } = await tare('--help');
  expect(stdout).toContain('completion');
  expect(stdout).not.toMatch(/^ +complete\b/m);
});

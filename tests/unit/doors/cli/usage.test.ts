import { describe, expect, test } from 'vitest';
import { version } from '../../../../package.json';
import { tare } from '../../../support/commandLine';

const wrong = [
  ['frobnicate', 'frobnicate'],
  ['lst', 'list'],
  ['run --frob', '--frob'],
  ['run quick startup', ''],
  ['run --trials', '--trials'],
  ['run --image a --build b', '--build'],
  ['run --image a --workload web', '--workload'],
  ['show', '<run>'],
  ['export last --out x', '--format'],
  ['export last --format csv', '--out'],
  ['export last --format docx --out x', 'docx'],
  ['list --lang klingon', 'klingon'],
  ['guest build --kernel own', 'own'],
  ['guest biuld', 'biuld'],
  ['completion tcsh', 'tcsh'],
] as const;

describe('what was typed wrongly', () => {
  test.each(wrong)(
    '"%s" is refused in English and Chinese without touching the engine',
    async (words, named) => {
      const english = await tare(words);
      const chinese = await tare(words, { env: { LC_ALL: 'zh_CN.UTF-8' } });
      for (const { code, stdout, stderr, used } of [english, chinese]) {
        expect(code).toBe(2);
        expect(stdout).toBe('');
        expect(stderr).toContain(named);
        expect(used).toBe(false);
      }
      expect(english.stderr).not.toMatch(/[\u4e00-\u9fff]/);
      expect(chinese.stderr).toMatch(/[\u4e00-\u9fff]/);
      expect(chinese.stderr).not.toMatch(/error:|unknown|missing|Did you mean/);
    },
  );
});

test.each([
  ['run qick', 'Did you mean quick?', '你是不是想输入 quick？'],
  ['run --targets contaner', 'Did you mean container?', 'container？'],
  ['run quick --memory 5', '--memory: must be at least 16 MiB', '--memory：不能小于 16 MiB'],
  ['run quick --memory lots', 'write it like 256M', '256M'],
  ['run --workload wbe', 'web, api, worker', 'web、api、worker'],
  ['export last --format docx --out x', 'html, pdf, md, csv, json', 'html、pdf、md、csv、json'],
  ['export last --out x.docx', 'html, pdf, md, csv, json', 'html、pdf、md、csv、json'],
  ['export last --out -', 'html, pdf, md, csv, json', 'html、pdf、md、csv、json'],
  ['export last --format png --out -', 'ends in .png', '以 .png 结尾'],
  ['explain pps', 'Did you mean', '你是不是想输入'],
  ['completion tcsh', 'bash, zsh, fish', 'bash、zsh、fish'],
])('tare %s is answered by what may have been meant, in both languages', async (words, english, chinese) => {
  for (const [lang, answer] of [['en', english] as const, ['zh-CN', chinese] as const]) {
    const { code, stdout, stderr } = await tare(`--lang ${lang} ${words}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(answer);
  }
});

const commands = [
  '',
  'run',
  'list',
  'show',
  'export',
  'doctor',
  'clean',
  'guest',
  'guest build',
  'completion',
];

describe('help', () => {
  test.each(commands)('of "tare %s" is on stdout, exit 0, in both languages', async (command) => {
    const english = await tare(`${command} --help`);
    const chinese = await tare(`${command} --help --lang zh-CN`);
    expect([english.code, chinese.code]).toEqual([0, 0]);
    expect(english.stdout).toMatch(/^Usage: tare/);
    expect(chinese.stdout).toMatch(/^用法：tare/);
    expect(english.stdout).not.toMatch(/[\u4e00-\u9fff]/);
    expect(chinese.stdout).not.toMatch(/Options:|display help|choices:|default:/);
    expect(english.stderr + chinese.stderr).toBe('');
  });

  test.each(['run', 'doctor'])('of "tare %s" names what overrules the accelerator', async (command) => {
    for (const lang of ['en', 'zh-CN'])
      expect((await tare(`${command} --help --lang ${lang}`)).stdout).toContain('--accelerator <name>');
  });

  test('fits 80 columns in both languages', async () => {
    for (const lang of ['en', 'zh-CN']) {
      const { stdout } = await tare(`run --help --lang ${lang}`, { columns: 80, env: { NO_COLOR: '1' } });
      for (const line of stdout.split('\n')) {
        const columns = [...line].reduce((sum, sign) => sum + (/[\u2e80-\uffef]/.test(sign) ? 2 : 1), 0);
        expect(columns, line).toBeLessThanOrEqual(80);
      }
    }
  });

  test('a bare tare shows it and counts as wrong usage', async () => {
    const { code, stderr, stdout } = await tare('');
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: tare');
    expect(stdout).toBe('');
  });

  test('the version is on stdout', async () => {
    expect(await tare('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, used: false });
  });
});

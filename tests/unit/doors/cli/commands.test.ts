import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../../main/contract/failures';
import { explain } from '../../../../main/contract/messages';
import { Run } from '../../../../main/contract/run/run';
import { tare } from '../../../support/commandLine';
import { everyFailure } from '../../../support/fakes/failures';
import { fakeKit, healthy } from '../../../support/fakes/fakeAnswers';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const chinese = { env: { LANG: 'zh_CN.UTF-8' } };
const hasChinese = /[\u4e00-\u9fff]/;

describe('tare run', () => {
  test('tells the result on stdout and the way there on stderr, and exits with 0', async () => {
    const { code, stdout, stderr, engine, listening } = await tare('run quick --full');
    expect(code).toBe(0);
    expect(stdout.indexOf('The container was ready sooner')).toBeLessThan(stdout.indexOf('Start-up'));
    expect(stdout).toMatch(/container +10 ms \(9\.0 – 11 ms\)|container +10 ms \(9.0 ms – 11 ms\)/);
    expect(stdout).toMatch(/VM \(direct boot\) +—/);
    expect(stdout).toContain('tare export 20260801-130000-0000');
    expect(stderr).toContain('6/6');
    expect(engine.log).toEqual(['presets', 'startRun', 'record', 'close']);
    expect(listening).toBe(0);
  });

  test('speaks Chinese where the locale does', async () => {
    const { stdout, stderr } = await tare('run quick', chinese);
    expect(stdout).toMatch(hasChinese);
    expect(stderr).toContain('就绪');
  });

  test('hands the options to the engine as a plan', async () => {
    const { engine } = await tare(
      'run startup --image nginx:1 --trials 2 --memory 64M --seed 9 --env A=1 --env B=2 --targets container',
    );
    expect(engine.inputs.startRun).toMatchObject({
      plan: {
        name: 'startup',
        trials: 2,
        seed: 9,
        targets: ['container'],
        workloads: [{ name: 'nginx', environment: { A: '1', B: '2' } }],
      },
    });
  });

  test('--json prints the record and nothing else on stdout', async () => {
    const { code, stdout } = await tare('run quick --json');
    expect(code).toBe(0);
    expect(Run.parse(JSON.parse(stdout)).trials).toHaveLength(6);
    expect(stdout).toMatch(/^\{[^]*\}\n$/);
  });

  test('--quiet says nothing on stderr', async () => {
    expect((await tare('run quick --quiet')).stderr).toBe('');
    expect((await tare('--quiet run quick')).stderr).toBe('');
  });

  test('--out writes the same record to a file, whole or not at all', async () => {
    const { code, stdout } = await tare('run quick --json --out mine.json', { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(path.join(folder, 'mine.json'), 'utf8'))).toEqual(JSON.parse(stdout));
    expect(readdirSync(folder)).toEqual(['mine.json']);
  });

  test('a file that cannot be written is told before anything is started', async () => {
    const { code, stderr, used } = await tare('run quick --out nowhere/mine.json', { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain('there is no such file');
    expect(used).toBe(false);
    expect(existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });

  test('one trial that was not ready makes the exit code 1, and the rest is still shown', async () => {
    const failure = {
      code: 'not-ready' as const,
      waitedMs: 60_000,
      lastPhase: 'exec',
      lastAnswer: 'connection refused',
    };
    const { code, stdout, stderr } = await tare('run quick --full', {
      ending: (run) => Object.assign(run.trials[0]!, { outcome: 'timeout', failure }),
    });
    expect(code).toBe(1);
    expect(stdout).toContain('Start-up');
    expect(stderr).toContain('web · container: There was no good answer within 60 s');
    expect(stderr).toContain('--timeout 3m');
  });

  test('a run in which nothing was measured is not ok', async () => {
    expect((await tare('run quick', { ending: (run) => (run.trials = []) })).code).toBe(1);
  });

  test('a run that failed before its first trial is told by its failure alone, with the code of its reason', async () => {
    const { code, stdout, stderr } = await tare('run quick', {
      ending: (run) =>
        Object.assign(run, {
          state: 'failed',
          trials: [],
          failure: { code: 'docker-unreachable', tried: [] },
        }),
    });
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain('No container engine answers');
  });
});

describe('the machine', () => {
  test('doctor exits with 0 when both sides of the comparison can be run', async () => {
    const { code, stdout } = await tare('doctor');
    expect(code).toBe(0);
    expect(stdout).toContain('QEMU 10.0.13');
    expect(JSON.parse((await tare('doctor --json')).stdout)).toEqual(healthy);
  });

  test('doctor exits with 3 when one side is missing, and names the remedy', async () => {
    const failure = {
      code: 'tool-missing' as const,
      program: 'qemu-system-x86_64',
      package: 'qemu-system-x86',
    };
    const report = {
      ...healthy,
      checks: [
        {
          name: 'qemu' as const,
          standing: 'missing' as const,
          found: { key: 'no QEMU', facts: {} },
          failure,
        },
      ],
      targets: [
        { id: 'container', available: true },
        { id: 'vm:direct', available: false, why: failure },
      ],
    };
    for (const locale of ['en', 'zh-CN'] as const) {
      const { code, stdout } = await tare(`doctor --lang ${locale}`, { doctor: report });
      expect(code).toBe(3);
      expect(stdout).toContain('sudo apt-get install qemu-system-x86');
      expect(stdout).toContain(explain(locale, failure).what);
    }
  });

  test('clean tells what it removed, or would remove', async () => {
    const leftover = { kind: 'container' as const, name: 'tare-1-web-2', session: '1' };
    const { stdout, engine } = await tare('clean --dry-run', { clean: { removed: [leftover], kept: [] } });
    expect(engine.inputs.clean).toEqual({ dryRun: true, cache: false });
    expect(stdout).toContain('tare-1-web-2');
    expect((await tare('clean')).stdout).toBe('Nothing was left behind.\n');
    expect((await tare('clean --json')).stdout).toBe('{\n  "removed": [],\n  "kept": []\n}\n');
  });

  test('clean exits with 1 when something is still there', async () => {
    const kept = [
      {
        leftover: { kind: 'process' as const, name: 'qemu 12', session: '1' },
        failure: { code: 'not-stopped' as const, what: 'qemu 12' },
      },
    ];
    const { code, stderr } = await tare('clean', { clean: { removed: [], kept } });
    expect(code).toBe(1);
    expect(stderr).toContain('qemu 12');
  });

  test('clean --cache says what was freed', async () => {
    const removed = [{ kind: 'cache' as const, name: '/cache/a.erofs', session: '' }];
    const clean = { removed, kept: [], freedBytes: 2 ** 31 };
    const { stdout, engine } = await tare('clean --cache', { clean });
    expect(engine.inputs.clean).toEqual({ dryRun: false, cache: true });
    expect(stdout).toContain('Freed from the cache: 2 GiB');
  });

  test('guest build names the kit', async () => {
    const { code, stdout } = await tare('guest build');
    expect(code).toBe(0);
    expect(stdout).toContain(fakeKit.kernelRelease);
    expect(JSON.parse((await tare('guest build --json')).stdout)).toEqual(fakeKit);
  });

  test('guest list says what is here and where it comes from', async () => {
    const { code, stdout } = await tare('guest list');
    expect(code).toBe(0);
    expect(stdout).toContain(`kernel ${fakeKit.kernelRelease}, 40 MiB, made here`);
    expect(stdout).toContain(fakeKit.folder);
    expect((await tare('guest list --json')).stdout).toContain('"kernel": "distribution"');
  });

  test('guest build passes the kernel on and tells the two apart', async () => {
    const { code, stdout, engine } = await tare('guest build --kernel minimal');
    expect(code).toBe(0);
    expect(engine.inputs.buildKit).toEqual({ kernel: 'minimal' });
    expect(stdout).toContain('minimal guest kernel');
    expect((await tare('guest build')).engine.inputs.buildKit).toEqual({ kernel: 'distribution' });
  });

  test('--accelerator is one that there is', async () => {
    expect((await tare('list --accelerator warp')).code).toBe(2);
    expect((await tare('list --accelerator tcg')).code).toBe(0);
  });

  test('--data-folder is meant from where one stands', async () => {
    const { code } = await tare('list --data-folder mine', { cwd: folder });
    expect(code).toBe(0);
  });
});

describe('failures', () => {
  for (const locale of ['en', 'zh-CN'] as const) {
    test.each(everyFailure)(
      `$code ends a command with its exit code, its remedy and nothing on stdout (${locale})`,
      async (failure) => {
        const { code, stdout, stderr, engine } = await tare(`run quick --json --lang ${locale}`, {
          fails: { startRun: failure },
        });
        const { what, remedy, details } = explain(locale, failure);
        const flat = stderr.replace(/\s+/g, '');
        for (const text of [what, remedy, ...details]) expect(flat).toContain(text.replace(/\s+/g, ''));
        expect(code).toBe(exitCodeOf(failure));
        expect([1, 2, 3, 130]).toContain(code);
        expect(stdout).toBe('');
        expect(engine.log.at(-1)).toBe('close');
      },
    );
  }

  test('a mistake of Tare’s own is shown with details to copy', async () => {
    const { code, stderr } = await tare('list', { fails: { runs: new TypeError('x is not a function') } });
    expect(code).toBe(1);
    expect(stderr).toContain('Copy these details');
    expect(stderr).toContain('TypeError: x is not a function');
    expect(stderr).toContain(process.version);
  });
});

test('--anyway measures beside another Tare, and is not the usual thing', async () => {
  expect((await tare('run quick')).engine.inputs.startRun).not.toHaveProperty('anyway');
  expect((await tare('run quick --anyway')).engine.inputs.startRun).toMatchObject({ anyway: true });
});

test('--precision becomes a part of the plan, and must be a share', async () => {
  const { engine } = await tare('run startup --precision 10%');
  expect(engine.inputs.startRun).toMatchObject({ plan: { precision: 0.1, trials: 10 } });
  expect((await tare('run startup --precision fine')).stderr).toContain('“fine”');
  expect((await tare('run startup --precision 200%')).code).toBe(2);
});

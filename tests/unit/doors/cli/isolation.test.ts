import { describe, expect, test } from 'vitest';
import type { IsolationReport } from '../../../../main/contract/work/isolation';
import { widthOf } from '../../../../main/doors/cli/terminal/layout';
import { tare } from '../../../support/commandLine';

const value = (text: string) => ({
  text: { key: 'isolation.value.plain', facts: { value: text } },
  evidence: [text],
});

const report: IsolationReport = {
  takenAt: '2026-08-01T12:00:00.000Z',
  image: 'tare/isolation:1',
  digest: 'sha256:1',
  openings: {},
  subjects: [
    { target: 'container', commandLine: ['docker', 'run'] },
    { target: 'vm:direct', commandLine: ['qemu'], accelerator: 'tcg' },
  ],
  rows: [
    {
      fact: 'kernel',
      host: value('6.12.1'),
      sights: [
        { target: 'container', standing: 'same', inside: value('6.12.1') },
        { target: 'vm:direct', standing: 'different', inside: value('6.12.117') },
      ],
      how: { inside: 'uname -r', outside: 'uname -r' },
    },
    {
      fact: 'own-process',
      sights: [
        { target: 'container', standing: 'same', inside: value('1'), outside: value('4711') },
        { target: 'vm:direct', standing: 'unreadable' },
      ],
      how: { inside: 'ps', outside: 'ps -ef' },
    },
  ],
  notes: [],
};

describe('tare isolation', () => {
  test('shows each side by side with what it shares, and sums up', async () => {
    const { code, stdout, engine } = await tare('isolation', { isolation: report });
    expect(code).toBe(0);
    expect(engine.inputs.isolation).toEqual({ targets: ['container', 'vm:direct'], openings: {} });
    expect(stdout).toMatch(/= 6\.12\.1 +≠ 6\.12\.117/);
    expect(stdout).toMatch(/= 1; from outside 4711 +\? —/);
    expect(stdout).toContain('container: shares 2 of 2 with this computer');
    expect(stdout).toContain('VM (direct boot): shares none of the 2 with this computer.');
  });

  test('is what "run isolation" does, which takes nothing that is said of a measurement', async () => {
    const { code, engine } = await tare('run isolation --targets container', { isolation: report });
    expect(code).toBe(0);
    expect(engine.inputs.isolation).toEqual({ targets: ['container'], openings: {} });
    for (const words of ['--host local', '--swarm', '--trials 3 --image nginx']) {
      const { code, stderr, used } = await tare(`run isolation ${words}`, { isolation: report });
      expect({ code, used }).toEqual({ code: 2, used: false });
      expect(stderr).toContain(words.split(' ')[0]);
    }
  });

  test('fits a narrow terminal in both languages, as a list', async () => {
    for (const lang of ['en', 'zh-CN']) {
      const { stdout } = await tare(`isolation --lang ${lang}`, { isolation: report, columns: 44 });
      const plain = stdout.replaceAll(/\u001b\[\d+m/g, '');
      expect(Math.max(...plain.split('\n').map(widthOf))).toBeLessThanOrEqual(44);
      expect(plain).toContain('6.12.117');
    }
  });

  test('shows what was read and how, when asked', async () => {
    const { stdout } = await tare('isolation --evidence', { isolation: report });
    expect(stdout).toContain('inside: uname -r   ·   on this computer: uname -r');
  });

  test('passes on what is to be taken down', async () => {
    const { engine } = await tare('isolation --pid host --privileged --user 1000:1000 --targets container', {
      isolation: report,
    });
    const openings = { pid: 'host', privileged: true, user: '1000:1000' };
    expect(engine.inputs.isolation).toEqual({ targets: ['container'], openings });
  });

  test('prints the report as JSON and nothing else', async () => {
    const { stdout } = await tare('isolation --json', { isolation: report });
    expect(JSON.parse(stdout)).toEqual(report);
  });

  test.each([
    ['isolation --pid here', 'pid'],
    ['isolation --user a:b:c', 'user'],
    ['isolation --targets container,vm:tiny', 'vm:tiny'],
    ['isolation --targets ,', ','],
  ])('refuses %j before an engine is made', async (words, about) => {
    const { code, stderr, used } = await tare(words);
    expect(code).toBe(2);
    expect(stderr).toContain(about);
    expect(used).toBe(false);
  });

  test('exits with 1 when one side could not be looked into, and with the failure’s own code when none could', async () => {
    const failure = {
      code: 'tool-missing',
      program: 'qemu-system-x86_64',
      package: 'qemu-system-x86',
    } as const;
    const [container, vm] = report.subjects;
    const half = { ...report, subjects: [container!, { ...vm!, failure }] };
    const some = await tare('isolation', { isolation: half });
    expect(some.code).toBe(1);
    expect(some.stderr).toContain('qemu-system-x86');
    const none = await tare('isolation', { isolation: { ...half, rows: [] } });
    expect(none.code).toBe(3);
    expect(none.stdout).toBe('');
  });
});

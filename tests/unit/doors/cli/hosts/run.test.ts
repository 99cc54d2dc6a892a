/** `tare run` on several hosts: what goes to which stream, and what the exit code says. */
import { describe, expect, test } from 'vitest';
import { Fleet, type FleetHost } from '../../../../../main/contract/fleet/fleet';
import { widthOf } from '../../../../../main/doors/cli/terminal/layout';
import { tare } from '../../../../support/commandLine';
import { fleetOf, lostHost, okHost, runOnHost } from '../../../../support/fakes/hostRuns';

const typed = 'run three-apps --host bench-1 --host bench-2 --host bench-3';
const good = (name: string) => okHost(name, runOnHost(Number(name.at(-1))));
const but =
  (bad: string, make: (name: string) => FleetHost = lostHost) =>
  (name: string) =>
    name === bad ? make(name) : good(name);
/** It ran to its end, but not every trial did. */
function withFailure(name: string): FleetHost {
  const run = runOnHost(7);
  Object.assign(run.trials[0]!, { outcome: 'failed', failure: { code: 'stopped' } });
  return okHost(name, run);
}
const unwrapped = (text: string) => text.replace(/\s+/g, ' ');

describe('the exit code', () => {
  test.each([
    ['0 when every host gave a run and every trial was ok', 0, good],
    ['1 when one host gave none', 1, but('bench-2')],
    ['1 when a trial failed on one', 1, but('bench-2', withFailure)],
    ['3 when no host could begin', 3, lostHost],
  ] as const)('is %s', async (_, expected, host) => {
    expect((await tare(typed, { host })).code).toBe(expected);
  });

  test('is that of what ended all of it before any host began', async () => {
    const failure = { code: 'not-on-hosts', reason: 'hosts-own-disk', what: 'web' } as const;
    const none = { ...fleetOf([], '20260801-130000-0000'), failure };
    expect((await tare(typed, { fleets: [none], runs: [] })).code).toBe(2);
  });

  test('is that of what refuses it', async () => {
    const refused = { code: 'bad-input' as const, problems: ['no'] };
    const { code, stderr, stdout } = await tare(typed, { host: good, fails: { startRun: refused } });
    expect(code).toBe(2);
    expect(stderr).toContain('no');
    expect(stdout).toBe('');
  });
});

describe('what is told', () => {
  test('asks the engine for these hosts, tells on stderr how they go, and on stdout what they say', async () => {
    const { stdout, stderr, engine } = await tare(typed, { host: good });
    expect(engine.inputs.startRun).toMatchObject({ hosts: ['bench-1', 'bench-2', 'bench-3'] });
    for (const name of ['bench-1', 'bench-2', 'bench-3']) {
      expect(stderr).toMatch(new RegExp(`✓ ${name}`));
      expect(stdout).toContain(name);
    }
    expect(unwrapped(stdout)).toMatch(
      /A VM needs [\d.]+ × the memory of a container on average over 3 hosts/,
    );
    expect(stdout).not.toContain('✓');
    expect(stdout).toContain('tare show 20260801-130000-0000 --full');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('of a host that gave nothing the reason, beside what the others say', async () => {
    const { stdout, stderr } = await tare(typed, { host: but('bench-2') });
    expect(stderr).toMatch(/✗ bench-2 +No container engine answers/);
    expect(unwrapped(stdout)).toContain('bench-2: No container engine answers.');
    expect(unwrapped(stdout)).toContain('results from 2 of 3 hosts');
    expect(unwrapped(stdout)).toContain('more on 2 of 2 hosts');
  });

  test('where none gave anything, that and the reason once', async () => {
    const { stdout } = await tare(typed, { host: lostHost });
    expect(unwrapped(stdout)).toContain('No host gave any figures.');
    expect(stdout.match(/No container engine answers/g)).toHaveLength(1);
    expect(stdout).not.toMatch(/\d of 3 hosts gave no figures/);
  });

  test('--quiet leaves out how they go', async () => {
    const { stdout, stderr } = await tare(`${typed} --quiet`, { host: good });
    expect(stderr).toBe('');
    expect(stdout).toContain('bench-1');
  });

  test.each([40, 60, 200])('on a terminal of %i columns nothing is wider than it', async (columns) => {
    const { stdout } = await tare(typed, { host: good, columns, env: { NO_COLOR: '1' } });
    // a command is kept whole, to be copied
    const lines = stdout.split('\n').filter((line) => !line.includes('tare show'));
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    expect(stdout).not.toContain('\u001b[1m');
  });

  test('colours it on a terminal that wants them', async () => {
    const { stdout, stderr } = await tare(typed, { host: good, columns: 80 });
    expect(stdout).toContain('\u001b[1m');
    expect(stderr).toContain('\u001b[32m✓');
  });
});

describe('--json', () => {
  test('prints the record on stdout and nothing besides, whatever hosts came to', async () => {
    for (const host of [good, but('bench-2'), lostHost]) {
      const { stdout, stderr } = await tare(`${typed} --json`, { host });
      expect(Fleet.parse(JSON.parse(stdout)).hosts.map(({ name }) => name)).toEqual([
        'bench-1',
        'bench-2',
        'bench-3',
      ]);
      expect(stderr).toContain('bench-1');
    }
  });

  test('--out writes it as a file', async () => {
    const { engine } = await tare(`${typed} --out fleet.json`, { host: good });
    expect(engine.inputs.exportRun).toMatchObject({
      format: 'json',
      path: expect.stringMatching(/\/fleet\.json$/) as string,
    });
  });
});

describe('Ctrl-C', () => {
  test('stops all hosts and tells what they measured', async () => {
    const { code, stdout, stderr, engine, listening } = await tare(typed, {
      host: but('bench-3'),
      endless: true,
      meanwhile: async (signals, { busy }) => {
        await busy;
        signals.emit('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(engine.log).toContain('stopRun');
    expect(stderr).toContain('Stopping');
    expect(stderr).toMatch(/! bench-1 +stopped/);
    expect(unwrapped(stdout)).toContain('bench-1, bench-2: stopped');
    expect(listening).toBe(0);
  });

  test('before the run has begun stops it all the same', async () => {
    const { code, engine } = await tare(typed, {
      host: good,
      endless: true,
      meanwhile: async (signals) => {
        await Promise.resolve();
        signals.emit('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(engine.log).toContain('close');
  });
});

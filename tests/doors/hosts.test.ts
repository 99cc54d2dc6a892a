/** The built command line on a host by ssh, with a container engine of its own: what comes home, what is refused, and that nothing stays there. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fleet } from '../../main/contract/fleet/fleet';
import { processes } from '../../main/engine/base/process/proc';
import { sharedCache } from '../support/cache';
import { ownDaemon, type OwnDaemon } from '../support/engines/ownDaemon';
import { noSshd, openSshHost, type SshHost } from '../support/fleet/sshHost';
import { scratchImage } from '../support/images';
import { leftovers } from '../support/leaks';
import { sessionPrefix } from '../support/sessions';

const program = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');
const home = mkdtempSync(path.join(os.tmpdir(), 'tare-hosts-'));
const reason = noSshd();

let engine: OwnDaemon;
let host: SshHost;
let image: string;

const environment = () => ({
  ...process.env,
  ...host.environment,
  XDG_DATA_HOME: path.join(home, 'data'),
  XDG_CONFIG_HOME: path.join(home, 'config'),
  XDG_CACHE_HOME: path.join(home, 'cache'),
});

interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param meanwhile  is given the program once it has said on its standard error what is awaited */
async function tare(
  words: string[],
  meanwhile: { awaits: string; then: (child: ChildProcess) => void } | undefined = undefined,
): Promise<Said> {
  const child = spawn(process.execPath, [program, ...words], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // the group that a terminal's Ctrl-C would reach
  });
  const said = { stdout: '', stderr: '' };
  let left = meanwhile;
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
    if (!left || !said.stderr.includes(left.awaits)) return;
    const { then } = left;
    left = undefined;
    then(child);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** All that the tests made on the host's engine. */
const onHost = () => engine.docker('ps', '--all', '--quiet').split('\n').filter(Boolean);
const runsOf = (data: string) =>
  existsSync(path.join(data, 'runs')) ? readdirSync(path.join(data, 'runs')) : [];
/** By when it began: names of records that began in the same second are in no order. */
function lastFleet(): Fleet {
  const fleets = path.join(home, 'data/tare/fleets');
  return readdirSync(fleets)
    .map((id) => Fleet.parse(JSON.parse(readFileSync(path.join(fleets, id, 'fleet.json'), 'utf8'))))
    .reduce((last, one) => (one.startedAt > last.startedAt ? one : last));
}
const plan = (...more: string[]) => [
  'run',
  '--image',
  image,
  '--targets',
  'container',
  ...['--trials', '2', '--soak', '100ms'],
  ...more,
];
const streams = () => processes().filter(({ words }) => words.includes('-') && words.includes('--events'));

describe.skipIf(reason !== undefined)('a host by ssh', () => {
  beforeAll(async () => {
    expect(existsSync(program), `${program} is absent: npm run build comes first`).toBe(true);
    mkdirSync(path.join(home, 'cache'));
    symlinkSync(sharedCache(), path.join(home, 'cache/tare'));
    image = await scratchImage();
    engine = await ownDaemon();
    host = await openSshHost(path.join(home, 'host'), [process.execPath, program], {
      DOCKER_HOST: engine.endpoint,
      TARE_SESSION_PREFIX: sessionPrefix,
      TARE_LOCK_DIR: path.join(home, 'lock'), // another computer has another one
      XDG_CACHE_HOME: path.join(home, 'cache'),
    });
  });
  afterAll(async () => {
    await host?.[Symbol.asyncDispose]();
    await engine?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('refuses a host that has another key than the one that is known, and asks nothing of it', async () => {
    host.changeKnownKey();
    try {
      const { code, stderr, stdout } = await tare(plan('--host', `far=${host.address}`));
      expect(code).toBe(3);
      expect(stderr + stdout).toContain('ssh does not believe');
      expect(lastFleet().hosts).toMatchObject([{ name: 'far', failure: { code: 'host-key-refused' } }]);
      expect(onHost()).toEqual([]);
    } finally {
      host.restoreKnownKey();
    }
  });

  it('is sent the image, measures, and keeps nothing but the image', async () => {
    const { code, stderr, stdout } = await tare(plan('--host', `far=${host.address}`));
    expect(stderr).toContain('sending images');
    expect(code, stderr + stdout).toBe(0);
    const [far] = lastFleet().hosts;
    expect(far).toMatchObject({ name: 'far', outcome: 'ok', address: host.address.replace('root@', '') });
    expect(far!.run!.trials.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(far!.run!.environment.engine!.endpoint).toBe(engine.endpoint);
    expect(onHost()).toEqual([]);
    expect(runsOf(host.data)).toEqual([]);
    expect(engine.docker('images', '--quiet', image)).not.toBe('');
  });

  it('runs it beside this computer, whose engine is another one, and tells both', async () => {
    const { code, stderr, stdout } = await tare(plan('--host', 'local', '--host', `far=${host.address}`));
    expect(code, stderr + stdout).toBe(0);
    const { hosts } = lastFleet();
    expect(hosts.map(({ name, way, outcome }) => `${name} ${way} ${outcome}`)).toEqual([
      'local local ok',
      'far ssh ok',
    ]);
    expect(new Set(hosts.map(({ run }) => run!.environment.engine!.endpoint)).size).toBe(2);
    expect(stderr).not.toContain('sending images'); // it has it now
  });

  it('is looked at', async () => {
    const { code, stdout, stderr } = await tare(['doctor', '--host', host.address, '--json']);
    const [{ report }] = JSON.parse(stdout) as [{ report: { checks: { name: string; standing: string }[] } }];
    expect(report.checks.find(({ name }) => name === 'docker')?.standing, stderr).toBe('ok');
    expect([0, 3]).toContain(code);
  });

  it('takes this Tare’s command line, which is the same there, and gives all of it back', async () => {
    const installed = await tare(['host', 'install', host.address, '--yes']);
    expect(installed.code, installed.stderr).toBe(0);
    const own = path.join(host.home, '.local/share/tare-host');
    const [version] = readdirSync(own);
    expect(readdirSync(own), 'nothing half made').toEqual([version]);
    const there = path.join(own, version!, 'tare');
    expect(installed.stdout).toContain(version);
    expect(execFileSync(there, ['--version'], { encoding: 'utf8' }).trim()).toBe(version);
    expect(execFileSync(there, ['explain', 'agent'], { encoding: 'utf8' })).toContain('connection');
    const removed = await tare(['host', 'uninstall', host.address, '--yes']);
    expect(removed.code, removed.stderr).toBe(0);
    expect(existsSync(own)).toBe(false);
    expect((await tare(['host', 'install', host.address])).code, 'nobody was asked').toBe(2);
  });

  const long = () => plan('--host', `far=${host.address}`, '--trials', '200');
  const nothingLeft = async () => {
    await expect.poll(onHost).toEqual([]);
    await expect.poll(() => leftovers()).toEqual([]);
    await expect.poll(streams).toEqual([]);
  };
  const whileMeasuring = (then: (child: ChildProcess) => void) => ({ awaits: 'measuring', then });
  /** once a container is up there */
  const whenUp = (act: () => void) => () => void expect.poll(onHost).not.toEqual([]).then(act);

  it('is stopped by Ctrl-C, and what it came to is brought home', async () => {
    const { code } = await tare(
      long(),
      whileMeasuring((child) => whenUp(() => process.kill(-child.pid!, 'SIGINT'))()),
    );
    expect(code).toBe(130);
    expect(lastFleet().hosts[0]).toMatchObject({ outcome: 'stopped', run: { state: 'stopped' } });
    await nothingLeft();
  });

  it('whose Tare is killed is a row with a reason, and is swept', async () => {
    const kill = () => streams().forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
    const { code } = await tare(long(), whileMeasuring(whenUp(kill)));
    expect(code).toBe(1);
    expect(lastFleet().hosts[0]).toMatchObject({ outcome: 'failed', failure: { code: 'agent-ended' } });
    await nothingLeft();
  });

  it('that was cut off stops by itself', async () => {
    const cut = () => host.sessions().forEach((pid) => process.kill(pid, 'SIGKILL'));
    const { code } = await tare(long(), whileMeasuring(whenUp(cut)));
    expect(code).toBe(1);
    expect(lastFleet().hosts[0]).toMatchObject({ outcome: 'failed' });
    await nothingLeft();
  });

  it.each<[string, (there: ChildProcess) => void]>([
    ['the end of its input', (there) => there.stdin!.end()],
    ['SIGHUP', (there) => there.kill('SIGHUP')],
    ['SIGTERM', (there) => there.kill('SIGTERM')],
    ['SIGINT', (there) => there.kill('SIGINT')],
  ])('stops its run at %s, tells what it came to, and leaves nothing', async (_, act) => {
    const there = spawn(process.execPath, [program, 'run', '-', '--events'], {
      env: { ...environment(), DOCKER_HOST: engine.endpoint },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [told, complained] = ['', ''];
    there.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
    there.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
    there.stdin.on('error', () => undefined);
    const limits = { memoryBytes: 2 ** 26, cpus: 1 };
    const workloads = [{ name: 'web', image: { kind: 'reference', reference: image }, limits }];
    there.stdin.write(
      `${JSON.stringify({ name: 'long', workloads, targets: ['container'], trials: 200 })}\n`,
    );
    // a container is up, and so is the run
    await expect.poll(onHost).not.toEqual([]);
    act(there);
    const [code] = (await once(there, 'close')) as [number | null];
    const lines = told.split('\n').filter(Boolean);
    expect(JSON.parse(lines[0]!)).toMatchObject({ kind: 'start', schemaVersion: 1 });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ kind: 'record', run: { state: 'stopped' } });
    expect(complained).not.toMatch(/\n\s+at /); // no stack trace
    expect(code, complained).toBe(130);
    await nothingLeft();
  });
});

import { execFile, spawn, type StdioOptions } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProcessTarget } from '../../main/engine/measure/targets/process/target';
import type { ImageFacts } from '../../main/engine/images/image/facts';
import type { RunScope } from '../../main/engine/base/scope';
import { cgroupPlace } from '../../main/engine/base/process/ownCgroup';
import { freePort } from '../../main/engine/base/process/ports';
import { openScope, page, ready } from '../qemu/machines';
import { sharedCache } from '../support/cache';
import { debianImage, escapeImage, exported, scratchImage, testKit } from '../support/images';
import { handed, treeOf } from '../support/plainProcess';
import { halfMade } from '../support/leaks';

let scratch: string;
let debian: string;

/** A web server on a port that nobody has: a plain process listens on the computer's own. */
const server = async (): Promise<Partial<ImageFacts>> => {
  const port = await freePort();
  return { command: ['/bin/busybox', 'httpd', '-f', '-p', String(port), '-h', '/www'], port };
};
const mounts = () =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`${sharedCache()}/trees/`));
beforeAll(async () => {
  scratch = await scratchImage();
  debian = await debianImage();
});
afterAll(() => {
  expect(mounts(), 'something stays mounted').toEqual([]);
  expect(halfMade(path.join(sharedCache(), 'trees'))).toEqual([]);
});

async function start(reference: string, changes: Partial<ImageFacts>, scope: RunScope, privileged = true) {
  const target = createProcessTarget({
    cacheFolder: sharedCache(),
    ensureKit: testKit,
    exportImage: ({ image }) => exported(image.reference),
    privileged,
  });
  const workload = await ready(reference, changes);
  const prepared = await target.prepare(workload, scope);
  const phases: string[] = [];
  const instance = await prepared.start(workload.workload.limits, (name) => phases.push(name), scope);
  return { instance, phases };
}

/** Runs a command to its end and answers with how it ended and what it printed. */
async function runIn(
  command: string[],
  changes: Partial<ImageFacts> = {},
  privileged = true,
  reference = debian,
) {
  const scope = openScope();
  const port = await freePort();
  const { instance } = await start(
    reference,
    { entrypoint: [], command, port, ...changes },
    scope,
    privileged,
  );
  const ending = await instance.ended;
  await instance[Symbol.asyncDispose]();
  scope.close();
  return ending;
}

describe.each([
  ['as root', true],
  ['in a user namespace', false],
])('a plain process %s', (_, privileged) => {
  it('serves an image FROM scratch, is measured, and is gone when stopped', async () => {
    const scope = openScope();
    const { instance, phases } = await start(scratch, await server(), scope, privileged);
    expect(await page(instance)).toEqual({ status: 200, body: 'hello from scratch\n' });
    expect(phases).toEqual(['spawned', 'exec']);
    const memory = await instance.measure();
    expect(memory).not.toHaveProperty('reservedBytes');
    expect(memory.parts).toEqual([{ part: 'workload', bytes: memory.hostBytes }]);
    expect(memory.hostBytes).toBeGreaterThan(50_000);
    expect(memory.hostBytes).toBeLessThan(8 * 1024 ** 2);
    const isCounted = privileged && cgroupPlace() !== undefined;
    expect(memory.missing.map(({ what }) => what)).toEqual([
      'limit',
      ...(isCounted ? [] : ['kernel-slab', 'fileBytes']),
    ]);
    expect((await instance.read()).residentBytes).toBeGreaterThan(100_000);
    expect(await instance.stop()).toBe('polite'); // unlike in a container, it is not the first process and has default signals
    scope.close();
  });

  it('sees the image as its root, with /proc and devices, and writes to a layer of its own', async () => {
    const script =
      'ls / | tr "\\n" " "; echo x >/etc/tare-was-here; echo y >/dev/null; cat /etc/tare-was-here; head -c 4 /dev/zero | wc -c';
    const { exit, output } = await runIn(['sh', '-c', script], {}, privileged);
    expect(exit).toBe('exit 0');
    expect(output).toMatch(/\bbin\b.*\betc\b.*\bproc\b.*\bx\n4\n$/s);
    const trees = readdirSync(path.join(sharedCache(), 'trees')).filter((name) => name.startsWith('sha256'));
    expect(trees.length).toBeGreaterThan(0);
    for (const tree of trees)
      expect(readdirSync(path.join(sharedCache(), 'trees', tree, 'etc'), { encoding: 'utf8' })).not.toContain(
        'tare-was-here',
      );
  });

  it('is refused with the reason when the image has no such command or folder', async () => {
    await expect(runIn(['nonesuch'], {}, privileged)).rejects.toMatchObject({
      failure: { code: 'guest-refused', reason: 'no-such-command: nonesuch' },
    });
    await expect(runIn(['sh'], { workingDir: '/none' }, privileged)).rejects.toMatchObject({
      failure: { code: 'guest-refused', reason: 'working-folder: /none' },
    });
  });
});

describe('as Docker would run it', () => {
  it('has the image’s user and groups, working folder and environment, and no other', async () => {
    const script = 'id -u; id -g; id -G; pwd; env | sort';
    const { output } = await runIn(['sh', '-c', script], {
      user: 'alice',
      workingDir: '/usr/share',
      environment: ['PATH=/usr/bin:/bin', 'GREETING=it\'s 100 % "fine" $HOME'],
    });
    const [uid, gid, groups, folder, ...environment] = output.trimEnd().split('\n');
    expect([uid, gid, folder]).toEqual(['1000', '1000', '/usr/share']);
    expect(groups!.split(' ').sort()).toEqual(['1000', '33', '60'].sort());
    expect(environment.filter((line) => !/^(PWD|_|OLDPWD|SHLVL|HOSTNAME)=/.test(line))).toEqual([
      'GREETING=it\'s 100 % "fine" $HOME',
      'HOME=/home/alice',
      'PATH=/usr/bin:/bin',
    ]);
  });

  it('has a process table of its own and not more powers than a container', async () => {
    const { output } = await runIn([
      'sh',
      '-c',
      'ls -d /proc/[0-9]* | wc -l; grep CapBnd /proc/self/status; ls -l /dev/vda',
    ]);
    expect(Number(output.split('\n')[0])).toBeLessThan(8);
    expect(output).toContain("cannot access '/dev/vda'");
    const powers = BigInt(`0x${/CapBnd:\t(\w+)/.exec(output)![1]!}`);
    const ofDocker = 0xa80425fbn;
    expect(powers & ~ofDocker).toBe(0n);
  });

  it('may open /dev/stdout by name, as images do for their logs, also as an ordinary user', async () => {
    const { output } = await runIn(['sh', '-c', 'echo by name >/dev/stdout'], { user: 'alice' });
    expect(output).toBe('by name\n');
  });

  it('serves with nginx, and its workers are measured too', async () => {
    const scope = openScope();
    const port = await freePort();
    const script = `sed -i "/\\[::\\]/d;s/listen 80/listen ${port}/" /etc/nginx/sites-enabled/default; exec nginx -g "daemon off;"`;
    const changes = { command: ['sh', '-c', script], port };
    const { instance } = await start(debian, changes, scope);
    expect((await page(instance)).body).toContain('Welcome to nginx');
    const { hostBytes } = await instance.measure();
    expect(hostBytes).toBeGreaterThan(1024 ** 2);
    expect(await instance.stop()).toBe('polite');
    scope.close();
  });
});

describe('ending', () => {
  it('is told with exit and output', async () => {
    expect(await runIn(['sh', '-c', 'echo last words; exit 3'])).toEqual({
      exit: 'exit 3',
      output: 'last words\n',
    });
    expect((await runIn(['sh', '-c', 'kill -SEGV $$'])).exit).toBe('signal SIGSEGV');
  });

  it('is forced on one that ignores being asked, and takes what it started along', async () => {
    const scope = openScope();
    const script =
      'trap "" TERM; echo deaf; setsid sleep 1000 & setsid sleep 1000 & while :; do sleep 1000; done';
    const port = await freePort();
    const { instance } = await start(debian, { command: ['sh', '-c', script], port }, scope);
    await expect.poll(() => instance.output()).toBe('deaf\n');
    expect(await instance.stop()).toBe('forced');
    scope.close();
  });

  it.each([0, 5, 20, 60])('leaves nothing when stopped %i ms after the start began', async (ms) => {
    const stopping = new AbortController();
    const scope = openScope(stopping.signal);
    const changes = await server();
    setTimeout(() => stopping.abort(), ms);
    const attempt = start(scratch, changes, scope).then(({ instance }) => instance[Symbol.asyncDispose]());
    await attempt.catch((error: Error) => expect(error.message).toMatch(/abort/i));
    scope.close();
  });
});

it('is refused when its port is taken', async () => {
  const rival = net.createServer().listen(0, '0.0.0.0');
  await once(rival, 'listening');
  const { port } = rival.address() as net.AddressInfo;
  const scope = openScope();
  await expect(start(scratch, { port }, scope)).rejects.toMatchObject({
    failure: { code: 'port-taken', port },
  });
  rival.close();
  scope.close();
});

it('says why it cannot take on the image’s user without root', async () => {
  await expect(runIn(['true'], { user: 'alice' }, false)).rejects.toMatchObject({
    failure: { code: 'target-unsupported', reason: 'user-needs-root' },
  });
});

/** Runs a command as nobody of this computer would, in a cache of his. */
async function asNobody(reference: string, command: string[]): Promise<string> {
  const scope = openScope();
  const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-nobody-'));
  const target = createProcessTarget({
    cacheFolder,
    ensureKit: testKit,
    exportImage: ({ image }) => exported(image.reference),
    privileged: false,
  });
  const { commandLine } = await target.prepare(await ready(reference, { entrypoint: [], command }), scope);
  const run = promisify(execFile);
  await run('chown', ['-R', '65534:65534', cacheFolder]); // as if it had made the tree itself
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--', ...commandLine];
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit', ...(await handed(false))];
  const child = spawn('setpriv', nobody, { cwd: treeOf(commandLine), stdio });
  const output = await text(child.stdout!);
  rmSync(cacheFolder, { recursive: true });
  scope.close();
  return output;
}

it('needs no root: an ordinary user of the host gets the same', async () => {
  const script = 'id -u; echo x >/www/new && cat /www/new; head -c 1 /dev/zero | wc -c; cat /www/index.html';
  expect(await asNobody(scratch, ['/bin/busybox', 'sh', '-c', script])).toBe('0\nx\n1\nhello from scratch\n');
});

describe('an image that wants out', () => {
  const places = mkdtempSync(path.join(os.tmpdir(), 'tare-secret-'));
  const secret = path.join(places, 'secret');
  let escape: string;
  beforeAll(async () => {
    writeFileSync(secret, 'of this computer', { mode: 0o600 });
    escape = await escapeImage();
  });
  afterAll(() => rmSync(places, { recursive: true }));

  /** What was open to it, of all that it tried. */
  function ways(output: string): string[] {
    const told = output.split('\n').filter(Boolean);
    expect(told).toHaveLength(21);
    return told.filter((line) => line.endsWith(': open'));
  }
  const resolver = () => readFileSync('/etc/resolv.conf', 'utf8');

  it.each(['/escape', '/set-uid'])('finds no way as root: %s', async (program) => {
    const before = resolver();
    for (const user of ['', '1000']) {
      const { output } = await runIn([program, secret], { user }, true, escape);
      expect(ways(output)).toEqual(user && program === '/escape' ? [] : ['resolv.conf: open']);
    }
    expect(resolver()).toBe(before); // it wrote into a copy
  });

  it('finds no way as an ordinary user', async () => {
    const before = resolver();
    chmodSync(places, 0o755);
    expect(ways(await asNobody(escape, ['/escape', secret]))).toEqual(['resolv.conf: open']);
    expect(resolver()).toBe(before);
  });

  it('leaves no program in the tree that makes anybody of this computer root, and nothing that is anybody’s', async () => {
    const scope = openScope();
    await runIn(['/escape'], {}, true, escape);
    const trees = path.join(sharedCache(), 'trees');
    const { stdout } = await promisify(execFile)('find', [
      trees,
      '-mindepth',
      '2',
      '-path',
      '*-ids/*',
      '-uid',
      '-2147483648',
    ]);
    expect(stdout).toBe('');
    scope.close();
  });
});

it('shows its environment to nobody who looks at what runs', async () => {
  const scope = openScope();
  const environment = ['SECRET=hunter2-s3cr3t', 'MORE=it\'s "two"\nlines'];
  const command = ['sh', '-c', 'echo "$SECRET $MORE"; exec sleep 1000'];
  const port = await freePort();
  const { instance } = await start(debian, { entrypoint: [], command, port, environment }, scope);
  await expect.poll(() => instance.output()).toBe('hunter2-s3cr3t it\'s "two"\nlines\n');
  const { stdout } = await promisify(execFile)('ps', ['-eww', '-o', 'args=']);
  expect(stdout).toContain(scope.ledger.session);
  expect(stdout).not.toContain('hunter2-s3cr3t');
  await instance.stop();
  scope.close();
});

it('keeps set-user-ID programs and file capabilities of the image as they work in a container', async () => {
  const script =
    'id -u; root-id -u; cat /etc/shadow >/dev/null 2>&1 || echo kept; read-all /etc/shadow | head -c 5';
  expect((await runIn(['sh', '-c', script], { user: 'alice' })).output).toBe('1000\n0\nkept\nroot:');
});

it('refuses a port that only root of this computer may open, before anything is started', async () => {
  await expect(runIn(['true'], { port: 80 })).rejects.toMatchObject({
    failure: { code: 'target-unsupported', reason: 'port-needs-root' },
  });
});

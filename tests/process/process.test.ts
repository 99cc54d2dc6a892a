import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProcessTarget } from '../../main/engine/targets/process/target';
import type { ImageFacts } from '../../main/engine/image/facts';
import type { RunScope } from '../../main/engine/scope';
import { cgroupPlace } from '../../main/engine/process/ownCgroup';
import { freePort } from '../../main/engine/process/ports';
import { openScope, page, ready } from '../qemu/machines';
import { sharedCache } from '../support/cache';
import { debianImage, exported, scratchImage, testKit } from '../support/images';
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
async function runIn(command: string[], changes: Partial<ImageFacts> = {}, privileged = true) {
  const scope = openScope();
  const { instance } = await start(debian, { entrypoint: [], command, ...changes }, scope, privileged);
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
    const { instance } = await start(debian, { command: ['sh', '-c', script] }, scope);
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

it('needs no root: an ordinary user of the host gets the same', async () => {
  const scope = openScope();
  const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-nobody-'));
  const target = createProcessTarget({
    cacheFolder,
    ensureKit: testKit,
    exportImage: ({ image }) => exported(image.reference),
    privileged: false,
  });
  const script = 'id -u; echo x >/www/new && cat /www/new; head -c 1 /dev/zero | wc -c; cat /www/index.html';
  const command = ['/bin/busybox', 'sh', '-c', script];
  const { commandLine } = await target.prepare(await ready(scratch, { command }), scope);
  const run = promisify(execFile);
  await run('chown', ['-R', '65534:65534', cacheFolder]); // as if it had made the tree itself
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--', ...commandLine];
  const { stdout } = await run('setpriv', nobody);
  expect(stdout).toBe('0\nx\n1\nhello from scratch\n');
  rmSync(cacheFolder, { recursive: true });
  scope.close();
});

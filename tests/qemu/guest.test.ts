/** What an application finds around it in the guest, and what becomes of it. */
import os from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageFacts } from '../../main/engine/images/image/facts';
import { debianImage, docker, scratchImage, testKit } from '../support/images';
import { mebibyte, openScope, ready, runIn, start, target } from './machines';

let scratch: string;
let debian: string;
beforeAll(async () => {
  scratch = await scratchImage();
  debian = await debianImage();
});

/** Runs a command to its end in a guest and in a container: the application must not be able to tell. */
async function both(changes: Partial<ImageFacts> & { command: string[] }) {
  const { command, user, workingDir, environment = [] } = changes;
  const options = [
    ...(user ? ['--user', user] : []),
    ...(workingDir ? ['--workdir', workingDir] : []),
    ...environment.flatMap((entry) => ['--env', entry]),
  ];
  const words = [
    'run',
    '--rm',
    '--label',
    'tare.test=guest',
    '--hostname',
    'app',
    '--network',
    'none',
    ...options,
  ];
  const container = await docker(...words, debian, ...command);
  const guest = await runIn(debian, changes);
  return { container, guest: guest.output.trim(), exit: guest.exit };
}

describe('the application finds the same around it as in a container', () => {
  it.each([
    ['root', undefined],
    ['a name', 'alice'],
    ['a name and a group', 'alice:games'],
    ['a number of a known user', '1000'],
    ['numbers of nobody known', '4242:4343'],
    ['a number and the name of a group', '0:www-data'],
  ])('user: %s', async (_, user) => {
    const command = [
      'sh',
      '-c',
      'id; echo "$HOME"; pwd; echo "$PATH"; umask; ulimit -n >/dev/null; hostname',
    ];
    const { container, guest, exit } = await both({ command, ...(user && { user }) });
    expect(guest).toBe(container);
    expect(exit).toBe('exit 0');
  });

  it('environment with odd characters, a working folder that does not exist yet, and stdio as pipes', async () => {
    const environment = [
      'A=b c',
      'QUOTES=\'"$HOME`',
      'LINES=one\ntwo',
      'EMPTY=',
      '中文=你好',
      'PATH=/usr/bin:/bin',
      'HOME=/elsewhere',
    ];
    const script =
      'env | sort | grep -v ^_=; pwd; for f in 0 1 2; do [ -t $f ] && echo tty $f; done; readlink /proc/self/fd/0; ls -ld "$PWD"|cut -c1-10; ls -d /dev/fd/2 /dev/shm /dev/pts /dev/null';
    const { container, guest } = await both({
      command: ['sh', '-c', script],
      environment,
      workingDir: '/a/new place',
    });
    expect(guest).toBe(container);
  });

  it('set-uid programs and file capabilities work', async () => {
    const command = [
      'sh',
      '-c',
      '/usr/local/bin/root-id -u; /usr/local/bin/read-all /etc/shadow | head -c 5; cat /etc/shadow 2>&1; true',
    ];
    const { container, guest } = await both({ command, user: 'alice' });
    expect(guest).toBe(container);
    expect(guest).toMatch(/^0\nroot:/);
    expect(guest).toContain('Permission denied');
  });

  it('times of files, links, and a root folder that can be written to', async () => {
    const script =
      'stat -c "%n %a %u %g %Y %F" /bin /bin/ls /usr/bin/passwd /var/mail /; touch /x && ls /x; echo a >> /etc/passwd && tail -n1 /etc/passwd';
    const { container, guest } = await both({ command: ['sh', '-c', script.replace(' /;', ';')] });
    expect(guest).toBe(container);
  });
});

describe('the machine', () => {
  it("runs the kit's kernel, not the host's", async () => {
    const { output } = await runIn(scratch, { command: ['/bin/busybox', 'uname', '-r'] });
    expect(output.trim()).toBe((await testKit()).kernelRelease);
    expect(output.trim()).not.toBe(os.release());
  });

  it('has as many processors and as much memory as the limits say', async () => {
    const scope = openScope();
    const prepared = await target().prepare(
      await ready(debian, { command: ['sh', '-c', 'nproc; grep MemTotal /proc/meminfo'] }),
      scope,
    );
    const instance = await prepared.start({ memoryBytes: 512 * mebibyte, cpus: 1.5 }, () => undefined, scope);
    const { output } = await instance.ended;
    expect(output).toMatch(/^2\n/);
    const kib = Number(/MemTotal: +(\d+)/.exec(output)![1]);
    expect(kib / 1024).toBeGreaterThan(440);
    expect(kib / 1024).toBeLessThan(512);
    await instance[Symbol.asyncDispose]();
    scope.close();
  });

  it('has a gateway, through which it is reached, no name server, and knows its own name', async () => {
    const command = [
      '/bin/busybox',
      'sh',
      '-c',
      '/bin/busybox route -n; /bin/busybox cat /etc/resolv.conf /etc/hosts; /bin/busybox hostname',
    ];
    const { output } = await runIn(scratch, { command });
    expect(output).toMatch(/0\.0\.0\.0 +10\.0\.2\.2 /);
    expect(output).not.toContain('nameserver');
    expect(output).toMatch(/\napp\s*$/);
  });
});

describe('how an application ends', () => {
  it.each([
    [['sh', '-c', 'echo out; echo err >&2; exit 3'], 'exit 3', 'out\nerr\n'],
    [['sh', '-c', 'kill -SEGV $$'], 'signal SIGSEGV', ''],
    [['true'], 'exit 0', ''],
  ])('%j: %s', async (command, exit, output) => {
    expect(await runIn(debian, { command })).toEqual({ exit, output });
  });

  it('out of memory is told apart, and what it had printed is kept', async () => {
    const command = [
      'python3',
      '-u',
      '-c',
      'print("holding")\nheld = []\nwhile True: held.append(bytearray(4_000_000))',
    ];
    const ending = await runIn(debian, { command }, 192 * mebibyte);
    expect(ending.exit).toBe('out of memory');
    expect(ending.output).toMatch(/^holding\n/);
    expect(ending.output).toContain('Out of memory: Killed process');
  });

  it('takes what it started with it, and a process that outlives it does not keep the machine up', async () => {
    const command = ['sh', '-c', '(sleep 60; echo late) & echo done'];
    const { exit, output } = await runIn(debian, { command });
    expect(exit).toBe('exit 0');
    expect(output).toMatch(/^done$/m); // the kernel of a guest that was not let run for long says so between
    expect(output).not.toContain('late');
  });

  it('keeps the last 64 KiB of an application that prints a lot', async () => {
    const { output } = await runIn(debian, { command: ['sh', '-c', 'seq 1 40000; printf end'] });
    expect(output.endsWith('39999\n40000\nend')).toBe(true);
    expect(output.length).toBeLessThanOrEqual(65_536);
    expect(output.length).toBeGreaterThan(65_000);
  });
});

describe('what cannot be run is refused with the reason', () => {
  it.each<[string, Partial<ImageFacts>, string]>([
    [
      'a command that does not exist',
      { command: ['nonesuch'] },
      'no-such-command: nonesuch: No such file or directory',
    ],
    [
      'a path that does not exist',
      { command: ['/no/such'] },
      'no-such-command: /no/such: No such file or directory',
    ],
    ['a file that is no program', { command: ['/etc/passwd'] }, 'command: /etc/passwd: Permission denied'],
    ['an unknown user', { command: ['true'], user: 'mallory' }, 'unknown-user: mallory'],
    ['an unknown group', { command: ['true'], user: 'alice:mallory' }, 'unknown-group: mallory'],
    [
      'a working folder that is a file',
      { command: ['true'], workingDir: '/etc/passwd' },
      'working-folder: /etc/passwd: Not a directory',
    ],
  ])('%s', async (_, changes, reason) => {
    const scope = openScope();
    await expect(start(await ready(debian, changes), scope)).rejects.toMatchObject({
      failure: { code: 'guest-refused', reason },
    });
    scope.close();
  });

  it('a machine too small for the kernel', async () => {
    const scope = openScope();
    await expect(start(await ready(scratch), scope, 32 * mebibyte)).rejects.toMatchObject({
      failure: { code: 'guest-refused' },
    });
    scope.close();
  });
});

/**
 * `npx vite-node tests/fleet/ssh.ts [-- NAME …]`: three hosts by ssh, for real, while one's disk is full, one is cut from the network, and one
 * is killed and comes up again; and whom Tare speaks to for it. Needs root, Docker, QEMU, openssh-server, strace and `npm run build`; about
 * eight minutes on two cores. Ends with 1 when something was found wrong.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchImage } from '../support/images';
import { cacheIn, came, ended, leftOn, runningOn, Scenes, sessionPrefix, until } from './scenes';
import { openStage, type StagedHost } from './stage';

const program = path.resolve('dist/main/cli.cjs');
const folder = mkdtempSync('/tmp/scenes-'); // which all of them see
const at = (name: string) => path.join(folder, name);

/** As a person has it in ~/.ssh. */
function makeKeys(): void {
  for (const key of ['host', 'person'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  mkdirSync(at('bin'));
  writeFileSync(
    at('ssh_config'),
    `Host *\n  IdentityFile ${at('person')}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${at('known_hosts')}\n`,
  );
  writeFileSync(at('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${at('ssh_config')} "$@"\n`, { mode: 0o755 });
}

function openDoor({ name, inside }: StagedHost): void {
  const config = at(`${name}.sshd_config`);
  const tare = at(`${name}.bin`);
  mkdirSync(tare, { recursive: true });
  writeFileSync(path.join(tare, 'tare'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {
    mode: 0o755,
  });
  const variables = {
    PATH: `${tare}:${process.env.PATH}`,
    DOCKER_HOST: 'unix:///run/docker.sock',
    TARE_LOCK_DIR: '/run',
    TARE_SESSION_PREFIX: sessionPrefix,
    XDG_CACHE_HOME: at('cache'),
  };
  const given = Object.entries(variables).map(([variable, value]) => `${variable}=${value}`);
  writeFileSync(
    config,
    [
      ...[`HostKey ${at('host')}`, `AuthorizedKeysFile ${at('person.pub')}`, 'StrictModes no', 'UsePAM no'],
      ...['PermitRootLogin yes', 'PidFile none', `SetEnv ${given.join(' ')}`],
    ].join('\n') + '\n',
  );
  inside('mkdir', '-p', '/run/sshd');
  inside('/usr/sbin/sshd', '-f', config);
}

makeKeys();
cacheIn(at('cache'));
const stage = await openStage(['bench1', 'bench2', 'bench3']);
const [, second, third] = stage.hosts as [StagedHost, StagedHost, StagedHost];
const scenes = new Scenes(
  process.argv.slice(2).filter((word) => word !== '--'),
  () => stage.hosts.flatMap(leftOn),
);

/** @param above  the words of a program that starts it */
function tare(words: readonly string[], above: readonly string[] = []): ChildProcess {
  const all = [...above, process.execPath, program, '--data-folder', at('data'), ...words, '--json'];
  const [first, ...more] = stage.beside(...all);
  return spawn(first!, more, {
    env: { ...process.env, PATH: `${at('bin')}:${process.env.PATH}`, TARE_SESSION_PREFIX: sessionPrefix },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What others on the network could speak to, but for ssh. */
const listeners = ({ name, inside }: StagedHost): string[] =>
  inside('ss', '--listening', '--tcp', '--udp', '--numeric', '--no-header')
    .split('\n')
    .map((line) => line.split(/\s+/)[4] ?? '')
    .filter((address) => address !== '' && !/^(127\.|\[::1\])|:22$/.test(address))
    .map((address) => `${name} ${address}`);

/** What the kernel was asked for by the programs that strace followed: to listen to a network, and to speak to whom. */
function heard(file: string): { listens: string[]; speaksTo: string[] } {
  const calls = readFileSync(file, 'utf8').split('\n');
  const ofNetwork = calls.filter((call) => call.includes('sa_family=AF_INET'));
  const peers = ofNetwork
    .filter((call) => / (connect|sendto|sendmsg|sendmmsg)\(/.test(call))
    .map((call) => call.replace(/^.*sa_family=AF_INET.*?htons\((\d+)\).*?"([^"]*)"\).*$/, '$2:$1'));
  return {
    listens: [
      ...calls.filter((call) => / listen\(/.test(call)),
      ...ofNetwork.filter((call) => / bind\(/.test(call)),
    ],
    speaksTo: [...new Set(peers)].sort(),
  };
}

try {
  for (const host of stage.hosts) openDoor(host);
  const key = readFileSync(at('host.pub'), 'utf8');
  writeFileSync(at('known_hosts'), stage.hosts.map(({ address }) => `${address} ${key}`).join(''));
  const image = await scratchImage();
  /** A run of this image. */
  const plan = (trials: number, hosts: StagedHost[], targets = 'container') => [
    ...['run', '--image', image, '--targets', targets, '--trials', String(trials)],
    ...hosts.flatMap(({ name, address }) => ['--host', `${name}=ssh://root@${address}`]),
  ];

  await scenes.play('all', async () => {
    const found = new Set<string>();
    const listen = () => stage.hosts.flatMap(listeners).forEach((one) => found.add(one));
    const listening = setInterval(listen, 500);
    const end = await ended(tare(plan(3, stage.hosts))).finally(() => clearInterval(listening));
    const [told, isRight] = came(end, 0, { bench1: 'ok', bench2: 'ok', bench3: 'ok' }, 3);
    const listens = `listens beyond loopback, beside sshd: ${[...found].join(', ') || 'nothing'}`;
    return [`${told}; ${listens}`, isRight && found.size === 0];
  });

  await scenes.play('overheard', async () => {
    const calls = ['-e', 'trace=bind,connect,listen,sendto,sendmsg,sendmmsg', '-e', 'signal=none'];
    const above = ['strace', '--follow-forks', '--seccomp-bpf', ...calls, '--output', at('calls')];
    const end = await ended(tare(plan(1, stage.hosts), above));
    const [told, isRight] = came(end, 0, { bench1: 'ok', bench2: 'ok', bench3: 'ok' }, 1);
    const { listens, speaksTo } = heard(at('calls'));
    const doors = stage.hosts.map(({ address }) => `${address}:22`).sort();
    return [
      `${told}; this computer listens: ${listens.join(', ') || 'nothing'}; speaks to ${speaksTo.join(', ')}`,
      isRight && listens.length === 0 && JSON.stringify(speaksTo) === JSON.stringify(doors),
    ];
  });

  await scenes.play('disk-full', async () => {
    third.inside('mkdir', '-p', '/root/.local/share/tare');
    third.inside('mount', '-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'tmpfs', '/root/.local/share/tare');
    const end = await ended(tare(plan(3, stage.hosts)));
    third.inside('umount', '/root/.local/share/tare');
    return came(end, 1, { bench1: 'ok', bench2: 'ok', bench3: 'ENOSPC' }, 3);
  });

  await scenes.play('network-cut', async () => {
    const end = ended(tare(plan(20, stage.hosts)));
    await until(() => runningOn(second) > 0, end);
    second.inside('ip', 'link', 'set', 'eth0', 'down');
    const found = came(await end, 1, { bench1: 'ok', bench2: 'agent-silent', bench3: 'ok' }, 20);
    // the one that was cut off finds that out by itself, by a minute of silence
    for (let tries = 0; tries < 120 && leftOn(second).length > 0; tries++) await sleep(1000);
    second.inside('ip', 'link', 'set', 'eth0', 'up');
    return found;
  });

  /** All of the third one is killed while something is there; once it is up again, the next run removes what that has left. */
  const killed = async (child: ChildProcess, isThere: () => boolean, others: Record<string, string>) => {
    const end = ended(child);
    await until(isThere, end);
    await third.cut();
    const [told, isRight] = await end
      .then((ended) => came(ended, 1, { ...others, bench3: 'agent-ended' }))
      .finally(third.start);
    openDoor(third);
    const found = leftOn(third);
    const [toldAgain, isRightAgain] = came(await ended(tare(plan(1, [third]))), 0, { bench3: 'ok' }, 1);
    return [
      `${told}; up again, it had ${found.join(', ') || 'nothing'}; ${toldAgain}`,
      isRight && found.length > 0 && isRightAgain,
    ] satisfies [string, boolean];
  };
  await scenes.play('killed', () =>
    killed(tare(plan(10, stage.hosts)), () => runningOn(third) > 0, { bench1: 'ok', bench2: 'ok' }),
  );
  await scenes.play('killed-with-machine', () =>
    killed(
      tare(plan(3, [third], 'vm:micro')),
      // before, a look at the host boots one
      () => /qemu-system.*tare-\w+-vm-/.test(third.inside('ps', '-eo', 'args')),
      {},
    ),
  );
} finally {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = scenes.wrong > 0 ? 1 : 0;

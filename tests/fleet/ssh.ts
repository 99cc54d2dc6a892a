/**
 * Three hosts by ssh, for real, while one is cut from the network, one is killed, and one's disk is full: `npx vite-node
 * tests/fleet/ssh.ts` after `npm run build`, as root, with openssh-server. Prints what became of each, and what was left on any; exits
 * with 1 where that is not as it should be.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fleet } from '../../main/contract/fleet/fleet';
import { scratchImage } from '../support/images';
import { openStage, type StagedHost } from './stage';

const program = path.resolve('dist/main/cli.cjs');
const home = mkdtempSync('/tmp/tare-fleet-'); // which all of them see
const at = (name: string) => path.join(home, name);

/** As a person has it in ~/.ssh. */
function makeKeys(): void {
  for (const key of ['host', 'person'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  execFileSync('mkdir', ['-p', at('bin')]);
  writeFileSync(
    at('ssh_config'),
    `Host *\n  IdentityFile ${at('person')}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${at('known_hosts')}\n`,
  );
  writeFileSync(at('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${at('ssh_config')} "$@"\n`, { mode: 0o755 });
}

function openDoor({ name, inside }: StagedHost): void {
  const config = at(`${name}.sshd_config`);
  const tare = at(`${name}.bin`);
  execFileSync('mkdir', ['-p', tare]);
  writeFileSync(path.join(tare, 'tare'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {
    mode: 0o755,
  });
  writeFileSync(
    config,
    [
      ...[`HostKey ${at('host')}`, `AuthorizedKeysFile ${at('person.pub')}`, 'StrictModes no', 'UsePAM no'],
      ...['PermitRootLogin yes', 'PidFile none'],
      `SetEnv PATH=${tare}:${process.env.PATH} DOCKER_HOST=unix:///run/docker.sock TARE_LOCK_DIR=/run`,
    ].join('\n') + '\n',
  );
  inside('mkdir', '-p', '/run/sshd');
  inside('/usr/sbin/sshd', '-f', config);
}

async function tare(
  words: string[],
  whenMeasuring: () => void = () => undefined,
): Promise<{ code: number; output: string; fleet: Fleet | undefined }> {
  const [first, ...more] = stage.beside(process.execPath, program, '--data-folder', at('data'), ...words);
  const child = spawn(first!, more, {
    env: { ...process.env, PATH: `${at('bin')}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let told = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (told || !output.includes('measuring')) return;
      told = true;
      whenMeasuring();
    });
  const [code] = (await once(child, 'close')) as [number];
  const fleets = readdirSync(at('data/fleets')).sort();
  const last = fleets.at(-1);
  const fleet = last && Fleet.parse(JSON.parse(readFileSync(at(`data/fleets/${last}/fleet.json`), 'utf8')));
  return { code, output, fleet: fleet || undefined };
}

const leftOn = (host: StagedHost): string[] => [
  ...host.docker('ps', '--all', '--quiet').split('\n').filter(Boolean),
  ...host.docker('network', 'ls', '--quiet', '--filter', 'label=tare.session').split('\n').filter(Boolean),
];

/** What others on the network could speak to, but for ssh. */
const listeners = ({ name, inside }: StagedHost): string[] =>
  inside('ss', '--listening', '--tcp', '--udp', '--numeric', '--no-header')
    .split('\n')
    .map((line) => line.split(/\s+/)[4] ?? '')
    .filter((address) => address !== '' && !/^(127\.|\[::1\])|:22$/.test(address))
    .map((address) => `${name} ${address}`);

makeKeys();
const stage = await openStage(['bench1', 'bench2', 'bench3']);
let isWell = true;
try {
  const [, second, third] = stage.hosts as [StagedHost, StagedHost, StagedHost];
  for (const host of stage.hosts) openDoor(host);
  const key = readFileSync(at('host.pub'), 'utf8');
  writeFileSync(at('known_hosts'), stage.hosts.map(({ address }) => `${address} ${key}`).join(''));
  const image = await scratchImage();
  const on = stage.hosts.flatMap(({ name, address }) => ['--host', `${name}=ssh://root@${address}`]);
  const plan = (trials: number) => [
    'run',
    '--image',
    image,
    '--targets',
    'container',
    '--trials',
    String(trials),
  ];

  const tell = async (what: string, asked: ReturnType<typeof tare>, expected: string[]) => {
    const { code, output, fleet } = await asked;
    const found = fleet?.hosts.map(({ name, outcome, failure }) =>
      `${name} ${outcome} ${failure?.code ?? ''}`.trim(),
    );
    const good = JSON.stringify(found) === JSON.stringify(expected);
    isWell &&= good;
    console.log(`${good ? '✓' : '✗'} ${what}: exit ${code}, ${found?.join(' · ')}`);
    if (!good) console.log(output);
  };

  const heard = new Set<string>();
  let listening: NodeJS.Timeout | undefined;
  const listen = () => stage.hosts.flatMap(listeners).forEach((one) => heard.add(one));
  await tell(
    'three hosts',
    tare([...plan(3), ...on], () => (listening = setInterval(listen, 200))),
    ['bench1 ok', 'bench2 ok', 'bench3 ok'],
  );
  clearInterval(listening);
  isWell &&= heard.size === 0;
  console.log(
    `${heard.size === 0 ? '✓' : '✗'} listens beyond loopback, beside sshd: ${[...heard].join(', ') || 'nothing'}`,
  );
  third.inside('mkdir', '-p', '/root/.local/share/tare');
  third.inside('mount', '-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'tmpfs', '/root/.local/share/tare');
  await tell('the third one’s disk is full', tare([...plan(3), ...on]), [
    'bench1 ok',
    'bench2 ok',
    'bench3 failed write-failed',
  ]);
  third.inside('umount', '/root/.local/share/tare');
  await tell(
    'the second one is cut from the network',
    tare([...plan(20), ...on], () => second.inside('ip', 'link', 'set', 'eth0', 'down')),
    ['bench1 ok', 'bench2 failed agent-silent', 'bench3 ok'],
  );
  for (const host of stage.hosts) {
    // the one that was cut off finds that out by itself, by a minute of silence
    for (let tries = 0; tries < 120 && leftOn(host).length > 0; tries++) await sleep(1000);
    const left = leftOn(host);
    isWell &&= left.length === 0;
    console.log(`${left.length === 0 ? '✓' : '✗'} left on ${host.name}: ${left.join(', ') || 'nothing'}`);
  }
  second.inside('ip', 'link', 'set', 'eth0', 'up');
  await tell(
    'everything on the third one is killed',
    tare([...plan(20), ...on], () => void third.cut()),
    ['bench1 ok', 'bench2 ok', 'bench3 failed agent-ended'],
  );
} finally {
  await stage.close();
  rmSync(home, { recursive: true, force: true });
}
process.exitCode = isWell ? 0 : 1;

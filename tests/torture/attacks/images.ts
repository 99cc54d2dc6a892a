/** Images that nobody should trust: whatever they hold, the computer is as it was, and Tare says what came of it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { freePort } from '../../../main/engine/base/process/ports';
import { hostileImages } from '../images/hostile';
import { tarOf, type Entry } from '../images/tar';
import type { Case, Kind, Outcome } from '../kind';
import { wrongIn } from '../stage/program';

/** What no image may change. */
const guarded = [
  '/etc/passwd',
  '/etc/shadow',
  '/etc/group',
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/hostname',
  '/proc/sys/kernel/core_pattern',
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/sysrq',
];
const planted = '/tmp/tare-torture-out';

function marksOfHost(): string[] {
  const files = guarded.map((name) =>
    existsSync(name)
      ? `${name} ${statSync(name).mode} ${createHash('sha256').update(readFileSync(name)).digest('hex')}`
      : `${name} is not there`,
  );
  return [...files, `/ ${readdirSync('/').join(' ')}`, existsSync(planted) ? `${planted} is there` : ''];
}

const server = (busybox: string): Entry[] => [
  { name: 'bin/', type: '5', mode: 0o755 },
  { name: 'www/', type: '5', mode: 0o755 },
  { name: 'tmp/', type: '5', mode: 0o1777 },
  { name: 'bin/busybox', content: readFileSync(busybox), mode: 0o755 },
  { name: 'bin/sh', type: '2', link: 'busybox' },
  { name: 'www/index.html', content: Buffer.from('hello\n') },
];

const targets = ['container', 'process', 'vm:direct'];

async function hostile({ stage, draw, number, within }: Case): Promise<Outcome> {
  const { name, entries = [], changes = [], serves = true } = hostileImages[number % hostileImages.length]!;
  return within(async (scene) => {
    const tag = `tare-torture/hostile:${number}`;
    const usual = ['CMD ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]', 'EXPOSE 8080'];
    const words = [...usual, ...changes].flatMap((change) => ['--change', change]);
    const imported = spawnSync('docker', ['--host', stage.daemon.endpoint, 'import', ...words, '-', tag], {
      input: tarOf([...server(stage.busybox), ...entries]),
      encoding: 'utf8',
    });
    if (imported.status !== 0)
      return { what: `${name}: refused by the engine: ${imported.stderr.trim().slice(0, 120)}`, wrong: [] };
    const before = marksOfHost();
    // a plain process listens on the computer's own ports, of which another may be taken
    const port = changes.some((change) => /^(CMD|ENTRYPOINT)/.test(change)) ? 8080 : await freePort();
    const command = ['/bin/busybox', 'httpd', '-f', '-p', String(port), '-h', '/www'];
    const chosen = serves
      ? targets
      : [draw.pick(targets), 'container'].filter((one, at, all) => all.indexOf(one) === at);
    const plan = {
      name: 'hostile',
      workloads: [
        {
          name: 'image',
          image: { kind: 'reference', reference: tag },
          port,
          limits: { memoryBytes: 256 * 1024 ** 2 },
          ...(port !== 8080 && { command }),
        },
      ],
      targets: chosen,
      trials: 1,
      warmups: 0,
      soakMs: 0,
      readyTimeoutMs: 15_000,
    };
    const ended = await scene.run(['run', scene.file('plan.json', JSON.stringify(plan))]);
    const changed = marksOfHost().filter((mark, at) => mark !== before[at]);
    stage.daemon.docker('image', 'rm', '--force', tag);
    const said = (ended.stdout + ended.stderr).match(/[\0-\x08\x0b-\x1f\x7f]/);
    return {
      what: `${name} on ${chosen.join(', ')}: exit ${ended.code}`,
      wrong: [
        ...wrongIn(ended),
        ...changed.map((mark) => `the computer is changed: ${mark}`),
        ...(said ? [`a control character reaches the terminal: ${JSON.stringify(said[0])}`] : []),
        ...(await scene.swept()),
      ],
    };
  });
}

export const images: Kind[] = [
  {
    name: 'image',
    row: 'hostile images',
    anHour: hostileImages.length,
    title: `${hostileImages.length} kinds of images (names, links, devices, fifos, depth, numbers, accounts, commands) on container, process and VM`,
    attack: hostile,
  },
];

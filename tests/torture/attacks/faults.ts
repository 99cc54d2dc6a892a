/** What Tare rests on stops, ends or goes away: each is told, with a documented exit code, and nothing is left or lost. */
import { quick, setTheScene } from '../commands';
import type { Case, Kind, Outcome } from '../kind';
import { processesOf } from '../stage/leftovers';
import { wrongIn, type Ended, type Running } from '../stage/program';
import type { Scene } from '../stage/scene';

const mostMs = 15_000;
/** Beyond this nobody believes that a program will still leave when it is asked to for the second time. */
const leavesWithinMs = 30_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a signal to whoever may have ended meanwhile. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended by itself
  }
}

/** Ctrl-C twice, as an impatient person presses it. */
async function leave(running: Running): Promise<string[]> {
  running.child.kill('SIGINT');
  await Promise.race([running.ended, sleep(1000)]);
  running.child.kill('SIGINT');
  const left = await Promise.race([running.ended, sleep(leavesWithinMs)]);
  if (left !== undefined) return [];
  running.child.kill('SIGKILL');
  return [`still there ${leavesWithinMs / 1000} s after the second Ctrl-C`];
}

async function outcomeOf(scene: Scene, what: string, ended: Ended, wrong: string[] = []): Promise<Outcome> {
  return {
    what: `${what} in tare ${ended.words.join(' ')}`,
    wrong: [...wrongIn(ended), ...wrong, ...(await scene.swept()), ...scene.lostTrials(ended)],
  };
}

const containers = quick('container,vm:direct', '--timeout', '20s');

const ofDaemon = [
  'frozen for a while',
  'frozen, and Ctrl-C twice',
  'ended and started',
  'killed and started',
] as const;

async function daemonFault({ stage: { daemon, ...stage }, draw, number, within }: Case): Promise<Outcome> {
  const how = ofDaemon[number % ofDaemon.length]!;
  return within(async (scene) => {
    const atMs = draw.share() * (await stage.usualMs(scene, containers, mostMs));
    const running = scene.start(containers);
    await Promise.race([running.ended, sleep(atMs)]);
    const wrong: string[] = [];
    if (how === 'frozen for a while' || how === 'frozen, and Ctrl-C twice') {
      daemon.signal('SIGSTOP');
      if (how === 'frozen for a while') await sleep(1000 + draw.below(5000));
      else wrong.push(...(await leave(running)));
      daemon.signal('SIGCONT');
    } else {
      daemon.signal(how === 'ended and started' ? 'SIGTERM' : 'SIGKILL');
      await daemon.restart();
    }
    return outcomeOf(scene, `the engine ${how} after ${Math.round(atMs)} ms`, await running.ended, wrong);
  });
}

/** A process of the scene that a program started, once there is one. */
async function found(
  scene: Scene,
  running: Running,
  isIt: (words: string[]) => boolean,
): Promise<number | undefined> {
  const ended = running.ended.then(() => true);
  for (;;) {
    const one = processesOf(scene.prefix).find(({ pid, words }) => pid !== running.child.pid && isIt(words));
    if (one) return one.pid;
    if (await Promise.race([ended, sleep(20)])) return undefined;
  }
}

const ofProcess = ['killed', 'frozen for a while', 'frozen, and Ctrl-C twice'] as const;

async function hurt(
  pid: number,
  how: (typeof ofProcess)[number],
  running: Running,
  ms: number,
): Promise<string[]> {
  send(pid, how === 'killed' ? 'SIGKILL' : 'SIGSTOP');
  if (how === 'killed') return [];
  if (how === 'frozen, and Ctrl-C twice') return leave(running);
  await Promise.race([running.ended, sleep(ms)]);
  send(pid, 'SIGCONT');
  return [];
}

async function machineFault({ draw, number, within }: Case): Promise<Outcome> {
  const how = ofProcess[number % ofProcess.length]!;
  return within(async (scene) => {
    const running = scene.start(quick('vm:direct', '--timeout', '20s'));
    const pid = await found(scene, running, ([program = '']) => /qemu-system/.test(program));
    const laterMs = draw.below(6000);
    await Promise.race([running.ended, sleep(laterMs)]);
    const wrong = pid === undefined ? [] : await hurt(pid, how, running, 1000 + draw.below(4000));
    return outcomeOf(scene, `QEMU ${how} after ${laterMs} ms of it`, await running.ended, wrong);
  });
}

/** Commands that let other programs work. */
const withPrograms: string[][] = [
  containers,
  quick('process', '--timeout', '20s'),
  ['image', 'build', 'folder', '--tag', 'tare-torture/built:1'],
  ['run', '--build', 'folder', '--targets', 'vm:direct', '--trials', '1', '--soak', '0s', '--timeout', '20s'],
  ['export', '20260101-000000-0001', '--format', 'pdf', '--out', 'out.pdf'],
  ['guest', 'build'],
  ['doctor', '--json'],
];

async function childFault({ stage, draw, number, within }: Case): Promise<Outcome> {
  const how = ofProcess[number % ofProcess.length]!;
  const words = withPrograms[Math.floor(number / ofProcess.length) % withPrograms.length]!;
  return within(
    async (scene) => {
      setTheScene(scene, stage.busybox);
      const running = scene.start(words);
      await Promise.race([running.ended, sleep(draw.below(4000))]);
      const pid = await found(scene, running, () => true);
      const hit = processesOf(scene.prefix).filter(({ pid: one }) => one !== running.child.pid);
      const victim = hit.length > 0 ? draw.pick(hit) : undefined;
      const wrong = pid === undefined || !victim ? [] : await hurt(victim.pid, how, running, 3000);
      const name = victim?.words[0] ?? 'no program';
      return outcomeOf(scene, `${name} ${how}`, await running.ended, wrong);
    },
    words[0] === 'guest' ? 'empty' : 'filled',
  );
}

/** As a laptop that is closed and opened again. */
async function suspended({ stage, draw, within }: Case): Promise<Outcome> {
  return within(async (scene) => {
    const atMs = draw.share() * (await stage.usualMs(scene, containers, mostMs));
    const running = scene.start(containers);
    await Promise.race([running.ended, sleep(atMs)]);
    running.child.kill('SIGSTOP');
    await sleep(2000 + draw.below(4000));
    running.child.kill('SIGCONT');
    return outcomeOf(
      scene,
      `Tare itself frozen for a while after ${Math.round(atMs)} ms`,
      await running.ended,
    );
  });
}

const online: string[][] = [
  ['guest', 'build'],
  ['image', 'pull', 'docker.io/library/tare-torture:1'],
  ['run', 'quick', '--targets', 'container', '--trials', '1', '--timeout', '3s'],
  ['doctor', '--json'],
];

async function offline({ number, within }: Case): Promise<Outcome> {
  const words = online[number % online.length]!;
  return within(
    async (scene) => outcomeOf(scene, 'no network', await scene.run(words, { wrap: ['unshare', '--net'] })),
    words[0] === 'guest' ? 'empty' : undefined,
  );
}

export const faults: Kind[] = [
  {
    name: 'engine',
    row: 'faults',
    anHour: 20,
    title: 'the container engine frozen, ended or killed in a run, and started again',
    attack: daemonFault,
  },
  {
    name: 'machine',
    row: 'faults',
    anHour: 18,
    title: 'QEMU frozen or killed',
    attack: machineFault,
  },
  {
    name: 'program',
    row: 'faults',
    anHour: 21,
    title: 'programs that Tare starts frozen or killed',
    attack: childFault,
  },
  { name: 'suspend', row: 'faults', anHour: 6, title: 'Tare itself frozen for a while', attack: suspended },
  { name: 'offline', row: 'faults', anHour: 8, title: 'no network at all', attack: offline },
];

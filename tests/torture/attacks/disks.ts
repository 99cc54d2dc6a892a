/** A file system fills up, or turns read-only, under what Tare keeps: it is told, and what was finished before is kept. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { quick, setTheScene } from '../commands';
import type { Case, Kind, Outcome } from '../kind';
import { wrongIn } from '../stage/program';
import type { Scene } from '../stage/scene';

const mebibyte = 1024 ** 2;

interface Place {
  name: string;
  folder: (scene: Scene) => string;
  words: string[];
  /** beside what lies there already */
  roomMebibytes: number;
}

const places: Place[] = [
  {
    name: 'data',
    folder: ({ folder }) => path.join(folder, 'data'),
    words: quick('container'),
    roomMebibytes: 4,
  },
  {
    name: 'cache',
    folder: ({ folder }) => path.join(folder, 'cache'),
    words: quick('vm:direct', '--timeout', '20s'),
    roomMebibytes: 24,
  },
  {
    name: 'temporary files',
    folder: ({ tempFolder }) => tempFolder,
    words: quick('container,process,vm:direct', '--timeout', '20s'),
    roomMebibytes: 4,
  },
  {
    name: 'temporary files',
    folder: ({ tempFolder }) => tempFolder,
    words: ['export', '20260101-000000-0001', '--format', 'pdf', '--out', 'out.pdf'],
    roomMebibytes: 32,
  },
];

const mostMs = 15_000;

/** Writes until nothing more fits. */
function fillUp(file: string): void {
  for (let bytes = mebibyte; bytes > 0;) {
    try {
      appendFileSync(file, Buffer.alloc(bytes));
    } catch {
      bytes = Math.floor(bytes / 16);
    }
  }
}

/** Ways in which a file system refuses, each with what takes it back. */
const refusals: Record<string, (folder: string) => () => void> = {
  'fills up': (folder) => {
    const file = path.join(folder, 'filler');
    fillUp(file);
    return () => rmSync(file, { force: true });
  },
  'turns read-only': (folder) => {
    const remount = (how: string) => execFileSync('mount', ['-o', `remount,${how}`, folder]);
    try {
      remount('ro');
    } catch {
      return () => undefined; // a file is open for writing, and the kernel does not do it then
    }
    return () => void remount('rw');
  },
};

async function diskFault({ stage, draw, number, within }: Case): Promise<Outcome> {
  const place = places[number % places.length]!;
  const how = draw.pick(Object.keys(refusals));
  return within(async (scene) => {
    setTheScene(scene, stage.busybox);
    const folder = place.folder(scene);
    scene.mount(folder, place.roomMebibytes);
    const atMs = draw.share() * (await stage.usualMs(scene, place.words, mostMs));
    const running = scene.start(place.words);
    await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, atMs))]);
    const finishedBefore = { stderr: running.stderr() };
    const undo = refusals[how]!(folder);
    const ended = await running.ended;
    if (existsSync(folder)) undo();
    return {
      what: `the disk of ${place.name} ${how} after ${Math.round(atMs)} ms of tare ${ended.words.join(' ')}: exit ${ended.code}`,
      wrong: [...wrongIn(ended), ...(await scene.swept()), ...scene.lostTrials(finishedBefore)],
    };
  }, 'filled');
}

export const disks: Kind[] = [
  {
    name: 'disk',
    row: 'full disks',
    anHour: 24,
    title: 'data, cache or temporary files on a disk that fills up or turns read-only in a run',
    attack: diskFault,
  },
];

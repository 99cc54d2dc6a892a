/** Two Tares at once, with one cache and one data folder: each does what it would do alone. */
import { quick, setTheScene } from '../commands';
import type { Case, Kind, Outcome } from '../kind';
import { wrongIn } from '../stage/program';
import type { CacheKind } from '../stage/stage';

interface Pair {
  one: string[];
  other: string[];
  /** how often the other is started while the first runs */
  times?: number;
  /** the other is killed in the middle: that must not disturb the first */
  killed?: boolean;
  cache?: CacheKind;
}

const run = quick('container,vm:direct');
const pairs: Pair[] = [
  { one: run, other: [...run, '--anyway'] },
  { one: run, other: ['clean'], times: 4 },
  { one: run, other: ['clean', '--cache'], times: 2, cache: 'filled' },
  { one: run, other: [...run, '--anyway'], cache: 'filled' },
  { one: run, other: [...run, '--anyway'], killed: true },
  { one: run, other: ['image', 'build', 'folder', '--tag', 'tare-torture/built:1'], times: 2 },
  { one: run, other: ['list', '--json'], times: 4 },
];

async function twoAtOnce({ stage, draw, number, within }: Case): Promise<Outcome> {
  const { one, other, times = 1, killed = false, cache } = pairs[number % pairs.length]!;
  return within(async (scene) => {
    setTheScene(scene, stage.busybox);
    const first = scene.start([...one, '--anyway']);
    const wrong: string[] = [];
    for (let time = 0; time < times; time += 1) {
      await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, draw.below(1500)))]);
      const second = scene.start(other);
      const timer = killed ? setTimeout(() => second.child.kill('SIGKILL'), draw.below(6000)) : undefined;
      const ended = await second.ended;
      clearTimeout(timer);
      wrong.push(...wrongIn(ended));
      if (!killed && ended.code !== 0)
        wrong.push(`tare ${other.join(' ')}: exit ${ended.code}: ${ended.stderr.slice(-500)}`);
    }
    const ended = await first.ended;
    wrong.push(...wrongIn(ended));
    if (ended.code !== 0)
      wrong.push(`tare ${one.join(' ')}: exit ${ended.code}: ${ended.stderr.slice(-500)}`);
    wrong.push(...(await scene.swept()));
    const what = `tare ${one.join(' ')} beside ${killed ? 'a killed ' : ''}tare ${other.join(' ')} × ${times}`;
    return { what, wrong };
  }, cache);
}

export const together: Kind[] = [
  {
    name: 'two',
    row: 'two at once',
    anHour: 14,
    title: 'a run beside another run, `clean`, `clean --cache`, a build, and beside one that is killed',
    attack: twoAtOnce,
  },
];

/** Tare is killed in the middle of whatever it does; afterwards nothing is left, and nothing that was finished is lost. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { commandsThatAre, invocations, keptRuns, ownCacheFor, setTheScene } from '../commands';
import type { Case, Kind, Outcome } from '../kind';
import { leftoversOf } from '../stage/leftovers';
import { wrongIn } from '../stage/program';
import type { Scene } from '../stage/scene';

/** A run is where most can be left behind, so it comes as often as all others together. */
const commands = (): string[][] => {
  const all = commandsThatAre().flatMap((name) => invocations[name] ?? []);
  const runs = all.filter(([name]) => name === 'run');
  const others = all.filter(([name]) => name !== 'run');
  const times = Math.max(1, Math.round(others.length / runs.length));
  return [...others, ...Array.from({ length: times }, () => runs).flat()];
};

/** What ends sooner is over; what goes on longer is in its main work by then. */
const mostMs = 15_000;
/** A little beyond the end, so that the last steps are hit too. */
const beyond = 1.05;

const nextRun = ['run', 'quick', '--trials', '1', '--soak', '0s', '--targets', 'container', '--json'];

/** The kept runs are as they were, but for the one that is being deleted. */
const lostRecords = ({ dataFolder }: Scene): string[] =>
  Object.values(keptRuns).flatMap((id) =>
    ['runs', 'trash'].some((place) => existsSync(path.join(dataFolder, place, id, 'run.json')))
      ? []
      : [`the kept run ${id} is lost`],
  );

type Killing = 'SIGKILL' | 'SIGINT';

async function killed({ stage, draw, within }: Case, how: Killing): Promise<Outcome> {
  const words = draw.pick(commands());
  return within(async (scene) => {
    setTheScene(scene, stage.busybox);
    const atMs = draw.share() * beyond * (await stage.usualMs(scene, words, mostMs));
    const running = scene.start(words);
    const timer = setTimeout(() => running.child.kill(how), atMs);
    const ended = await running.ended;
    clearTimeout(timer);
    const wrong = [
      ...wrongIn(ended),
      // who is asked to stop takes away himself what he made
      ...(how === 'SIGINT' ? leftoversOf(scene).map((one) => `left over after ${how}: ${one}`) : []),
      ...(await scene.swept(draw.share() < 0.2 ? nextRun : undefined)),
      ...scene.lostTrials(ended),
      ...lostRecords(scene),
    ];
    return { what: `${how} after ${Math.round(atMs)} ms of tare ${words.join(' ')}`, wrong };
  }, ownCacheFor(words));
}

export const kills: Kind[] = [
  {
    name: 'kill',
    row: 'kills',
    anHour: 225,
    title: 'SIGKILL at any moment of every command; then `clean`, or the next run',
    attack: (one) => killed(one, 'SIGKILL'),
  },
  {
    name: 'interrupt',
    row: 'kills',
    anHour: 20,
    title: 'the same with SIGINT, after which nothing may be left even before `clean`',
    attack: (one) => killed(one, 'SIGINT'),
  },
];

/** Whether a container starts as fast where it is measured by ssh: this computer, directly and as a host of its own, run by run in turns. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Fleet } from '../../main/contract/fleet/fleet';
import type { Run } from '../../main/contract/run/run';
import { pairedRatio } from '../../main/engine/results/statistics/contrast';
import { median } from '../../main/engine/results/statistics/summary';
import { sharedCache } from '../support/cache';
import { noSshd, openSshHost } from '../support/fleet/sshHost';
import { figure } from './figures';

const built = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');
const pairs = 40;
const plan = 'run --workload web --targets container --trials 20 --soak 0s --anyway --quiet --json'.split(
  ' ',
);

/** The median of its ready times. */
function readyMs(run: Run | undefined): number {
  const times = (run?.trials ?? []).map((trial) => trial.readyMs).filter((time) => time !== undefined);
  if (times.length === 0)
    throw new Error(JSON.stringify(run?.failure ?? run?.trials.map(({ failure }) => failure)));
  return median(times);
}

export async function compareSsh(): Promise<void> {
  const missing = noSshd();
  if (missing) return console.log(missing);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ssh-'));
  symlinkSync(sharedCache(), path.join(folder, 'tare'));
  const own = { XDG_CACHE_HOME: folder, XDG_DATA_HOME: path.join(folder, 'data') };
  const host = await openSshHost(path.join(folder, 'host'), [process.execPath, built], {
    XDG_CACHE_HOME: folder,
  });
  const env = { ...process.env, ...own, ...host.environment };
  const measure = (...words: string[]): unknown =>
    JSON.parse(
      execFileSync(process.execPath, [built, ...plan, ...words], { env, maxBuffer: 1e9 }).toString(),
    );
  const directly = () => readyMs(measure() as Run);
  const bySsh = () => readyMs((measure('--host', `here=${host.address}`) as Fleet).hosts[0]!.run);
  try {
    directly(); // what is made once is there now
    bySsh();
    const rounds: [number, number][] = [];
    for (let at = 0; at < pairs; at += 1) {
      const round: [number, number] =
        at % 2 === 0 ? [directly(), bySsh()] : ([bySsh(), directly()].reverse() as [number, number]);
      console.log(`${at + 1} of ${pairs}: ${round.map((time) => `${time.toFixed(1)} ms`).join(' · ')}`);
      rounds.push(round);
    }
    figure(
      'container, directly',
      rounds.map(([one]) => one),
    );
    figure(
      'container, by ssh',
      rounds.map(([, other]) => other),
    );
    const { value, interval } = pairedRatio(rounds);
    const [low, high] = [interval!.low, interval!.high].map((edge) => edge.toFixed(4));
    console.log(
      `${'by ssh / directly'.padEnd(52)} ${value.toFixed(4)}  (95 %: ${low} to ${high}, n=${pairs})`,
    );
  } finally {
    await host[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a check has: a terminal on a host, and how it says what it found. */
import type { Run, Trial } from '../../main/contract/run/run';
import type { user } from './base';
import type { Host } from './hosts';
import type { Ended } from './programs';
import type { Way } from './reach';

/** One thing that was looked at. */
export interface Finding {
  what: string;
  isGood: boolean;
  /** what was found instead */
  instead?: string;
}

export interface Typed extends Ended {
  /** standard output as JSON; undefined where it is none */
  json: unknown;
}

/** A host whose user is logged in, in the repository. */
export interface Terminal {
  host: Host;
  /** types shell commands; `tare` is the built command line. Only what needs root is typed by root */
  type: (commands: string, as?: 'root' | typeof user) => Promise<Typed>;
  /** types commands for the user of this computer, whose Tare then talks to the host's engine. @returns undefined where there is no such way */
  typeHere: (way: Way, commands: string) => Promise<Typed | undefined>;
}

export const found = (what: string, isGood: boolean, instead = ''): Finding => ({
  what,
  isGood,
  ...(!isGood && instead !== '' && { instead: instead.trim().slice(-600) }),
});

export const endOf = ({ exit, stderr }: Ended): string =>
  `${exit === undefined ? 'too late' : `exit ${exit}`}: ${stderr}`;

const gap = (trial: Trial): string => JSON.stringify(trial.failure ?? trial.memory.missing);

/** Every trial went well, and each has its times and its own memory. */
export function trialsOf(typed: Typed): Finding[] {
  const run = typed.json as Run | undefined;
  const trials = run?.trials ?? [];
  const ready = trials.map((trial) =>
    found(`${trial.id} is ready`, trial.outcome === 'ok' && trial.readyMs! > 0, gap(trial)),
  );
  const weighed = trials.map((trial) =>
    found(`${trial.id} has its own memory`, trial.memory.hostBytes! > 0, gap(trial)),
  );
  return [found('it ends well', typed.exit === 0 && trials.length > 0, endOf(typed)), ...ready, ...weighed];
}

/** Long enough for an emulated computer, also with an emulated machine on it. */
export const patience = '--timeout 30m';

/** With a limit that all three have on a host at once. */
export const threeApps = `tare run three-apps --targets container --memory 1G --trials 1 ${patience} --json`;

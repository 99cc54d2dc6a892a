/** What scenes on several hosts are played with: a Tare that is started, what came home, and what is left on a host. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedCache } from '../support/cache';
import { run, type StagedHost } from './stage';

/** Begins the name of every session of these scenes, on whichever host: what is called after it is theirs. */
export const sessionPrefix = `fleet${process.pid}`;

/** The cache of all tests, which has what machines are booted with, as `XDG_CACHE_HOME` names it. @param folder  for it alone */
export function cacheIn(folder: string): string {
  mkdirSync(folder);
  symlinkSync(sharedCache(), path.join(folder, 'tare'));
  return folder;
}

/** A plan that needs no image of anybody's. */
export const webPlan = (trials: number): object => ({
  name: 'web',
  workloads: [
    { name: 'web', image: { kind: 'builtin', name: 'web' }, port: 8080, limits: { memoryBytes: 2 ** 26 } },
  ],
  targets: ['container'],
  trials,
});

/** A host of a record, as far as it is looked at. */
interface Row {
  name: string;
  outcome: string;
  failure?: { code: string; reason?: string };
  run?: { trials: { outcome: string }[] };
}

export interface Ended {
  exit: number | string;
  rows: Row[];
  stderr: string;
}

/** @param child  a `tare run … --json` */
export async function ended(child: ChildProcess): Promise<Ended> {
  const [out, err] = [buffer(child.stdout!), buffer(child.stderr!)];
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  const text = (await out).toString();
  const { hosts = [] } = text === '' ? {} : (JSON.parse(text) as { hosts?: Row[] });
  return { exit: code ?? signal!, rows: hosts, stderr: (await err).toString() };
}

const okOf = ({ run: its }: Row): number => its?.trials.filter(({ outcome }) => outcome === 'ok').length ?? 0;
const endOf = ({ outcome, failure }: Row): string => failure?.reason ?? failure?.code ?? outcome;

const summary = ({ rows, exit, stderr }: Ended): string =>
  rows.length === 0
    ? `exit ${exit} ${stderr.slice(-1500)}`
    : `${rows.map((row) => `${row.name}: ${endOf(row)}, ${okOf(row)} trials ok`).join('; ')}; exit ${exit}`;

const sorted = (all: Record<string, string>): string => JSON.stringify(Object.entries(all).sort());

/**
 * Holds what came home against what should have.
 * @param expected  by each host's name its outcome, or why it has none
 * @param trials    as many were ok on each host that is
 */
export function came(
  end: Ended,
  exit: number,
  expected: Record<string, string>,
  trials?: number,
): [told: string, isRight: boolean] {
  const found = Object.fromEntries(end.rows.map((row) => [row.name, endOf(row)]));
  const isWhole = end.rows.every(
    (row) => row.outcome !== 'ok' || trials === undefined || okOf(row) === trials,
  );
  return [summary(end), isWhole && end.exit === exit && sorted(found) === sorted(expected)];
}

/** Resolves as soon as there is such a thing on a host; a run that has ended meanwhile is the finding. */
export async function until(isThere: () => boolean, run: Promise<Ended>): Promise<void> {
  let end: Ended | undefined;
  void run.then((its) => (end = its));
  while (!isThere()) {
    if (end) throw new Error(`it ended before: ${summary(end)}`);
    await sleep(100);
  }
}

const lines = (text: string): string[] => text.split('\n').filter(Boolean);

/** How many containers run on a host. */
export const runningOn = ({ docker }: StagedHost): number => lines(docker('ps', '--quiet')).length;

/** Lists of sessions, and what is called after one; what is not there is nothing. */
const findOwn =
  [
    "find /root/.local /run -name '*.ndjson' -path '*ledger*'",
    `find /root /run /tmp /var/tmp -maxdepth 3 -name '*${sessionPrefix}*' -prune`,
  ].join('; ') + ' 2>/dev/null || :';

/** What is on a host of what no run may leave: containers, networks, volumes, files, processes; and control groups. */
export const leftOn = ({ name, inside, docker }: StagedHost): string[] =>
  [
    ...lines(docker('ps', '--all', '--format', 'container {{.Names}}')),
    ...lines(docker('network', 'ls', '--filter', 'label=tare.session', '--format', 'network {{.Name}}')),
    ...lines(docker('volume', 'ls', '--format', 'volume {{.Name}}')),
    ...lines(inside('sh', '-c', findOwn)),
    ...lines(inside('ps', '-eo', 'args'))
      .filter(
        (line) => /tare-|\/opt\/tare|run - --events|qemu-system/.test(line) && !/^(ps|find) /.test(line),
      )
      .map((line) => `process ${line.slice(0, 120)}`),
    ...lines(run('find', '/sys/fs/cgroup', '-type', 'd', '-name', `*${sessionPrefix}*`)),
  ].map((what) => `${name}: ${what}`);

/** Plays scenes one after the other, and prints of each what it came to, how long it took, and what it left. */
export class Scenes {
  /** how many were not as they should be */
  wrong = 0;

  /**
   * @param asked  those that are played; none: all of them
   * @param left   what is there that no scene may leave
   */
  constructor(
    private readonly asked: readonly string[],
    private readonly left: () => string[],
  ) {}

  async play(name: string, scene: () => Promise<[told: string, isRight: boolean]>): Promise<void> {
    if (this.asked.length > 0 && !this.asked.includes(name)) return;
    const begunMs = performance.now();
    const [told, isRight] = await scene().catch((error: unknown): [string, boolean] => [
      String(error),
      false,
    ]);
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(0);
    const left = this.left();
    const isWell = isRight && left.length === 0;
    if (!isWell) this.wrong += 1;
    console.log(
      `${isWell ? 'ok   ' : 'WRONG'} ${name} (${seconds} s): ${told}; left: ${left.join(', ') || 'nothing'}`,
    );
  }
}

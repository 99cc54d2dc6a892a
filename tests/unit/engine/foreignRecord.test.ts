/** Records that somebody has changed: they are refused by name, or shown, exported and compared; nothing of it is a mistake of Tare's. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fleet } from '../../../main/contract/fleet/fleet';
import type { Run } from '../../../main/contract/run/run';
import { isOfHosts, type RunRecord } from '../../../main/contract/record';
import { Plan } from '../../../main/contract/plan';
import { paint } from '../../../main/doors/cli/commands/run';
import { paintHosts } from '../../../main/doors/cli/hosts/result';
import { Screen } from '../../../main/doors/cli/terminal/screen';
import { BeyondPlans, parsePlanText } from '../../../main/doors/cli/planText';
import { TareError } from '../../../main/engine/base/errors';
import { renderRecord } from '../../../main/engine/results/export/exporter';
import { drawings } from '../../../main/engine/results/export/svg';
import { overviewOf } from '../../../main/engine/results/history/history';
import { lineOf } from '../../../main/engine/results/history/lines';
import { readRecord } from '../../../main/engine/results/history/upgrade';
import { parseLine } from '../../../main/engine/base/process/sessions/lines';
import { compareRuns } from '../../../main/engine/results/report/comparison/comparison';
import { compareFleets } from '../../../main/engine/results/report/hosts/change';
import { reportedFleet } from '../../../main/engine/results/report/hosts/reported';
import { reported } from '../../../main/engine/results/report/reported';
import { fakeReportedRun } from '../../support/fakes/fakeRun';
import { fleetOf, lostHost, okHost } from '../../support/fakes/hostRuns';

const texts = [
  '',
  'x',
  '\0\u001b[2J\n# | <b>',
  '__proto__',
  'constructor',
  '../../x',
  '\ud800',
  'x'.repeat(5000),
];
const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, {}, [], [null], { key: 'x', facts: {} }, ...texts),
  fc.constantFrom<unknown>(0, -1, 1.5, 5e-324, 1e-9, -1e308, 1e308, 2 ** 53, -(2 ** 53), 9.2e18),
  fc.jsonValue({ maxDepth: 2 }),
);
const change = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom('replace', 'remove', 'repeat'),
  value: strange,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Every place in a value, as the object and the name in it. */
function places(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Record<string, unknown>;
  return Object.keys(object).flatMap((name) => [
    [object, name] as [typeof object, string],
    ...places(object[name]),
  ]);
}

function changed(text: string, changes: readonly Change[]): string {
  const value: unknown = JSON.parse(text);
  for (const { place, kind, value: constant } of changes) {
    const given = structuredClone(constant);
    const all = places(value);
    const [object, name] = all[place % all.length]!;
    if (kind === 'replace') object[name] = given;
    else if (kind === 'repeat' && Array.isArray(object[name]))
      object[name].push(...(object[name] as unknown[]));
    else if (Array.isArray(object)) object.splice(Number(name), 1);
    else delete object[name];
  }
  return JSON.stringify(value);
}

const original = JSON.stringify(fakeReportedRun());
const other = fakeReportedRun({ seed: 2 });
const hosts = reportedFleet(
  fleetOf([...[1, 2, 3].map((seed) => okHost(`h${seed}`, fakeReportedRun({ seed }))), lostHost('h4')]),
);
/** As the version before wrote it, for the upgrader. */
const older = JSON.stringify({ ...(JSON.parse(original) as object), schemaVersion: 1 });
const tools = { printPdf: (page: string) => Promise.resolve(Buffer.from(page)) };
const how = { locale: 'en', published: true } as const;

/** All that a person can do with a record. */
async function used(run: Run): Promise<void> {
  const shown = await reported(run, () => Promise.resolve([]));
  paint(new Screen({ write: () => undefined }, 'en', {}), shown, { full: true });
  for (const format of ['json', 'csv', 'md', 'html'] as const) await renderRecord(shown, format, how, tools);
  drawings.files(shown, 'zh-CN');
  await lineOf(run);
  compareRuns([other], [run]);
  compareRuns([run], [other]);
}

/** The same of one of several hosts. */
async function usedFleet(fleet: Fleet): Promise<void> {
  const shown = reportedFleet(fleet);
  paintHosts(new Screen({ write: () => undefined }, 'en', {}), overviewOf(shown), { full: true });
  for (const format of ['json', 'csv', 'md', 'html'] as const) await renderRecord(shown, format, how, tools);
  await lineOf(fleet);
  compareFleets(hosts, fleet);
  compareFleets(fleet, hosts);
}

const refusedOr = async (text: string): Promise<void> => {
  let found: RunRecord;
  try {
    found = readRecord(text, 'run.json');
  } catch (error) {
    expect(error).toBeInstanceOf(TareError);
    expect(JSON.stringify((error as TareError).failure).length).toBeLessThan(20_000);
    return;
  }
  await (isOfHosts(found) ? usedFleet(found) : used(found)).catch((error: unknown) => {
    if (!(error instanceof TareError)) throw error;
  });
};

test('a record', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), (changes, isOlder) =>
      refusedOr(changed(isOlder ? older : original, changes)),
    ),
    { seed: 13, numRuns: 150 },
  );
});

test('a record of several hosts', async () => {
  const text = JSON.stringify(hosts);
  await fc.assert(
    fc.asyncProperty(change, (one) => refusedOr(changed(text, [one]))),
    { seed: 13, numRuns: 100 },
  );
});

test('a plan, and a list of leftovers', () => {
  const plan = JSON.stringify(fakeReportedRun().plan);
  const line = JSON.stringify([
    { owner: 1, startTicks: 1, bootId: 'x' },
    { id: 1, kind: 'folder', name: '/tmp/x' },
    { id: 2, work: { kind: 'run', startedAt: '2026-01-01T00:00:00.000Z' } },
  ]);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      try {
        Plan.safeParse(parsePlanText(changed(plan, changes)));
      } catch (error) {
        expect(error).toBeInstanceOf(BeyondPlans);
      }
      for (const one of JSON.parse(changed(line, changes)) as unknown[]) parseLine(JSON.stringify(one) ?? '');
    }),
    { seed: 13, numRuns: 500 },
  );
});

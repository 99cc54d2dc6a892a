/** What a container or VM takes beside the application in it, in its parts. */
import { tell } from '../../../../contract/messages';
import type { Message, Verdict } from '../../../../contract/report/report';
import { showBytes } from '../../../../contract/quantities';
import { hasLimits, kindOf, type TargetId } from '../../../../contract/targets';
import type { Estimates } from '../estimates/estimates';
import { judgedOn } from '../estimates/judging';
import { estimateCell } from '../estimates/measured';
import { tareParts, tares, type Tare } from '../estimates/tare';
import type { Section } from '../section';
import { column, n, rowHead, table, target, workload } from '../table';
import { limitText } from '../answer/sentence';

const bytes = (value: number) => ({ bytes: value });

export const tare = {
  tables(of) {
    const all = tares(of);
    if (all.length === 0) return [];
    const columns = [
      workload,
      target,
      n,
      column('reservedBytes', 'bytes'),
      column('needBytes', 'bytes'),
      column('tareBytes', 'bytes'),
      ...tareParts.map((part) => column(`tare.${part}`, 'bytes')),
    ];
    const rows = all.map((one) => [
      ...rowHead(one.group),
      { value: one.difference.n },
      { value: one.group.trials[0]!.memory.reservedBytes ?? null },
      { value: one.needBytes },
      ...(one.insideBytes === undefined
        ? [
            estimateCell({ ...one.difference, interval: judgedOn(of, one.difference).interval }),
            ...tareParts.map((part) => ({ value: one.parts[part] })),
          ]
        : [{ value: null }, ...tareParts.map(() => ({ value: null }))]),
    ]);
    return [table('tare', columns, rows, tell('table.tare.note'))];
  },

  /** One sentence for each way of running the applications: of one its parts, of several from the least to the most. */
  verdicts: (of) => [
    ...of.run.plan.targets.flatMap((id) => {
      const told = tares(of).filter(
        ({ group, insideBytes }) => group.target === id && insideBytes === undefined,
      );
      return told.length === 0 ? [] : [verdictOn(of, id, told)];
    }),
    ...tares(of).flatMap(({ group, needBytes, insideBytes }): Verdict[] =>
      insideBytes === undefined
        ? []
        : [
            {
              id: `tare ${group.workload} ${group.target}`,
              about: { subject: 'memory', workload: group.workload, targets: [group.target] },
              standing: 'note',
              text: tell('verdict.tare.refused', {
                workload: group.workload,
                target: { target: group.target },
                need: bytes(needBytes),
                inside: bytes(insideBytes),
              }),
            },
          ],
    ),
  ],
} satisfies Section;

function verdictOn(of: Estimates, id: TargetId, told: readonly Tare[]): Verdict {
  const [one] = told;
  const isOne = told.length === 1;
  return {
    id: `tare ${id}`,
    about: { subject: 'memory', ...(isOne && { workload: one!.group.workload }), targets: [id] },
    standing: told.every(({ difference }) => difference.interval) ? 'holds' : 'note',
    text: isOne ? textOf(of, id, one!) : rangeOver(of, id, told),
  };
}

function textOf(of: Estimates, id: TargetId, { group, needBytes, difference, parts }: Tare): Message {
  const { interval } = judgedOn(of, difference);
  const form = kindOf(id) === 'container' ? 'container' : parts.emulator > 0 ? 'emulated' : 'vm';
  return tell(`verdict.tare.${form}${interval ? '' : '-once'}`, {
    workload: group.workload,
    target: { target: id },
    need: showBytes('en', needBytes), // in a unit of its own: it may be a thousandth of the others
    tare: bytes(difference.value),
    ...(interval && { low: bytes(interval.low), high: bytes(interval.high) }),
    machine: bytes(parts.machine),
    files: bytes(parts.files),
    emulator: bytes(parts.emulator),
    limit: limitText(of, [group.workload]),
    n: difference.n,
  });
}

function rangeOver(of: Estimates, id: TargetId, told: readonly Tare[]): Message {
  const all = told.map(({ difference }) => difference.value);
  const grows = kindOf(id) === 'vm' && hasLimits(id);
  return tell(grows ? 'verdict.tare.range' : 'verdict.tare.range-unlimited', {
    target: { target: id },
    count: told.length,
    low: bytes(Math.min(...all)),
    high: bytes(Math.max(...all)),
    limit: limitText(
      of,
      told.map(({ group }) => group.workload),
    ),
  });
}

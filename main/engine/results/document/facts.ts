import type { Locale } from '../../../contract/appearance';
import type { FleetHost } from '../../../contract/fleet/fleet';
import { resultsOf, resultWords } from '../../../contract/fleet/results';
import { listOf, message, nameOf, planTitleIn, type NameIn } from '../../../contract/messages';
import { showBytes, showNumber, showPercent } from '../../../contract/quantities';
import {
  changeWords,
  engineMachineWords,
  engineWords,
  limitFacts,
  stateFacts,
} from '../../../contract/run/hostWords';
import type { Run } from '../../../contract/run/run';
import { isOfHosts } from '../../../contract/record';
import type { ReportedRecord } from '../report/reported';

/** What every written report tells besides its findings, in words but without any markup. */

/** One fact about a run: what it is, and its value. */
type Fact = [title: string, value: string];

export function environmentFacts(run: Run, locale: Locale): Fact[] {
  const { host, engine, qemu, images, otherLoad, tareVersion } = run.environment;
  const bytes = (value: number | undefined) => value && showBytes(locale, value);
  const facts: [NameIn<'export.fact'>, string | number | undefined][] = [
    ['cpu', host.cpu],
    ['cores', host.cores],
    ['memory', bytes(host.memoryBytes)],
    ['available', bytes(host.availableBytes)],
    ['os', host.os],
    ['kernel', host.kernel],
    ['virtualisation', host.virtualisation && nameOf(locale, 'hypervisor', host.virtualisation)],
    ['load', host.loadAverage !== undefined ? showNumber(locale, host.loadAverage) : undefined],
    ['other-load', otherLoad === undefined ? undefined : showPercent(locale, otherLoad * 100)],
    ['cgroup', host.cgroupVersion],
    ['engine', engine && engineWords(locale, engine)],
    ['qemu', qemu && `${qemu.version}, ${message(locale, `accelerator.${qemu.accelerator}`)}`],
    ['guest-kernel', qemu?.kernel],
    ...images.map(({ workload, reference, digest, layers }): [NameIn<'export.fact'>, string] => [
      'image',
      listOf(locale, [
        `${workload}: ${reference} (${digest})`,
        ...(layers === undefined ? [] : [message(locale, 'export.layers', { layers })]),
      ]),
    ]),
    ['sampler', run.samplerLoad === undefined ? undefined : showPercent(locale, run.samplerLoad * 100)],
    ['seed', run.plan.seed],
    ['tare', tareVersion],
  ];
  return [
    ...facts
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]): Fact => [message(locale, `export.fact.${name}`), String(value)]),
    ...engineMachineWords(locale, run.environment),
    ...stateFacts(locale, host),
    ...limitFacts(locale, run.environment),
    ...changeWords(locale, run.environment).map((change): Fact => [
      message(locale, 'export.fact.changed'),
      change,
    ]),
  ];
}

/** A host in one line: how it was reached, and what record there. */
export const hostFacts = ({ way, address, version, runId, run }: FleetHost): string =>
  [
    address ?? way,
    version === undefined ? '' : `Tare ${version}`,
    run?.environment.host.cpu,
    run?.environment.host.os,
    run?.environment.engine && `${run.environment.engine.name} ${run.environment.engine.version}`,
    run?.environment.qemu &&
      `QEMU ${run.environment.qemu.version} (${run.environment.qemu.accelerator.toUpperCase()})`,
    runId,
  ]
    .filter(Boolean)
    .join(' · ');

export const titleOf = ({ plan, label }: ReportedRecord, locale: Locale): string =>
  label?.name ?? planTitleIn(locale, plan.name);

/**
 * `web on container, VM (direct boot). Started 2026-11-23T23:58:58.000Z, run …`; of several hosts also how many of them gave results.
 */
export function subtitleOf(record: ReportedRecord, locale: Locale): string {
  const { plan, startedAt, id } = record;
  const facts = {
    workloads: listOf(
      locale,
      plan.workloads.map(({ name }) => name),
    ),
    targets: listOf(
      locale,
      plan.targets.map((target) => nameOf(locale, 'target', target)),
    ),
    when: startedAt,
    id,
  };
  return isOfHosts(record)
    ? message(locale, 'hosts.subtitle', { ...facts, results: resultWords(locale, resultsOf(record.hosts)) })
    : message(locale, 'export.subtitle', facts);
}

import type { Locale } from '../../../contract/appearance';
import { listOf, message, nameOf, type NameIn } from '../../../contract/messages';
import { showBytes, showNumber, showPercent } from '../../../contract/quantities';
import {
  changeWords,
  engineMachineWords,
  engineWords,
  limitFacts,
  stateFacts,
} from '../../../contract/run/hostWords';
import type { Run } from '../../../contract/run/run';

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

/** `web on container, VM (direct boot). Started 2026-11-23T23:58:58.000Z, run …` */
export const subtitleOf = (run: Run, locale: Locale): string =>
  message(locale, 'export.subtitle', {
    workloads: listOf(
      locale,
      run.plan.workloads.map(({ name }) => name),
    ),
    targets: listOf(
      locale,
      run.plan.targets.map((target) => nameOf(locale, 'target', target)),
    ),
    when: run.startedAt,
    id: run.id,
  });

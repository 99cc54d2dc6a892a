/** What every written report of several hosts tells besides its findings, in words but without any markup. */
import type { Locale } from '../../../../contract/appearance';
import { listOf, message, nameOf, planTitleIn } from '../../../../contract/messages';
import type { Fleet, FleetHost } from '../../../../contract/fleet/fleet';
import { resultsOf, resultWords } from '../../../../contract/fleet/results';

export const titleOf = ({ plan, label }: Fleet, locale: Locale): string =>
  label?.name ?? planTitleIn(locale, plan.name);

/** `web on container, VM (direct boot): results from 5 of 6 hosts. Started 2026-11-23T23:58:58.000Z, run …` */
export const subtitleOf = ({ plan, hosts, startedAt, id }: Fleet, locale: Locale): string =>
  message(locale, 'hosts.subtitle', {
    workloads: listOf(
      locale,
      plan.workloads.map(({ name }) => name),
    ),
    targets: listOf(
      locale,
      plan.targets.map((target) => nameOf(locale, 'target', target)),
    ),
    results: resultWords(locale, resultsOf(hosts)),
    when: startedAt,
    id,
  });

/** A host in one line: how it was reached, and what measured there. */
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

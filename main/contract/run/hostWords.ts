/** The host's state in words, the same on a page and in every written report. */
import type { Locale } from '../appearance';
import { listOf, message } from '../messages';
import { showBytes, showMs, showNumber } from '../quantities';
import { HostState, type Environment, type HostChange } from './run';

type StateName = HostChange['what'];

const stateName = (locale: Locale, what: StateName): string =>
  message(locale, what === 'onBattery' ? 'export.fact.power' : `condition.host.${what}`);

/** A value as a reader knows it; a dash where it could not be told. */
function stateValue(locale: Locale, what: StateName, value: HostChange['to']): string {
  if (value === null) return '–';
  if (what === 'onBattery') return message(locale, `export.value.${value ? 'battery' : 'mains'}`);
  if (typeof value === 'boolean') return message(locale, `export.value.${value ? 'on' : 'off'}`);
  if (typeof value === 'string') return value;
  return what.endsWith('Bytes') ? showBytes(locale, value) : showNumber(locale, value);
}

/** What is known of the host's state at the start: its name, and its value. */
export const stateFacts = (locale: Locale, host: Environment['host']): [name: string, value: string][] =>
  HostState.keyof().options.flatMap((what): [string, string][] => {
    const value = host[what];
    return value === undefined ? [] : [[stateName(locale, what), stateValue(locale, what, value)]];
  });

/** `Docker 29.1.3, API 1.52, runc, containerd, overlayfs`: whose images, containers and calls these were */
export const engineWords = (locale: Locale, engine: NonNullable<Environment['engine']>): string =>
  listOf(locale, [
    `${engine.name} ${engine.version}`,
    ...(engine.apiVersion === undefined ? [] : [`API ${engine.apiVersion}`]),
    ...[engine.runtime, engine.store, engine.storageDriver].filter((known) => known !== undefined),
  ]);

/**
 * The three scales where containers ran elsewhere, beside the containers themselves: the machine that they ran on, the process of this
 * computer that is that machine, and what reading there took. Empty where they ran here.
 */
export function engineMachineWords(locale: Locale, { engine }: Environment): [name: string, value: string][] {
  if (engine?.where !== 'elsewhere') return [];
  const { machine, machineProcess, reader } = engine;
  const bytes = (value: number | undefined) => (value === undefined ? '–' : showBytes(locale, value));
  return [
    [
      message(locale, 'export.fact.engine-machine'),
      machine
        ? message(locale, 'export.engine-machine', {
            kernel: machine.kernel ?? '–',
            cpu: machine.cpu ?? '–',
            cores: machine.cores ?? '–',
            memory: bytes(machine.memoryBytes),
            available: bytes(machine.availableBytes),
          })
        : message(locale, 'export.engine-machine-unread'),
    ],
    ...(machineProcess
      ? ([
          [
            message(locale, 'export.fact.machine-process'),
            message(locale, 'export.machine-process', {
              name: machineProcess.name,
              pid: String(machineProcess.pid),
              bytes: bytes(machineProcess.hostBytes),
            }),
          ],
        ] as [string, string][])
      : []),
    ...(reader
      ? ([
          [
            message(locale, 'export.fact.reader'),
            message(locale, 'export.reader', {
              bytes: bytes(reader.hostBytes),
              cpu: reader.cpuMs === undefined ? '–' : showMs(locale, reader.cpuMs),
            }),
          ],
        ] as [string, string][])
      : []),
  ];
}

/** How many files an application may have open, where that is known: its name, and its value. */
export const limitFacts = (locale: Locale, environment: Environment): [name: string, value: string][] =>
  (['container', 'process'] as const).flatMap((kind) =>
    (['openFiles', 'openFilesHard'] as const).flatMap((which): [string, string][] => {
      const most = environment[which]?.[kind];
      return most === undefined
        ? []
        : [[message(locale, `condition.${which}.${kind}`), showNumber(locale, most)]];
    }),
  );

/** `transparent huge pages: madvise → always, 12.3 s into the run`, each change once. */
export const changeWords = (locale: Locale, { changes = [] }: Environment): string[] =>
  changes.map(({ what, from, to, atMs }) =>
    message(locale, 'export.change', {
      condition: stateName(locale, what),
      from: stateValue(locale, what, from),
      to: stateValue(locale, what, to),
      after: showMs(locale, atMs),
    }),
  );

import { partNames, type Trial } from '../../contract/run';
import type { Exporter } from './exporter';

type Value = string | number | undefined;

/** Column by column; names and units as in run.json. */
const columns: [string, (trial: Trial) => Value][] = [
  ['trial', ({ id }) => id],
  ['workload', ({ workload }) => workload],
  ['target', ({ target }) => target],
  ['round', ({ index }) => index],
  ['outcome', ({ outcome }) => outcome],
  ['failure', ({ failure }) => failure?.code],
  ['accelerator', ({ accelerator }) => accelerator],
  ['startMs', ({ startMs }) => startMs],
  ['readyMs', ({ readyMs }) => readyMs],
  ['resolutionMs', ({ resolutionMs }) => resolutionMs],
  ['reservedBytes', ({ memory }) => memory.reservedBytes],
  ['hostBytes', ({ memory }) => memory.hostBytes],
  ['pssBytes', ({ memory }) => memory.pssBytes],
  ['workingSetBytes', ({ memory }) => memory.workingSetBytes],
  ['guestUsedBytes', ({ memory }) => memory.guestUsedBytes],
  ['guestCacheBytes', ({ memory }) => memory.guestCacheBytes],
  ...partNames.map((part): [string, (trial: Trial) => Value] => [
    `part.${part}Bytes`,
    ({ memory }) => memory.parts.find((one) => one.part === part)?.bytes,
  ]),
  ['imageBytes', ({ disk }) => disk.imageBytes],
  ['vmDiskBytes', ({ disk }) => disk.vmDiskBytes],
  ['writtenBytes', ({ disk }) => disk.writtenBytes],
  ['cpuMs', ({ cpuMs }) => cpuMs],
  ['stop', ({ stop }) => stop?.how],
  ['stopMs', ({ stop }) => stop?.tookMs],
  ['answerSha256', ({ answerSha256 }) => answerSha256],
];

/** Spreadsheets run a text that begins like a formula: an apostrophe in front makes it text again. Numbers stay numbers. */
const guarded = (value: Value): string =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');

/** One field of RFC 4180: quoted only where it must be. */
const field = (value: Value): string => {
  const words = guarded(value);
  return /[",\r\n]/.test(words) ? `"${words.replace(/"/g, '""')}"` : words;
};

const row = (values: Value[]): string => `${values.map(field).join(',')}\r\n`;

/** One row per trial, those that do not count included; a figure that could not be read is an empty field. RFC 4180. */
export const csv: Exporter = {
  files: (run) => {
    const phases = [...new Set(run.trials.flatMap((trial) => trial.phases.map(({ name }) => name)))];
    const all: typeof columns = [
      ...columns,
      ...phases.map((phase): (typeof columns)[number] => [
        `phase.${phase}Ms`,
        (trial) => trial.phases.find(({ name }) => name === phase)?.atMs,
      ]),
    ];
    const head = row(all.map(([name]) => name));
    return [{ content: head + run.trials.map((trial) => row(all.map(([, read]) => read(trial)))).join('') }];
  },
};

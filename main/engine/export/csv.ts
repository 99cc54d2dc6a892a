import { partNames, type Trial } from '../../contract/run/run';
import { csvRow, type CsvValue } from './csvRows';
import type { TextExporter } from './format';

/** Column by column; names and units as in run.json. */
const columns: [string, (trial: Trial) => CsvValue][] = [
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
  ['balloonUsedBytes', ({ memory }) => memory.balloonUsedBytes],
  ['guestCacheBytes', ({ memory }) => memory.guestCacheBytes],
  ...partNames.map((part): [string, (trial: Trial) => CsvValue] => [
    `part.${part}Bytes`,
    ({ memory }) => memory.parts.find((one) => one.part === part)?.bytes,
  ]),
  ['imageBytes', ({ disk }) => disk.imageBytes],
  ['vmDiskBytes', ({ disk }) => disk.vmDiskBytes],
  ['vmDiskLogicalBytes', ({ disk }) => disk.vmDiskLogicalBytes],
  ['kernelBytes', ({ disk }) => disk.kernelBytes],
  ['snapshotBytes', ({ disk }) => disk.snapshotBytes],
  ['writtenBytes', ({ disk }) => disk.writtenBytes],
  ['cpuMs', ({ cpuMs }) => cpuMs],
  ['stop', ({ stop }) => stop?.how],
  ['stopMs', ({ stop }) => stop?.tookMs],
  ['answerSha256', ({ answerSha256 }) => answerSha256],
];

/** One row per trial, those that do not count included; a figure that could not be read is an empty field. RFC 4180. */
export const csv: TextExporter = {
  files: (run) => {
    const phases = [...new Set(run.trials.flatMap((trial) => trial.phases.map(({ name }) => name)))];
    const all: typeof columns = [
      ...columns,
      ...phases.map((phase): (typeof columns)[number] => [
        `phase.${phase}Ms`,
        (trial) => trial.phases.find(({ name }) => name === phase)?.atMs,
      ]),
    ];
    const head = csvRow(all.map(([name]) => name));
    return [
      { content: head + run.trials.map((trial) => csvRow(all.map(([, read]) => read(trial)))).join('') },
    ];
  },
};

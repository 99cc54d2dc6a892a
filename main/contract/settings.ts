import { z } from 'zod';
import { Accelerator } from './run/run';

/** A path that means the same wherever Tare is started from. */
const AbsolutePath = z
  .string()
  .max(4096)
  .regex(/^(\/|[A-Za-z]:[\\/])[^\0]*$/, 'not an absolute path');

const gibibyte = 1024 ** 3;

/** What a person may set, as kept in settings.json. What is absent has its default. */
export const Settings = z.strictObject({
  /** asked instead of the contexts and well-known sockets */
  dockerEndpoint: z
    .string()
    .regex(
      /^(unix|npipe|tcp|https?|ssh):\/\/[^\s/]*.+$/,
      'not an endpoint such as unix:///var/run/docker.sock',
    )
    .optional(),
  /** the emulator's program */
  qemuPath: AbsolutePath.optional(),
  /** what virtual machines must run on; default: what a test boot finds */
  accelerator: Accelerator.optional(),
  /** whether a container of Tare's own may read the machine of an engine whose processes are not on this one */
  engineReader: z.enum(['start', 'never']).optional(),
  /** runs and the ledger */
  dataFolder: AbsolutePath.optional(),
  /** guest kit, disks and saved machines: all of it can be made again */
  cacheFolder: AbsolutePath.optional(),
  /** what was of use longest ago is removed from the cache when it grows beyond this */
  cacheBytes: z
    .number()
    .int()
    .min(gibibyte)
    .max(10_000 * gibibyte)
    .optional(),
  /** of plans that do not say it themselves */
  samplePeriodMs: z.number().int().min(50).max(10_000).optional(),
  /** of plans that do not say it themselves */
  memoryFloorBytes: z
    .number()
    .int()
    .min(0)
    .max(1024 * gibibyte)
    .optional(),
});
export type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;
export const settingNames = Settings.keyof().options;

/** Null takes a setting away, so that its default holds again; what is absent stays. */
export const SettingsChange = z.strictObject({
  dockerEndpoint: Settings.shape.dockerEndpoint.nullable(),
  qemuPath: Settings.shape.qemuPath.nullable(),
  accelerator: Settings.shape.accelerator.nullable(),
  engineReader: Settings.shape.engineReader.nullable(),
  dataFolder: Settings.shape.dataFolder.nullable(),
  cacheFolder: Settings.shape.cacheFolder.nullable(),
  cacheBytes: Settings.shape.cacheBytes.nullable(),
  samplePeriodMs: Settings.shape.samplePeriodMs.nullable(),
  memoryFloorBytes: Settings.shape.memoryFloorBytes.nullable(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

/** Those that reach beyond measuring: they name programs to start, and places to read and write. A page in a browser may not set them. */
export const guardedSettings: readonly SettingName[] = [
  'dockerEndpoint',
  'qemuPath',
  'dataFolder',
  'cacheFolder',
];

/** Who decided, strongest first: an option of the program, the environment, the file, the default. */
export type SettingSource = 'option' | 'environment' | 'file' | 'default';

/** One setting as it stands. */
export interface SettingState {
  name: SettingName;
  /** what the file says */
  stored?: string | number;
  /** what holds now; absent where Tare finds out by itself */
  value?: string | number;
  source: SettingSource;
  /** the environment's variable that decides */
  variable?: string;
  /** what holds when nobody says anything; absent where Tare finds out by itself */
  usual?: string | number;
  /** the file says something else than what holds until the next start */
  afterRestart: boolean;
}

export interface SettingsReport {
  /** where they are kept */
  file: string;
  settings: SettingState[];
}

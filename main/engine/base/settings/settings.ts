/**
 * What holds of all that can be set. An option of the program beats the environment, the environment beats settings.json, and that
 * beats the default: whoever types something now means it, and a file from last year must not overrule the shell.
 */
import os from 'node:os';
import path from 'node:path';
import { usualMemoryFloorBytes, usualSamplePeriodMs } from '../../../contract/plan';
import {
  settingNames,
  type SettingName,
  type Settings,
  type SettingsChange,
  type SettingsReport,
  type SettingSource,
} from '../../../contract/settings';
import type { EngineOptions } from '../../engine';
import { settingsFile, xdgFolder, type XdgVariable } from '../paths';
import { qemuProgram } from '../process/programs';
import { readSettings, writeSettings } from './file';

type Value = string | number | undefined;
interface Decision {
  value: Value;
  source: SettingSource;
  variable?: string;
}

/** Taken up while Tare runs; the others are decided once, at its start. */
const atOnce: readonly SettingName[] = ['cacheBytes', 'samplePeriodMs', 'memoryFloorBytes'];

export interface SettingsInForce {
  /** where they are kept */
  folder: string;
  /** what holds now; undefined where Tare finds out by itself */
  value<N extends SettingName>(name: N): Settings[N];
  /** `value`, but only where a person chose it for Tare: what the environment says of Docker is read where Docker is sought */
  chosen<N extends SettingName>(name: N): Settings[N];
  report(): SettingsReport;
  change(change: SettingsChange): Promise<SettingsReport>;
}

interface SettingSources {
  environment: NodeJS.ProcessEnv;
  home: string;
}

/** @throws {TareError} `settings-invalid` */
export function openSettings(
  options: Partial<EngineOptions>,
  sources: SettingSources = { environment: process.env, home: os.homedir() },
): SettingsInForce {
  const folder = options.configFolder ?? xdgFolder('XDG_CONFIG_HOME', sources).folder;
  const file = settingsFile(folder);
  let stored = readSettings(file);
  const decide = (name: SettingName) => decisionOf(name, options, stored, sources);
  const atStart = new Map(settingNames.map((name) => [name, decide(name)]));
  const inForce = (name: SettingName) => (atOnce.includes(name) ? decide(name) : atStart.get(name)!);

  const report = (): SettingsReport => ({
    file,
    settings: settingNames.map((name) => {
      const { value, source, variable } = inForce(name);
      const usual = usualOf(name, sources);
      const next = decide(name);
      return {
        name,
        source,
        ...(stored[name] !== undefined && { stored: stored[name] }),
        ...(value !== undefined && { value }),
        ...(variable !== undefined && { variable }),
        ...(usual !== undefined && { usual }),
        afterRestart: next.value !== value,
      };
    }),
  });

  return {
    folder,
    value: <N extends SettingName>(name: N) => inForce(name).value as Settings[N],
    chosen<N extends SettingName>(name: N) {
      const { value, source } = inForce(name);
      return (source === 'option' || source === 'file' ? value : undefined) as Settings[N];
    },
    report,
    async change(change) {
      stored = await writeSettings(file, change);
      return report();
    },
  };
}

/** What plans get that do not say it themselves. */
export const plansDefaults = (settings: SettingsInForce) => ({
  samplePeriodMs: settings.value('samplePeriodMs')!,
  memoryFloorBytes: settings.value('memoryFloorBytes')!,
});

function decisionOf(
  name: SettingName,
  options: Partial<EngineOptions>,
  stored: Settings,
  sources: SettingSources,
): Decision {
  const option = (options as Partial<Record<SettingName, string>>)[name];
  const isFolder = name === 'dataFolder' || name === 'cacheFolder';
  if (option !== undefined) return { value: isFolder ? path.resolve(option) : option, source: 'option' };
  const said = fromEnvironment(name, sources);
  if (said) return { ...said, source: 'environment' };
  if (stored[name] !== undefined) return { value: stored[name], source: 'file' };
  return { value: usualOf(name, sources), source: 'default' };
}

function fromEnvironment(
  name: SettingName,
  sources: SettingSources,
): { value: string; variable: string } | undefined {
  const { environment } = sources;
  const xdg = (variable: XdgVariable) => {
    const { folder, isUsual } = xdgFolder(variable, sources);
    return isUsual ? undefined : { value: folder, variable };
  };
  const first = (...variables: string[]) =>
    variables.flatMap((variable) => {
      const value = environment[variable];
      return value ? [{ value, variable }] : [];
    })[0];
  switch (name) {
    case 'dataFolder':
      return xdg('XDG_DATA_HOME');
    case 'cacheFolder':
      return xdg('XDG_CACHE_HOME');
    case 'dockerEndpoint':
      return first('DOCKER_HOST', 'DOCKER_CONTEXT');
    case 'qemuPath':
      return first('TARE_QEMU');
    case 'accelerator':
      return first('TARE_ACCELERATOR');
    default:
      return undefined;
  }
}

function usualOf(name: SettingName, { home }: SettingSources): Value {
  const folder = (variable: XdgVariable) => xdgFolder(variable, { environment: {}, home }).folder;
  const usual: Record<SettingName, Value> = {
    dockerEndpoint: undefined,
    qemuPath: qemuProgram,
    accelerator: undefined,
    engineReader: 'start',
    dataFolder: folder('XDG_DATA_HOME'),
    cacheFolder: folder('XDG_CACHE_HOME'),
    cacheBytes: 10 * 1024 ** 3,
    samplePeriodMs: usualSamplePeriodMs,
    memoryFloorBytes: usualMemoryFloorBytes,
  };
  return usual[name];
}

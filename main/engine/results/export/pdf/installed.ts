import path from 'node:path';
import { findProgram } from '../../../base/process/programs';

/** Browsers that print through the same protocol. */
const names: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
    'brave-browser',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((variable) =>
    ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((program) =>
      path.join(process.env[variable] ?? 'C:\\', program),
    ),
  ),
};

/**
 * A browser of the Chromium family on this computer.
 * @returns its path, or what was looked for
 */
export async function findBrowser(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ program: string } | { lookedFor: string[] }> {
  const named = environment.TARE_BROWSER;
  const lookedFor = named ? [named] : (names[process.platform] ?? names.linux!);
  for (const name of lookedFor) {
    const program = await findProgram(name, environment);
    if (program) return { program };
  }
  return { lookedFor };
}

import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Long after the slowest browser has read the file. */
const keptMs = 60_000;

/** What opens a file in the person's browser; a test brings its own. */
export type Opener = (file: string) => void;

/**
 * Opens an address in the person's browser, best effort: it was printed as well. The address holds the token, and every user of
 * the computer can read every program's words, so the browser is given a file that only this user can read and that leads there.
 * @returns removes the file, which also goes by itself
 */
export async function openInBrowser(
  url: string,
  environment: NodeJS.ProcessEnv,
  open: Opener = openWithSystem,
): Promise<() => Promise<void>> {
  const folder = await privateFolder(environment);
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'open.html');
  try {
    await writeFile(file, leadingTo(url), { mode: 0o600 });
  } catch (error) {
    await remove();
    throw error;
  }
  open(file);
  const timer = setTimeout(() => void remove(), keptMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
    return remove();
  };
}

/** In the user's own folder for such things, or else among the temporary files. */
async function privateFolder(environment: NodeJS.ProcessEnv): Promise<string> {
  const name = 'tare-open-';
  const { XDG_RUNTIME_DIR: own } = environment;
  const made = own ? await mkdtemp(path.join(own, name)).catch(() => undefined) : undefined;
  const folder = made ?? (await mkdtemp(path.join(os.tmpdir(), name)));
  await chmod(folder, 0o700);
  return folder;
}

const escapes: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

function leadingTo(url: string): string {
  const address = url.replaceAll(/[&"<>]/g, (sign) => escapes[sign]!);
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Tare</title>
<meta http-equiv="refresh" content="0;url=${address}"><a href="${address}">Tare</a>\n`;
}

function openWithSystem(file: string): void {
  const programs: Record<string, string[]> = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] };
  const [program, ...words] = programs[process.platform] ?? ['xdg-open'];
  const child = spawn(program!, [...words, file], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // whoever has no browser here opens the printed address elsewhere
  child.unref();
}

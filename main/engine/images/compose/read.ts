/** Reads a Compose file by Docker's own program, so that it means here what it means to Compose. */
import path from 'node:path';
import { readAs } from '../../../contract/run/bounds';
import { TareError } from '../../base/errors';
import { missingTool, runProgram } from '../../base/process/child';
import { ComposeFile, withoutEscapes } from './file';

export interface ReadFile {
  path: string;
  file: ComposeFile;
  /** services that Compose itself would start, whose profile is active */
  active: string[];
  /** Compose's own words, as of a variable that is not set */
  warnings: string[];
}

/**
 * Variables are filled in as Compose does: from this process's environment and the file `.env` beside it.
 * @throws {TareError} `tool-missing` where Docker's command line or its plugin is · `compose-unusable` with Compose's own words;
 *   AbortError when aborted
 */
export async function readComposeFile(file: string, signal: AbortSignal): Promise<ReadFile> {
  const full = path.resolve(file);
  const said: string[] = [];
  const ask = async (...words: string[]) => {
    const complained = (text: string) => void said.push(text);
    try {
      return await runProgram('docker', ['compose', '--file', full, ...words], { signal, complained });
    } catch (error) {
      throw await whyNot(error, full, signal);
    }
  };
  // All services, since one that is asked for by name needs no active profile.
  const [whole, active] = await Promise.all([
    ask('--profile', '*', 'config', '--format', 'json'),
    ask('config', '--services'),
  ]);
  return {
    path: full,
    file: parsed(whole, full),
    active: active.split('\n').filter(Boolean),
    warnings: warningsIn(said.join('\n')),
  };
}

function parsed(text: string, path: string): ComposeFile {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    throw new TareError({ code: 'compose-unusable', path, output: text });
  }
  const { success, data, error } = readAs(ComposeFile, written);
  if (success) return withoutEscapes(data);
  const output = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n');
  throw new TareError({ code: 'compose-unusable', path, output });
}

/** Docker's command line words a missing plugin in many ways; that there is none shows when it is asked for its version. */
async function whyNot(error: unknown, path: string, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof TareError) || error.failure.code !== 'program-failed') return error;
  const { output } = error.failure;
  try {
    await runProgram('docker', ['compose', 'version'], { signal });
  } catch {
    signal.throwIfAborted();
    return missingTool('docker compose');
  }
  const lines = output.split('\n').filter((line) => !isWarning.test(line));
  return new TareError({ code: 'compose-unusable', path, output: lines.join('\n') }, { cause: error });
}

/** Where nobody looks at a terminal, Compose warns in logrus's notation: `level=warning msg="…"`. */
const isWarning = /\blevel=warning msg=("(?:[^"\\]|\\.)*"|\S+)/;

/** The sentences of what Compose warned of, each once. */
export function warningsIn(text: string): string[] {
  const found = text.split('\n').flatMap((line) => isWarning.exec(line)?.[1] ?? []);
  return [...new Set(found.map(unquoted))];
}

function unquoted(text: string): string {
  try {
    return text.startsWith('"') ? (JSON.parse(text) as string) : text;
  } catch {
    return text.slice(1, -1); // Go quotes some characters as JSON does not
  }
}

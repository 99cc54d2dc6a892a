/**
 * A whole Tare in this process, on a data folder that holds all golden records. The only file here that imports from `main`, and only what
 * stands outermost: the command line, and the engine that it is given.
 */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../../main/doors/cli/cli';
import { createEngine } from '../../main/engine/index';
import { readPacked, type Texts } from './packed';

const recordsFolder = path.join(import.meta.dirname, 'records');
const ending = '.json.br';

/** the subject that a record stands under, by its name */
const subjects = new Map(
  readdirSync(recordsFolder).flatMap((subject) =>
    readdirSync(path.join(recordsFolder, subject)).map((file) => [file.slice(0, -ending.length), subject]),
  ),
);
export const recordNames = [...subjects.keys()].sort();

/** Where the outputs of a record are kept, or those of several, which have a name too. */
export const expectedFile = (name: string): string =>
  path.join(import.meta.dirname, 'expected', subjects.get(name) ?? '', name + ending);

export interface Bench extends AsyncDisposable {
  /** of the record in the history */
  id: (record: string) => string;
  /** all that a command prints, and its exit code where that is not 0 */
  print: (words: readonly string[], columns?: number) => Promise<string>;
  /** the files that a command writes into the folder that stands for `FOLDER`: text, or of a picture of points its digest */
  files: (words: readonly string[]) => Promise<Texts>;
  /** the path of a record's own file, as a person gives it to a command */
  file: (record: string) => string;
}

/** What a machine says of itself must not show: it is the same everywhere here. */
function pin(home: string): () => void {
  const pinned = { TZ: 'Asia/Shanghai', HOME: home, LANG: 'C.UTF-8', LC_ALL: undefined, LANGUAGE: undefined };
  const before = Object.keys(pinned).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? delete process.env[name] : (process.env[name] = value);
  for (const [name, value] of Object.entries(pinned)) set(name, value);
  return () => before.forEach(([name, value]) => set(name, value));
}

/** In pages and pictures, half a megabyte each and never a subject here. */
const embeddedFont = /url\((['"]?)data:font\/[^)]*\)/g;

export function openBench(): Bench {
  // not below TMPDIR: lines with a path are wrapped by its length
  const folder = mkdtempSync('/tmp/tare-golden-');
  const at = (...names: string[]) => path.join(folder, ...names);
  const unpin = pin(folder);
  const records = new Map<string, { id: string; file: string }>();
  for (const record of recordNames) {
    const files = readPacked(path.join(recordsFolder, subjects.get(record)!, record + ending));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(at('data', name)), { recursive: true });
      writeFileSync(at('data', name), text);
    }
    const main = Object.keys(files).find((name) => /^[^/]+\/[^/]+\/(run|fleet)\.json$/.test(name))!;
    records.set(record, { id: main.split('/')[1]!, file: at('data', main) });
  }
  // one engine for all commands: each of them would read the whole history anew. There is nothing to measure with here.
  const engine = createEngine({
    assetsFolder: path.resolve(import.meta.dirname, '../../assets'),
    dataFolder: at('data'),
    cacheFolder: at('cache'),
    configFolder: at('config'),
    dockerEndpoint: `unix://${at('no-engine')}`,
    qemuPath: at('no-qemu'),
  });
  /** also what a command says of this computer */
  const normal = (text: string) =>
    text.replaceAll(folder, '/tmp/tare-golden-FOLDER').replace(embeddedFont, 'url($1FONT)');

  async function type(words: readonly string[], columns?: number) {
    const written = { stdout: '', stderr: '' };
    const sink = (name: 'stdout' | 'stderr') => ({
      write: (text: string | Uint8Array) =>
        (written[name] += typeof text === 'string' ? text : Buffer.from(text).toString()),
      ...(columns !== undefined && { isTTY: true, columns }),
    });
    const code = await runCli([...words], {
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      env: {},
      cwd: folder,
      assetsFolder: '',
      signals: new EventEmitter(),
      createEngine: () => ({ ...engine, close: () => Promise.resolve([]) }),
    });
    return { code, ...written };
  }

  return {
    id: (record) => records.get(record)!.id,
    file: (record) => records.get(record)!.file,
    print: async (words, columns) => {
      const { code, stdout, stderr } = await type(words, columns);
      return normal(
        stdout + (stderr && `--- stderr ---\n${stderr}`) + (code === 0 ? '' : `--- exit code ${code} ---\n`),
      );
    },
    files: async (words) => {
      const target = mkdtempSync(at('files-'));
      const { code, stderr } = await type(words.map((word) => (word === 'FOLDER' ? target : word)));
      const found: Texts = code === 0 ? {} : { failure: normal(`${stderr}--- exit code ${code} ---\n`) };
      for (const name of readdirSync(target)) {
        const content = readFileSync(path.join(target, name));
        found[name] = name.endsWith('.png')
          ? `SHA-256 ${createHash('sha256').update(content).digest('hex')}\n`
          : normal(content.toString());
      }
      rmSync(target, { recursive: true });
      return found;
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      unpin();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

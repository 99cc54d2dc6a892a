/** The headless entry: argv → engine → exit code. Runs on plain Node, and on Electron's own runtime where Tare is installed. */
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { exitCodeOf, type Failure } from '../../contract/failures';
import { createEngine } from '../../engine/index';
import { serveCommand } from './commands/serve';
import { swarmTaskCommand } from './commands/swarmTask';
import { runCli } from './cli';
import { localeOf } from './locale';
import { Screen } from './terminal/screen';

/** Next to the bundles: `dist/` and `assets/` keep their places when the app is packaged. */
const root = path.resolve(__dirname, '../..');
/** Programs outside Electron read these, and they cannot look into an asar archive. */
const assetsFolder = path.join(root.replace(/\.asar$/, '.asar.unpacked'), 'assets');

/** Meant for this process alone: a browser or an editor that it starts may be an Electron of its own. */
delete process.env.ELECTRON_RUN_AS_NODE;

/**
 * A reader that has seen enough, such as `head`, closes the pipe: no failure of ours, but there is nobody left to tell.
 * Whatever else happens to an output must not end Tare either, while containers and machines are up: it is told at the end.
 */
let lost: NodeJS.ErrnoException | undefined;
process.stderr.on('error', () => {});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') lost ??= error;
});

/** A result that did not arrive, as on a full disk, is not a success. */
function exitAfter(code: number): number {
  if (!lost) return code;
  const failure: Failure = { code: 'write-failed', path: 'stdout', reason: lost.code ?? lost.message };
  new Screen(process.stderr, localeOf(process.argv.slice(2), process.env), process.env).failure(failure);
  return code === 0 ? exitCodeOf(failure) : code;
}

const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => (stream.writable ? stream.write('', () => resolve()) : resolve()));

async function ask(question: string): Promise<boolean> {
  const person = createInterface({ input: process.stdin, output: process.stderr });
  person.once('SIGINT', () => process.kill(process.pid, 'SIGINT')); // which it would keep for itself
  try {
    return /^(y|yes|是)$/i.test((await person.question(`${question} `)).trim());
  } finally {
    person.close();
  }
}

const around = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  assetsFolder,
  stdin: () => process.stdin,
  signals: process,
  createEngine,
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask }),
};

const further = [serveCommand(path.join(root, 'dist/renderer')), swarmTaskCommand(process.stdout)];

void runCli(process.argv.slice(2), around, further).then(async (code) => {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(exitAfter(code)); // everything is released by now; a socket that a library keeps open must not hold the shell
});

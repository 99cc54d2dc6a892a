/** The headless entry: argv → engine → exit code. Runs on plain Node, and on Electron's own runtime where Tare is installed. */
import path from 'node:path';
import { createEngine } from '../../engine/index';
import { serveCommand } from '../web/command';
import { runCli } from './cli';

/** Next to the bundles: `dist/` and `assets/` keep their places when the app is packaged. */
const root = path.resolve(__dirname, '../..');
/** Programs outside Electron read these, and they cannot look into an asar archive. */
const assetsFolder = path.join(root.replace(/\.asar$/, '.asar.unpacked'), 'assets');

/** A reader that has seen enough, such as `head`, closes the pipe: no failure of ours, but there is nobody left to tell. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => (stream.writable ? stream.write('', () => resolve()) : resolve()));

const around = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  assetsFolder,
  signals: process,
  createEngine,
};

void runCli(process.argv.slice(2), around, [serveCommand(path.join(root, 'dist/renderer'))]).then(
  async (code) => {
    await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
    process.exit(code); // everything is released by now; a socket that a library keeps open must not hold the shell
  },
);

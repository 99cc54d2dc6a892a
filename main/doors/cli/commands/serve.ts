import type { Command } from 'commander';
import { TareError } from '../../../engine/errors';
import type { Door } from '../door';
import { serve, type Served } from '../../web/index';
import { openInBrowser } from '../../web/opening';

/** Asked for first when no port is named: an address that stays the same keeps the browser's settings for the page. */
const usualPort = 4170;

interface ServeFlags {
  port?: string;
  host: string;
  open?: boolean;
}

/** The command `tare serve`: the window's page in a browser, until a signal comes. */
export const serveCommand =
  (rendererFolder: string) =>
  (program: Command, door: Door): void => {
    program
      .command('serve')
      .description(door.out.say('serve.help'))
      .option('--port <n>', door.out.say('serve.option.port'))
      .option('--host <address>', door.out.say('serve.option.host'), '127.0.0.1')
      .option('--open', door.out.say('serve.option.open'))
      .action((flags: ServeFlags) => serveUntilStopped(door, flags, rendererFolder));
  };

async function serveUntilStopped(door: Door, flags: ServeFlags, rendererFolder: string): Promise<void> {
  door.name = 'page';
  const port = flags.port === undefined ? undefined : readPort(flags.port, door);
  const served = await start(door, { port, host: flags.host, rendererFolder });
  door.out.line(door.out.say('serve.ready', { url: served.url }));
  door.err.line(door.err.say(served.readOnly ? 'serve.readOnly' : 'serve.secret'));
  // what a Tare that was killed has left behind; what stays is shown with the environment, and the next run tries again
  void door
    .engine()
    .clean({ dryRun: false, cache: false })
    .catch(() => undefined);
  const forget = flags.open
    ? await openInBrowser(served.url, door.terminal.env).catch(() => undefined)
    : undefined;
  await new Promise<void>((resolve) => {
    door.onFirstSignal(async () => {
      await Promise.all([served.close(), forget?.()]);
      resolve();
    });
  });
}

function readPort(text: string, door: Door): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new TareError({ code: 'bad-input', problems: [door.err.say('serve.badPort', { text })] });
}

async function start(
  door: Door,
  options: { port: number | undefined; host: string; rendererFolder: string },
): Promise<Served> {
  const engine = door.engine();
  try {
    return await serve(engine, { ...options, port: options.port ?? usualPort });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && options.port === undefined) return serve(engine, { ...options, port: 0 });
    if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) throw error;
    const address = `${options.host}:${options.port ?? usualPort}`;
    throw new TareError({
      code: 'bad-input',
      problems: [door.err.say('serve.noAddress', { address, code })],
    });
  }
}

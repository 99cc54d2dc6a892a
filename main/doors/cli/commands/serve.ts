import type { Command } from 'commander';
import { userInfo } from 'node:os';
import path from 'node:path';
import { badInput } from '../../../engine/base/errors';
import type { Door } from '../door';
import type { CertificateFiles } from '../../web/certificate';
import { serve, type Served, type ServeOptions } from '../../web/index';
import { openInBrowser } from '../../web/opening';

/** Asked for first when no port is named: an address that stays the same keeps the browser's settings for the page. */
const usualPort = 4170;

interface ServeFlags {
  port?: string;
  host: string;
  open?: boolean;
  tlsCert?: string;
  tlsKey?: string;
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
      .option('--tls-cert <file>', door.out.say('serve.option.tlsCert'))
      .option('--tls-key <file>', door.out.say('serve.option.tlsKey'))
      .option('--open', door.out.say('serve.option.open'))
      .action((flags: ServeFlags) => serveUntilStopped(door, flags, rendererFolder));
  };

async function serveUntilStopped(door: Door, flags: ServeFlags, rendererFolder: string): Promise<void> {
  door.name = 'page';
  const port = flags.port === undefined ? undefined : readPort(flags.port);
  const certificate = certificateOf(flags, door);
  const served = await start(door, { port, host: flags.host, rendererFolder, certificate });
  tellWhere(door, served);
  // what a Tare that was killed has left behind; what stays is shown with the environment, and the next run tries again
  void door
    .engine()
    .clean({ dryRun: false, cache: false })
    .catch(() => undefined);
  const forget = flags.open
    ? await openInBrowser(served.urls[0], door.terminal.env).catch(() => undefined)
    : undefined;
  await new Promise<void>((resolve) => {
    door.onFirstSignal(async () => {
      await Promise.all([served.close(), forget?.()]);
      resolve();
    });
  });
}

/** The addresses, what whoever has one may do, and how to read it from elsewhere without anybody listening. */
function tellWhere(door: Door, { urls: [first, ...others], readOnly, secure, port }: Served): void {
  door.out.line(door.out.say('serve.ready', { url: first }));
  for (const url of others) door.out.line(door.out.say('serve.readyToo', { url }));
  door.err.line(door.err.say(readOnly ? 'serve.readOnly' : 'serve.secret'));
  if (readOnly && !secure) {
    const { hostname } = new URL(first);
    const command = `ssh -L ${port}:127.0.0.1:${port} ${userInfo().username}@${hostname.replace(/^\[|\]$/g, '')}`;
    door.err.line(door.err.say('serve.unencrypted', { command, serve: `tare serve --port ${port}` }));
  }
}

function certificateOf({ tlsCert, tlsKey }: ServeFlags, door: Door): CertificateFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw badInput('serve.halfCertificate');
  const { cwd } = door.terminal;
  return { certificate: path.resolve(cwd, tlsCert), key: path.resolve(cwd, tlsKey) };
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw badInput('serve.badPort', { text });
}

async function start(
  door: Door,
  options: Omit<ServeOptions, 'port'> & { port: number | undefined },
): Promise<Served> {
  const engine = door.engine();
  try {
    return await serve(engine, { ...options, port: options.port ?? usualPort });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && options.port === undefined) return serve(engine, { ...options, port: 0 });
    if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) throw error;
    const address = `${options.host}:${options.port ?? usualPort}`;
    throw badInput('serve.noAddress', { address, code });
  }
}

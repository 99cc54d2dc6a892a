import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Screen extends AsyncDisposable {
  /** as DISPLAY names it: `:99` */
  display: string;
}

/** A virtual screen of its own, on a display number that nobody else has. The caller ends it. */
export async function virtualScreen(width = 1280, height = 800): Promise<Screen> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'exit');
  const [number] = (await Promise.race([
    once(server.stdio[3] as Readable, 'data'),
    ended.then(() => Promise.reject(new Error('Xvfb ended at once'))),
  ])) as [Buffer];
  return {
    display: `:${number.toString().trim()}`,
    async [Symbol.asyncDispose]() {
      server.kill();
      await ended;
    },
  };
}

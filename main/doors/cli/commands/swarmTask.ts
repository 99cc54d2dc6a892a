import type { Command } from 'commander';
import type { Writable } from 'node:stream';
import { serveTask } from '../../../engine/remote/swarm/task/task';
import type { Door } from '../door';

/**
 * The command `tare swarm-task FILE`: what a task of a swarm runs, in the image that Tare makes for it. Its standard output is what comes home
 * of it.
 */
export const swarmTaskCommand =
  (output: Writable) =>
  (root: Command, door: Door): void => {
    root.command('swarm-task <order>', { hidden: true }).action(async (order: string) => {
      door.out.muted = true;
      const stop = new AbortController();
      door.onFirstSignal(async () => Promise.resolve(stop.abort()));
      const isDone = await serveTask(order, { output, stop: stop.signal });
      door.exitCode = isDone ? 0 : 1;
    });
  };

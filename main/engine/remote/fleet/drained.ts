import type { Writable } from 'node:stream';

const waiting = new WeakMap<Writable, Promise<void>>();

/** Settles once a stream that is full takes more, or never will; whoever waits for the same one waits together. */
export function drained(stream: Writable): Promise<void> {
  const known = waiting.get(stream);
  if (known) return known;
  const free = new Promise<void>((resolve) => {
    const go = () => {
      stream.off('drain', go).off('close', go);
      waiting.delete(stream);
      resolve();
    };
    stream.on('drain', go).on('close', go);
  });
  waiting.set(stream, free);
  return free;
}

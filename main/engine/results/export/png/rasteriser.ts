/**
 * The rasteriser: WebAssembly inside the bundle, so that it is the same program on every system. It works in a thread of its own, since a
 * large picture takes seconds in which this process would hear nobody. The thread is made from text: it needs no file beside the bundle.
 */
import type { Resvg, ResvgRenderOptions, initWasm } from '@resvg/resvg-wasm';
import { Worker, type MessagePort } from 'node:worker_threads';
import { TareError } from '../../../base/errors';
import { bytesOf } from './fonts';

export interface Order {
  /** the drawing as SVG */
  drawing: string;
  options: ResvgRenderOptions;
}

/** A picture of the largest size takes some seconds. */
const longestMs = 60_000;

interface Given {
  /** compiled once, for all threads */
  wasm: WebAssembly.Module;
  order: Order;
}

/** What the thread does: this text is its program, so it uses nothing but what it is given. */
async function rasteriseInThread(
  resvg: { initWasm: typeof initWasm; Resvg: typeof Resvg },
  { parentPort, workerData }: { parentPort: MessagePort; workerData: Given },
): Promise<void> {
  await resvg.initWasm(workerData.wasm);
  const { drawing, options } = workerData.order;
  parentPort.postMessage(new resvg.Resvg(drawing, options).render().asPng());
}

/** Loaded with the first picture, and only then. */
async function load(): Promise<{ program: URL; wasm: WebAssembly.Module }> {
  const [{ default: resvg }, { default: wasm }] = await Promise.all([
    import('@resvg/resvg-wasm?raw'),
    import('@resvg/resvg-wasm/index_bg.wasm?inline'),
  ]);
  const program = `import * as resvg from '${moduleOf(resvg)}';
import * as threads from 'node:worker_threads';
(${rasteriseInThread.toString()})(resvg, threads);`;
  return {
    program: new URL(moduleOf(program)),
    wasm: await WebAssembly.compile(new Uint8Array(bytesOf(wasm))),
  };
}
const moduleOf = (code: string): string =>
  `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
let loading: ReturnType<typeof load> | undefined;

/** One after the other: each may take a few hundred megabytes. */
let last: Promise<unknown> = Promise.resolve();

/**
 * A drawing as a PNG.
 * @throws {TareError} `program-failed` where the rasteriser cannot draw it, or not within a minute
 */
export function rasterisedInThread(order: Order): Promise<Uint8Array> {
  const picture = last.then(() => run(order));
  last = picture.catch(() => undefined);
  return picture;
}

async function run(order: Order): Promise<Uint8Array> {
  const { program, wasm } = await (loading ??= load());
  const failed = (exit: string, output: string) =>
    new TareError({ code: 'program-failed', program: 'resvg', exit, output });
  const thread = new Worker(program, { workerData: { wasm, order } satisfies Given, stderr: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      thread.once('message', resolve);
      // what the rasteriser throws is about this drawing
      thread.once('error', (error) => reject(failed('error', String(error))));
      thread.once('exit', (code) => reject(failed(`exit ${code}`, '')));
      timer = setTimeout(() => reject(failed(`> ${longestMs / 1000} s`, '')), longestMs);
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

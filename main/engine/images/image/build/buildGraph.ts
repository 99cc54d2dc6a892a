/** What BuildKit's report on a build adds up to: vertex by vertex, on the clock of the engine that builds. Pure. */
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { readAs } from '../../../../contract/run/bounds';
import type { BuildStep } from '../../../../contract/work/images';
import { longestOutput, longestStepOutput } from './linesReport';

const Vertex = z.object({
  digest: z.string(),
  name: z.string(),
  inputs: z.array(z.string()).nullish(),
  started: z.string().nullish(),
  completed: z.string().nullish(),
  cached: z.boolean().nullish(),
  error: z.string().nullish(),
});
const Log = z.object({ vertex: z.string(), data: z.string(), timestamp: z.string().nullish() });

/** One thing that BuildKit does. What it makes is known by what it is made of, so an equal one has the same digest. */
interface Seen {
  digest: string;
  name: string;
  inputs: string[];
  /** of its first beginning and its last end, in ms since 1970 on the engine's clock */
  startedMs?: number;
  completedMs?: number;
  /** an earlier build had made it */
  cached: boolean;
  error?: string;
  output: string;
  decoder: StringDecoder;
}

/** `[base 2/3] RUN make`, `[2/3] RUN make`, and `[linux/arm64 base 2/3] RUN make` where it is not the engine's own platform. */
const numbered = /^\[(?:\w+\/[\w/>-]+ )?(?:([^\]]+?) )?(\d+)\/(\d+)\] (.*)$/s;
/** What it does for its own sake: `[internal] load build context`. */
const bracketed = /^\[[^\]]*\] /;
const canceled = /\b(context canceled|Canceled)\b/;

/** What a build has said so far. */
export class BuildGraph {
  /** the last that commands printed */
  output = '';
  private readonly vertices = new Map<string, Seen>();
  /** how far this computer's clock is ahead of the engine's, and the time that the quickest report took */
  private aheadMs = Infinity;

  /** @param askedMs  when the build was asked for, in ms since 1970 on this computer's clock */
  constructor(private readonly askedMs: number) {}

  /**
   * @param status  a SolveStatus of BuildKit; what is not understood of it is passed over
   * @param arrivedMs  in ms since 1970 on this computer's clock
   * @returns whether something began, or failed: worth telling at once
   */
  take(status: unknown, arrivedMs: number): boolean {
    const { vertexes, logs } = (status ?? {}) as Record<string, unknown>;
    const stamps: number[] = [];
    let worthTelling = false;
    for (const vertex of parsed(vertexes, Vertex)) {
      worthTelling = this.takeVertex(vertex, stamps) || worthTelling;
    }
    for (const { vertex, data, timestamp } of parsed(logs, Log)) {
      stamps.push(...instant(timestamp));
      this.takeOutput(vertex, Buffer.from(data, 'base64'));
    }
    if (stamps.length > 0) this.aheadMs = Math.min(this.aheadMs, arrivedMs - Math.max(...stamps));
    return worthTelling;
  }

  private takeVertex(told: z.infer<typeof Vertex>, stamps: number[]): boolean {
    const { digest, name } = told;
    const known = this.vertices.get(digest);
    const fresh: Seen = {
      ...{ digest, name, inputs: [], cached: false, output: '' },
      decoder: new StringDecoder('utf8'),
    };
    const vertex = known ?? fresh;
    this.vertices.set(digest, vertex);
    if (told.inputs) vertex.inputs = told.inputs;
    const [startedMs] = instant(told.started);
    const [completedMs] = instant(told.completed);
    stamps.push(...instant(told.started), ...instant(told.completed));
    if (startedMs === undefined) return false;
    const isCached = told.cached === true;
    // Asked for once more, what was made a moment ago is found again: it was made here all the same.
    if (isCached && vertex.completedMs !== undefined && !vertex.cached) return false;
    const begins = vertex.startedMs === undefined;
    vertex.cached = isCached;
    vertex.startedMs = Math.min(vertex.startedMs ?? Infinity, startedMs);
    if (completedMs === undefined) delete vertex.completedMs;
    else vertex.completedMs = Math.max(completedMs, vertex.startedMs);
    const failed = !!told.error && vertex.error === undefined;
    if (told.error) vertex.error = told.error;
    return begins || failed;
  }

  private takeOutput(digest: string, data: Buffer): void {
    const vertex = this.vertices.get(digest);
    if (!vertex) return;
    const text = vertex.decoder.write(data);
    vertex.output = (vertex.output + text).slice(-longestStepOutput);
    this.output = (this.output + text).slice(-longestOutput);
  }

  /** 0 to 1: instructions that are done of all that are known; undefined before any is known */
  get share(): number | undefined {
    const all = [...this.vertices.values()].filter(({ name }) => numbered.test(name));
    const done = all.filter(({ completedMs }) => completedMs !== undefined);
    return all.length === 0 ? undefined : done.length / all.length;
  }

  /** What went wrong first by itself: what was only stopped because of it does not count. */
  get failed(): { instruction: string; output: string; error: string } | undefined {
    const one = [...this.vertices.values()].find(({ error }) => error !== undefined && !canceled.test(error));
    return one && { instruction: wordsOf(one.name), output: one.output, error: one.error! };
  }

  /**
   * What has begun, in that order, and after what it stands on.
   * @param nowMs  in ms since 1970 on this computer's clock
   * @param isOver  nothing goes on any more: what did not end was stopped
   */
  steps(nowMs: number, isOver = false): BuildStep[] {
    const begun = [...this.vertices.values()].filter(({ startedMs }) => startedMs !== undefined);
    const depths = new Map<string, number>();
    const depthOf = (digest: string): number => {
      const known = depths.get(digest);
      if (known !== undefined) return known;
      depths.set(digest, 0); // a circle cannot be, and must not hang
      const below = (this.vertices.get(digest)?.inputs ?? []).map(depthOf);
      const depth = Math.max(-1, ...below) + 1;
      depths.set(digest, depth);
      return depth;
    };
    return begun
      .sort((a, b) => a.startedMs! - b.startedMs! || depthOf(a.digest) - depthOf(b.digest))
      .map((vertex) => this.stepOf(vertex, nowMs, isOver));
  }

  private stepOf(vertex: Seen, nowMs: number, isOver: boolean): BuildStep {
    const { digest, inputs, startedMs, completedMs, output } = vertex;
    const [, stage, number, of] = numbered.exec(vertex.name) ?? [];
    const here = (ms: number) => Math.max(0, ms + this.aheadMs - this.askedMs);
    const fromMs = here(startedMs!);
    const toMs = completedMs === undefined ? Math.max(fromMs, nowMs - this.askedMs) : here(completedMs);
    return {
      id: digest,
      ...(number !== undefined && { number: Number(number), of: Number(of) }),
      ...(stage !== undefined && { stage }),
      ...(inputs.length > 0 && { inputs }),
      instruction: wordsOf(vertex.name),
      state: stateOf(vertex, isOver),
      fromMs,
      tookMs: toMs - fromMs,
      ...(output !== '' && { output }),
    };
  }
}

function stateOf({ error, cached, completedMs }: Seen, isOver: boolean): BuildStep['state'] {
  if (error !== undefined) return canceled.test(error) ? 'stopped' : 'failed';
  if (completedMs === undefined) return isOver ? 'stopped' : 'running';
  return cached ? 'cached' : 'done';
}

const wordsOf = (name: string): string => numbered.exec(name)?.[4] ?? name.replace(bracketed, '');

/** The entries that have the schema's form. */
function parsed<T>(list: unknown, schema: z.ZodType<T>): T[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const { success, data } = readAs(schema, entry);
    return success ? [data] : [];
  });
}

/** `2026-11-26T05:46:24.855940989Z` in ms since 1970; Date keeps no more than three of the digits. Empty when it is none. */
function instant(text: string | null | undefined): number[] {
  const [, second, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text ?? '') ?? [];
  if (second === undefined || zone === undefined) return [];
  const ms = Date.parse(second + zone) + Number(`0${fraction}`) * 1000;
  return Number.isNaN(ms) ? [] : [ms];
}

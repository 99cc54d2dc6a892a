import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BuildGraph } from '../../../../../../main/engine/images/image/build/buildGraph';

/** The engine's clock is an hour behind this computer's. */
const engineMs = Date.parse('2026-11-26T05:00:00Z');
const askedMs = engineMs + 3_600_000;
const at = (ms: number) => new Date(engineMs + ms).toISOString().replace('Z', '250Z');

interface Told {
  digest: string;
  name: string;
  from?: number;
  to?: number;
  inputs?: string[];
  cached?: boolean;
  error?: string;
}
const vertex = ({ from, to, ...rest }: Told) => ({
  ...rest,
  ...(from !== undefined && { started: at(from) }),
  ...(to !== undefined && { completed: at(to) }),
});
/** Told 5 ms after the newest thing in it. */
const graphOf = (...told: (Told | { log: string; of: string; at: number })[]) => {
  const graph = new BuildGraph(askedMs);
  for (const one of told) {
    if ('log' in one) {
      const log = {
        vertex: one.of,
        stream: 1,
        data: Buffer.from(one.log).toString('base64'),
        timestamp: at(one.at),
      };
      graph.take({ logs: [log] }, askedMs + one.at + 5);
    } else graph.take({ vertexes: [vertex(one)] }, askedMs + (one.to ?? one.from ?? 0) + 5);
  }
  return graph;
};
const stepsOf = (graph: BuildGraph, isOver = true) => graph.steps(askedMs + 1000, isOver);

describe('a build by BuildKit', () => {
  test('is told stage by stage, with what each step stands on and its own times', () => {
    const graph = graphOf(
      { digest: 'c', name: '[internal] load build context', from: 10, to: 20 },
      { digest: 'z', name: '[last 1/1] COPY --from=base /a /a', inputs: ['b'] },
      { digest: 'b', name: '[base 2/2] RUN make\nall', inputs: ['a'], from: 50 },
      { log: 'compiling\n', of: 'b', at: 60 },
      { digest: 'a', name: '[base 1/2] COPY . /', inputs: ['c'], from: 20, to: 50 },
      { digest: 'b', name: '[base 2/2] RUN make\nall', inputs: ['a'], from: 50, to: 90 },
      { digest: 'e', name: 'exporting to image', from: 90, to: 95 },
    );
    expect(stepsOf(graph).map(({ fromMs, tookMs, ...rest }) => [Math.round(fromMs), tookMs, rest])).toEqual([
      [15, 10, { id: 'c', instruction: 'load build context', state: 'done' }],
      [
        25,
        30,
        {
          ...{ id: 'a', number: 1, of: 2, stage: 'base', inputs: ['c'] },
          ...{ instruction: 'COPY . /', state: 'done' },
        },
      ],
      [
        55,
        40,
        {
          ...{ id: 'b', number: 2, of: 2, stage: 'base', inputs: ['a'] },
          ...{ instruction: 'RUN make\nall', state: 'done', output: 'compiling\n' },
        },
      ],
      [95, 5, { id: 'e', instruction: 'exporting to image', state: 'done' }],
    ]);
    expect(graph.share).toBeCloseTo(2 / 3);
  });

  test('keeps to the engine’s clock below a millisecond, laid on this computer’s by the quickest report', () => {
    const graph = new BuildGraph(askedMs);
    const started = (fraction: string) => `2026-11-26T05:00:00.${fraction}Z`;
    const one = {
      ...{ digest: 'a', name: '[1/1] RUN x' },
      ...{ started: started('100000500'), completed: started('100900500') },
    };
    graph.take({ vertexes: [one] }, askedMs + 300);
    graph.take({ vertexes: [{ ...one, digest: 'b' }] }, askedMs + 102.9005);
    const [step] = graph.steps(askedMs + 400);
    expect(step!.tookMs).toBeCloseTo(0.9, 3);
    expect(step!.fromMs).toBeCloseTo(102, 2);
  });

  test('of one stage has no stage’s name, and a foreign platform is none', () => {
    const graph = graphOf(
      { digest: 'a', name: '[1/2] FROM docker.io/library/x', from: 0, to: 1 },
      { digest: 'b', name: '[linux/arm64 2/2] RUN x', from: 1, to: 2 },
      { digest: 'c', name: '[linux/arm64 base 1/1] RUN x', from: 3, to: 4 },
    );
    expect(stepsOf(graph).map(({ stage, number, instruction }) => [stage, number, instruction])).toEqual([
      [undefined, 1, 'FROM docker.io/library/x'],
      [undefined, 2, 'RUN x'],
      ['base', 1, 'RUN x'],
    ]);
  });

  test('tells what was used again, what failed, and what was only stopped because of it', () => {
    const error = 'process "/bin/sh -c false" did not complete successfully: exit code: 1';
    const graph = graphOf(
      { digest: 'a', name: '[a 1/1] COPY a /', from: 0, to: 0, cached: true },
      { digest: 'b', name: '[b 1/2] RUN sleep 9', from: 1 },
      {
        digest: 'b',
        name: '[b 1/2] RUN sleep 9',
        from: 1,
        to: 30,
        error: 'exit code: 137: context canceled',
      },
      { log: 'no rule\n', of: 'c', at: 5 },
      { digest: 'c', name: '[c 1/1] RUN false', from: 1 },
      { log: 'no rule\n', of: 'c', at: 20 },
      { digest: 'c', name: '[c 1/1] RUN false', from: 1, to: 25, error },
      { digest: 'd', name: '[d 1/1] RUN more', from: 2 },
    );
    expect(stepsOf(graph).map(({ id, state }) => [id, state])).toEqual([
      ['a', 'cached'],
      ['b', 'stopped'],
      ['c', 'failed'],
      ['d', 'stopped'],
    ]);
    expect(stepsOf(graph, false).at(-1)!.state).toBe('running');
    expect(graph.failed).toEqual({ instruction: 'RUN false', output: 'no rule\n', error });
  });

  test('that asks again for what it made a moment ago made it all the same', () => {
    const graph = graphOf(
      { digest: 'a', name: '[1/1] RUN x', from: 10 },
      { digest: 'a', name: '[1/1] RUN x', from: 10, to: 50 },
      { digest: 'a', name: '[1/1] RUN x', from: 80, to: 80, cached: true },
    );
    expect(stepsOf(graph)).toMatchObject([{ state: 'done', tookMs: 40 }]);
  });

  test('puts what an earlier build made in the order of the graph, since it all has one time', () => {
    const graph = graphOf(
      { digest: 'c', name: '[3/3] RUN c', inputs: ['b'], from: 5, to: 5, cached: true },
      { digest: 'b', name: '[2/3] RUN b', inputs: ['a'], from: 5, to: 5, cached: true },
      { digest: 'a', name: '[1/3] RUN a', from: 5, to: 5, cached: true },
    );
    expect(stepsOf(graph).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('keeps characters whole that its reports cut', () => {
    const graph = graphOf({ digest: 'a', name: '[1/1] RUN x', from: 0 });
    const data = Buffer.from('项目\n');
    for (const part of [data.subarray(0, 4), data.subarray(4)]) {
      graph.take({ logs: [{ vertex: 'a', data: part.toString('base64') }] }, askedMs);
    }
    expect(stepsOf(graph)[0]!.output).toBe('项目\n');
    expect(graph.output).toBe('项目\n');
  });

  test('is told whatever BuildKit says, in any order, and what is not understood is passed over', () => {
    const time = fc.option(fc.integer({ min: 0, max: 1000 }).map(at), { nil: undefined });
    const digest = fc.constantFrom('a', 'b', 'c', 'd');
    const some = fc.record(
      {
        digest,
        name: fc.oneof(fc.constantFrom('[x 1/2] RUN a', '[internal] load', '[2/2] COPY'), fc.string()),
        inputs: fc.array(digest),
        started: time,
        completed: time,
        cached: fc.boolean(),
        error: fc.option(fc.string(), { nil: undefined }),
      },
      { requiredKeys: ['digest', 'name'] },
    );
    const logs = fc.array(fc.oneof(fc.record({ vertex: digest, data: fc.string() }), fc.jsonValue()));
    const status = fc.oneof(
      fc.record({ vertexes: fc.array(fc.oneof(some, fc.jsonValue())), logs }, { requiredKeys: [] }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(status), (all) => {
        const graph = new BuildGraph(askedMs);
        all.forEach((one, number) => graph.take(one, askedMs + number));
        const steps = stepsOf(graph);
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
        for (const { fromMs, tookMs, state } of steps) {
          expect(fromMs).toBeGreaterThanOrEqual(0);
          expect(tookMs).toBeGreaterThanOrEqual(0);
          expect(state).not.toBe('running');
        }
        expect(graph.share ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });
});

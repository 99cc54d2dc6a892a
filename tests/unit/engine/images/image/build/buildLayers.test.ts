import { expect, test } from 'vitest';
import type { BuildStep } from '../../../../../../main/contract/work/images';
import { layerBytes } from '../../../../../../main/engine/images/image/build/buildLayers';

const step = (
  id: string,
  place: [string | undefined, number] | undefined,
  instruction: string,
  inputs?: string[],
) =>
  ({
    ...{ id, instruction, state: 'done', fromMs: 0, tookMs: 1 },
    ...(place && { number: place[1], of: 9, ...(place[0] !== undefined && { stage: place[0] }) }),
    ...(inputs && { inputs }),
  }) as BuildStep;
const line = (CreatedBy: string, Size: number) => ({ CreatedBy, Size });
const sizes = (steps: BuildStep[], history: { CreatedBy: string; Size: number }[]) => {
  const found: Record<string, number> = {};
  for (const { id, layerBytes: bytes } of layerBytes(steps, history))
    if (bytes !== undefined) found[id!] = bytes;
  return found;
};

const graph = [
  step('ctx', undefined, 'load build context'),
  step('b1', ['base', 1], 'COPY busybox /bin/busybox', ['ctx']),
  step('b2', ['base', 2], 'RUN make', ['b1']),
  step('o1', ['one', 1], 'RUN one', ['b2']),
  step('l1', ['last', 1], 'COPY --from=one /one /one', ['b2', 'o1']),
  step('l2', ['last', 2], 'WORKDIR /srv', ['l1']),
  step('x', undefined, 'exporting to image'),
];

test('the last layers are those of the last stage, those below of the stage that it was begun from', () => {
  const history = [
    line('CMD ["busybox"]', 0),
    line('WORKDIR /srv', 0),
    line('EXPOSE map[80/tcp:{}]', 0),
    line('COPY /one /one # buildkit', 4),
    line('RUN /bin/sh -c make # buildkit', 300),
    line('COPY busybox /bin/busybox # buildkit', 2_000_000),
  ];
  expect(sizes(graph, history)).toEqual({ l2: 0, l1: 4, b2: 300, b1: 2_000_000 });
});

test('layers of a base image belong to no step, and steps that history does not know have no size', () => {
  const one = [
    step('f', [undefined, 1], 'FROM docker.io/library/base'),
    step('r', [undefined, 2], 'RUN make', ['f']),
  ];
  expect(sizes(one, [line('RUN /bin/sh -c make # buildkit', 7), line('COPY a /a # buildkit', 9)])).toEqual({
    r: 7,
  });
  expect(sizes(one, [line('COPY a /a # buildkit', 9)])).toEqual({});
  expect(sizes([], [line('COPY a /a # buildkit', 9)])).toEqual({});
});

import { expect, test } from 'vitest';
import { layersMade } from '../../../../../main/engine/images/image/history';

const line = (CreatedBy: string, Size = 0) => ({ CreatedBy, Size, Created: 0 });
const nop = (text: string, size = 0) => line(`/bin/sh -c #(nop)  ${text}`, size);

test('layers belong to the entries with a size', () => {
  const history = [
    nop('COPY file:1 in /', 10),
    nop('ENV A=1'),
    line('/bin/sh -c make', 20),
    nop('CMD ["/a"]'),
  ];
  expect(layersMade(history, 2)).toEqual([0, undefined, 1, undefined]);
});

test('an entry that changed files without adding bytes has a layer too', () => {
  const history = [
    line('COPY busybox /bin/ # buildkit', 10),
    line('RUN rm /x # buildkit'),
    line('USER 1000'),
  ];
  expect(layersMade(history, 2)).toEqual([0, 1, undefined]);
});

test('where entries and layers do not add up, no layer is given a size', () => {
  expect(layersMade([line('RUN a', 1), line('WORKDIR /x')], 3)).toBeUndefined();
  expect(layersMade([], 1)).toBeUndefined();
});

test('an imported image has one entry and one layer', () => {
  expect(layersMade([line('', 300)], 1)).toEqual([0]);
});

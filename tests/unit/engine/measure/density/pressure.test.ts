import { expect, test } from 'vitest';
import { pressureBetween, stallOf } from '../../../../../main/engine/measure/density/pressure';

const memory = `some avg10=1.25 avg60=0.30 avg300=0.06 total=2500000
full avg10=0.50 avg60=0.10 avg300=0.02 total=900000
`;

test('a file of /proc/pressure tells how long some task waited', () => {
  expect(stallOf(memory)).toEqual({ someAvg10: 1.25, totalMs: 2500 });
  expect(stallOf('')).toBeUndefined(); // a kernel without pressure stall information
});

test('what happened between two readings is told of the resources that both have', () => {
  const from = { memory: { someAvg10: 1, totalMs: 2500 }, cpu: { someAvg10: 0, totalMs: 10 } };
  const to = { memory: { someAvg10: 3, totalMs: 2740 }, io: { someAvg10: 9, totalMs: 99 } };
  expect(pressureBetween(from, to)).toEqual({ memory: { someAvg10: 3, stalledMs: 240 } });
});

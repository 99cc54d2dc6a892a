import { median } from '../../main/engine/results/statistics/summary';

/** One line: median, range and n. */
export function figure(name: string, values: number[], unit = 'ms'): void {
  const show = (value: number) => value.toFixed(1);
  const range = `${show(Math.min(...values))} to ${show(Math.max(...values))}, n=${values.length}`;
  console.log(`${name.padEnd(52)} median ${show(median(values))} ${unit}  (${range})`);
}

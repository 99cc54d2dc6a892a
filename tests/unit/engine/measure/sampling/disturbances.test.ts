import { describe, expect, test } from 'vitest';
import { Disturbances } from '../../../../../main/engine/measure/sampling/disturbances';

const periodMs = 100;

/** Looks every 100 ms, and now and then the computer sleeps or nothing is looked at for a while. */
function stage() {
  const beganMs = performance.now();
  let [nowMs, sleptMs] = [beganMs, 0];
  const disturbances = new Disturbances(() => Math.floor((nowMs + sleptMs) / 10) * 10);
  return {
    pass: (ms: number) => {
      for (const untilMs = nowMs + ms; nowMs < untilMs;) disturbances.look((nowMs += periodMs), 2);
      return nowMs;
    },
    sleep: (ms: number) => void (sleptMs += ms),
    halt: (ms: number) => {
      disturbances.look((nowMs += ms), ms - periodMs);
    },
    disturbances,
    beganMs,
  };
}

describe('a computer that sleeps', () => {
  test('is noticed although the clock that all is measured by stood still', () => {
    const { pass, sleep, disturbances, beganMs } = stage();
    pass(1000);
    sleep(3_600_000);
    pass(periodMs);
    expect(disturbances.since(beganMs)?.reason).toBe('suspended');
    expect(Math.round(disturbances.since(beganMs)!.forMs / 1000)).toBe(3600);
  });

  test('disturbs what was under way, and nothing that begins afterwards', () => {
    const { pass, sleep, disturbances } = stage();
    const beforeMs = pass(1000);
    sleep(60_000);
    const afterMs = pass(periodMs);
    pass(1000);
    expect(disturbances.since(beforeMs)).toBeDefined();
    expect(disturbances.since(afterMs)).toBeUndefined();
  });
});

test('a process that is stopped for long is noticed by a look that came too late', () => {
  const { pass, halt, disturbances, beganMs } = stage();
  pass(1000);
  halt(8000);
  expect(disturbances.since(beganMs)).toEqual({ reason: 'halted', forMs: 7900 });
});

test('a busy computer disturbs nothing, nor do two clocks that are read one after the other', () => {
  const { pass, halt, disturbances, beganMs } = stage();
  for (let times = 0; times < 20; times++) {
    pass(300);
    halt(2000);
  }
  expect(disturbances.since(beganMs)).toBeUndefined();
});

test('where nothing tells of sleep, a look that came too late still does', () => {
  const disturbances = new Disturbances(() => undefined);
  const nowMs = performance.now();
  disturbances.look(nowMs, 6000);
  expect(disturbances.since(nowMs - 1)).toEqual({ reason: 'halted', forMs: 6000 });
});

test('this computer’s own clocks agree', () => {
  const disturbances = new Disturbances();
  const fromMs = performance.now();
  disturbances.look(performance.now(), 0);
  expect(disturbances.since(fromMs)).toBeUndefined();
});

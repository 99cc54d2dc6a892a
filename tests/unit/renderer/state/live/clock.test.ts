import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noExperience } from '../../../../../main/contract/planning';
import {
  firstEndMs,
  grownEndMs,
  minutesAndSeconds,
  pleasantEndMs,
  tickWords,
  ticksOf,
} from '../../../../../renderer/state/live/clock';

describe('the axes of the live page', () => {
  it('hold what they must, never shrink, and grow seldom', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 500 }),
        (needed) => {
          let [endMs, grown] = [1000, 0];
          for (const ms of needed) {
            const next = grownEndMs(endMs, ms);
            expect(next).toBeGreaterThanOrEqual(Math.max(endMs, ms));
            if (next !== endMs) grown += 1;
            endMs = next;
          }
          // by half each time, and from 1 s to 10 min
          expect(grown).toBeLessThanOrEqual(16);
        },
      ),
    );
    for (const ms of [1, 7, 99, 100, 960, 4999, 7700, 123_456]) {
      expect(pleasantEndMs(ms)).toBeGreaterThanOrEqual(ms);
      expect(pleasantEndMs(ms)).toBeLessThanOrEqual(ms * 2.1);
    }
  });

  it('begin at what earlier runs took, and with room for an emulated VM where none is known', () => {
    expect(firstEndMs(['container', 'vm:direct'], { instanceMs: { 'vm:direct': 9000 } })).toBe(15_000);
    expect(firstEndMs(['container', 'vm:direct'], noExperience)).toBeGreaterThan(15_000);
    expect(firstEndMs(['container', 'container#2'], { instanceMs: { container: 700 } })).toBe(1000);
  });

  it('have round ticks from 0, within the end and no more than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 40_000_000 }),
        fc.integer({ min: 2, max: 12 }),
        (endMs, most) => {
          const ticks = ticksOf(endMs, most);
          expect(ticks[0]).toBe(0);
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          expect(ticks.at(-1)).toBeLessThanOrEqual(endMs);
          expect(new Set(ticks.map((tick) => tickWords(tick, endMs))).size).toBe(ticks.length);
        },
      ),
    );
    expect(ticksOf(20_000, 6).map((tick) => tickWords(tick, 20_000))).toEqual([
      '0:00',
      '0:05',
      '0:10',
      '0:15',
      '0:20',
    ]);
    expect(ticksOf(1500, 6).map((tick) => tickWords(tick, 1500))).toEqual(['0 s', '0.5 s', '1 s', '1.5 s']);
  });

  it('tell minutes and seconds, and hours where there are any', () => {
    expect([0, 38_900, 725_000, 3_725_000].map(minutesAndSeconds)).toEqual([
      '0:00',
      '0:38',
      '12:05',
      '1:02:05',
    ]);
  });
});

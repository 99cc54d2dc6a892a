import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepWindowState, placeFor, readWindowState } from '../../../../main/doors/desktop/windowState';

const laptop = { x: 0, y: 0, width: 1440, height: 860 };
const beside = { x: 1440, y: -200, width: 2560, height: 1400 };
const left = { bounds: { x: 1600, y: 40, width: 1900, height: 1100 }, maximised: false };

describe('the place of the window', () => {
  it('is the system’s to choose the first time', () => {
    expect(placeFor(undefined, [laptop])).toEqual({ width: 1280, height: 800 });
  });

  it('is where it was left', () => {
    expect(placeFor(left, [laptop, beside])).toEqual(left.bounds);
  });

  it('is on the display that is still there, and no larger than it', () => {
    expect(placeFor(left, [laptop])).toEqual({ width: 1440, height: 860 });
  });

  it('is not kept where its title bar could not be reached', () => {
    const above = { ...left, bounds: { ...left.bounds, x: 100, y: -500, width: 900, height: 700 } };
    expect(placeFor(above, [laptop])).toEqual({ width: 900, height: 700 });
    const sliver = { ...left, bounds: { x: 1400, y: 100, width: 900, height: 700 } };
    expect(placeFor({ ...sliver, maximised: false }, [laptop])).not.toHaveProperty('x');
  });

  it('never gets smaller than the window may be', () => {
    expect(placeFor(left, [{ x: 0, y: 0, width: 640, height: 400 }])).toEqual({ width: 760, height: 520 });
  });
});

it('comes back from its file, and does without one that cannot be understood', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tare-window-'));
  const file = path.join(folder, 'window.json');
  expect(readWindowState(file)).toBeUndefined();
  keepWindowState(file, { ...left, maximised: true });
  expect(readWindowState(file)).toEqual({ ...left, maximised: true });
  for (const text of [
    '',
    '{',
    '{"bounds":{"x":1}}',
    '{"bounds":{"x":0,"y":0,"width":-1,"height":9},"maximised":true}',
  ]) {
    writeFileSync(file, text);
    expect(readWindowState(file), text).toBeUndefined();
  }
  expect(readdirSync(folder)).toEqual(['window.json']);
  rmSync(folder, { recursive: true });
});

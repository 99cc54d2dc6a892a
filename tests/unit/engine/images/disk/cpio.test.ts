import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpio, regularFile, type CpioEntry } from '../../../../../main/engine/images/disk/cpio';

/** A reader of our own, from the kernel's description of the format. */
function read(archive: Buffer): CpioEntry[] {
  const found: CpioEntry[] = [];
  for (let at = 0; ;) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number) =>
      parseInt(archive.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
    const [mode, size, nameSize] = [field(1), field(6), field(11)];
    const name = archive.toString('utf8', at + 110, at + 110 + nameSize - 1);
    const start = Math.ceil((at + 110 + nameSize) / 4) * 4;
    if (name === 'TRAILER!!!') {
      expect(archive.length).toBe(start);
      return found;
    }
    found.push({ name, mode, data: archive.subarray(start, start + size) });
    at = Math.ceil((start + size) / 4) * 4;
  }
}

const name = fc
  .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
  .filter((text) => !/[\0/]|TRAILER/.test(text));
const data = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

describe('a cpio archive', () => {
  it('gives back every name, mode and byte, whatever their lengths', () => {
    const entries = fc.array(fc.record({ name, mode: fc.constant(regularFile), data }), { maxLength: 8 });
    fc.assert(fc.property(entries, (list) => void expect(read(cpio(list))).toEqual(list)));
  });

  it('is always a whole number of words long, so that another archive may follow it', () => {
    fc.assert(
      fc.property(
        name,
        data,
        (file, bytes) => cpio([{ name: file, mode: regularFile, data: bytes }]).length % 4 === 0,
      ),
    );
  });
});

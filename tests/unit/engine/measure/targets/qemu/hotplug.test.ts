import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  layoutOf,
  needPlugged,
  stayingBytes,
} from '../../../../../../main/engine/measure/targets/qemu/hotplug';
import {
  pluggedBytes,
  resizePlugged,
} from '../../../../../../main/engine/measure/targets/qemu/machine/memoryDevice';
import type { Qmp } from '../../../../../../main/engine/measure/targets/qemu/machine/qmp';

const mebibyte = 1024 ** 2;
const hotplug = { hotplug: true } as const;

describe('the memory of a machine that is plugged most of it', () => {
  it('is the whole of what it was given, in blocks, within a region of whole sections', () =>
    fc.assert(
      fc.property(fc.integer({ min: 129, max: 65_536 }), (mebibytes) => {
        const { bootBytes, plugged } = layoutOf(hotplug, mebibytes * mebibyte);
        const { bytes = 0, regionBytes = 0 } = plugged ?? {};
        expect(bootBytes + bytes).toBe(mebibytes * mebibyte);
        expect(bootBytes).toBeGreaterThanOrEqual(Math.max(128 * mebibyte, (mebibytes * mebibyte) / 4));
        expect(bytes % (2 * mebibyte)).toBe(0);
        expect(regionBytes % (128 * mebibyte)).toBe(0);
        expect(regionBytes).toBeGreaterThanOrEqual(bytes);
        expect(regionBytes - bytes).toBeLessThan(128 * mebibyte);
      }),
    ));

  it('is there from the beginning where the machine is of another kind, or has no more than it boots with', () => {
    expect(layoutOf({}, 512 * mebibyte)).toEqual({ bootBytes: 512 * mebibyte });
    const small = layoutOf(hotplug, 128 * mebibyte);
    expect(small).toEqual({ bootBytes: 128 * mebibyte });
    expect(() => needPlugged(small)).toThrow(/nothing-to-plug/);
    expect(() => needPlugged(layoutOf(hotplug, 256 * mebibyte))).not.toThrow();
  });
});

describe('what stays plugged', () => {
  const of = (free: number) => stayingBytes({ MemFree: free * mebibyte }, 512 * mebibyte, 384 * mebibyte);

  it('is all but what is free, less what the kernel keeps at hand', () => {
    expect(of(20)).toBe(384 * mebibyte);
    expect(of(32 + 101)).toBe((384 - 100) * mebibyte);
    expect(of(500)).toBe(0);
  });

  it('is everything where the guest does not tell', () => {
    expect(stayingBytes({}, 512 * mebibyte, 384 * mebibyte)).toBe(384 * mebibyte);
  });
});

describe('the device', () => {
  const asked: unknown[] = [];
  const qemu = (devices: unknown): Qmp => ({
    version: '10.0.0',
    greetedAtMs: 0,
    close: () => undefined,
    execute(command, args) {
      asked.push([command, args]);
      return Promise.resolve(command === 'query-memory-devices' ? devices : {});
    },
  });

  it('tells what it has plugged, beside others', async () => {
    const other = { type: 'dimm', data: { addr: 0 } };
    const own = { type: 'virtio-mem', data: { id: 'hotplug', size: 7, 'requested-size': 9 } };
    expect(await pluggedBytes(qemu([other, own]))).toBe(7);
    await expect(pluggedBytes(qemu([other]))).rejects.toThrow();
  });

  it('is asked to have so much', async () => {
    await resizePlugged(qemu([]), 2 * mebibyte);
    const property = 'requested-size';
    const args = { path: '/machine/peripheral/hotplug', property, value: 2 * mebibyte };
    expect(asked.at(-1)).toEqual(['qom-set', args]);
  });
});

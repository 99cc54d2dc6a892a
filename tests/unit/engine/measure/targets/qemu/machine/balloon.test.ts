import { describe, expect, it } from 'vitest';
import { balloonUsedBytes } from '../../../../../../../main/engine/measure/targets/qemu/machine/balloon';
import type { Qmp } from '../../../../../../../main/engine/measure/targets/qemu/machine/qmp';

const untold = 18446744073709551615;

/** A QEMU whose guest answers when it was asked for statistics `after` times. */
function qemu(stats: Record<string, number>, after = 3) {
  let asked = 0;
  let period = 0;
  const qmp: Qmp = {
    version: '10.0.0',
    greetedAtMs: 0,
    close: () => undefined,
    execute(command, args) {
      if (command === 'qom-set') period = Number(args!.value);
      else if (period > 0) asked += 1;
      const known = asked >= after ? stats : {};
      return Promise.resolve({
        'last-update': asked >= after ? 1_700_000_000 : 0,
        stats: { 'stat-total-memory': untold, 'stat-available-memory': untold, ...known },
      });
    },
  };
  return { qmp, period: () => period };
}

describe('the balloon', () => {
  it('tells what the guest uses, once, and is left in peace', async () => {
    const { qmp, period } = qemu({ 'stat-total-memory': 900, 'stat-available-memory': 700 });
    expect(await balloonUsedBytes(qmp)).toBe(200);
    expect(period()).toBe(0);
  });

  it('has no figure where the guest does not tell one, or does not answer in time', async () => {
    expect(await balloonUsedBytes(qemu({ 'stat-total-memory': 900 }).qmp)).toBeUndefined();
    const { qmp, period } = qemu({}, Infinity);
    expect(await balloonUsedBytes(qmp, 20)).toBeUndefined();
    expect(period()).toBe(0);
  });

  it('has no figure where there is none', async () => {
    const { qmp } = qemu({});
    const refusing = { ...qmp, execute: () => Promise.reject(new Error('Device not found')) };
    expect(await balloonUsedBytes(refusing)).toBeUndefined();
  });
});

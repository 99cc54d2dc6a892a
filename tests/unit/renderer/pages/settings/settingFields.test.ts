import { describe, expect, it } from 'vitest';
import { settingNames } from '../../../../../main/contract/settings';
import { readSetting, showSetting } from '../../../../../renderer/pages/settings/settingFields';

describe('a setting that is typed', () => {
  it.each([
    ['memoryFloorBytes', '512M', 512 * 1024 ** 2],
    ['cacheBytes', '20 GiB', 20 * 1024 ** 3],
    ['samplePeriodMs', '0.5s', 500],
    ['qemuPath', '/opt/qemu', '/opt/qemu'],
    ['dockerEndpoint', 'ssh://me@server', 'ssh://me@server'],
    ['accelerator', 'tcg', 'tcg'],
  ] as const)('%s “%s” is kept as %s', (name, text, value) => {
    expect(readSetting(name, text)).toBe(value);
  });

  it.each([
    ['cacheBytes', '1M'],
    ['samplePeriodMs', '500'],
    ['samplePeriodMs', '1ms'],
    ['dataFolder', 'runs'],
    ['accelerator', 'warp'],
    ['dockerEndpoint', '/var/run/docker.sock'],
  ] as const)('%s “%s” is refused', (name, text) => {
    expect(readSetting(name, text)).toBeUndefined();
  });

  it('is read again from what is shown of it, in both languages', () => {
    const values = { cacheBytes: 10 * 1024 ** 3, samplePeriodMs: 250, memoryFloorBytes: 256 * 1024 ** 2 };
    for (const locale of ['en', 'zh-CN'] as const)
      for (const [name, value] of Object.entries(values))
        expect(
          readSetting(name as keyof typeof values, showSetting(locale, name as 'cacheBytes', value)),
        ).toBe(value);
    for (const name of settingNames) expect(showSetting('en', name, undefined)).toBe('');
  });
});

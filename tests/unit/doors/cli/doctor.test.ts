import { expect, test } from 'vitest';
import { explain } from '../../../../main/contract/messages';
import { tare } from '../../../support/commandLine';
import { healthy } from '../../../support/fakeEngine';

const noKernel = { code: 'kernel-missing' as const, folder: '/cache/kernel' };

test('doctor names the remedy of a target that is missing although every check is well', async () => {
  const report = {
    ...healthy,
    targets: [...healthy.targets, { id: 'vm:micro', available: false, why: noKernel }],
  };
  for (const locale of ['en', 'zh-CN'] as const) {
    const { code, stdout } = await tare(`doctor --lang ${locale}`, { doctor: report });
    expect(code).toBe(0); // the main comparison can be run
    expect(stdout).toContain(explain(locale, noKernel).what);
    expect(stdout).toContain('tare guest build --kernel minimal');
  }
});

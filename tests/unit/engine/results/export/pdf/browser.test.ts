import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { printWithBrowser } from '../../../../../../main/engine/results/export/pdf/browser';
import { startTicks } from '../../../../../../main/engine/base/process/proc';

const noted: string[] = [];
const ledger = {
  name: (what: string) => `tare-test-${what}-${process.pid}`,
  note(kind: string, name: string) {
    noted.push(`${kind} ${name}`);
    return () => void noted.push(`gone ${name}`);
  },
};
const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-print-test-'));
chmodSync(folder, 0o755); // another user starts what is in it
afterAll(() => rmSync(folder, { recursive: true }));

it.runIf(process.platform === 'linux')(
  'keeps the browser in its sandbox, and never has root run it',
  async () => {
    const said = path.join(folder, 'said');
    writeFileSync(said, '');
    chmodSync(said, 0o666);
    const script = `#!/bin/sh\necho "uid $(id -u): $*" >${said}\n`;
    writeFileSync(path.join(folder, 'chromium'), script, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    const own = process.getuid!();
    const uid = own === 0 ? 65534 : own;
    const printed = printWithBrowser('<p>…</p>', new AbortController().signal, ledger).finally(() =>
      vi.unstubAllEnvs(),
    );
    await expect(printed).rejects.toMatchObject({ failure: { code: 'program-failed' } });
    const words = readFileSync(said, 'utf8');
    expect(words).toMatch(new RegExp(`^uid ${uid}: --headless `));
    expect(words).not.toContain('--no-sandbox');
    // its profile is written down before it is made, and struck out once it is removed
    const profile = path.join(os.tmpdir(), `tare-test-print-${process.pid}`);
    expect(words).toContain(`--user-data-dir=${profile}/profile`);
    expect(noted).toEqual([`folder ${profile}`, `gone ${profile}`]);
    expect(existsSync(profile)).toBe(false);
  },
);

it.runIf(process.platform === 'linux')(
  'leaves no helper behind that was frozen when its browser ended',
  async () => {
    const helper = path.join(folder, 'helper');
    writeFileSync(helper, '');
    chmodSync(helper, 0o666);
    const script = `#!/bin/sh\nsleep 600 >/dev/null 2>&1 3>&- 4>&- &\nkill -STOP $!\necho $! >${helper}\nexit 1\n`;
    writeFileSync(path.join(folder, 'chromium'), script, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    const printed = printWithBrowser('<p>…</p>', new AbortController().signal, ledger).finally(() =>
      vi.unstubAllEnvs(),
    );
    await expect(printed).rejects.toMatchObject({ failure: { code: 'program-failed' } });
    const pid = Number(readFileSync(helper, 'utf8'));
    await expect.poll(() => startTicks(pid)).toBeUndefined();
  },
);

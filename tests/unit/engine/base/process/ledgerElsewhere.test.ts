import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openLedger } from '../../../../../main/engine/base/process/ledger';
import { deadSessions, livingSessions } from '../../../../../main/engine/base/process/sessions/sessions';

vi.mock('../../../../../main/engine/base/process/proc', () => ({
  bootId: () => '',
  startTicks: () => undefined,
}));

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('where there is no /proc', () => {
  it('the list of a Tare that lives is not swept', () => {
    const ledger = openLedger(folder);
    ledger.note('container', 'a');
    expect(livingSessions(folder)).toMatchObject([{ session: ledger.session, pid: process.pid }]);
    expect(deadSessions(folder).dead).toEqual([]);
    rmSync(path.join(folder, `${ledger.session}.ndjson`));
  });

  it('the list of one that has ended is', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    await once(child, 'exit');
    const owner = { owner: child.pid!, startTicks: 0, bootId: '' };
    writeFileSync(path.join(folder, 'dead.ndjson'), `${JSON.stringify(owner)}\n`);
    expect(deadSessions(folder).dead.map(({ session }) => session)).toEqual(['dead']);
  });
});

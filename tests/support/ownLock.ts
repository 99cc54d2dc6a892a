/** The tests' own place for what is under way on this machine: a stranger's Tare refuses them nothing, nor they him. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-test-lock-'));
process.env.TARE_LOCK_DIR = folder;
export const removeLock = (): void => rmSync(folder, { recursive: true, force: true });
process.on('exit', removeLock);

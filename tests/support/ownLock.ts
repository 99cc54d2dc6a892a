/** The tests' own place for what is under way on this machine: a stranger's Tare refuses them nothing, nor they him. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-test-lock-'));
process.env.TARE_LOCK_DIR = folder;
const remove = () => rmSync(folder, { recursive: true, force: true });
// a worker of the tests is killed at its end; a script of theirs is not one
if (process.env.VITEST_WORKER_ID) (await import('vitest')).afterAll(remove);
else process.on('exit', remove);

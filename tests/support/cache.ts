import os from 'node:os';
import path from 'node:path';

/** The guest kit and the disks are made once for all tests: they are a cache, and making them has tests of its own. */
export const sharedCache = (): string => path.join(os.tmpdir(), 'tare-test-cache');

/** The worker of a file of tests is killed at its end, so its own end comes too late. */
import { afterAll } from 'vitest';
import { removeLock } from './ownLock';

afterAll(removeLock);

import './ownLock';

/**
 * Begins the name of every session of the tests, and so of every container, process, folder and network that they make. Whoever
 * loads this gives it to the sessions that he opens and to the programs that he starts. `TARE_TEST_BESIDE`, a letter after f in the
 * alphabet, tells a run of the tests from another one on the same computer.
 */
export const sessionPrefix = `test${process.env.TARE_TEST_BESIDE ?? ''}`;

process.env.TARE_SESSION_PREFIX = sessionPrefix;

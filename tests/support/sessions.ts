/** Begins the name of every session of the tests, and so of every container, process, folder and network that they make. */
export const sessionPrefix = 'test';

/** For whatever comes when it comes: a busy computer is no failure, and what hangs ends some time. */
export const patience = { timeout: 90_000, interval: 20 };

/** Locks of one browser: whoever asks first for a name has it, until what it does is done. */
export function browserLocks(): LockManager {
  const before = new Map<string, Promise<unknown>>();
  const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
    const body = rest.at(-1) as () => Promise<unknown>;
    const { signal } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
    const turn = (before.get(name) ?? Promise.resolve()).then(() => (signal?.aborted ? undefined : body()));
    before.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  return { request } as unknown as LockManager;
}

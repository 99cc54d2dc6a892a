/** Before another try: Chromium drops what it is fetching when a network comes or goes, as where a container is started or ends. */
const retryAfterMs = [200, 1000, 3000];

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * What may be asked for twice, tried again where it cannot be fetched.
 * @throws what the last try failed with
 */
export async function fetched<T>(load: () => Promise<T>, wait = rest): Promise<T> {
  for (const ms of retryAfterMs) {
    try {
      return await load();
    } catch {
      await wait(ms);
    }
  }
  return load();
}

import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { runKitScript } from '../../../../../main/engine/images/guest/kitScript';
import { programLimits } from '../../../../../main/engine/base/process/child';
import { processes } from '../../../../../main/engine/base/process/proc';

afterEach(() => void vi.useRealTimers());

it('a script that never ends is ended with all it started, and was written down until then', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const name = `tare-test-script-${process.pid}`;
  const noted: string[] = [];
  const script = `'${process.execPath}' -e 'require("node:net").connect(${port}); setInterval(() => {}, 1e6)' ${name}-child & wait`;
  const outcome = expect(
    runKitScript(['-c', script], {
      name,
      ledger: {
        note(kind, what) {
          noted.push(`${kind} ${what}`);
          return () => void noted.push('gone');
        },
      },
      folder: '/tmp',
      neededBytes: 0,
      signal: new AbortController().signal,
      progress: () => undefined,
    }),
  ).rejects.toMatchObject({ failure: { code: 'kit-failed' } });
  await once(server, 'connection'); // by then all of it runs
  expect(processes().filter(({ words }) => words.includes(name))).toHaveLength(1);
  expect(noted).toEqual([`process ${name}`]);
  await vi.advanceTimersByTimeAsync(programLimits.makes);
  await outcome;
  expect(noted).toEqual([`process ${name}`, 'gone']);
  server.close();
  await expect.poll(() => processes().filter(({ words }) => words.includes(`${name}-child`))).toEqual([]);
});

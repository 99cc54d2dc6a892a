import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tare } from '../../../support/commandLine';

const rendererFolder = mkdtempSync(path.join(os.tmpdir(), 'tare-cli-serve-'));
afterAll(() => rmSync(rendererFolder, { recursive: true }));

/** Serves until it has told what it tells, and is then interrupted. */
const serving = (...words: string[]) =>
  tare(['serve', '--port', '0', ...words], {
    rendererFolder,
    async meanwhile(signals, _engine, written) {
      await expect.poll(() => written.stderr).toContain('Ctrl+C');
      signals.emit('SIGINT');
    },
  });

it('says what its address is worth', async () => {
  const { stdout, stderr } = await serving();
  expect(stdout).toMatch(/^The page is at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}\n$/);
  expect(stderr).toContain('Whoever has this address can act as you');
  expect(stderr).toContain('through Docker do as root what they like');
  expect(stderr).not.toContain('ssh -L');
});

it('beyond this computer tells every address, and how to read it with nobody listening', async () => {
  const { stdout, stderr } = await serving('--host', '0.0.0.0');
  const port = /:(\d+)\//.exec(stdout)?.[1];
  expect(stdout).toContain(`and at http://127.0.0.1:${port}/#token=`);
  expect(stderr).toContain('read-only');
  expect(stderr).toContain(`\n    tare serve --port ${port}\n`);
  const user = os.userInfo().username;
  expect(stderr).toMatch(new RegExp(`\\n    ssh -L ${port}:127\\.0\\.0\\.1:${port} ${user}@[\\d.]+\\n`));
});

it.each([
  [['--tls-cert', 'tower.crt'], 'belong together'],
  [['--tls-cert', 'none.crt', '--tls-key', 'none.key'], 'none.crt: there is no such file'],
  [['--port', '70000'], 'is not a port'],
])('refuses %j in words', async (words, why) => {
  const { code, stdout, stderr } = await tare(['serve', '--port', '0', ...words], {
    rendererFolder,
    cwd: rendererFolder,
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.replace(/\s+/g, ' ')).toContain(why);
});

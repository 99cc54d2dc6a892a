import fc from 'fast-check';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLog, logWork } from '../../../../../main/doors/desktop/help/log';
import { withoutPrivate, writeProblemReport } from '../../../../../main/doors/desktop/help/problemReport';
import { TareError } from '../../../../../main/engine/base/errors';
import type { TareEvent } from '../../../../../main/contract/events';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'tare-problem-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const doctorOf = (endpoint: string) =>
  ({
    doctor: () =>
      Promise.reject(
        new TareError({
          code: 'docker-unreachable',
          tried: [{ source: 'DOCKER_HOST', endpoint, reason: 'closed' }],
        }),
      ),
  }) as never;

it('holds versions, what works here and the newest lines of the log, and nothing private', async () => {
  const log = openLog(path.join(folder, 'logs'));
  log.write('window opened', { tare: '0.1.0' });
  log.write('data in /home/ada/tare');
  const written = await writeProblemReport({
    folder,
    engine: doctorOf('ssh://ada:secret@far.example/home/ada/docker.sock'),
    log,
    versions: { tare: '0.1.0', electron: '33.2.1' },
    home: '/home/ada',
    now: new Date('2026-03-04T05:06:07.089Z'),
  });
  expect(path.basename(written)).toBe('tare-problem-20260304-050607');
  expect(readdirSync(written).sort()).toEqual(['doctor.json', 'tare.log', 'versions.json']);
  const all = readdirSync(written)
    .map((name) => readFileSync(path.join(written, name), 'utf8'))
    .join('\n');
  expect(all).toContain('docker-unreachable');
  expect(all).toContain('window opened tare=0.1.0');
  expect(all).toContain('"electron": "33.2.1"');
  expect(all).toContain('far.example');
  expect(all).not.toMatch(/ada|secret/);
});

it('never keeps what stands before the host of an address, nor the home folder', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9._:%-]{1,12}$/);
  fc.assert(
    fc.property(word, fc.constantFrom('ssh', 'tcp', 'https'), fc.lorem(), (secret, scheme, around) => {
      const private_ = `X${secret}X`;
      const text = withoutPrivate(
        `${around} ${scheme}://${private_}@host/x ${around} /home/${private_}/y`,
        `/home/${private_}`,
      );
      expect(text).not.toContain(private_);
      expect(text).toContain('@host/x');
    }),
  );
});

it('notes runs and failures by their codes, and begins anew when it is large', () => {
  const log = openLog(folder);
  let tell: (event: TareEvent) => void = () => undefined;
  logWork({ onEvent: (listener) => ((tell = listener), () => undefined) }, log);
  tell({ kind: 'run-ended', run: '20260304-050607-00ff', state: 'done' });
  tell({
    kind: 'work',
    work: {
      kind: 'pullImage',
      answer: { ok: false, failure: { code: 'registry-unreachable', reference: 'private/app' } },
    },
  } as never);
  expect(log.newest()).toContain('run ended run=20260304-050607-00ff state=done');
  expect(log.newest()).toContain('work ended kind=pullImage failure=registry-unreachable');
  expect(log.newest()).not.toContain('private/app');
  for (let line = 0; line < 40; line += 1) log.write('x'.repeat(40_000));
  expect(readdirSync(folder).sort()).toEqual(['tare.log', 'tare.log.1']);
  expect(log.newest().length).toBeLessThanOrEqual(512 * 1024);
});

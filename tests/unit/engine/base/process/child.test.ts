import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { runProgram } from '../../../../../main/engine/base/process/child';

const node = (script: string, options = {}) => runProgram(process.execPath, ['-e', script], options);

it('answers with what a program printed, without its last line break', async () => {
  await expect(node('console.log("one"); console.log("two")')).resolves.toBe('one\ntwo');
});

it('passes words as they are: there is no shell to expand them', async () => {
  await expect(runProgram('printf', ['%s', '$HOME; *'])).resolves.toBe('$HOME; *');
});

it('adds to the environment and does not replace it', async () => {
  const script = 'console.log(process.env.TARE_TEST, Boolean(process.env.PATH))';
  await expect(node(script, { env: { TARE_TEST: 'here' } })).resolves.toBe('here true');
});

it('tells how a program failed and what it printed', async () => {
  await expect(node('console.error("the reason"); process.exit(3)')).rejects.toMatchObject({
    failure: { code: 'program-failed', exit: 'exit 3', output: 'the reason\n' },
  });
});

it('keeps only the last 64 KiB of what a failing program printed', async () => {
  const script = 'process.stdout.write("x".repeat(300000) + "end", () => process.exit(1))';
  const error = await node(script).catch((thrown: unknown) => thrown);
  const { output } = (error as { failure: { output: string } }).failure;
  expect(output).toHaveLength(64 * 1024);
  expect(output.endsWith('end')).toBe(true);
});

it('names the package of a program that is missing', async () => {
  await expect(runProgram('tare-no-such-program', [])).rejects.toMatchObject({
    failure: { code: 'tool-missing', program: 'tare-no-such-program' },
  });
});

it('ends a program when it is told to, and settles only once the program is gone', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-child-'));
  const file = path.join(folder, 'pid');
  const controller = new AbortController();
  const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
  const work = node(script, { signal: controller.signal });
  work.catch(() => undefined); // looked at below
  await expect.poll(() => readFileSync(file, 'utf8')).toMatch(/^\d+$/);
  const pid = Number(readFileSync(file, 'utf8'));
  controller.abort();
  await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  rmSync(folder, { recursive: true });
});

it('ends a program that does not end, although what it has started holds its output open', async () => {
  const left = `require('node:child_process').spawn('sleep', ['7'], { stdio: ['ignore', 'inherit', 'inherit'] });`;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let heard: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (heard = resolve));
    const server = net.createServer(() => heard()).listen(0);
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const script = `${left} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);
      require('node:net').connect(${port}); process.stderr.write('busy');`;
    const outcome = expect(node(script, { limitMs: 30_000 })).rejects.toMatchObject({
      failure: { code: 'program-failed', exit: 'no end within 30 s' },
    });
    await begun;
    await vi.advanceTimersByTimeAsync(30_000 + 5000);
    await outcome;
    server.close();
  } finally {
    vi.useRealTimers();
  }
});

it('tells of a program that may not be run that it may not', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-child-'));
  const file = path.join(folder, 'no-program');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
  await expect(runProgram(file, [])).rejects.toMatchObject({
    failure: { code: expect.stringMatching(/^(program-failed|access-denied)$/) as string, program: file },
  });
  rmSync(folder, { recursive: true });
});

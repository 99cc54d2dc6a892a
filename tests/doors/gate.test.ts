/** The action's steps on real containers: a commit that holds more and starts later is refused by name, one that changes nothing passes. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { message } from '../../main/contract/messages';
import { Run } from '../../main/contract/run/run';
import { runAction } from '../support/gate/action';
import { growingRepository, removeBuilt } from '../support/gate/repository';
import { leftovers } from '../support/leaks';

const program = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');
const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'tare-gate-')));
const workspace = path.join(home, 'work');
let commits: Awaited<ReturnType<typeof growingRepository>>;

beforeAll(async () => {
  expect(existsSync(program), `${program} is absent: npm run build comes first`).toBe(true);
  mkdirSync(path.join(home, 'bin'));
  const installed = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  writeFileSync(path.join(home, 'bin/tare'), installed, { mode: 0o755 });
  commits = await growingRepository(workspace);
});
afterAll(() => {
  expect(leftovers()).toEqual([]);
  rmSync(home, { recursive: true });
});

const folders = Object.fromEntries(
  ['DATA', 'CONFIG', 'CACHE'].map((name) => [`XDG_${name}_HOME`, path.join(home, name.toLowerCase())]),
);
async function judged(inputs: Record<string, string>) {
  const done = await runAction({
    workspace,
    runner: path.join(home, 'runner'),
    inputs: { trials: '3', ...inputs },
    environment: { ...folders, PATH: `${path.join(home, 'bin')}:${process.env.PATH}` },
  });
  await removeBuilt(path.join(workspace, 'tare-report'));
  return done;
}
const report = (name: string) => readFileSync(path.join(workspace, 'tare-report', name), 'utf8');

it('20 MiB and 300 ms more: 4 after two runs, with the commit since which it is so', async () => {
  const { code, summary, outputs, stderr } = await judged({});
  expect(code, stderr).toBe(4);
  expect(outputs).toBe('regression=true\n');
  for (const name of ['run', 'run-confirm']) {
    const { report: made } = Run.parse(JSON.parse(report(`${name}.json`)));
    const worse = made!.verdicts.filter(({ worse }) => worse);
    // a busy computer may hide 300 ms from so few rounds, and cannot hide memory
    expect(worse.map(({ about }) => about!.subject)).toContain('memory');
    for (const { text } of worse)
      expect(text.facts).toMatchObject({
        commit: commits.head.slice(0, 9),
        date: '2026-11-24',
        baseCommit: commits.base.slice(0, 9),
        baseDate: '2026-11-20',
      });
    expect(report(`${name}.html`)).toContain(`Since commit ${commits.head.slice(0, 9)} (2026-11-24)`);
    expect(report(`${name}.md`)).toContain(commits.head.slice(0, 9));
  }
  const plainly = summary.replace(/\s+/g, ' ');
  expect(plainly).toContain(`Since commit ${commits.head.slice(0, 9)} (2026-11-24) at the latest`);
  expect(plainly).toContain(message('en', 'cli.ab.confirmed'));
});

it('the same commit on both sides: passes', async () => {
  const { code, outputs, summary, stderr } = await judged({ base: 'HEAD', head: 'HEAD' });
  expect(code, stderr + summary).toBe(0);
  expect(outputs).toBe('regression=false\n');
  expect(existsSync(path.join(workspace, 'tare-report/run.html'))).toBe(true);
});

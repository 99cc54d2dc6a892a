/** The action's steps on real containers of this machine: how they end, and what they measured. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { say } from '../../main/contract/messages';
import { Run } from '../../main/contract/run/run';
import { runAction } from '../support/gate/action';
import { growingRepository, removeBuilt } from '../support/gate/repository';

/** A commit that holds 20 MiB more and starts 300 ms later. */
export const judgeGrown = (): Promise<void> => inRepository((judge) => judge({}));

/** The same commit on both sides, so many times. */
export const judgeSame = (times: number): Promise<void> =>
  inRepository(async (judge) => {
    for (let at = 0; at < times; at += 1) await judge({ base: 'HEAD', head: 'HEAD' });
  });

async function inRepository(
  judgeAll: (judge: (inputs: Record<string, string>) => Promise<void>) => Promise<void>,
): Promise<void> {
  const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'tare-bench-gate-')));
  try {
    mkdirSync(path.join(home, 'bin'));
    const program = path.resolve(import.meta.dirname, '../../dist/main/cli.cjs');
    writeFileSync(path.join(home, 'bin/tare'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
      mode: 0o755,
    });
    const workspace = path.join(home, 'work');
    await growingRepository(workspace);
    await judgeAll((inputs) => judge(home, workspace, inputs));
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function judge(home: string, workspace: string, inputs: Record<string, string>): Promise<void> {
  const began = Date.now();
  const { code } = await runAction({
    workspace,
    runner: path.join(home, 'runner'),
    inputs,
    environment: {
      XDG_DATA_HOME: path.join(home, 'data'),
      PATH: `${path.join(home, 'bin')}:${process.env.PATH}`,
    },
  });
  console.log(`exit ${code} after ${Math.round((Date.now() - began) / 1000)} s`);
  await removeBuilt(path.join(workspace, 'tare-report'));
  const record: unknown = JSON.parse(readFileSync(path.join(workspace, 'tare-report/run.json'), 'utf8'));
  for (const { text, worse } of Run.parse(record).report?.verdicts ?? [])
    if (worse !== undefined) console.log(`  ${say('en', text)}`);
}

/** Inputs that are almost right: given to the parsers by the thousand, and as files to the command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { layForeignFile } from '../fuzz/files';
import { parsers } from '../fuzz/parsers';
import type { Case, Kind, Outcome } from '../kind';
import { fileLimits, wrongIn } from '../stage/program';

const viteNode = path.resolve(import.meta.dirname, '../../../node_modules/.bin/vite-node');
const batch = path.resolve(import.meta.dirname, '../fuzz/batch.ts');

const inputsOfBatch = 1500;
/** To compile itself, and then milliseconds for each input: far beyond that, one of them hangs. */
const batchLimitMs = 120_000;
const heapMebibytes = 1024;

async function parserFuzz({ draw, number, within }: Case): Promise<Outcome> {
  const { name } = parsers[number % parsers.length]!;
  const seed = draw.seed();
  return within(async (scene) => {
    const file = path.join(scene.folder, 'input');
    const child = spawn(viteNode, [batch, name, String(seed), String(inputsOfBatch), file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...scene.environment, NODE_OPTIONS: `--max-old-space-size=${heapMebibytes}` },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), batchLimitMs);
    await once(child, 'close');
    clearTimeout(timer);
    const last = existsSync(file) ? readFileSync(file).toString('utf8').slice(0, 2000) : '';
    const at = stdout.lastIndexOf('{"runs"');
    const told = at < 0 ? undefined : (JSON.parse(stdout.slice(at)) as { runs: number; mistake?: string });
    const what = `${told?.runs ?? 0} inputs for the parser of: ${name}`;
    const wrong = !told
      ? [
          `${name}: hangs, or took too much memory, with seed ${seed} at ${JSON.stringify(last)} ${stderr.slice(-500)}`,
        ]
      : told.mistake !== undefined
        ? [`${name}: ${told.mistake} at ${JSON.stringify(last)}`]
        : [];
    return { what, tried: told?.runs ?? 1, wrong };
  });
}

const filesOfCase = 8;
/** No engine: whatever of it would be valid ends there. */
const nowhere = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

async function fileFuzz({ draw, number, within }: Case): Promise<Outcome> {
  const wrong: string[] = [];
  const names = new Set<string>();
  for (let turn = 0; turn < filesOfCase; turn += 1) {
    const { wrong: found } = await within(async (scene) => {
      const { name, words } = layForeignFile(scene, draw, number * filesOfCase + turn);
      names.add(name);
      const ended = await scene.run(words, { limits: fileLimits, env: nowhere });
      const strangers = readdirSync(scene.folder).filter((entry) => !known.includes(entry));
      return {
        what: name,
        wrong: [
          ...wrongIn(ended),
          ...(/[\0-\x08\x0b-\x1f\x7f]/.test(ended.stdout + ended.stderr)
            ? [`tare ${words.join(' ')}: control characters reach the terminal (${name})`]
            : []),
          ...strangers.map((entry) => `tare ${words.join(' ')}: wrote ${entry} outside of its folders`),
        ],
      };
    });
    wrong.push(...found);
  }
  return { what: `${filesOfCase} files: ${[...names].join(', ')}`, tried: filesOfCase, wrong };
}

const known = ['data', 'config', 'tmp', 'lock', 'work'];

export const inputs: Kind[] = [
  {
    name: 'parser',
    row: 'inputs',
    anHour: 60,
    title:
      'every parser (records, plans, Compose, lists, QMP, tar, marks, cgroup and /proc files, calls) given edited inputs',
    attack: parserFuzz,
  },
  {
    name: 'file',
    row: 'inputs',
    anHour: 60,
    title: 'edited run.json, plans, Compose files, lists of leftovers and settings through the command line',
    attack: fileFuzz,
  },
];

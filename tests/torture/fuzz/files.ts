/** Files that a person may have from anywhere, and what is typed to have each of them read. */
import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fakeReportedRun } from '../../support/fakes/fakeRun';
import type { Draw } from '../draw';
import type { Scene } from '../stage/scene';
import { byteEdits, editBytes, editJson, jsonEdits } from './edits';

interface ForeignFile {
  name: string;
  /** where it lies, below the scene's folder */
  path: string;
  content: (draw: Draw) => Buffer;
  commands: string[][];
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, draw: Draw): T =>
  fc.sample(arbitrary, { seed: draw.seed(), numRuns: 1 })[0]!;

const editedText =
  (original: string) =>
  (draw: Draw): Buffer =>
    editBytes(Buffer.from(original), sample(byteEdits, draw));
const editedJson =
  (originals: unknown[]) =>
  (draw: Draw): Buffer => {
    const original = draw.pick(originals);
    if (draw.share() < 0.15) return editedText(JSON.stringify(original))(draw);
    return Buffer.from(JSON.stringify(editJson(original, sample(jsonEdits, draw))) ?? '');
  };

const id = '20260101-000000-0001';
const runs = ['quick', 'density', 'services', 'three-apps'].map((preset) => ({
  ...fakeReportedRun({ preset }),
  id,
}));
const out = ['--out', 'out'];

const workload = {
  name: 'shop',
  image: { kind: 'reference', reference: 'shop:1' },
  port: 80,
  limits: { memoryBytes: '64M' },
};
const plan = {
  name: 'mine',
  workloads: [workload],
  targets: ['container', 'vm:direct+disk=ext4'],
  trials: 2,
  soakMs: '1s',
};
const yaml = `name: mine
workloads:
  - &shop { name: shop, image: { kind: reference, reference: "shop:1" }, limits: { memoryBytes: 64M, cpus: 1 } }
  - { <<: *shop, name: other }
targets: [container]
trials: 2
`;
const compose = `name: shop
services:
  web: { image: "nginx:1", ports: ["80:80"], depends_on: { db: { condition: service_healthy } } }
  db: { image: "postgres:16", healthcheck: { test: [CMD, pg_isready] }, environment: { A: "\${B:-c}" } }
`;
const owner = { owner: 4_000_000, startTicks: 1, bootId: 'another' };
const entries = ['container', 'network', 'image', 'process', 'folder', 'cgroup'].map((kind, at) => ({
  id: at + 1,
  kind,
  name: `tare-x-${kind}`,
}));

const foreignFiles: ForeignFile[] = [
  {
    name: 'run.json',
    path: `data/tare/runs/${id}/run.json`,
    content: editedJson(runs),
    commands: [
      ['show', id, '--full'],
      ['list'],
      ['history'],
      ['compare', id, id],
      ...['html', 'md', 'csv', 'json', 'svg', 'card'].map((format) => [
        'export',
        id,
        '--format',
        format,
        ...out,
      ]),
    ],
  },
  {
    name: 'plan as JSON',
    path: 'work/plan.json',
    content: editedJson([plan]),
    commands: [['run', 'plan.json', '--json']],
  },
  {
    name: 'plan as YAML',
    path: 'work/plan.yaml',
    content: editedText(yaml),
    commands: [['run', 'plan.yaml', '--json']],
  },
  {
    name: 'Compose file',
    path: 'work/compose.yaml',
    content: editedText(compose),
    commands: [['run', '--compose', 'compose.yaml', '--json']],
  },
  // only tried: what it names must never be touched
  {
    name: 'list of leftovers',
    path: 'data/tare/ledger/torturex.ndjson',
    content: (draw) =>
      Buffer.from(
        [owner, ...entries]
          .map((line) => (draw.share() < 0.5 ? JSON.stringify(line) : editedJson([line])(draw).toString()))
          .join('\n'),
      ),
    commands: [['clean', '--dry-run', '--json'], ['list']],
  },
  {
    name: 'settings.json',
    path: 'config/tare/settings.json',
    content: editedJson([
      { language: 'en', theme: 'dark', qemu: '/usr/bin/qemu-system-x86_64', memoryFloorBytes: 1 },
    ]),
    commands: [
      ['list', '--json'],
      ['guest', 'list'],
    ],
  },
];

/** Puts an edited file into the scene, and says what to type. */
export function layForeignFile(scene: Scene, draw: Draw, number: number): { name: string; words: string[] } {
  const foreign = foreignFiles[number % foreignFiles.length]!;
  const file = path.join(scene.folder, foreign.path);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, foreign.content(draw), { mode: 0o600 });
  return { name: foreign.name, words: draw.pick(foreign.commands) };
}

/**
 * Everything that takes apart what others wrote, with good inputs to begin from. A parser may refuse an input with a failure of its own, or
 * pass over it; it may never throw anything else, hang, or take the memory of the computer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Duplex, Readable } from 'node:stream';
import fc from 'fast-check';
import { calls, type CallName } from '../../../main/contract/calls';
import { checkPlan, readPlanFile } from '../../../main/doors/cli/planFile';
import { answer } from '../../../main/doors/router';
import { askedBy } from '../../../main/engine/images/compose/healthcheck';
import { ComposeFile } from '../../../main/engine/images/compose/file';
import { planOfCompose } from '../../../main/engine/images/compose/translate';
import { warningsIn } from '../../../main/engine/images/compose/read';
import { stallOf } from '../../../main/engine/measure/density/pressure';
import { accountFiles } from '../../../main/engine/images/disk/accountFiles';
import { resolveAccount } from '../../../main/engine/images/disk/accounts';
import { imageArchive } from '../../../main/engine/images/disk/imageArchive';
import { objectsOf } from '../../../main/engine/base/docker/ndjson';
import { TareError } from '../../../main/engine/base/errors';
import { markReader, OutputTail, traceReader } from '../../../main/engine/images/guest/protocol';
import { parseSample } from '../../../main/engine/results/history/store';
import { readRun } from '../../../main/engine/results/history/upgrade';
import { instructionsOf } from '../../../main/engine/images/image/build/dockerfile';
import { SolveStream } from '../../../main/engine/images/image/build/solveStream';
import { packedHere, type ManifestSummary } from '../../../main/engine/images/image/manifests';
import { hierarchyOf, locateCgroup } from '../../../main/engine/base/process/cgroup';
import { parseSmaps } from '../../../main/engine/base/process/smaps';
import { deadSessions, livingSessions } from '../../../main/engine/base/process/sessions/sessions';
import { AnswerParser } from '../../../main/engine/remote/reader/protocol';
import { FrameParser } from '../../../main/engine/remote/reader/frames';
import { credentialsFor } from '../../../main/engine/images/registry/credentials';
import { makeReport } from '../../../main/engine/results/report/report';
import { readSettings } from '../../../main/engine/base/settings/file';
import { openQmp } from '../../../main/engine/measure/targets/qemu/machine/qmp';
import { fakeEngine } from '../../support/fakes/fakeEngine';
import { fakeRun, fakeSamples } from '../../support/fakes/fakeRun';
import {
  run,
  plan,
  compose,
  ledger,
  qmp,
  tar,
  ndjson,
  marks,
  trace,
  frame,
  solved,
  mountinfo,
  membership,
  smaps,
  dockerfile,
} from './originals';
import { byteEdits, chunkSizes, editBytes, editJson, inChunks, jsonEdits } from './edits';

/** One input, ready to be told and taken. */
export interface Input {
  /** as it is kept where something goes wrong */
  told: () => Buffer;
  take: () => unknown;
}

export interface Parser {
  name: string;
  inputs: fc.Arbitrary<Input>;
  /** an input that it takes for good; a test of the harness itself */
  good: Input;
  /** further errors that its own words promise */
  refuses?: (error: Error) => boolean;
}

/** Gives a file of that name in a folder of its own, which goes with it. */
async function withFile(
  name: string,
  content: string,
  take: (file: string, folder: string) => unknown,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-torture-parsers-'));
  try {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    await take(file, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of one JSON value: edited as a value, or, one time in four, as text. */
function ofJson(name: string, originals: unknown[], take: (text: string) => unknown): Parser {
  const input = (text: string): Input => ({ told: () => Buffer.from(text), take: () => take(text) });
  const texts = originals.map((one) => JSON.stringify(one));
  const original = fc.nat(originals.length - 1);
  const edited = fc
    .tuple(original, jsonEdits)
    .map(([which, edits]) => input(JSON.stringify(editJson(originals[which], edits)) ?? ''));
  const noisy = fc
    .tuple(original, byteEdits)
    .map(([which, edits]) => input(editBytes(Buffer.from(texts[which]!), edits).toString()));
  return {
    name,
    inputs: fc.oneof({ weight: 3, arbitrary: edited }, { weight: 1, arbitrary: noisy }),
    good: input(texts[0]!),
  };
}

function ofText(name: string, original: string, take: (text: string) => unknown): Parser {
  const input = (text: string): Input => ({ told: () => Buffer.from(text), take: () => take(text) });
  const inputs = byteEdits.map((edits) => input(editBytes(Buffer.from(original), edits).toString()));
  return { name, inputs, good: input(original) };
}

function ofStream(name: string, original: Buffer, take: (chunks: Buffer[]) => unknown): Parser {
  const input = (whole: Buffer, sizes: number[]): Input => ({
    told: () => whole,
    take: () => take(inChunks(whole, sizes)),
  });
  const inputs = fc
    .tuple(byteEdits, chunkSizes)
    .map(([edits, sizes]) => input(editBytes(original, edits), sizes));
  return { name, inputs, good: input(original, [1000]) };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const part of stream) void part;
}

/** Whoever reads such a text has refused it before it comes to what is tried here. */
class NoJson extends Error {}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoJson();
  }
}

/** Says what it is given, hears everything, and hangs up. */
const saying = (chunks: Buffer[]): Duplex => {
  const left = [...chunks];
  return new Duplex({
    allowHalfOpen: false, // as a socket does, it closes with the other side
    read() {
      this.push(left.shift() ?? null);
    },
    write: (_chunk, _encoding, done) => done(),
    final: (done) => done(),
  });
};

const callInputs: Record<string, unknown> = {
  startRun: { plan },
  run: { id: run.id },
  labelRun: { id: run.id, name: 'x', note: 'y' },
  compare: { base: [{ id: run.id }], other: [{ id: run.id }] },
  readCompose: { path: 'compose.yaml', services: ['a'] },
  removeImage: { reference: 'a:1', dryRun: true },
  renderRun: { run: { id: run.id }, format: 'html' },
  saveBuildFolder: { path: 'x', text: 'FROM scratch', replace: false },
  changeSettings: { language: 'en' },
  clean: { dryRun: true, cache: false },
  readRecord: { text: JSON.stringify(run), name: 'run.json' },
};

async function askRouter(text: string): Promise<void> {
  const asked = valueOf(text) as { name?: unknown; input?: unknown } | null;
  if (typeof asked?.name !== 'string') return; // no door lets that in
  const { name, input } = asked as { name: string; input: unknown };
  const answered = await answer(fakeEngine(), name, input);
  if (!answered.ok && answered.failure.code === 'bug') throw new Error(answered.failure.message);
}

export const parsers: Parser[] = [
  ofJson('run record', [run], (text) => {
    const read = readRun(text, 'run.json');
    return makeReport(read, fakeSamples(run).slice(0, 50));
  }),
  ofJson('sample', fakeSamples(run).slice(0, 20), parseSample),
  ofJson('plan', [plan, fakeRun({ preset: 'density' }).plan], (text) => checkPlan(valueOf(text))),
  ofText(
    'plan file',
    `name: x\nworkloads:\n  - &w { name: shop, image: { kind: reference, reference: "shop:1" }, limits: { memoryBytes: 64M } }\ntargets: [container]\ntrials: 3\nsoakMs: 5s\n`,
    (text) => withFile('plan.yaml', text, (file, folder) => readPlanFile(file, folder)),
  ),
  ofJson('compose', [compose], (text) => {
    const { data, success } = ComposeFile.safeParse(valueOf(text));
    if (success)
      planOfCompose(
        { path: '/x/compose.yaml', file: data, active: Object.keys(data.services ?? {}), warnings: [] },
        {},
      );
  }),
  ofJson(
    'health check',
    [
      ['CMD', 'curl', '-f', 'http://localhost/health'],
      ['CMD-SHELL', 'wget -q -O- x || exit 1'],
    ],
    (text) => {
      const words = valueOf(text);
      if (Array.isArray(words) && words.every((word) => typeof word === 'string')) askedBy(words);
    },
  ),
  ofText('compose warnings', 'time="x" level=warning msg="The \\"A\\" variable is not set"\n', warningsIn),
  ofJson('ledger', [ledger], (text) => {
    const lines = valueOf(text);
    const written = (Array.isArray(lines) ? lines : [lines]).map((line) => JSON.stringify(line)).join('\n');
    return withFile('ledger.ndjson', written, (_, folder) => {
      livingSessions(folder);
      deadSessions(folder);
    });
  }),
  ofJson('settings', [{ language: 'en', theme: 'dark', dataFolder: '/x' }], (text) =>
    withFile('settings.json', text, readSettings),
  ),
  ofStream('QMP', Buffer.from(qmp.map((one) => JSON.stringify(one) + '\r\n').join('')), async (chunks) => {
    const client = await openQmp(saying(chunks), { timeoutMs: 2000 });
    await client.execute('query-status').finally(() => client.close());
  }),
  ofStream('lines of the engine', ndjson, (chunks) => readAll(objectsOf(Readable.from(chunks)))),
  ofStream('image archive', tar, (chunks) => readAll(imageArchive(Readable.from(chunks), 'image'))),
  ofStream('account files', tar, async (chunks) => {
    const accounts = await accountFiles(Readable.from(chunks));
    for (const user of ['', 'root', '0:0', 'nobody:nogroup']) resolveAccount(user, accounts);
  }),
  ofText('accounts', 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:\n', (text) =>
    resolveAccount('user:user', { passwd: text, group: text }),
  ),
  ofJson(
    'manifests',
    [
      [
        {
          Kind: 'image',
          Available: true,
          Size: { Content: 1 },
          ImageData: { Platform: { os: 'linux', architecture: 'amd64' }, Size: { Unpacked: 2 } },
        },
      ],
    ],
    (text) => {
      const list = valueOf(text);
      if (Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null))
        packedHere(list as ManifestSummary[], { os: 'linux', architecture: 'amd64' });
    },
  ),
  ofStream('marks of the guest', marks, (chunks) => chunks.map(markReader())),
  ofStream('trace of QEMU', trace, (chunks) => chunks.map(traceReader())),
  ofStream('output of an application', Buffer.from('é'.repeat(200)), (chunks) => {
    const tail = new OutputTail(100);
    for (const chunk of chunks) tail.push(chunk);
    return tail.text();
  }),
  {
    ...ofStream(
      'answers of the reader',
      Buffer.from('tare-reader 1\nok 3\nabcerror ENOENT\nok 0\n'),
      (chunks) => {
        const parser = new AnswerParser();
        return chunks.map((chunk) => parser.push(chunk));
      },
    ),
    refuses: ({ message }) => /^not an? (reader|answer)/.test(message),
  },
  ofStream('frames of the relay', Buffer.concat([frame, frame]), (chunks) => {
    const parser = new FrameParser();
    return chunks.map((chunk) => parser.push(chunk));
  }),
  ofText('solve stream', `${solved}\n#1 [internal] load\n`, (text) => {
    const stream = new SolveStream();
    return [...stream.take(text), ...stream.end()];
  }),
  ofText('Dockerfile', dockerfile, instructionsOf),
  ofText('mountinfo', mountinfo, (text) => locateCgroup(membership, text, 'x')),
  ofText('cgroup membership', membership, (text) => hierarchyOf(text, mountinfo, 'memory')),
  ofText('smaps', smaps, parseSmaps),
  ofText(
    'pressure',
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=123\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n',
    stallOf,
  ),
  // none with helpers: those are programs
  ofJson('logins', [{ auths: { 'https://index.docker.io/v1/': { auth: 'YTpi' } } }], (text) =>
    withFile('config.json', text, (_, home) =>
      credentialsFor('docker.io', { environment: { DOCKER_CONFIG: home }, home }),
    ),
  ),
  ofJson(
    'calls',
    (Object.keys(calls) as CallName[]).map((name) => ({ name, input: callInputs[name] ?? {} })),
    askRouter,
  ),
];

/** @returns what was thrown though nobody promises it; undefined: taken, or refused */
export async function mistakeOf({ refuses }: Parser, input: Input): Promise<Error | undefined> {
  try {
    await input.take();
    return undefined;
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (error instanceof TareError && error.failure.code !== 'bug') return undefined;
    if (error.name === 'AbortError' || error instanceof NoJson || refuses?.(error)) return undefined;
    return error;
  }
}

import { z } from 'zod';
import { InputProblem } from './facts';
import { hostFailures } from './fleet/failures';
import { ComposeNote } from './run/compose';
import { TestBoot } from './run/testBoot';

const attempt = z.object({
  /** where the candidate came from: setting, DOCKER_HOST, context NAME, default socket … */
  source: z.string(),
  endpoint: z.string(),
  reason: z.string(),
});

/** Why a door does not listen to who asks. */
const strangeSenders = ['not-our-window', 'no-token', 'other-site', 'other-name'] as const;
export type StrangeSender = (typeof strangeSenders)[number];

/** Why a door does not do what it was asked, although it knows who asks. */
const refusals = [
  'read-only',
  'writes-anywhere',
  'places-guarded',
  'kept-runs-only',
  'own-folder-only',
  'prints-elsewhere',
  'starts-a-machine',
] as const;
export type Refusal = (typeof refusals)[number];

/** Why a folder is not one that only Tare's user can have written in. */
const folderDoubts = ['others-own', 'others-may-write', 'not-tares-folder', 'modes-not-kept'] as const;
export type FolderDoubt = (typeof folderDoubts)[number];

/**
 * Everything that can go wrong in a way Tare expects: a code plus the facts a door needs to word it.
 * Sentences live in assets/messages (`failure.CODE`, `remedy.CODE`); the engine writes none.
 */
export const Failure = z.discriminatedUnion('code', [
  z.object({ code: z.literal('bad-input'), problems: z.array(InputProblem) }),
  z.object({ code: z.literal('sender-refused'), reason: z.enum(strangeSenders) }),
  z.object({ code: z.literal('call-refused'), reason: z.enum(refusals) }),
  /** what the local page was to be encrypted with */
  z.object({ code: z.literal('certificate-unusable'), path: z.string(), reason: z.string() }),
  z.object({ code: z.literal('input-too-large'), limitBytes: z.number() }),
  /** variables that a plan names without a value, and that Tare's own environment does not have either */
  z.object({ code: z.literal('value-missing'), names: z.array(z.string()) }),
  z.object({ code: z.literal('plan-unreadable'), path: z.string(), reason: z.string() }),
  /** `output`: Compose's own words */
  z.object({ code: z.literal('compose-unusable'), path: z.string(), output: z.string() }),
  z.object({
    code: z.literal('compose-service-unknown'),
    path: z.string(),
    name: z.string(),
    known: z.array(z.string()),
  }),
  /** no service of the file can be run; `notes` say why */
  z.object({ code: z.literal('compose-empty'), path: z.string(), notes: z.array(ComposeNote) }),
  z.object({ code: z.literal('preset-unknown'), name: z.string(), known: z.array(z.string()) }),
  z.object({ code: z.literal('target-unknown'), target: z.string(), known: z.array(z.string()) }),
  z.object({ code: z.literal('image-unknown'), reference: z.string(), reason: z.string() }),
  z.object({
    code: z.literal('registry-unauthorized'),
    registry: z.string(),
    reference: z.string(),
    reason: z.string(),
  }),
  /** refused, broken off, or not to be trusted; `done` of `layers` had been fetched by then */
  z.object({
    code: z.literal('registry-unreachable'),
    registry: z.string(),
    reference: z.string(),
    reason: z.string(),
    done: z.number(),
    layers: z.number(),
  }),
  z.object({
    code: z.literal('registry-login-unreadable'),
    registry: z.string(),
    program: z.string(),
    output: z.string(),
  }),
  z.object({ code: z.literal('image-no-platform'), reference: z.string(), reason: z.string() }),
  /** a file system of the engine is full, or the registry's own */
  z.object({ code: z.literal('engine-disk-full'), reference: z.string(), reason: z.string() }),
  z.object({ code: z.literal('image-in-use'), reference: z.string(), known: z.array(z.string()) }),
  /** an initramfs is a cpio archive, which counts the bytes of a file in 32 bits */
  z.object({ code: z.literal('image-file-too-large'), path: z.string(), limitBytes: z.number() }),
  z.object({ code: z.literal('image-without-command'), reference: z.string() }),
  z.object({ code: z.literal('image-without-port'), reference: z.string() }),
  z.object({
    code: z.literal('image-not-linux'),
    reference: z.string(),
    platform: z.string(),
    here: z.string(),
  }),
  /** Tare's own image, for another processor than the engine's machine has; `here` is that machine's */
  z.object({
    code: z.literal('builtin-not-for-engine'),
    workload: z.string(),
    platform: z.string(),
    here: z.string(),
  }),
  z.object({
    code: z.literal('build-failed'),
    path: z.string(),
    step: z.string(),
    output: z.string(),
    /** of the Dockerfile, where the builder says it */
    line: z.number().optional(),
  }),
  /** a step asked a server on the network, which it did not reach */
  z.object({
    code: z.literal('build-offline'),
    path: z.string(),
    step: z.string(),
    output: z.string(),
    line: z.number().optional(),
  }),
  /** the classic builder does not know an instruction's form, and nothing else is here */
  z.object({ code: z.literal('buildkit-needed'), path: z.string(), step: z.string(), package: z.string() }),
  z.object({ code: z.literal('build-folder-unusable'), path: z.string(), reason: z.string() }),
  z.object({
    code: z.literal('memory-short'),
    neededBytes: z.number(),
    availableBytes: z.number(),
    floorBytes: z.number(),
  }),
  z.object({ code: z.literal('docker-unreachable'), tried: z.array(attempt) }),
  /** the engine took a question and has not answered it; `operation` as the API has it */
  z.object({ code: z.literal('docker-silent'), operation: z.string(), afterMs: z.number() }),
  /** the engine speaks only versions of its API that Tare does not know; `known` is the newest that it does */
  z.object({
    code: z.literal('docker-api-too-new'),
    endpoint: z.string(),
    oldest: z.string(),
    known: z.string(),
  }),
  z.object({
    code: z.literal('docker-refused'),
    operation: z.string(),
    status: z.number(),
    reason: z.string(),
    /** programs that the container's runtime left running although the engine removed it: those that were ended, and those that were not */
    left: z.object({ ended: z.array(z.string()), running: z.array(z.string()) }).optional(),
  }),
  /** the target can never be used here, whatever is installed; `reason` is one of the engine's fixed ones */
  z.object({ code: z.literal('target-unsupported'), target: z.string(), reason: z.string() }),
  /** somebody's own disk; `reason` is a system's code or one of the engine's fixed ones */
  z.object({ code: z.literal('disk-unusable'), path: z.string(), reason: z.string() }),
  /** something wrote to somebody's own disk between two starts from it */
  z.object({ code: z.literal('disk-changed'), path: z.string() }),
  /** what a start reads cannot be dropped from the page cache; `reason` is one of the engine's fixed ones, or a system's code */
  z.object({ code: z.literal('not-cold'), reason: z.string() }),
  z.object({ code: z.literal('port-taken'), port: z.number() }),
  z.object({ code: z.literal('qemu-path-wrong'), path: z.string() }),
  z.object({ code: z.literal('tool-missing'), program: z.string(), package: z.string() }),
  z.object({ code: z.literal('kit-missing'), folder: z.string() }),
  z.object({ code: z.literal('kit-damaged'), file: z.string() }),
  z.object({ code: z.literal('kit-failed'), step: z.string(), output: z.string() }),
  /** a program that loads a server, such as pgbench */
  z.object({
    code: z.literal('load-client-failed'),
    program: z.string(),
    exit: z.number(),
    output: z.string(),
  }),
  /** neither pulled (`reason`), nor made of Debian's packages: `step` failed with `output` */
  z.object({
    code: z.literal('service-unavailable'),
    reference: z.string(),
    reason: z.string(),
    step: z.string(),
    output: z.string(),
  }),
  z.object({ code: z.literal('kernel-missing'), folder: z.string() }),
  z.object({ code: z.literal('kernel-damaged'), file: z.string() }),
  z.object({
    code: z.literal('accelerator-unusable'),
    accelerator: z.string(),
    reason: z.string(),
    /** absent where nothing was booted */
    boots: z.array(TestBoot).optional(),
  }),
  z.object({
    code: z.literal('disk-short'),
    path: z.string(),
    neededBytes: z.number(),
    availableBytes: z.number(),
  }),
  /** the kernel's pool of huge pages is too small for one machine; with `pages` in it, it would do */
  z.object({
    code: z.literal('huge-pages-short'),
    neededBytes: z.number(),
    availableBytes: z.number(),
    pages: z.number(),
  }),
  /** a machine of so much memory has nothing beyond what it boots with */
  z.object({ code: z.literal('nothing-to-plug'), memoryBytes: z.number(), bootBytes: z.number() }),
  z.object({ code: z.literal('write-failed'), path: z.string(), reason: z.string() }),
  /** others could read or change what Tare keeps there */
  z.object({ code: z.literal('folder-not-private'), path: z.string(), reason: z.enum(folderDoubts) }),
  /** this user may not open a file or look into a folder; whether it was to be read or written, the system does not tell */
  z.object({ code: z.literal('file-denied'), path: z.string(), reason: z.string() }),
  /** no font here can draw Chinese; `known` is where one was looked for */
  z.object({ code: z.literal('font-missing'), known: z.array(z.string()) }),
  /** nothing here can print a PDF; `known` is what was looked for */
  z.object({ code: z.literal('browser-missing'), known: z.array(z.string()) }),
  z.object({ code: z.literal('program-failed'), program: z.string(), exit: z.string(), output: z.string() }),
  /** the file modes allow what a program was refused, and access control is enforced here: its likely cause */
  z.object({
    code: z.literal('access-denied'),
    program: z.string(),
    control: z.enum(['AppArmor', 'SELinux']),
    /** AppArmor's profile or SELinux's context of Tare itself; empty where it cannot be read */
    label: z.string(),
    output: z.string(),
  }),
  z.object({ code: z.literal('guest-refused'), reason: z.string(), output: z.string() }),
  /** it was ready, and gave no good answer any more once it had been measured: it hangs, or was stopped from outside */
  z.object({ code: z.literal('not-answering'), waitedMs: z.number(), lastAnswer: z.string() }),
  /** the computer slept in the midst of a trial, or Tare itself was stopped; what was measured then says nothing */
  z.object({ code: z.literal('disturbed'), reason: z.enum(['suspended', 'halted']), forMs: z.number() }),
  z.object({
    code: z.literal('not-ready'),
    waitedMs: z.number(),
    lastPhase: z.string(),
    lastAnswer: z.string(),
    /** the last of what it printed; absent before it could, and in records of before 0.2 */
    output: z.string().optional(),
  }),
  /** a workload that this one needs was not up, or not ready */
  z.object({ code: z.literal('dependency-failed'), name: z.string() }),
  z.object({ code: z.literal('ended-early'), exit: z.string(), output: z.string() }),
  z.object({ code: z.literal('not-stopped'), what: z.string() }),
  /** a list of leftovers that cannot be read, or that somebody else may have written; `reason` is a system's code or a fixed one */
  z.object({ code: z.literal('list-refused'), path: z.string(), reason: z.string() }),
  /** what a list of leftovers names, and what cannot be what that session made */
  z.object({ code: z.literal('leftover-refused'), what: z.string(), reason: z.string() }),
  z.object({ code: z.literal('budget-spent'), budgetMs: z.number() }),
  z.object({ code: z.literal('run-unknown'), id: z.string() }),
  z.object({ code: z.literal('run-unreadable'), path: z.string(), reason: z.string() }),
  z.object({ code: z.literal('run-too-new'), path: z.string(), found: z.number(), supported: z.number() }),
  z.object({ code: z.literal('settings-invalid'), path: z.string(), reason: z.string() }),
  ...hostFailures,
  /** two runs have no metric in common */
  z.object({ code: z.literal('not-comparable'), base: z.string(), other: z.string() }),
  z.object({ code: z.literal('run-under-way'), id: z.string() }),
  z.object({ code: z.literal('job-under-way'), call: z.string() }),
  /** another Tare has something under way on this machine, which would spoil what is measured */
  z.object({ code: z.literal('machine-busy'), call: z.string(), pid: z.number(), startedAt: z.string() }),
  /** the page in a browser gets no answer from the program that served it */
  z.object({ code: z.literal('server-lost'), output: z.string() }),
  /** the page of the window ended, and was shown anew; `reason` is Chromium's */
  z.object({ code: z.literal('page-gone'), reason: z.string() }),
  z.object({ code: z.literal('stopped') }),
  z.object({ code: z.literal('bug'), message: z.string(), stack: z.string().optional() }),
]);
export type Failure = z.infer<typeof Failure>;
export type FailureCode = Failure['code'];

/** What a door gives back: a value, or the reason why there is none. Survives any wire, unlike an exception. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

const invalid = 2;
const environment = 3;

/** Exit code of the command line for a failure; a code that is not listed here exits with 1 (design: a trial failed). */
const exits: Partial<Record<FailureCode, number>> = {
  'bad-input': invalid,
  'certificate-unusable': invalid,
  'value-missing': invalid,
  'plan-unreadable': invalid,
  'compose-unusable': invalid,
  'compose-service-unknown': invalid,
  'compose-empty': invalid,
  'preset-unknown': invalid,
  'target-unknown': invalid,
  'image-unknown': invalid,
  'image-without-command': invalid,
  'image-without-port': invalid,
  'image-file-too-large': invalid,
  'image-not-linux': invalid,
  'builtin-not-for-engine': invalid,
  'build-folder-unusable': invalid,
  'disk-unusable': invalid,
  'memory-short': invalid,
  'nothing-to-plug': invalid,
  'run-unknown': invalid,
  'run-unreadable': invalid,
  'run-too-new': invalid,
  'settings-invalid': invalid,
  'hosts-unreadable': invalid,
  'host-unknown': invalid,
  'not-on-hosts': invalid,
  // nobody speaks to an agent so but by mistake
  'frames-broken': invalid,
  'not-comparable': invalid,
  'not-a-manager': environment,
  'no-nodes': environment,
  'node-left-out': environment,
  'agent-image-failed': environment,
  'agent-image-missing': environment,
  'image-no-platform': invalid,
  'image-in-use': invalid,
  'registry-unauthorized': environment,
  'registry-unreachable': environment,
  'registry-login-unreadable': environment,
  'engine-disk-full': environment,
  'file-denied': environment,
  'docker-unreachable': environment,
  'docker-silent': environment,
  'docker-api-too-new': environment,
  'target-unsupported': environment,
  'not-cold': environment,
  'port-taken': environment,
  'qemu-path-wrong': environment,
  'tool-missing': environment,
  'buildkit-needed': environment,
  'kit-missing': environment,
  'kit-damaged': environment,
  'kit-failed': environment,
  'service-unavailable': environment,
  'load-client-failed': environment,
  'kernel-missing': environment,
  'kernel-damaged': environment,
  'accelerator-unusable': environment,
  'disk-short': environment,
  'huge-pages-short': environment,
  'write-failed': environment,
  'folder-not-private': environment,
  'access-denied': environment,
  'machine-busy': environment,
  'font-missing': environment,
  'browser-missing': environment,
  'no-host': environment,
  'host-unreachable': environment,
  'host-key-refused': environment,
  'host-denied': environment,
  'agent-missing': environment,
  'agent-version': environment,
  'install-failed': environment,
  stopped: 130,
};

export const exitCodeOf = (failure: Failure): number => exits[failure.code] ?? 1;

/** The address that an engine may listen at but that this user may not open; undefined where there is none. */
export const deniedEndpoint = (failure: Failure): string | undefined =>
  failure.code === 'docker-unreachable'
    ? failure.tried.find(({ reason }) => /\b(EACCES|EPERM)\b/.test(reason))?.endpoint
    : undefined;

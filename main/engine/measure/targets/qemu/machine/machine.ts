/** A machine from its start to its end: booted or resumed, asked, stopped politely, then by force, then checked. */
import { randomBytes } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { TareError } from '../../../../base/errors';
import type { Ledger } from '../../../../base/process/ledger';
import type { Ending, Mark } from '../../target';
import type { LentFiles } from '../lent';
import { balloonUsedBytes } from './balloon';
import { bootPhases, type BootPhase, type GuestMark } from '../../../../images/guest/protocol';
import { pluggedBytes, resizePlugged } from './memoryDevice';
import { loadState, saveState } from './migration';
import { politeMs, QemuProcess } from './process';
import { MemoryQuestions } from './questions';

export interface MachineOrder {
  /** program and arguments, made for `inherited` wires */
  words: string[];
  /** the files in them */
  lent: LentFiles;
  /** in the command line of the process: how a sweep recognises it */
  name: string;
  ledger: Ledger;
  mark: Mark;
  signal: AbortSignal;
  /** told of the process as soon as there is one, and when it has ended */
  spawned?: (pid: number, gone: Promise<unknown>) => void;
  /** default: a second for each */
  timeouts?: GuestTimeouts;
}

/** How long a guest may take. */
export interface GuestTimeouts {
  /** to answer a question */
  answerMs: number;
  /** to end when it is asked to */
  politeMs: number;
}

const usualTimeouts: GuestTimeouts = { answerMs: 1000, politeMs };

export interface Machine {
  readonly pid: number;
  /** QEMU has ended, for whatever reason; never rejects */
  readonly gone: Promise<void>;
  /** see Instance.ended */
  readonly ended: Promise<Ending>;
  /** the last of what the application printed */
  output(): string;
  /** see Instance.reachable */
  readonly reachable?: Promise<void>;
  /**
   * The guest's own figures, in bytes by the names of /proc/meminfo; absent where nothing of Tare's is in it.
   * @throws {TareError} `program-failed` when the guest does not answer in time
   */
  memory?: () => Promise<Record<string, number>>;
  /** tells the guest's first program something */
  tell(command: string): void;
  /** of a machine that several applications share: hears what is said of them from now on, and what they print */
  listen?(listener: ApplicationListener): void;
  /** its used memory as the balloon's driver tells, see `balloonUsedBytes` */
  balloonUsedBytes(): Promise<number | undefined>;
  /** of one that is plugged memory: how much it has of it, and how much it is to have; see memoryDevice.ts */
  pluggedBytes(): Promise<number>;
  resizePlugged(bytes: number): Promise<void>;
  /**
   * Writes the whole machine into a file, as it is now, and ends QEMU.
   * @throws {TareError} `program-failed`
   */
  save(file: string): Promise<void>;
  /** the processors stand still, or go on; @throws {TareError} `program-failed` */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** @throws {TareError} `not-stopped` */
  stop(): Promise<'polite' | 'forced' | 'by-itself'>;
  /** no politeness; resolves when the process is gone */
  kill(): Promise<void>;
}

interface ApplicationListener {
  said(mark: GuestMark & { kind: 'application' }, atMs: number): void;
  printed(chunk: Buffer): void;
}

/**
 * Boots and resolves when the guest has executed the application.
 * @throws {TareError} `guest-refused` with the guest's reason · `program-failed` when QEMU itself ends · `tool-missing`;
 *   {@link PortTaken}; the signal's reason when aborted. Whatever is thrown, the process is gone by then.
 */
export const bootMachine = (order: MachineOrder): Promise<Machine> =>
  begin(order, (qemu, mark) => reached('exec', qemu, mark));

/** Boots one that several applications share, and resolves when it can be told to start them. Throws as `bootMachine` does. */
export const bootSharedMachine = (order: MachineOrder): Promise<Machine> =>
  begin(order, (qemu, mark) => reached('waiting', qemu, mark));

/**
 * Loads a saved machine into a QEMU whose words end with `-incoming defer`, lets it run, and gives it the time of day and fresh
 * random numbers. It resolves, and so tells the application's port, once the guest has them; what the application does by itself until
 * then, some 30 ms under emulation, it does with the saved ones. Throws as `bootMachine` does.
 */
export const resumeMachine = (order: MachineOrder, file: string): Promise<Machine> =>
  begin(order, async (qemu, mark) => {
    const stopped = qemu.gone.then(() => Promise.reject(qemu.whyNotBooted()));
    await Promise.race([resumed(qemu, mark, order.lent.place(file)), stopped]);
  });

/**
 * Turns on a machine whose system knows nothing of Tare, and resolves as soon as QEMU has built it. Throws as `bootMachine` does, but for
 * what a guest says.
 */
export const powerOn = (order: MachineOrder): Promise<Machine> => begin(order, built, strange);

async function begin(
  order: MachineOrder,
  follow: (qemu: QemuProcess, mark: Mark) => Promise<void>,
  machineOf: (qemu: QemuProcess, order: MachineOrder) => Machine = known,
): Promise<Machine> {
  const { signal, mark } = order;
  signal.throwIfAborted();
  const strike = order.ledger.note('process', order.name);
  const spawnedAtMs = performance.now();
  const qemu = new QemuProcess(order.words, order.lent.descriptors);
  void qemu.gone.then(strike);
  if (qemu.child.pid !== undefined) order.spawned?.(qemu.child.pid, qemu.gone);
  const abort = () => qemu.kill();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const greeted = qemu.greeted.then(({ greetedAtMs }) => {
      mark('spawned', spawnedAtMs); // only now: a QEMU that finds its port taken ends before it greets, and is no phase
      mark('qemu-ready', greetedAtMs);
    });
    greeted.catch(() => undefined); // `gone` tells why
    await follow(qemu, mark);
    return machineOf(qemu, order);
  } catch (error) {
    qemu.kill();
    await qemu.mustBeGone();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Waits until the guest is that far. */
function reached(end: BootPhase, qemu: QemuProcess, mark: Mark): Promise<void> {
  return new Promise((resolve, reject) => {
    qemu.onMark = (guest, atMs) => {
      if (guest.kind === 'init' && qemu.firmwareAtMs !== undefined) mark('firmware', qemu.firmwareAtMs);
      const phase = bootPhases.find((one) => one === guest.kind);
      if (phase) mark(phase, atMs);
      if (guest.kind === end) resolve();
      if (guest.kind === 'refused') {
        const reason = `${guest.reason}: ${guest.text}`;
        reject(new TareError({ code: 'guest-refused', reason, output: qemu.output() }));
      }
    };
    void qemu.gone.then(() => reject(qemu.whyNotBooted()));
  });
}

/** A QEMU that finds its port taken ends before it greets, and its socket before that is known. */
async function built(qemu: QemuProcess): Promise<void> {
  const stopped = qemu.gone.then(() => Promise.reject(qemu.whyNotBooted()));
  await Promise.race([qemu.greeted.catch(() => stopped), stopped]);
}

const freshBytes = 32;

async function resumed(qemu: QemuProcess, mark: Mark, file: string): Promise<void> {
  const qmp = await qemu.greeted;
  const renewed = new Promise<number>((resolve) => {
    qemu.onMark = ({ kind }, atMs) => kind === 'renewed' && resolve(atMs);
  });
  await loadState(qmp, file);
  mark('loaded');
  await qmp.execute('cont');
  mark('running');
  qemu.say(`renew ${BigInt(Date.now()) * 1_000_000n} ${randomBytes(freshBytes).toString('hex')}`);
  mark('renewed', await renewed);
}

/** One with Tare's own program in it, which answers and can be told. */
function known(qemu: QemuProcess, order: MachineOrder): Machine {
  const { answerMs } = order.timeouts ?? usualTimeouts;
  const questions = new MemoryQuestions(() => qemu.say('meminfo'), answerMs);
  let listener: ApplicationListener | undefined;
  qemu.onMark = (mark, atMs) => {
    if (mark.kind === 'meminfo') questions.answered(mark.bytes);
    if (mark.kind === 'application') listener?.said(mark, atMs);
  };
  return {
    ...machineOf(qemu, order, () => qemu.say('poweroff')),
    listen(one) {
      listener = one;
      qemu.onOutput = (chunk) => one.printed(chunk);
    },
    memory: () => questions.ask(),
  };
}

/**
 * One whose system knows nothing of Tare: it can only press its power button. That its network is up shows from outside: whoever sets up a card
 * tells it which addresses to listen for, and QEMU tells of the first time since it was asked.
 */
function strange(qemu: QemuProcess, order: MachineOrder): Machine {
  const press = async () => void (await (await qemu.greeted).execute('system_powerdown'));
  let isUp = false;
  const reachable = new Promise<void>((resolve) => {
    qemu.onEvent = ({ event, data }) => {
      if (event === 'SHUTDOWN') qemu.applicationExit = String(data['reason']);
      if (event !== 'NIC_RX_FILTER_CHANGED') return;
      order.mark('network-up');
      isUp = true;
      resolve();
    };
  });
  void qemu.greeted.then((qmp) => qmp.execute('query-rx-filter')).catch(() => undefined); // `gone` tells why
  const machine = machineOf(qemu, order, () => void press().catch(() => undefined));
  return {
    ...machine,
    reachable,
    // before that, no service listens for the button
    stop: () => (isUp || qemu.isGone ? machine.stop() : machine.kill().then(() => 'forced' as const)),
    output: () => printed(machine.output()),
    ended: machine.ended.then(({ exit, output }) => ({ exit, output: printed(output) })),
  };
}

/** Firmware and boot loaders draw on their console as on a screen. */
const printed = (console: string): string => stripVTControlCharacters(console).replaceAll('\r', '');

/** @param askToEnd  politely */
function machineOf(
  qemu: QemuProcess,
  { lent: { place }, timeouts }: MachineOrder,
  askToEnd: () => void,
): Machine {
  let stopping: Promise<'polite' | 'forced' | 'by-itself'> | undefined;
  const limits = timeouts ?? usualTimeouts;
  return {
    pid: qemu.child.pid!,
    gone: qemu.gone,
    ended: new Promise((resolve) => {
      void qemu.gone.then(() => {
        if (!stopping) resolve(qemu.ending());
      });
    }),
    output: () => qemu.output(),
    tell: (command) => qemu.say(command),
    balloonUsedBytes: async () => balloonUsedBytes(await qemu.greeted),
    pluggedBytes: async () => pluggedBytes(await qemu.greeted),
    resizePlugged: async (bytes) => resizePlugged(await qemu.greeted, bytes),
    async save(file) {
      stopping ??= Promise.resolve('forced' as const);
      await saveState(await qemu.greeted, place(file));
      qemu.kill(); // it is stopped, and everything it was is in the file
      await qemu.mustBeGone();
    },
    pause: async () => void (await (await qemu.greeted).execute('stop')),
    unpause: async () => void (await (await qemu.greeted).execute('cont')),
    stop: () => (stopping ??= stop(qemu, askToEnd, limits.politeMs)),
    async kill() {
      if (!qemu.isGone) stopping ??= Promise.resolve('forced' as const);
      qemu.kill();
      await qemu.mustBeGone();
    },
  };
}

async function stop(
  qemu: QemuProcess,
  askToEnd: () => void,
  guestMs: number,
): Promise<'polite' | 'forced' | 'by-itself'> {
  if (qemu.isGone || qemu.applicationExit) {
    await qemu.mustBeGone();
    return 'by-itself';
  }
  askToEnd();
  if (await qemu.goneWithin(guestMs)) return 'polite';
  const quit = qemu.greeted.then((qmp) => qmp.execute('quit', undefined, politeMs));
  quit.catch(() => undefined); // it may also close the socket without an answer
  if (await qemu.goneWithin(politeMs)) return 'forced';
  qemu.kill();
  await qemu.mustBeGone();
  return 'forced';
}

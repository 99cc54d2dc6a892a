/** A started process, with its counters and its end. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { imageOnDisk } from '../../../images/image/facts';
import { signalNumber } from '../../../images/image/stopSignal';
import { imageIds } from '../../../images/disk/ids';
import { openFilesOf } from '../../../base/process/limits';
import { FamilyCounters } from '../../../base/process/counters';
import { familyCpuMs } from '../../../base/process/family';
import { bytesBelow } from '../../../base/process/files';
import { openCgroup, type OwnCgroup } from '../../../base/process/ownCgroup';
import type { RunScope } from '../../../base/scope';
import { attempted, memoryLeft } from '../remains';
import type { Instance, Mark } from '../target';
import { launchWords, settingsOf, type Launch } from './launch';
import { plainMemory } from './memory';
import { namelessFile, Output } from './output';
import { PlainProcess } from './plain';

const politeMs = 1000;

/**
 * Starts the process and resolves when its command has been executed. Marks `spawned` and `exec`.
 * @throws {TareError} `guest-refused` with the reason · `program-failed` when the namespaces could not be made;
 *   the signal's reason when aborted. Whatever is thrown, the process is gone by then.
 */
export async function startPlain(launch: Launch, mark: Mark, scope: RunScope): Promise<Instance> {
  const { ledger, signal } = scope;
  const ids = launch.privileged ? await imageIds() : undefined;
  signal.throwIfAborted();
  const name = ledger.name('process');
  const output = new Output(launch.place, name);
  const strike = ledger.note('process', name);
  const group = launch.groupPlace && openCgroup(launch.groupPlace, name, ledger);
  const plain = begun(launch, name, output, group, ids);
  void plain.gone.then(strike);
  const abort = () => plain.kill();
  signal.addEventListener('abort', abort, { once: true });
  try {
    mark('spawned');
    await plain.executed(mark);
    signal.throwIfAborted();
    return instanceOf(plain, launch);
  } catch (error) {
    await plain.end();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Hands over what no argument list may hold, and closes what is the process's alone. */
function begun(launch: Launch, name: string, output: Output, group: OwnCgroup | undefined, ids?: number) {
  const settings = namelessFile(launch.place, `${name}-settings`);
  const entry = group && openSync(group.entry, 'w');
  try {
    writeSync(settings, settingsOf(launch));
    const order = { words: launchWords(launch, name), tree: launch.tree, handed: [settings, ids, entry] };
    return new PlainProcess(order, name, output, group);
  } finally {
    closeSync(settings);
    if (entry !== undefined) closeSync(entry);
  }
}

function instanceOf(plain: PlainProcess, { image, place }: Launch): Instance {
  const { port, stopSignal } = image;
  const counters = new FamilyCounters();
  void plain.gone.then(() => counters.close());
  let stopping: Promise<'polite' | 'forced' | 'by-itself'> | undefined;
  return {
    host: '127.0.0.1',
    port,
    ended: new Promise((resolve) => {
      void plain.gone.then(() => {
        if (!stopping) resolve(plain.ending());
      });
    }),
    read: () => Promise.resolve(counters.read(plain.membersNow()) ?? {}),
    // What made its namespaces and its root worked for it alone, as runc works for a container.
    cpuMs: () => Promise.resolve(plain.isGone ? undefined : familyCpuMs(plain.all())),
    measure: () => plainMemory(plain),
    openFiles: () => Promise.resolve(plain.membersNow().map((pid) => openFilesOf(pid))[0] ?? {}),
    disk: () => Promise.resolve(imageOnDisk(image)),
    output: () => Promise.resolve(plain.text()),
    freezing: {
      pause: () => Promise.resolve(plain.signal('SIGSTOP')),
      unpause: () => Promise.resolve(plain.signal('SIGCONT')),
    },
    stop: () => (stopping ??= stop(plain, signalNumber(stopSignal ?? 'SIGTERM'))),
    remains: () =>
      Promise.resolve({
        memory: memoryLeft(plain.all()),
        // All that it can write lies in what is mounted there, and that is gone with its namespace.
        disk: () => Promise.resolve(attempted(() => bytesBelow(place))),
      }),
    async [Symbol.asyncDispose]() {
      stopping ??= Promise.resolve('forced' as const);
      await plain.end();
    },
  };
}

async function stop(plain: PlainProcess, signal: number): Promise<'polite' | 'forced' | 'by-itself'> {
  if (plain.isGone) return 'by-itself';
  plain.ask(signal);
  const how = (await plain.goneWithin(politeMs)) ? 'polite' : 'forced';
  await plain.end();
  return how;
}

/** The files in which a machine's kernel tells of it: those of this machine, or of the one that a container engine runs on. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** /proc, /sys and control groups of one machine. What understands them reads through this. */
export interface HostFiles {
  /** The text of a file. @throws a system error, by its `code` */
  read(path: string): string;
  /** The same of a file that may take the kernel a while to write. */
  readLong(path: string): Promise<string>;
  /** Names of the folders in a folder. @throws a system error, by its `code` */
  folders(path: string): string[];
}

/** Those of the machine that Tare runs on. */
export const ownFiles: HostFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  readLong: (path) => readFile(path, 'utf8'),
  folders: (path) =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])),
};

/** A machine whose files can be read. */
export interface ReadableMachine {
  /**
   * What `work` makes of the machine's files. It may be called several times, each time with more of the files at hand, so it only reads.
   * @param usual  what was read the last time is kept here, and asked for at once the next time
   * @throws what `work` throws · a system error when the machine is not reached any more
   */
  look<T>(work: (files: HostFiles) => T | Promise<T>, usual?: Usual): Promise<T>;
}

/** What one kind of look reads, by `hostFileKey`. */
export type Usual = Set<string>;

/** Where an engine's containers run, and how they are reached. */
export interface EnginePlace {
  /** where their processes are looked for */
  machine: ReadableMachine;
  /** why there are no figures of a container whose processes are not found there */
  reason: string;
  /** leads to ports of the loopback interface there; absent where it is this computer's own */
  relay?: Relay;
}

/** A port of this computer's loopback interface that leads to one elsewhere. */
export interface Way extends AsyncDisposable {
  readonly port: number;
}

export interface Relay {
  open(port: number): Promise<Way>;
}

export const thisMachine: ReadableMachine = { look: async (work) => work(ownFiles) };

export const thisPlace: EnginePlace = { machine: thisMachine, reason: 'engine-elsewhere' };

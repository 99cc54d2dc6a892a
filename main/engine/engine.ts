import type { Readable } from 'node:stream';
import type { CallName, Output, Parsed } from '../contract/calls';
import type { TareEvent } from '../contract/events';
import type { Leftover } from '../contract/machine';
import type { DoorName } from '../contract/work/work';
import type { PdfPrinter } from './results/export/format';

export interface EngineOptions {
  /** told to other Tares with what is under way */
  door?: DoorName;
  /** where `guest/`, `workloads/` … lie */
  assetsFolder: string;
  /** runs and the ledger; default: XDG_DATA_HOME/tare */
  dataFolder?: string;
  /** guest kit and disks: can be rebuilt at any time; default: XDG_CACHE_HOME/tare */
  cacheFolder?: string;
  /** where settings.json lies; default: XDG_CONFIG_HOME/tare */
  configFolder?: string;
  /** asked before DOCKER_HOST and the usual sockets */
  dockerEndpoint?: string;
  qemuPath?: string;
  /** what virtual machines must run on; default: what a test boot finds */
  accelerator?: string;
  /** `never`: nothing is started to read the machine of an engine elsewhere */
  engineReader?: 'start' | 'never';
  /** prints an HTML page to PDF; default: with an installed browser */
  printPdf?: PdfPrinter;
}

/** The calls of the contract, implemented; events; and an end that leaves nothing behind. */
export type Engine = { [N in CallName]: (input: Parsed<N>) => Promise<Output<N>> } & {
  /**
   * Hands the container engine what `docker save` gave elsewhere.
   * @throws {TareError} `run-under-way` · `docker-refused` · `docker-unreachable`; what reading the content throws
   */
  loadImage(content: Readable): Promise<void>;
  /** the answer unsubscribes */
  onEvent(listener: (event: TareEvent) => void): () => void;
  /**
   * Stops what runs and releases everything.
   * @param hurry  aborts: whatever is not released by then is left to the ledger
   * @returns what is still there, or may be; the next sweep removes it
   */
  close(hurry?: AbortSignal): Promise<Leftover[]>;
};

import type { Readable } from 'node:stream';
import type { TargetId } from '../../../contract/targets';
import type { DockerClient } from '../../base/docker/client';
import type { EnginePlace } from '../../base/process/hostFiles';
import type { Kit } from '../../images/guest/kit';
import type { MadePlaces } from '../../images/guest/recipe';
import type { ReadyWorkload } from '../../images/image/facts';
import type { RunScope } from '../../base/scope';
import type { Target } from './target';

/** What targets are made from. */
export interface Tools extends MadePlaces {
  /** holds the kit, unless it was shipped, and everything that is made of images */
  cacheFolder: string;
  /** default: the system's own for this architecture */
  qemuPath?: string;
  /** an accelerator that somebody insists on; default: what a test boot finds */
  accelerator?: string;
  docker: (signal?: AbortSignal) => Promise<DockerClient>;
  /** finds out where the engine's containers run, and makes that machine readable */
  reachEngine: (scope: RunScope) => Promise<EnginePlace>;
  /** builds the guest kit unless it is there */
  ensureKit: (scope: RunScope) => Promise<Kit>;
  /** the image's flattened root filesystem as a raw tar stream */
  exportImage: (ready: ReadyWorkload, scope: RunScope) => Promise<Readable>;
}

/** How a target of the table is made. */
export interface Launcher {
  /** @throws {TareError} why it cannot be used here although what it needs (see the table) is well */
  check?(places: MadePlaces, signal: AbortSignal): Promise<unknown>;
  /** @param id  with its runtime or tuning, if any */
  open(tools: Tools, scope: RunScope, id: TargetId): Promise<Target>;
}

/** A plain process by its recorded words, without the engine around it. */
import { openSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { descriptors } from '../../main/engine/measure/targets/process/launch';
import { imageIds } from '../../main/engine/images/disk/ids';

/** Where the words are to be started: they name the tree, and hold only there. */
export const treeOf = (commandLine: readonly string[]): string =>
  commandLine.find((word) => /\/trees\/[^ /]+$/.test(word))!;

/**
 * What a process gets beside the usual descriptors: the ids of images, its settings, and for all else what goes nowhere and says nothing.
 * @param settings  in the words of assets/guest/process.c
 */
export async function handed(privileged: boolean, settings: readonly string[] = []): Promise<number[]> {
  const nothing = openSync('/dev/null', 'r+');
  const given: Partial<Record<string, number>> = {
    settings: fileOf(settings.map((one) => `${one}\0`).join('')),
    ...(privileged && { ids: await imageIds() }),
  };
  return Object.keys(descriptors).map((name) => given[name] ?? nothing);
}

/** An open file without a name. */
function fileOf(text: string): number {
  const file = path.join(os.tmpdir(), `tare-settings-${process.pid}-${performance.now()}`);
  writeFileSync(file, text);
  const descriptor = openSync(file, 'r');
  rmSync(file);
  return descriptor;
}

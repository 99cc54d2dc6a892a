/** A plain process by its recorded words, without the engine around it. */
import { openSync } from 'node:fs';
import { descriptors } from '../../main/engine/targets/process/launch';
import { imageIds } from '../../main/engine/disk/ids';

/** Where the words are to be started: they name the tree, and hold only there. */
export const treeOf = (commandLine: readonly string[]): string =>
  commandLine.find((word) => /\/trees\/[^ /]+$/.test(word))!;

/** What a process gets beside the usual descriptors: the ids of images, and for all else what goes nowhere and says nothing. */
export async function handed(privileged: boolean): Promise<number[]> {
  const nothing = openSync('/dev/null', 'r+');
  const ids = privileged ? await imageIds() : nothing;
  return Object.keys(descriptors).map((name) => (name === 'ids' ? ids : nothing));
}

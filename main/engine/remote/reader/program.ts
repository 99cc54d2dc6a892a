/** Programs that run on an engine's machine: compiled once for each kind of processor, like the guests' PID 1, and kept in the cache. */
import { readFile } from 'node:fs/promises';
import packagesScript from '../../../../assets/guest/packages.sh?raw';
import readerSource from '../../../../assets/reader/reader.c?raw';
import relaySource from '../../../../assets/reader/relay.c?raw';
import readerScript from '../../../../assets/reader/reader.sh?raw';
import { TareError } from '../../base/errors';
import { make, openMade, type MakingOrder, type Recipe } from '../../images/guest/recipe';

/** As images name processors, and as `uname -m` does. */
const machines: Record<string, string> = { amd64: 'x86_64', arm64: 'aarch64' };

const names = ['reader', 'relay'] as const;
export type ProgramName = (typeof names)[number];

const recipeFor = (machine: string): Recipe => ({
  name: 'reader',
  sources: {
    'packages.sh': packagesScript,
    'reader.c': readerSource,
    'reader.sh': readerScript,
    'relay.c': relaySource,
    machine,
  },
  script: 'reader.sh',
  tools: ['gcc', 'libc6-dev'],
  files: [...names],
  makingBytes: 8 * 1024 * 1024,
  missing: (folder) => ({ code: 'kit-missing', folder }),
  damaged: (file) => ({ code: 'kit-damaged', file }),
});

/**
 * The static programs for an engine's processor, compiled unless the cache has them.
 * @param architecture  as the engine names it: `amd64`, `arm64`
 * @throws {TareError} `tool-missing` · `kit-failed` · `disk-short`
 */
export async function programsFor(
  architecture: string,
  order: MakingOrder,
): Promise<Record<ProgramName, Buffer>> {
  const recipe = recipeFor(machines[architecture] ?? architecture);
  const open = async () => {
    const { file } = await openMade(recipe, { cacheFolder: order.cacheFolder });
    const [reader, relay] = await Promise.all(names.map((name) => readFile(file(name))));
    return { reader: reader!, relay: relay! };
  };
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof TareError)) throw error;
    await make(recipe, order);
    return open();
  }
}

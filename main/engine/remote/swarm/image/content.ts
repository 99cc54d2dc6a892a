/**
 * What the agent's image consists of: Node.js as it is on this computer, with the libraries that it loads, Tare's own command line, and what
 * virtual machines are booted with, so that a node needs neither Node.js nor a compiler nor Debian's packages.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { engines } from '../../../../../package.json';
import { TareError } from '../../../base/errors';
import { programFiles } from '../../fleet/hosts/program';
import { programRoot } from '../../fleet/reach';
import { guestParts } from '../../../images/guest/guestParts';
import { runProgram } from '../../../base/process/child';
import { findProgram } from '../../../base/process/programs';
import type { Resources } from '../../../measure/resources';
import type { RunScope } from '../../../base/scope';
import { places } from './layout';

export interface ImageFile {
  /** below the image's folder */
  name: string;
  /** on this computer */
  source: string;
  bytes: number;
  isProgram: boolean;
}

/**
 * Every file of the image, by name.
 * @throws {TareError} `agent-image-failed` with what is missing here · as making the guest kit
 */
export async function imageContent(
  resources: Pick<Resources, 'assetsFolder' | 'madeKit' | 'cacheFolder' | 'shippedFolder'>,
  scope: RunScope,
): Promise<ImageFile[]> {
  const { busybox } = await resources.madeKit(scope);
  const files = [
    ...(await runtime(scope.signal)),
    { name: places.busybox, source: busybox },
    ...(await ownPackage(resources.assetsFolder)),
    ...(await guest(resources)),
  ];
  const whole = await Promise.all(
    files.map(async ({ name, source }): Promise<ImageFile> => {
      const { size, mode } = await stat(source);
      return { name, source, bytes: size, isProgram: (mode & 0o100) !== 0 };
    }),
  );
  return whole.sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Named = Pick<ImageFile, 'name' | 'source'>;

const RuntimeReport = z.object({
  program: z.string(),
  version: z.string(),
  libraries: z.array(z.string()),
});
/** What a Node.js tells of itself. */
const question = `console.log(JSON.stringify({ program: process.execPath, version: process.version,
  libraries: process.report.getReport().sharedObjects }))`;
/** The system's part of a process, and no file. */
const isFile = (library: string): boolean => path.isAbsolute(library);
const isLoader = (library: string): boolean => /^ld-(linux|musl)/.test(path.basename(library));

/** @throws {TareError} `agent-image-failed` */
async function runtime(signal: AbortSignal): Promise<Named[]> {
  if (process.platform !== 'linux') throw failed('not-linux', process.platform);
  // Electron finds its own files beside its program, which is its loader's in the image
  const node = process.versions.electron === undefined ? process.execPath : await findProgram('node');
  if (node === undefined) throw failed('no-node', 'node');
  const told = RuntimeReport.parse(JSON.parse(await runProgram(node, ['--eval', question], { signal })));
  if (!isNewEnough(told.version)) throw failed('no-node', `${told.program} ${told.version}`);
  const libraries = told.libraries.filter(isFile);
  const loader = libraries.find(isLoader);
  if (loader === undefined) throw failed('no-loader', told.program);
  return [
    { name: places.node, source: told.program },
    { name: places.loader, source: await realpath(loader) },
    ...libraries
      .filter((library) => library !== loader)
      .map((library) => ({ name: `${places.libraries}/${path.basename(library)}`, source: library })),
  ];
}

const majorAndMinor = (version: string): [number, number] => {
  const [major = 0, minor = 0] = (version.match(/\d+/g) ?? []).map(Number);
  return [major, minor];
};
const oldest = majorAndMinor(engines.node);
function isNewEnough(version: string): boolean {
  const [major, minor] = majorAndMinor(version);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** The guest's parts come from where they are whole. */
const isGuest = ({ name }: Named): boolean => name.startsWith('assets/guest-parts/');

async function ownPackage(assetsFolder: string): Promise<Named[]> {
  const root = programRoot(assetsFolder);
  const files = await programFiles(root, assetsFolder).catch(() => []);
  if (!files.some(({ name }) => name === 'dist/main/cli.cjs')) throw failed('not-built', root);
  return files
    .filter((file) => !isGuest(file))
    .map(({ name, source }) => ({ name: `${places.package}/${name}`, source }));
}

/** The parts that are here, as an installed package brings them. */
async function guest(where: { cacheFolder: string; shippedFolder: string }): Promise<Named[]> {
  const named: Named[] = [];
  for (const { facts } of await guestParts(where))
    if (facts)
      for (const file of await readdir(facts.folder))
        named.push({
          name: `${places.package}/assets/guest-parts/${path.basename(facts.folder)}/${file}`,
          source: path.join(facts.folder, file),
        });
  return named;
}

type Reason = 'not-linux' | 'no-node' | 'no-loader' | 'not-built';
const failed = (reason: Reason, what: string): TareError =>
  new TareError({ code: 'agent-image-failed', reason, what });

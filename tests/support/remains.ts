/**
 * What a whole run of the tests leaves: `.ci/test.sh` has it noted before (`remains.ts note FILE`) and looked at after (`remains.ts check
 * FILE`), which removes the images that came, keeps a copy of those that take minutes, and ends with 1 where anything else is left.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keptImages } from './cache';
import { leftovers } from './leaks';
import { standIns } from './sweep';

const output = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const lines = (text: string): string[] => text.split('\n').filter(Boolean);

/** Names of the tests' images, and of what a Tare builds for itself, which are the same for everybody's. */
const isTares = /^(localhost:\d+\/|127\.0\.0\.1:\d+\/)?tare(-test[^:/]*)?[:/]/;
/** They are made of Debian's packages, which takes minutes. */
const isCostly = /^(tare-test\/(debian|apt)|tare\/\w+-debian):/;

const images = (): string[] =>
  lines(output('docker', 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}')).filter((one) =>
    isTares.test(one),
  );

/** Folders that only tests make, outside of the temporary folder that `.ci/test.sh` gives them. */
const ownFolders = (): string[] =>
  ['/var/tmp', '/run'].flatMap((place) =>
    existsSync(place)
      ? readdirSync(place).flatMap((name) =>
          /^tare-(test|dockerd)-/.test(name) ? [`folder ${path.join(place, name)}`] : [],
        )
      : [],
  );

/** Outside of a checkout there is nothing to compare. */
function changedFiles(): string[] {
  try {
    return lines(output('git', 'status', '--porcelain')).map((line) => `file ${line}`);
  } catch {
    return [];
  }
}

function keepCostly(came: string[]): void {
  const costly = came.filter((name) => isCostly.test(name)).sort();
  const { file, names } = keptImages();
  const text = costly.join('\n');
  if (costly.length === 0 || (existsSync(names) && readFileSync(names, 'utf8') === text)) return;
  rmSync(names, { force: true });
  output('docker', 'save', '--output', file, ...costly);
  writeFileSync(names, text);
}

/** Without force: what somebody's container uses stays. */
function removeImage(name: string): string[] {
  try {
    output('docker', 'image', 'rm', name);
    return [];
  } catch (error) {
    const { stderr } = error as { stderr: string };
    return /No such image|container \w+ is using/.test(stderr) ? [] : [`image ${name}: ${stderr.trim()}`];
  }
}

interface Noted {
  images: string[];
  others: string[];
}

function check(before: Noted): string[] {
  // A name that only tests give is also removed when it is of a run that was killed.
  const came = images().filter((name) => name.includes('tare-test') || !before.images.includes(name));
  keepCostly(came);
  const temporary = readdirSync(os.tmpdir())
    .map((name) => path.join(os.tmpdir(), name))
    .filter((file) => path.basename(file).startsWith('tare-') && file !== process.env.TARE_LOCK_DIR); // this one's own
  const others = [...ownFolders(), ...changedFiles()].filter((one) => !before.others.includes(one));
  return [
    ...leftovers('test[mn][0-9a-f]{12}'),
    ...standIns().map((id) => `container ${id}`),
    ...temporary.map((file) => `folder ${file}`),
    ...others,
    ...came.flatMap(removeImage),
  ];
}

const [how, file = ''] = process.argv.slice(2);
if (how === 'note')
  writeFileSync(file, JSON.stringify({ images: images(), others: [...ownFolders(), ...changedFiles()] }));
if (how === 'check') {
  const left = check(JSON.parse(readFileSync(file, 'utf8')) as Noted);
  for (const one of left) console.log(`LEFT ${one}`);
  process.exitCode = left.length > 0 ? 1 : 0;
}

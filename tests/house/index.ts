/**
 * `npm run house [-- --base REVISION] [--places]`: what can be counted of the house, if asked beside an earlier revision of it.
 * Ends with 1 when a figure is above its bound, and then says where.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { borders } from '../../borders.js';
import { figuresOf, type Figure } from './figures';
import { readSources } from './sources';

const figures = (root: string): Figure[] => {
  const catalogue = readFileSync(path.join(root, 'assets/messages/en.json'), 'utf8');
  const rooms = borders.map(([room]) => room);
  return figuresOf(root, readSources(root), Object.keys(JSON.parse(catalogue) as object), rooms);
};

/** Lays a revision's files out for as long as it takes to count them. */
function figuresAt(revision: string): Figure[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-house-'));
  try {
    const archive = execFileSync('git', ['archive', revision], { maxBuffer: 1 << 30 });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    return figures(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { base, places } = parseArgs({
  options: { base: { type: 'string' }, places: { type: 'boolean', default: false } },
}).values;
const before = base === undefined ? undefined : figuresAt(base);
for (const [at, { title, value, most, places: where }] of figures('.').entries()) {
  const earlier = before ? `${before[at]!.value} → ` : '';
  const bound = Number.isFinite(most) ? ` (at most ${most})` : '';
  console.log(`${earlier}${value}  ${title}${bound}`);
  const isOver = value > most;
  if (isOver) process.exitCode = 1;
  if (places || isOver) for (const place of where) console.log(`    ${place}`);
}

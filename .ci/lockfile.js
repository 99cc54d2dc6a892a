/**
 * Holds a lock file against what `npm ci` may fetch: packages of the npm registry by https, each pinned by its SHA-512. Linters of lock
 * files let a package pass that has no checksum at all.
 *   lockfile.js [FILE]      package-lock.json without one
 */
import fs from 'node:fs';

const registry = 'https://registry.npmjs.org/';
const [file = 'package-lock.json'] = process.argv.slice(2);
const { packages } = JSON.parse(fs.readFileSync(file, 'utf8'));

/** What is wrong with an entry, if anything. */
function fault({ version, resolved, integrity, link }) {
  if (link || !/^\d/.test(version ?? '')) return `is no package of the registry (${resolved ?? version})`;
  // absent: npm fetches it from the registry that it is set to, and the checksum is what counts
  if (resolved !== undefined && !resolved.startsWith(registry)) return `comes from ${resolved}`;
  if (!/^sha512-[\w+/]{86}==$/.test(integrity ?? '')) return `has no SHA-512 (${integrity ?? 'no checksum'})`;
}

const faults = Object.entries(packages)
  .filter(([place]) => place !== '') // Tare itself
  .map(([place, entry]) => [place, fault(entry)])
  .filter(([, found]) => found !== undefined);
for (const [place, found] of faults) console.error(`${file}: ${place} ${found}`);
process.exitCode = faults.length > 0 ? 1 : 0;

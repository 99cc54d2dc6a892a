/** The product's sources as text, and who imports whom, of a folder that may be another revision's. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Paths are relative to the repository and use `/`. */
export interface Sources {
  /** product files (TypeScript and Svelte), with their text */
  files: Map<string, string>;
  /** of each product file, the product files that it imports, types included */
  imports: Map<string, string[]>;
}

export const productFolders = ['main', 'preload', 'renderer'];

const isSource = (name: string) => /\.(ts|svelte)$/.test(name);

/** Every file below `folder`, relative to `root`. */
export const filesBelow = (root: string, folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();

export function readSources(root: string): Sources {
  const names = productFolders.flatMap((folder) => filesBelow(root, folder)).filter(isSource);
  const files = new Map(names.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]));
  const imports = new Map(
    [...files].map(([name, text]) => [name, [...new Set(specifiersOf(text).flatMap(resolve(name, files)))]]),
  );
  return { files, imports };
}

const specifiersOf = (text: string): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport\(|\bimport)\s*'(\.[^'?]*)'/g)].map((match) => match[1]!);

const endings = ['', '.ts', '.svelte.ts', '.d.ts', '/index.ts'];

const resolve =
  (from: string, files: ReadonlyMap<string, string>) =>
  (specifier: string): string[] => {
    const base = path.posix.join(path.posix.dirname(from), specifier);
    return endings
      .map((ending) => base + ending)
      .filter((name) => files.has(name))
      .slice(0, 1);
  };

/**
 * Groups that reach each other along `edges`: Tarjan's strongly connected components of more than one node
 * ("Depth-first search and linear graph algorithms", 1972).
 */
export function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * What the page may do: run our own files and talk to the door it came from. No inline style, no eval, no frame.
 * @param inline  hashes of the scripts that stand in the page itself; no other may run
 */
const contentPolicy = (inline: string[]): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...inline].join(' '),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ');

const inlineScripts = (page: string): string[] =>
  [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`,
  );

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface PageFile {
  bytes: Buffer;
  headers: Record<string, string>;
}

/**
 * A file of the built page with the headers both doors send.
 * @param folder   the built renderer
 * @param urlPath  as asked for, still percent-encoded; `/` is the page itself
 * @returns undefined when there is no such file, or it is not the page's to have
 */
export async function pageFile(folder: string, urlPath: string): Promise<PageFile | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined; // not percent-encoding at all
  }
  const relative = decoded === '/' ? 'index.html' : `.${path.posix.normalize(`/${decoded}`)}`;
  const file = path.resolve(folder, relative);
  const type = types[path.extname(file)];
  if (!type || decoded.includes('\0') || !file.startsWith(path.resolve(folder) + path.sep)) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) return undefined;
  const policy = contentPolicy(type === types['.html'] ? inlineScripts(bytes.toString()) : []);
  return {
    bytes,
    headers: {
      'content-type': type,
      'content-security-policy': policy,
      ...pageHeaders,
      ...(type === icon && forAnHour),
    },
  };
}

/** A browser that keeps no icons asks for it again with each address, in the way of what the page itself asks. */
const icon = types['.svg'];
const forAnHour = { 'cache-control': 'private, max-age=3600' };

const pageHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

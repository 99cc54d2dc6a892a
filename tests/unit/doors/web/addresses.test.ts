/** Under which addresses a page is served, by http and with a certificate by https: every one that is printed is answered. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import os, { networkInterfaces } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, type ServeOptions } from '../../../../main/doors/web/index';
import { fakeRecord } from '../../../support/fakes/fakeAnswers';
import { fakeEngine } from '../../../support/fakes/fakeEngine';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tare-addresses-'));
const place = (name: string) => path.join(folder, name);
writeFileSync(place('index.html'), '<html lang="en"><h1>Tare</h1>');
afterAll(() => rmSync(folder, { recursive: true }));

const engine = fakeEngine({ runs: [fakeRecord()] });
const serving = (options: Partial<ServeOptions>) =>
  serve(engine, { port: 0, host: '127.0.0.1', rendererFolder: folder, ...options });

interface Reply {
  status: number;
  text: string;
}

/** As a browser asks: by the name in the address, from a page at that address. */
function ask(
  url: string,
  { path: asked = '/', method = 'GET', headers = {}, body = '' } = {},
): Promise<Reply> {
  const { origin, host, hostname, protocol } = new URL(url);
  const client = protocol === 'https:' ? https : http;
  const options = {
    method,
    agent: false,
    headers: { host, origin, 'sec-fetch-site': 'same-origin', ...headers },
    // whatever Host says, it is the certificate of this name
    ...(protocol === 'https:' && {
      servername: isIP(hostname) ? '' : hostname,
      ca: readFileSync(place('tower.crt')),
    }),
  };
  return new Promise((resolve, reject) => {
    const request = client.request(new URL(asked, url), options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** What the page at an address is told when it asks for the runs with the token of that address. */
async function runsAt(url: string): Promise<unknown> {
  const headers = {
    'content-type': 'application/json',
    'x-tare-token': new URL(url).hash.slice('#token='.length),
  };
  const body = JSON.stringify({ input: {}, locale: 'en' });
  return JSON.parse((await ask(url, { path: '/call/runs', method: 'POST', headers, body })).text);
}

const hasSix = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);
const real = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .filter(({ family }) => family === 'IPv4')
  .map(({ address }) => address);

describe('every address that is printed is answered', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1'],
    ['127.0.0.2', 'http://127.0.0.2'],
    ['localhost', 'http://localhost'],
    ...(hasSix ? [['::1', 'http://[::1]']] : []),
  ])('on %s', async (host, shown) => {
    const served = await serving({ host });
    try {
      expect(served.urls.map((url) => url.replace(/:\d+\/#token=.*/, ''))).toEqual([shown]);
      expect(served.readOnly).toBe(false);
      await expect(ask(served.urls[0])).resolves.toMatchObject({ status: 200 });
      await expect(runsAt(served.urls[0])).resolves.toMatchObject({ ok: true });
    } finally {
      await served.close();
    }
  });

  it('on all of this computer, whose real ones are told', async () => {
    const served = await serving({ host: '0.0.0.0' });
    try {
      const shown = served.urls.map((url) => new URL(url).hostname);
      expect([...shown].sort()).toEqual([...real].sort());
      // those that another computer can use come first
      expect(shown.at(-1)).toBe('127.0.0.1');
      for (const url of served.urls) await expect(runsAt(url)).resolves.toMatchObject({ ok: true });
      const named = `http://localhost:${served.port}/`;
      await expect(ask(named)).resolves.toMatchObject({ status: 200 });
    } finally {
      await served.close();
    }
  });

  it.runIf(real.length > 1)('on one that other computers can reach', async () => {
    const host = real.find((address) => !address.startsWith('127.'))!;
    const served = await serving({ host });
    try {
      expect(new URL(served.urls[0]).hostname).toBe(host);
      expect(served.readOnly).toBe(true);
      await expect(runsAt(served.urls[0])).resolves.toMatchObject({ ok: true });
    } finally {
      await served.close();
    }
  });
});

/** A certificate that signs itself, made by openssl, with its key. */
function certify(name: string, ...words: string[]): void {
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=tower'];
  const files = ['-keyout', place(`${name}.key`), '-out', place(`${name}.crt`)];
  execFileSync('openssl', ['req', '-x509', ...made, ...files, ...words], { stdio: 'ignore' });
}

describe('with a certificate', () => {
  const files = { certificate: place('tower.crt'), key: place('tower.key') };
  beforeAll(() => {
    certify('tower', '-addext', 'subjectAltName=DNS:localhost,DNS:tower.lan,DNS:*.tower.lan,IP:127.0.0.2');
    certify('other');
    certify('old', '-not_before', '20200101000000Z', '-not_after', '20200201000000Z');
  });

  it('is told by names that the certificate is for, and answered only by https', async () => {
    const served = await serving({ host: '0.0.0.0', certificate: files });
    try {
      expect(served.secure).toBe(true);
      const shown = served.urls.map((url) => url.replace(/:\d+\/#token=.*/, ''));
      expect(shown).toEqual(['https://localhost', 'https://tower.lan', 'https://127.0.0.2']);
      for (const url of [served.urls[0], served.urls[2]!])
        await expect(runsAt(url)).resolves.toMatchObject({ ok: true });
      const insecure = { headers: { origin: `http://localhost:${served.port}` } };
      await expect(ask(served.urls[0], insecure)).resolves.toMatchObject({ status: 403 });
      const stranger = { headers: { host: `evil.example:${served.port}` } };
      await expect(ask(served.urls[0], stranger)).resolves.toMatchObject({ status: 421 });
      await expect(ask(served.urls[0].replace('https', 'http'))).rejects.toThrow();
    } finally {
      await served.close();
    }
  });

  it.each([
    ['is absent', () => ({ ...files, certificate: place('none.crt') }), 'none.crt', 'ENOENT'],
    ['is no certificate', () => ({ ...files, certificate: files.key }), 'tower.key', 'not-a-certificate'],
    ['has no key', () => ({ ...files, key: mode('tower.crt', 0o600) }), 'key-600', 'not-a-key'],
    ['has the key of another', () => ({ ...files, key: place('other.key') }), 'other.key', 'key-of-another'],
    ['has a key for all', () => ({ ...files, key: mode('tower.key', 0o644) }), 'key-644', 'key-is-readable'],
    ['is over', () => ({ certificate: place('old.crt'), key: place('old.key') }), 'old.crt', 'not-valid-now'],
  ])('that %s nothing is served', async (_what, named, file, reason) => {
    await expect(serving({ certificate: named() })).rejects.toMatchObject({
      failure: { code: 'certificate-unusable', path: place(file), reason },
    });
  });

  it('takes a key that a group of its own may read, as ssl-cert of Debian', async () => {
    const served = await serving({ certificate: { ...files, key: mode('tower.key', 0o640) } });
    await served.close();
  });

  /** A copy of a file with these rights. */
  function mode(name: string, bits: number): string {
    const copy = place(`key-${bits.toString(8)}`);
    copyFileSync(place(name), copy);
    chmodSync(copy, bits);
    return copy;
  }
});

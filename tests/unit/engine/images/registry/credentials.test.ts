import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { credentialsFor, registryOf } from '../../../../../main/engine/images/registry/credentials';

let home: string;
const searched = process.env.PATH;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'tare-login-'));
  process.env.PATH = `${home}:${searched}`;
});
afterEach(() => {
  process.env.PATH = searched;
  rmSync(home, { recursive: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
function configure(content: object | string, file = '.docker/config.json') {
  const full = path.join(home, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
}
const look = (registry: string, environment: NodeJS.ProcessEnv = {}) =>
  credentialsFor(registry, { environment, home });

/** A credential helper that answers `get` for one address. */
function helper(name: string, script: string) {
  const file = path.join(home, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\nread -r address\n${script}\n`);
  chmodSync(file, 0o755);
}

test.each([
  ['nginx', 'docker.io'],
  ['library/nginx:1.27', 'docker.io'],
  ['docker.io/library/nginx', 'docker.io'],
  ['registry.example/app', 'registry.example'],
  ['registry:5000/app:1', 'registry:5000'],
  ['localhost/app', 'localhost'],
  ['127.0.0.1:5000/team/app@sha256:00', '127.0.0.1:5000'],
])('%s belongs to %s', (reference, registry) => expect(registryOf(reference)).toBe(registry));

describe('a login kept in the configuration', () => {
  test('is found under the registry’s name, with a colon in the password', async () => {
    configure({ auths: { 'registry.example:5000': { auth: base64('alice:a:b') } } });
    expect(await look('registry.example:5000')).toEqual({
      serveraddress: 'registry.example:5000',
      username: 'alice',
      password: 'a:b',
    });
    expect(await look('registry.example')).toBeUndefined();
  });

  test('is found under the addresses that older logins were kept by', async () => {
    const auth = base64('bob:secret');
    configure({
      auths: { 'https://registry.example/v2/': { auth }, 'https://index.docker.io/v1/': { auth } },
    });
    expect(await look('registry.example')).toMatchObject({ username: 'bob' });
    expect(await look('docker.io')).toMatchObject({ serveraddress: 'https://index.docker.io/v1/' });
  });

  test('may be a token', async () => {
    configure({ auths: { r: { auth: base64('x:'), identitytoken: 'token' } } });
    expect(await look('r')).toEqual({ serveraddress: 'r', identitytoken: 'token' });
  });

  test('is looked for where DOCKER_CONFIG says, and in Podman’s file', async () => {
    configure({ auths: { one: { auth: base64('a:1') } } }, 'elsewhere/config.json');
    configure({ auths: { two: { auth: base64('b:2') } } }, 'run/containers/auth.json');
    const environment = {
      DOCKER_CONFIG: path.join(home, 'elsewhere'),
      XDG_RUNTIME_DIR: path.join(home, 'run'),
    };
    expect(await look('one', environment)).toMatchObject({ username: 'a' });
    expect(await look('two', environment)).toMatchObject({ username: 'b' });
    expect(await look('one')).toBeUndefined();
  });

  test('is none when the file is absent, damaged, or holds an empty entry', async () => {
    expect(await look('r')).toBeUndefined();
    configure('{ "auths": ');
    expect(await look('r')).toBeUndefined();
    configure({ auths: { r: {} } });
    expect(await look('r')).toBeUndefined();
    configure({ auths: { r: { auth: 5 } } });
    expect(await look('r')).toBeUndefined();
  });
});

describe('a credential helper', () => {
  const answer = '{"ServerURL":"x","Username":"carol","Secret":"from the helper"}';

  test('is asked for its registry before the file is looked into', async () => {
    helper('mine', `[ "$1 $address" = "get registry.example" ] && echo '${answer}'`);
    const auth = base64('old:old');
    configure({ credHelpers: { 'registry.example': 'mine' }, auths: { 'registry.example': { auth } } });
    expect(await look('registry.example')).toEqual({
      serveraddress: 'registry.example',
      username: 'carol',
      password: 'from the helper',
    });
  });

  test('may keep all logins, and says with a name that a secret is a token', async () => {
    helper('all', `echo '{"Username":"<token>","Secret":"t"}'`);
    configure({ credsStore: 'all' });
    expect(await look('anything')).toEqual({ serveraddress: 'anything', identitytoken: 't' });
  });

  test('that knows nothing about a registry is no failure', async () => {
    helper('all', `echo 'credentials not found in native keychain'; exit 1`);
    configure({ credsStore: 'all', auths: { r: { auth: base64('a:b') } } });
    expect(await look('r')).toMatchObject({ username: 'a' });
    expect(await look('other')).toBeUndefined();
  });

  test('that is missing or broken is told, with its own words', async () => {
    configure({ credsStore: 'nowhere' });
    const failure = { code: 'registry-login-unreadable', program: 'docker-credential-nowhere' };
    await expect(look('r')).rejects.toMatchObject({ failure });
    helper('nowhere', `echo 'gpg: no secret key' >&2; exit 2`);
    await expect(look('r')).rejects.toMatchObject({ failure: { ...failure, output: 'gpg: no secret key' } });
    helper('nowhere', 'echo not JSON');
    await expect(look('r')).rejects.toMatchObject({ failure });
  });
});

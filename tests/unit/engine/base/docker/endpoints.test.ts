import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { candidates, type EndpointSources } from '../../../../../main/engine/base/docker/endpoints';

let home: string;
beforeEach(() => (home = mkdtempSync(path.join(os.tmpdir(), 'tare-endpoints-'))));
afterEach(() => rmSync(home, { recursive: true }));

const find = (environment: NodeJS.ProcessEnv = {}, rest: Partial<EndpointSources> = {}) =>
  candidates({ environment, home, platform: 'linux', ...rest });

const idOf = (name: string) => createHash('sha256').update(name).digest('hex');

function context(name: string, endpoint: object, folder = path.join(home, '.docker')) {
  const meta = path.join(folder, 'contexts/meta', idOf(name));
  mkdirSync(meta, { recursive: true });
  writeFileSync(
    path.join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: endpoint } }),
  );
}
const config = (value: object) => {
  mkdirSync(path.join(home, '.docker'), { recursive: true });
  writeFileSync(path.join(home, '.docker/config.json'), JSON.stringify(value));
};

describe('what a person chose is the only candidate', () => {
  test('first the setting, then DOCKER_HOST, then DOCKER_CONTEXT, then the current context', () => {
    context('lab', { Host: 'ssh://lab' });
    context('work', { Host: 'unix:///work.sock' });
    config({ currentContext: 'work' });
    const all = { DOCKER_HOST: 'unix:///host.sock', DOCKER_CONTEXT: 'lab' };
    expect(find(all, { setting: 'unix:///mine.sock' })).toEqual([
      { source: 'setting', endpoint: 'unix:///mine.sock' },
    ]);
    expect(find(all)).toEqual([{ source: 'DOCKER_HOST', endpoint: 'unix:///host.sock' }]);
    expect(find({ DOCKER_CONTEXT: 'lab' })).toEqual([
      { source: 'DOCKER_CONTEXT lab', endpoint: 'ssh://lab' },
    ]);
    expect(find()).toEqual([{ source: 'context work', endpoint: 'unix:///work.sock' }]);
  });

  test('a context that does not exist is told, not passed over', () => {
    expect(find({ DOCKER_CONTEXT: 'gone' })).toMatchObject([
      { source: 'DOCKER_CONTEXT gone', broken: 'context-unknown' },
    ]);
  });

  test('a context brings its own certificates, and may say not to check them', () => {
    context('far', { Host: 'tcp://far:2376', SkipTLSVerify: true });
    const tls = path.join(home, '.docker/contexts/tls', idOf('far'), 'docker');
    mkdirSync(tls, { recursive: true });
    for (const name of ['ca', 'cert', 'key']) writeFileSync(path.join(tls, `${name}.pem`), name);
    const [far] = find({ DOCKER_CONTEXT: 'far' });
    expect(far).toMatchObject({ endpoint: 'tcp://far:2376', tls: { verify: false } });
    expect([far!.tls!.ca, far!.tls!.cert, far!.tls!.key].map(String)).toEqual(['ca', 'cert', 'key']);
  });

  test('DOCKER_HOST over TCP takes the certificates of DOCKER_CERT_PATH', () => {
    writeFileSync(path.join(home, 'ca.pem'), 'authority');
    const environment = { DOCKER_HOST: 'tcp://far:2376', DOCKER_CERT_PATH: home, DOCKER_TLS_VERIFY: '1' };
    const [far] = find(environment);
    expect(String(far!.tls!.ca)).toBe('authority');
    expect(far!.tls!.verify).toBe(true);
    expect(find({ ...environment, DOCKER_HOST: 'unix:///x' })[0]!.tls).toBeUndefined();
  });

  test('DOCKER_CONFIG moves the folder of the contexts', () => {
    const folder = path.join(home, 'elsewhere');
    context('lab', { Host: 'ssh://lab' }, folder);
    expect(find({ DOCKER_CONTEXT: 'lab', DOCKER_CONFIG: folder })[0]!.endpoint).toBe('ssh://lab');
  });
});

describe('without a choice', () => {
  const usual = () => find({ XDG_RUNTIME_DIR: '/run/user/1000' });

  test('the well-known sockets are tried, Docker before Podman', () => {
    const endpoints = usual().map(({ endpoint }) => endpoint);
    expect(endpoints[0]).toBe('unix:///var/run/docker.sock');
    expect(endpoints[1]).toBe('unix:///run/user/1000/docker.sock');
    expect(endpoints).toContain(`unix://${home}/.colima/default/docker.sock`);
    const podman = endpoints.findIndex((endpoint) => endpoint.includes('podman'));
    expect(endpoints.slice(podman).every((endpoint) => endpoint.includes('podman'))).toBe(true);
    expect(endpoints.at(-1)).toBe('unix:///run/podman/podman.sock');
  });

  test.each([
    ['the default context', { currentContext: 'default' }],
    ['no current context', {}],
  ])('also with %s in the configuration', (_, value) => {
    config(value);
    expect(usual()[0]!.source).toBe('default socket');
    expect(find({ DOCKER_CONTEXT: 'default' })[0]!.source).toBe('default socket');
  });

  test('also with a damaged configuration', () => {
    mkdirSync(path.join(home, '.docker'));
    writeFileSync(path.join(home, '.docker/config.json'), '{ "currentCon');
    expect(usual()[0]!.source).toBe('default socket');
  });

  test('named pipes on Windows', () => {
    expect(find({}, { platform: 'win32' })[0]!.endpoint).toBe('npipe:////./pipe/docker_engine');
  });
});

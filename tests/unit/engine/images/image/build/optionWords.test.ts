import { expect, test } from 'vitest';
import {
  optionEnvironment,
  optionWords,
  shownWords,
} from '../../../../../../main/engine/images/image/build/optionWords';
import { BuildOptions, withoutSecrets } from '../../../../../../main/contract/work/building';
import { folderTag } from '../../../../../../main/engine/images/image/build/build';

test('nothing is given to a build that does not name it', () => {
  expect(optionWords('/src/app', {})).toEqual([]);
});

test('each option is said as docker build has it; a Dockerfile is meant from the folder on', () => {
  const options = BuildOptions.parse({
    dockerfile: 'docker/web.Dockerfile',
    target: 'web',
    platform: 'linux/arm64',
    secrets: [{ id: 'token', src: '/home/me/a,"b"' }, { id: 'key', env: 'KEY' }, { id: 'plain' }],
    ssh: ['default', 'git=/run/agent.sock'],
  });
  const buildArgs = { VERSION: '1=2', EMPTY: '' };
  expect(optionWords('/src/app', { ...options, buildArgs })).toEqual([
    ...['--file', '/src/app/docker/web.Dockerfile', '--target', 'web', '--platform', 'linux/arm64'],
    ...['--build-arg', 'VERSION', '--build-arg', 'EMPTY'],
    ...['--secret', 'id=token,"src=/home/me/a,""b"""', '--secret', 'id=key,env=KEY', '--secret', 'id=plain'],
    ...['--ssh', 'default', '--ssh', 'git=/run/agent.sock'],
  ]);
});

test('what arguments are worth is told in the environment, but for what the builder would take for its own', () => {
  const buildArgs = { TOKEN: 'hush', PATH: '/none', http_proxy: 'http://proxy', DOCKER_HOST: 'tcp://x' };
  expect(optionEnvironment({ buildArgs })).toEqual({ TOKEN: 'hush' });
  const words = optionWords('/src', { buildArgs }).filter((word) => word !== '--build-arg');
  expect(words).toEqual(['TOKEN', 'PATH=/none', 'http_proxy=http://proxy', 'DOCKER_HOST=tcp://x']);
  expect(shownWords('/src', { buildArgs }).join(' ')).not.toMatch(/=/);
});

test('of secrets and agents only what the Dockerfile calls them is written down', () => {
  const source = {
    ...{ kind: 'folder' as const, path: '/src', target: 'web' },
    secrets: [
      { id: 'token', src: '/home/me/token' },
      { id: 'key', env: 'KEY' },
    ],
    ssh: ['default', 'git=/run/agent.sock'],
  };
  expect(withoutSecrets(source)).toEqual({
    ...{ kind: 'folder', path: '/src', target: 'web' },
    secrets: [{ id: 'token' }, { id: 'key' }],
    ssh: ['default', 'git'],
  });
});

test('a folder has one name per way to build it', () => {
  const plain = folderTag('/src/app');
  expect(folderTag('/src/app', { secrets: [{ id: 'x' }] })).toBe(plain);
  const tags = [
    plain,
    folderTag('/src/app', { target: 'web' }),
    folderTag('/src/app', { dockerfile: 'web' }),
    folderTag('/src/app', { buildArgs: { A: '1' } }),
    folderTag('/src/app', { buildArgs: { A: '2' } }),
  ];
  expect(new Set(tags).size).toBe(tags.length);
  expect(folderTag('/src/app', { buildArgs: { A: '1', B: '2' } })).toBe(
    folderTag('/src/app', { buildArgs: { B: '2', A: '1' } }),
  );
});

/** The engine's own program, for what its API does not offer: told to talk to the very engine that Tare's client talks to. */
import type { DockerClient } from './client';

export interface EngineCommand {
  program: 'docker' | 'podman';
  /** come before the subcommand */
  words: string[];
  /** added to this process's own environment; what is undefined is taken out of it */
  env: NodeJS.ProcessEnv;
}

/** @param client  an engine that answered, wherever it was found: setting, `DOCKER_HOST`, context or well-known socket */
export function engineCommand({
  name,
  endpoint,
  tls,
}: Pick<DockerClient, 'name' | 'endpoint' | 'tls'>): EngineCommand {
  if (name === 'Podman') return { program: 'podman', words: ['--remote', '--url', endpoint], env: {} };
  return {
    program: 'docker',
    words: [],
    env: {
      DOCKER_HOST: endpoint,
      DOCKER_CONTEXT: undefined, // DOCKER_HOST wins, but with a warning among what is printed
      DOCKER_TLS: tls ? '1' : undefined,
      DOCKER_TLS_VERIFY: tls?.verify ? '1' : undefined,
      DOCKER_CERT_PATH: tls?.folder,
    },
  };
}

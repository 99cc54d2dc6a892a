import { sshDestination } from '../docker/ssh';

/** The port of this computer that leads to an engine's endpoint, if one does. */
export async function loopbackPort(endpoint: string): Promise<string | undefined> {
  if (!/^(ssh|tcp|https?):/.test(endpoint)) return undefined;
  const { hostname, port } = new URL(endpoint);
  const real = endpoint.startsWith('ssh:')
    ? await sshDestination(endpoint).catch(() => undefined)
    : { host: hostname, port };
  return /^(127\.0\.0\.1|localhost|\[?::1\]?)$/.test(real?.host ?? '') ? real?.port : undefined;
}

import { isDistant, urlOf } from '../../base/docker/endpoints';
import { sshDestination } from '../../base/docker/ssh';

/** How an engine's endpoint leads to it: by a socket in the file system, a port of this computer, or another computer. */
export type WayThere = { by: 'socket' } | { by: 'port'; port: string } | { by: 'other-computer' };

export async function wayTo(endpoint: string): Promise<WayThere> {
  if (!isDistant(endpoint)) return { by: 'socket' };
  const { protocol, hostname, port } = urlOf(endpoint);
  const real =
    protocol === 'ssh:' ? await sshDestination(endpoint).catch(() => undefined) : { host: hostname, port };
  return real?.port && /^(127\.0\.0\.1|localhost|\[?::1\]?)$/.test(real.host ?? '')
    ? { by: 'port', port: real.port }
    : { by: 'other-computer' };
}

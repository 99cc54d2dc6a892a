/** Programs that load a server in its own protocol, each in a container of its own: what they cost is not the instance's. */
import type Docker from 'dockerode';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ServiceName } from '../../../contract/plan';
import { createOwned, withOwned } from '../../base/docker/owned';
import { informationOf } from '../../base/docker/information';
import { asking } from '../../base/docker/refusal';
import { TareError } from '../../base/errors';
import { lastOf } from '../../base/process/child';
import { sessionLabel } from '../../base/process/ledger';
import type { RunScope } from '../../base/scope';

/** Where clients run, and the images that they come in. */
export interface Clients {
  docker: Docker;
  /** by the service that brings its client along */
  images: Partial<Record<ServiceName, string>>;
}

export interface Address {
  host: string;
  port: number;
}

export interface ClientOrder {
  clients: Clients;
  service: ServiceName;
  /** program and arguments, once it is known under which name this computer is reached */
  words: (host: string) => [string, ...string[]];
  at: Address;
  scope: RunScope;
}

const longestOutput = 16_384;
/** The folder that clients work in, and may write to. */
const clientFolder = '/tmp';

/**
 * Runs a client to its end.
 * @param look  is given what it left in {@link clientFolder}, as a tar stream
 * @returns what it printed on its standard output
 * @throws {TareError} `load-client-failed` with what it printed · `docker-refused` · `docker-unreachable`; AbortError when aborted
 */
export async function runClient(
  { clients, service, words, at, scope }: ClientOrder,
  look?: (files: Readable) => Promise<void>,
): Promise<string> {
  const { docker } = clients;
  const { signal, ledger } = scope;
  const { network, host } = await wayTo(at.host, docker);
  const [program, ...args] = words(host);
  const owned = await createOwned(
    docker,
    scope,
    {
      Image: clients.images[service]!,
      Entrypoint: [program],
      Cmd: args,
      WorkingDir: clientFolder,
      Labels: { [sessionLabel]: ledger.session },
      HostConfig: network,
    },
    'client',
  );
  return withOwned(owned, signal, async () => {
    const { exit, output, complaints } = await follow(docker, owned.container);
    signal.throwIfAborted();
    if (exit !== 0)
      throw new TareError({
        code: 'load-client-failed',
        program,
        exit,
        output: (output + complaints).trim(),
      });
    if (look) {
      const archive = await asking('copy', owned.container.getArchive({ path: clientFolder }));
      await look(Readable.from(archive, { objectMode: false }));
    }
    return output;
  });
}

/**
 * How a container reaches what listens on this computer. An engine that runs in a machine of its own (Docker Desktop) has another
 * loopback, and a name for this computer.
 */
async function wayTo(host: string, docker: Docker): Promise<{ network: Docker.HostConfig; host: string }> {
  const isLoopback = /^(127\.|localhost$|::1$)/.test(host);
  if (!isLoopback) return { network: {}, host };
  const { OperatingSystem } = await informationOf(docker);
  return process.platform === 'linux' && OperatingSystem !== 'Docker Desktop'
    ? { network: { NetworkMode: 'host' }, host }
    : { network: { ExtraHosts: ['host.docker.internal:host-gateway'] }, host: 'host.docker.internal' };
}

async function follow(docker: Docker, container: Docker.Container) {
  const [said, complained] = [new PassThrough(), new PassThrough()];
  const stream = await asking('attach', container.attach({ stream: true, stdout: true, stderr: true }));
  docker.modem.demuxStream(stream, said, complained);
  const [output, complaints] = [lastOf(said, longestOutput), lastOf(complained, longestOutput)];
  await asking('start', container.start());
  const { StatusCode: exit } = (await asking('wait', container.wait())) as { StatusCode: number };
  await finished(stream, { writable: false });
  return { exit, output: output(), complaints: complaints() };
}

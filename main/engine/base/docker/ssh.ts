import { spawn } from 'node:child_process';
import http from 'node:http';
import { Duplex } from 'node:stream';
import { lastOf, runProgram } from '../process/child';

/** A byte stream to the engine on the far side, dressed as the socket that Node's HTTP client expects. */
class DialledStream extends Duplex {
  private readonly child;

  constructor(target: string[]) {
    super();
    // The system's own ssh: host keys, configuration and agent are the person's, and none of them ours to handle.
    const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'];
    this.child = spawn('ssh', [...options, ...target, 'docker', 'system', 'dial-stdio'], { stdio: 'pipe' });
    this.child.on('error', (error) => this.destroy(error));
    // A broken pipe only says that ssh has ended; why it has is known when it closes.
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.on('data', (chunk: Buffer) => this.push(chunk) || this.child.stdout.pause());
    const complaint = lastOf(this.child.stderr, 500);
    this.child.on('close', (exit) =>
      exit === 0
        ? this.push(null)
        : this.destroy(new Error(complaint().trim() || `ssh: exit ${exit ?? '?'}`)),
    );
  }

  override _read() {
    this.child.stdout.resume();
  }
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void) {
    this.child.stdin.write(chunk, () => done());
  }
  override _final(done: () => void) {
    this.child.stdin.end(done);
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void) {
    this.child.kill();
    done(error);
  }

  setTimeout = () => this;
  setNoDelay = () => this;
  setKeepAlive = () => this;
  ref = () => this;
  unref = () => this;
}

/** The words by which ssh is told where an endpoint is. */
function targetOf(endpoint: string): string[] {
  const { username, hostname, port } = new URL(endpoint);
  const user = username ? ['-l', decodeURIComponent(username)] : [];
  return [...(port ? ['-p', port] : []), ...user, '--', hostname];
}

/** Reaches a remote engine through `ssh HOST docker system dial-stdio`, one ssh per connection. */
export function sshAgent(endpoint: string): http.Agent {
  const target = targetOf(endpoint);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  return Object.assign(agent, { createConnection: () => new DialledStream(target) });
}

/**
 * Where ssh goes for an endpoint: its host may be a name of the person's own configuration.
 * @throws {TareError} `tool-missing` · `program-failed` as of ssh
 */
export async function sshDestination(endpoint: string): Promise<{ host?: string; port?: string }> {
  const told = await runProgram('ssh', ['-G', ...targetOf(endpoint)]);
  const of = (key: string) => new RegExp(`^${key} (.+)$`, 'm').exec(told)?.[1];
  const [host, port] = [of('hostname'), of('port')];
  return { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
}

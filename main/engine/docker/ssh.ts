import { spawn } from 'node:child_process';
import http from 'node:http';
import { Duplex } from 'node:stream';

/** A byte stream to the engine on the far side, dressed as the socket that Node's HTTP client expects. */
class DialledStream extends Duplex {
  private readonly child;
  private complaint = '';

  constructor(target: string[]) {
    super();
    // The system's own ssh: host keys, configuration and agent are the person's, and none of them ours to handle.
    const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'];
    this.child = spawn('ssh', [...options, ...target, 'docker', 'system', 'dial-stdio'], { stdio: 'pipe' });
    this.child.on('error', (error) => this.destroy(error));
    // A broken pipe only says that ssh has ended; why it has is known when it closes.
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.on('data', (chunk: Buffer) => this.push(chunk) || this.child.stdout.pause());
    this.child.stderr.on(
      'data',
      (chunk: Buffer) => (this.complaint = (this.complaint + chunk.toString()).slice(-500)),
    );
    this.child.on('close', (exit) =>
      exit === 0
        ? this.push(null)
        : this.destroy(new Error(this.complaint.trim() || `ssh: exit ${exit ?? '?'}`)),
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

/** Reaches a remote engine through `ssh HOST docker system dial-stdio`, one ssh per connection. */
export function sshAgent(endpoint: string): http.Agent {
  const { username, hostname, port } = new URL(endpoint);
  const target = [
    ...(port ? ['-p', port] : []),
    ...(username ? ['-l', decodeURIComponent(username)] : []),
    '--',
    hostname,
  ];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  return Object.assign(agent, { createConnection: () => new DialledStream(target) });
}

import type Docker from 'dockerode';
import type { TrialDisk, TrialMemory } from '../../../../contract/run/run';
import { outOfMemoryIn } from '../../../base/process/kernelLog';
import { openFilesOf, type OpenFiles } from '../../../base/process/limits';
import { hasOwnKernel } from '../../../base/process/neighbours';
import { wordsOf } from '../../../base/process/proc';
import { memoryLeft } from '../remains';
import type { Ending, Instance, Reading, Remains } from '../target';
import { helperMemory } from './helperProcesses';
import { thisMachine, thisPlace, type EnginePlace } from '../../../base/process/hostFiles';
import { MemoryAccounts } from './memoryAccounts';
import { endingOf, outputOf } from './ending';
import type { OwnedContainer } from '../../../base/docker/owned';
import { asking, refusal, statusOf } from '../../../base/docker/refusal';

/** Time to end politely, in seconds as the engine counts. */
const politeSeconds = 1;

/** A started container, with its counters and its end. */
export class ContainerInstance implements Instance {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly ended: Promise<Ending>;
  private readonly container: Docker.Container;
  private readonly details: Promise<Docker.ContainerInspectInfo | undefined>;
  private readonly accounts: MemoryAccounts;
  private readonly watching = new AbortController();
  private stopping = false;
  private stopped: ReturnType<Instance['stop']> | undefined;

  /**
   * @param ports  the one of this computer that leads to it, and the one that is published where it runs
   * @param image  what its image takes
   * @param place  where the engine's processes are
   */
  constructor(
    private readonly owned: OwnedContainer,
    private readonly ports: { reached: number; published: number },
    private readonly memoryBytes: number,
    private readonly image: Pick<TrialDisk, 'imageBytes'>,
    private readonly place: EnginePlace = thisPlace,
  ) {
    this.container = owned.container;
    this.port = ports.reached;
    // Asked right away, waited for by nobody: the start's clock goes on.
    this.details = this.container.inspect().catch(() => undefined);
    const pid = this.details.then((details) => details?.State.Pid);
    this.accounts = this.open(pid);
    this.ended = this.watch();
  }

  private open(pid: Promise<number | undefined>): MemoryAccounts {
    return new MemoryAccounts(this.container, pid, this.ports.published, this.memoryBytes, this.place);
  }

  /** Settles only when nobody asked for the end. */
  private async watch(): Promise<Ending> {
    let broken: unknown;
    try {
      await this.container.wait({ abortSignal: this.watching.signal });
    } catch (error) {
      broken = error;
    }
    if (this.stopping) return new Promise(() => undefined);
    // Without an answer the engine itself is gone, or someone else removed the container.
    if (broken && statusOf(broken) === undefined) return { exit: 'engine lost', output: '' };
    return endingOf(this.container, this.place.machine === thisMachine ? outOfMemoryIn : () => undefined);
  }

  read(): Promise<Reading> {
    return this.accounts.read();
  }

  cpuMs(): Promise<number | undefined> {
    return this.accounts.cpuMs();
  }

  measure(): Promise<TrialMemory> {
    return this.accounts.measure();
  }

  async openFiles(): Promise<OpenFiles> {
    const known = await this.accounts.ofFirst((pid, files) =>
      // What a runtime with a kernel of its own may open says nothing of the application.
      hasOwnKernel(wordsOf(pid, files)) ? {} : openFilesOf(pid, files),
    );
    return known ?? {};
  }

  async disk(): Promise<TrialDisk> {
    const withSize: object = { size: true }; // @types/dockerode knows neither the option nor the answer
    const inspected = await asking('inspect', this.container.inspect(withSize));
    const written = (inspected as { SizeRw?: number }).SizeRw; // absent when the engine cannot tell
    return { ...this.image, ...(written !== undefined && { writtenBytes: written }) };
  }

  output(): Promise<string> {
    return outputOf(this.container);
  }

  readonly freezing = {
    pause: async () => void (await asking('pause', this.container.pause())),
    unpause: async () => void (await asking('unpause', this.container.unpause())),
  };

  readonly keeping = {
    halt: async () => {
      this.stopping = true;
      await asking('stop', this.container.stop({ t: politeSeconds }));
    },
    revive: async () => void (await asking('start', this.container.start())),
  };

  async remains(): Promise<Remains> {
    // Started again, it has another first process than the one that the accounts were opened for.
    const { State } = await asking('inspect', this.container.inspect());
    const pids = await this.open(Promise.resolve(State.Pid)).processes();
    const { machine, reason } = this.place;
    return {
      memory: pids ? memoryLeft(pids, helperMemory, machine) : () => Promise.resolve({ reason }),
      disk: async () => {
        const { writtenBytes } = await this.disk();
        return writtenBytes === undefined ? { reason: 'unreadable' } : { bytes: writtenBytes };
      },
    };
  }

  stop(): ReturnType<Instance['stop']> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): ReturnType<Instance['stop']> {
    this.stopping = true;
    try {
      const how = await this.stopPolitely();
      await this.owned.remove();
      return how;
    } finally {
      this.watching.abort();
      await this.accounts.close();
    }
  }

  private async stopPolitely(): ReturnType<Instance['stop']> {
    const details = await this.details;
    try {
      await this.container.stop({ t: politeSeconds });
    } catch (error) {
      const status = statusOf(error);
      if (status === 304 || status === 404) return 'by-itself';
      if (status === undefined) throw refusal('stop', error);
      return 'forced'; // by the removal that follows
    }
    const code = await this.container.inspect().then(
      ({ State }) => State.ExitCode,
      () => undefined,
    );
    // An image may ask for SIGKILL itself; then that was the polite way.
    const asksForKill = /^(SIG)?KILL$|^9$/.test(
      (details?.Config as { StopSignal?: string })?.StopSignal ?? '',
    );
    return code === 137 && !asksForKill ? 'forced' : 'polite';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping = true;
    this.watching.abort();
    await this.owned.remove();
    await this.accounts.close();
  }
}

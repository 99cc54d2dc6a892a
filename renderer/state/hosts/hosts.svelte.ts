import type { Answer, Failure } from '../../../main/contract/failures';
import type { Host } from '../../../main/contract/fleet/host';
import type { NodeFound } from '../../../main/contract/fleet/swarm';
import type { DoctorReport } from '../../../main/contract/machine';
import type { Link } from '../../link/link';
import { readOnly } from '../access';
import { Resource } from '../resource.svelte';

/** What is known of a host since the page was opened: asking it may take as long as a network does. */
export interface HostCheck {
  checking: boolean;
  report?: DoctorReport;
  /** why there is no report, the last time */
  failure?: Failure;
}

/** The other computers that a person keeps. It outlives the pages: what a check has found is not asked for again. */
export class HostsState {
  #kept = $state.raw<Host[]>();
  #failure = $state.raw<Failure>();
  #checks = $state.raw<Readonly<Record<string, HostCheck>>>({});

  readonly #swarm: Resource<'swarmNodes'>;

  constructor(private readonly link: Link) {
    this.#swarm = new Resource(link, 'swarmNodes');
  }

  /** undefined until they are known */
  get kept(): Host[] | undefined {
    return this.#kept;
  }
  /** why they are not known */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** of this computer's Docker Swarm, those that match the constraints that it was asked for last; undefined where it manages none */
  get nodes(): NodeFound[] | undefined {
    return this.noSwarm ? undefined : this.#swarm.value;
  }
  /** why there is none */
  get noSwarm(): Extract<Failure, { code: 'not-a-manager' }> | undefined {
    const { failure } = this.#swarm;
    return failure?.code === 'not-a-manager' ? failure : undefined;
  }
  /** whether it is known if there is one: an engine that hangs does not say so for long */
  get isSwarmKnown(): boolean {
    return (this.#swarm.value ?? this.#swarm.failure) !== undefined;
  }
  /** whether there are others than this computer to choose from */
  get areThere(): boolean {
    return this.nodes !== undefined || (this.#kept ?? []).length > 0;
  }

  checkOf(name: string): HostCheck | undefined {
    return this.#checks[name];
  }

  /** Looks which nodes of the swarm match, if there is one. */
  async look(constraints: string[]): Promise<void> {
    await this.#swarm.load({ constraints });
  }

  /** A page beyond this computer is not told of them. */
  async load(): Promise<void> {
    if (readOnly) return;
    const kept = this.link.call('hosts', {});
    await Promise.all([kept.then((answer) => this.#take(answer)), this.look([])]);
  }

  /** Keeps one and looks at it. @returns why it was refused */
  async add(host: Host): Promise<Failure | undefined> {
    const answer = await this.link.call('addHost', host);
    if (!answer.ok) return answer.failure;
    this.#take(answer);
    void this.check(host.name);
    return undefined;
  }

  /** @returns why it was refused */
  async remove(name: string): Promise<Failure | undefined> {
    const answer = await this.link.call('removeHost', { name });
    if (!answer.ok) return answer.failure;
    this.#take(answer);
    return undefined;
  }

  /** Connects and looks at what works there; what an earlier look has found stays until then. */
  async check(name: string): Promise<void> {
    const host = this.#kept?.find((one) => one.name === name);
    if (!host || this.#checks[name]?.checking) return;
    this.#note(name, { ...this.#checks[name], checking: true });
    const answer = await this.link.call('doctorHost', { host: name });
    // it was removed or replaced meanwhile
    if (this.#kept?.find((one) => one.name === name) !== host) return;
    this.#note(name, {
      checking: false,
      ...(answer.ok ? { report: answer.value } : { failure: answer.failure }),
    });
  }

  #note(name: string, check: HostCheck): void {
    this.#checks = { ...this.#checks, [name]: check };
  }

  #take(answer: Answer<Host[]>): void {
    this.#failure = answer.ok ? undefined : answer.failure;
    if (!answer.ok) return;
    // what was found of a host says nothing of another one of its name
    const before = this.#kept ?? [];
    const same = (host: Host) => before.find((one) => JSON.stringify(one) === JSON.stringify(host));
    this.#kept = answer.value.map((host) => same(host) ?? host);
    this.#checks = Object.fromEntries(
      Object.entries(this.#checks).filter(([name]) =>
        this.#kept!.some((host) => host.name === name && before.includes(host)),
      ),
    );
  }
}

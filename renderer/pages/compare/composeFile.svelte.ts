import type { Failure } from '../../../main/contract/failures';
import type { ComposeReading } from '../../../main/contract/planning';
import type { Plan } from '../../../main/contract/plan';
import { usualTargets, type TargetId } from '../../../main/contract/targets';
import type { Link } from '../../link/link';

/** A Compose file as the page shows it: read anew whenever the file, the services or the targets are other ones. */
export class ComposeChoice {
  reading = $state.raw<ComposeReading>();
  failure = $state.raw<Failure>();
  loading = $state(false);
  targets = $state.raw<TargetId[]>([...usualTargets]);
  trials = $state('');
  /** absent: those that Compose itself would start */
  private services: string[] | undefined;
  private asked = 0;

  constructor(private readonly link: Link) {}

  /** As it would be run; absent while nothing is read, or while no target is chosen. */
  get plan(): Plan | undefined {
    const plan = this.targets.length > 0 ? this.reading?.plan : undefined;
    const trials = /^[1-9]\d{0,2}$/.test(this.trials.trim()) ? Number(this.trials) : undefined;
    return plan && trials !== undefined ? { ...plan, trials } : undefined;
  }

  async open(path: string): Promise<void> {
    this.services = undefined;
    this.reading = undefined;
    await this.read(path);
  }

  /** Whether a service cannot be left out: another that is chosen comes after it, or it is the only one. */
  isNeeded(service: string): boolean {
    const { workloads = [] } = this.reading?.plan ?? {};
    const isAlone = workloads.length === 1 && workloads[0]!.name === service;
    return isAlone || workloads.some(({ after = [] }) => after.some((need) => need.workload === service));
  }

  async choose(path: string, service: string, isOn: boolean): Promise<void> {
    const chosen = this.reading?.plan.compose?.services ?? [];
    this.services = isOn ? [...chosen, service] : chosen.filter((one) => one !== service);
    await this.read(path);
  }

  async aim(path: string, targets: TargetId[]): Promise<void> {
    this.targets = targets;
    if (this.reading && targets.length > 0) await this.read(path);
  }

  private async read(path: string): Promise<void> {
    const asked = (this.asked += 1);
    this.loading = true;
    const { services, targets } = this;
    const input = { path, targets, ...(services && services.length > 0 && { services }) };
    const answer = await this.link.call('readCompose', input);
    if (asked !== this.asked) return; // another was asked meanwhile
    this.loading = false;
    this.failure = answer.ok ? undefined : answer.failure;
    if (!answer.ok) {
      // what is shown stays what was read last, also where a box was just changed
      this.services = this.reading?.plan.compose?.services;
      this.reading &&= { ...this.reading };
      return;
    }
    this.reading = answer.value;
    this.trials ||= String(answer.value.plan.trials);
  }
}

import type { Check, DoctorReport } from '../../../main/contract/machine';
import type { NameIn } from '../../../main/contract/messages';

/** What a host is described by. */
type HostFact = NameIn<'ui.environment.hostFact'>;

/** What is worth knowing of a host before a plan is run there, in the order of its row: text of that host, bytes, or a count. */
export function hostFacts({
  checks,
  computer,
  targets,
}: DoctorReport): [name: HostFact, value: string | { bytes: number }][] {
  const found = (name: Check['name']) => {
    const check = checks.find((one) => one.name === name);
    return (check?.standing === 'missing' ? undefined : check?.found.facts) ?? {};
  };
  const text = (...facts: unknown[]): string =>
    facts.filter((fact) => typeof fact === 'string' && fact !== '').join(' ') || '–';
  const docker = found('docker');
  return [
    ['engine', text(docker.name, docker.version)],
    ['qemu', text(found('qemu').version).replace(/^QEMU emulator version (\S+).*$/s, '$1')],
    ['accelerator', text(found('accelerator').accelerator)],
    ['cores', computer ? String(computer.cores) : '–'],
    ['memory', computer ? { bytes: computer.memoryBytes } : '–'],
    ['targets', `${targets.filter(({ available }) => available).length} ∕ ${targets.length}`],
  ];
}

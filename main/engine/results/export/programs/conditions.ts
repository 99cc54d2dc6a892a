import type { Run } from '../../../../contract/run/run';

/** The machine and what is installed on it, by names that formats of programs take: what has to be equal where figures are compared. */
export function conditionsOf({
  plan,
  environment: { host, engine, qemu },
}: Run): [name: string, value: string][] {
  const all: [string, string | number | undefined][] = [
    ['cpu', host.cpu],
    ['cpu-count', host.cores],
    ['os', host.os],
    ['kernel', host.kernel],
    ['engine', engine && `${engine.name} ${engine.version}`],
    ['qemu', qemu?.version],
    ['accelerator', qemu?.accelerator],
    ['starts', plan.cold ? 'cold' : undefined],
  ];
  return all.flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
}

import type { Check, DoctorReport } from '../../main/contract/machine';

type CheckStanding = Check['standing'];

/** What a check's standing is shown by: the name of its icon and of its colour. */
export const markOf: Record<CheckStanding, 'good' | 'warn' | 'bad'> = {
  ok: 'good',
  warning: 'warn',
  missing: 'bad',
};

/** The worst of the checks: what is said before anyone reads the list. */
export function worstOf(report: DoctorReport | undefined): CheckStanding {
  const standings = report?.checks.map(({ standing }) => standing) ?? [];
  return (['missing', 'warning'] as const).find((one) => standings.includes(one)) ?? 'ok';
}

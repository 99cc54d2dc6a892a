import type { Check, DoctorReport } from '../../main/contract/machine';

type CheckStanding = Check['standing'];

/** What a check's standing is shown by: the name of its icon and of its colour. */
export const markOf: Record<CheckStanding | 'setUp', 'good' | 'warn' | 'bad'> = {
  ok: 'good',
  warning: 'warn',
  setUp: 'warn',
  missing: 'bad',
};

/** Something is not here yet and can be made from here. */
export const needsSetUp = ({ failure }: Pick<Check, 'failure'>): boolean =>
  failure?.code === 'kit-missing' || failure?.code === 'kit-damaged';

/** What is said of all checks together before anyone reads the list: the worst of them. `setUp`: what is missing is made from here. */
export function standingOf(report: DoctorReport | undefined): CheckStanding | 'setUp' {
  const checks = report?.checks ?? [];
  if (checks.some((check) => check.standing === 'missing' && !needsSetUp(check))) return 'missing';
  if (checks.some(needsSetUp)) return 'setUp';
  return checks.some(({ standing }) => standing === 'warning') ? 'warning' : 'ok';
}

/** What two applications have in common that are in one machine. Pure: what each of them sees. */
import type { IsolationFact, Neighbours } from '../../../contract/work/isolation';
import { comparisons } from './compare';
import type { Testimony } from './testimony';

/** Nothing that goes on while one is asked after the other. What tells of one kernel with one machine under it, or of what each has for itself; all else would only say that both run one image. */
const facts: readonly IsolationFact[] = [
  'kernel',
  'boot',
  'memory',
  'processors',
  'hostname',
  'namespaces',
  'interfaces',
];

export function neighboursOf(inside: Testimony, neighbour: Testimony): Neighbours {
  // What is asked of the host elsewhere is asked of the neighbour here.
  const sides = { host: neighbour, inside, known: { pid: 0, name: '' }, word: '' };
  const standings = facts.map((fact) => ({ fact, standing: comparisons[fact].sight(sides).standing }));
  const those = (isOne: (standing: string) => boolean) =>
    standings.flatMap(({ fact, standing }) => (isOne(standing) ? [fact] : []));
  return {
    same: those((standing) => standing === 'same'),
    apart: those((standing) => standing !== 'same' && standing !== 'unreadable'),
  };
}

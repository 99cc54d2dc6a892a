/** Variables and their values: what a plan does not say is in Tare's own environment. */
import type { Plan } from '../../../contract/plan';
import type { Given, Variables } from '../../../contract/work/variables';
import { TareError } from '../errors';

const missingIn = (variables: Variables, around: NodeJS.ProcessEnv): string[] =>
  Object.entries(variables).flatMap(([name, value]) =>
    value === null && around[name] === undefined ? [name] : [],
  );

const refuseMissing = (names: string[]): void => {
  if (names.length > 0) throw new TareError({ code: 'value-missing', names: [...new Set(names)] });
};

/**
 * Each with its value.
 * @param around  where those are that are left open
 * @throws {TareError} `value-missing`
 */
export function valuesOf(variables: Variables, around: NodeJS.ProcessEnv = process.env): Given {
  refuseMissing(missingIn(variables, around));
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value ?? around[name]!] as const),
  );
}

/** All that a workload is given: to its application, and to its build. */
const variablesOf = ({ environment, image }: Plan['workloads'][number]): Variables[] => [
  environment,
  image?.kind === 'folder' ? (image.buildArgs ?? {}) : {},
];

/**
 * Refuses a plan before anything is done for it, with all that is missing at once.
 * @throws {TareError} `value-missing`
 */
export const needValues = ({ workloads }: Plan, around: NodeJS.ProcessEnv = process.env): void =>
  refuseMissing(workloads.flatMap(variablesOf).flatMap((variables) => missingIn(variables, around)));

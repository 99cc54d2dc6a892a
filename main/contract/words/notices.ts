/** A package of others that is in Tare, as the build tells it. */
export interface Notice {
  name: string;
  version: string;
  /** by SPDX */
  licence: string;
  /** address of its sources, as the package says it */
  source?: string;
  /** the licences and notices that it brings */
  text: string;
}

/** Beside the page: the notices, in the order of their names. */
export const noticesFile = 'licences.json';
